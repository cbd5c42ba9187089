"""The engine as its unit runs it, under a real systemd and in its sandbox: `make console`."""

import shlex
from pathlib import Path

from tests.console.machine import PROGRAM, REPOSITORY, SLOW, Machine, booted

UNITS = "/etc/systemd/system"
SETTINGS = """CAMERA_0_SERIAL=testpattern
DUAL_CAMERA_MODE=false
RESOLUTION=320x180
RECORDING_FPS=5
RECORDING_BITRATE=100000
"""
PATIENT = f"{PROGRAM}{SLOW}\nWatchdogSec=90\nTimeoutStopSec=60\n"
"""An emulated processor takes its time."""
EZREC = f"env EZREC_SOCKET=/run/ezrec/engine.sock PYTHONPATH={REPOSITORY} /opt/ezrec/venv/bin/ezrec"
IS_ACTIVE = "systemctl is-active ezrec-engine"


def test_the_engine_under_systemd(tmp_path: Path) -> None:
    with booted(tmp_path / "no-engine-here") as machine:
        lay_out(machine)
        it_is_ready_when_it_answers_and_its_group_reaches_it(machine)
        recorder = record(machine)
        one_that_is_killed_comes_back_to_its_recorder(machine, recorder)
        one_that_hangs_comes_back_to_its_recorder(machine, recorder)
        one_that_was_frozen_and_is_stopped_leaves_no_recorder(machine)


def write(machine: Machine, path: str, text: str) -> None:
    machine.run(f"mkdir -p $(dirname {path}); printf %s {shlex.quote(text)} > {path}")


def lay_out(machine: Machine) -> None:
    machine.run(f"systemctl stop ezrec-engine.socket; rm {UNITS}/ezrec-engine.*")
    write(machine, f"{UNITS}/ezrec-engine.service", (REPOSITORY / "ezrec-engine.service").read_text())
    write(machine, f"{UNITS}/ezrec-engine.service.d/program.conf", PATIENT)
    write(machine, "/etc/ezrec/ezrec.env", SETTINGS)
    machine.run("chmod 600 /etc/ezrec/ezrec.env")
    machine.run("echo ezrec:x:986:986::/nonexistent:/usr/sbin/nologin >> /etc/passwd; systemctl daemon-reload")


def it_is_ready_when_it_answers_and_its_group_reaches_it(machine: Machine) -> None:
    machine.run("systemctl start --no-block ezrec-engine")
    until_active(machine)
    assert machine.run("stat -c '%A %U %G' /run/ezrec/engine.sock").split() == ["srw-rw----", "ezrec", "ezrec"]
    assert machine.run("stat -c '%a %U' /run/ezrec /var/lib/ezrec").split() == ["750", "ezrec", "700", "ezrec"]


def record(machine: Machine) -> str:
    """Begin a recording; its recorder's id."""
    machine.run(f"{EZREC} record start --minutes 600")
    machine.wait(lambda: machine.holds("ls /var/lib/ezrec/recordings/*/*/*.ts"), lambda: journal(machine))
    return recorder_of(machine)


def one_that_is_killed_comes_back_to_its_recorder(machine: Machine, recorder: str) -> None:
    process = engine_process(machine)
    machine.run(f"kill -9 {process}")
    until_another(machine, process)
    assert recorder_of(machine) == recorder


def one_that_hangs_comes_back_to_its_recorder(machine: Machine, recorder: str) -> None:
    process = engine_process(machine)
    machine.run(f"kill -STOP {process}")
    until_another(machine, process)
    assert "Watchdog timeout" in journal(machine)
    assert recorder_of(machine) == recorder


def one_that_was_frozen_and_is_stopped_leaves_no_recorder(machine: Machine) -> None:
    machine.run(f"kill -STOP {engine_process(machine)}; systemctl stop ezrec-engine")
    assert recorder_of(machine) == "", journal(machine)


def until_active(machine: Machine) -> None:
    machine.wait(lambda: machine.holds(IS_ACTIVE), lambda: f"it never said READY=1:\n{journal(machine)}")


def until_another(machine: Machine, process: str) -> None:
    machine.wait(lambda: engine_process(machine) not in ("0", process), lambda: journal(machine))
    until_active(machine)


def engine_process(machine: Machine) -> str:
    return machine.run("systemctl show -P MainPID ezrec-engine").strip()


def recorder_of(machine: Machine) -> str:
    return machine.run("pgrep -f 'ezrec_tui[.]recorder' || true").strip()


def journal(machine: Machine) -> str:
    return machine.run("journalctl --no-pager -u ezrec-engine | tail -80")
