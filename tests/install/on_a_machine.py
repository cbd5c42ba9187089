"""A fresh Debian with a real systemd: installed, upgraded, upgraded in vain, uninstalled: `make install-check`.

It takes root and Debian, and minutes, and so is no part of `make test`. What was shown is printed line by line.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.install.box import Box, box
from tests.install.fresh import Change, fresh_debian, make_wheels, wheel_of

SUITE = os.environ.get("SUITE", "trixie")
SETTINGS = "/etc/ezrec/ezrec.env"
VENUE = """RESOLUTION=320x180
RECORDING_FPS=10
RECORDING_BITRATE=200000
FREE_HOURS=0
"""
DELIVERED = "find /var/lib/ezrec/delivered -name '*.mp4'"

CANNOT_RENDER: Change = (
    "ezrec_tui/video/render.py",
    "\n\ndef render(*_: object, **__: object) -> None:\n    raise RuntimeError('this release cannot render')\n",
)
DOES_NOT_START: Change = (
    "ezrec_tui/engine/pulse.py",
    """
import os

async def keep_beating(*_: object) -> None:
    if "NOTIFY_SOCKET" in os.environ:
        raise RuntimeError("this release ends at its start")
    await asyncio.Event().wait()
""",
)
"""Under systemd alone: its smoke test is passed."""
CHANGES_THE_DATABASE: Change = ("ezrec_tui/engine/store.py", "\nMIGRATIONS += ('CREATE TABLE newer (x);',)\n")


RELEASES: dict[str, tuple[Change, ...]] = {
    "1.0": (),
    "2.0": (),
    "3.0": (CANNOT_RENDER,),
    "4.0": (CHANGES_THE_DATABASE, DOES_NOT_START),
}


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Box]:
    with fresh_debian(SUITE, tmp_path) as root, box(root) as machine:
        make_wheels(machine, root, RELEASES)
        yield machine


def test_a_fresh_debian(machine: Box) -> None:
    told(machine.run(". /etc/os-release; echo $PRETTY_NAME, $(python3 --version), $(systemctl --version | head -1)"))
    it_is_installed_from_a_wheel(machine)
    a_second_time_nothing_is_changed(machine)
    the_smoke_test_is_passed(machine)
    who_is_in_the_group_reaches_the_engine_and_nobody_else(machine)
    a_booking_is_recorded_and_delivered(machine)
    an_upgrade_waits_for_the_end_of_a_recording(machine)
    an_upgrade_runs_the_new_one(machine)
    one_that_fails_its_smoke_test_changes_nothing(machine)
    one_that_does_not_start_is_taken_back_and_its_database_too(machine)
    uninstalled_it_leaves_footage_videos_and_settings(machine)


def it_is_installed_from_a_wheel(machine: Box) -> None:
    wheel = wheel_of(machine, "1.0")
    told(machine.run(f"PYTHONPATH={wheel} python3 -m ezrec_tui.install"))
    engine_runs(machine, "1.0")
    machine.run(f"printf %s '{VENUE}' >> {SETTINGS}; systemctl restart ezrec-engine")


def a_second_time_nothing_is_changed(machine: Box) -> None:
    since = machine.run("systemctl show -P ActiveEnterTimestamp ezrec-engine")
    said = machine.run(f"ezrec install {wheel_of(machine, '1.0')}")
    told(said)
    assert "nothing was changed" in said
    assert machine.run("systemctl show -P ActiveEnterTimestamp ezrec-engine") == since


def the_smoke_test_is_passed(machine: Box) -> None:
    said = machine.run("ezrec smoke-test")
    told(said)
    assert "6 of 6 passed" in said


def who_is_in_the_group_reaches_the_engine_and_nobody_else(machine: Box) -> None:
    machine.run("cd /; runuser -u ezrec-kiosk -- ezrec status")
    told(machine.fails("cd /; runuser -u nobody -- ezrec status"))
    machine.fails(f"runuser -u ezrec-kiosk -- cat {SETTINGS}")
    machine.fails("runuser -u ezrec-kiosk -- ls /var/lib/ezrec")


def a_booking_is_recorded_and_delivered(machine: Box) -> None:
    now = datetime.now(UTC)
    start, end = (now + timedelta(seconds=seconds) for seconds in (2, 7))
    machine.run(f"ezrec bookings add --id b1 --user ana --start {start.isoformat()} --end {end.isoformat()}")
    machine.wait(f"{DELIVERED} | grep -q b1")
    told(machine.run(f"{DELIVERED}; find /var/lib/ezrec/recordings -type f"))


def an_upgrade_waits_for_the_end_of_a_recording(machine: Box) -> None:
    machine.run("ezrec record start --minutes 60")
    machine.wait("ezrec status | grep -q '^recording '")
    told(machine.fails(f"ezrec install {wheel_of(machine, '2.0')}"))
    engine_runs(machine, "1.0")
    machine.run("ezrec record stop")
    machine.wait('! ezrec status --json | grep -qE \'"state": "(starting|recording|finishing|stopped)"\'')


def an_upgrade_runs_the_new_one(machine: Box) -> None:
    told(machine.run(f"ezrec install {wheel_of(machine, '2.0')}"))
    engine_runs(machine, "2.0")


def one_that_fails_its_smoke_test_changes_nothing(machine: Box) -> None:
    since = machine.run("systemctl show -P ActiveEnterTimestamp ezrec-engine")
    said = machine.fails(f"ezrec install {wheel_of(machine, '3.0')}")
    told(said)
    assert "this release cannot render" in said
    engine_runs(machine, "2.0")
    assert machine.run("systemctl show -P ActiveEnterTimestamp ezrec-engine") == since


def one_that_does_not_start_is_taken_back_and_its_database_too(machine: Box) -> None:
    said = machine.fails(f"ezrec install {wheel_of(machine, '4.0')}")
    told(said)
    assert "this release ends at its start" in said
    engine_runs(machine, "2.0")
    assert "b1" in machine.run("ezrec jobs list")
    assert machine.run("ls /opt/ezrec/releases").count("-py3.") == 2


def uninstalled_it_leaves_footage_videos_and_settings(machine: Box) -> None:
    left = f"find /var/lib/ezrec/recordings {SETTINGS} -type f | sort | xargs sha256sum; {DELIVERED} | xargs sha256sum"
    before = machine.run(left)
    assert "b1" in before
    told(machine.run("ezrec uninstall"))
    assert machine.run(left) == before
    told(before)
    machine.fails("pgrep -f 'ezrec_tui[.]'")
    machine.fails("ls /opt/ezrec /usr/local/bin/ezrec")
    assert machine.run("systemctl show -P LoadState ezrec-engine ezrec-kiosk").split() == ["not-found"] * 2
    machine.run("systemctl show -P LoadState getty@tty1 | grep -qx loaded")


def engine_runs(machine: Box, version: str) -> None:
    assert f'"version": "{version}"' in machine.run("ezrec status --json")
    assert machine.run("systemctl is-active ezrec-engine").strip() == "active"


def told(text: str) -> None:
    print(text.rstrip(), "\n", sep="", flush=True)
