"""The kiosk as its unit runs it, on a real console under a real systemd: `make console`.

An emulated processor is twenty times slower, so this is no part of `make test`. The engine runs on this machine.
"""

import asyncio
from pathlib import Path

import cv2
import numpy as np

from ezrec_tui.console.shapes import AREAS
from ezrec_tui.model import CameraState
from ezrec_tui.tui.profile import CONSOLE_PROFILE
from tests.console.machine import Machine, booted
from tests.engine.running import RunningEngine, running_engine

BLACK = (0, 0, 0)
COLOUR_STEP = 9
"""The display has 32 levels of each colour."""
AGAIN = "the screen starts again"


def kiosk_process(machine: Machine) -> str:
    return machine.run("systemctl show -P MainPID ezrec-kiosk").strip()


def ground(machine: Machine) -> tuple[int, ...]:
    """The colour that most of the display has: red, green, blue."""
    picture = machine.folder / "ground.png"
    machine.shot(picture)
    shown = cv2.imread(str(picture))
    assert shown is not None
    pixels = shown.reshape(-1, 3)[:, ::-1]
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    return tuple(int(part) for part in colours[counts.argmax()])


def is_recording(engine: RunningEngine) -> bool:
    snapshot = asyncio.run(engine.client.snapshot())
    return [one.state.value for one in snapshot.recordings] == ["recording"]


def test_the_kiosk_on_tty1(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", MERGE_METHOD="side_by_side", RECORDING_FPS="10") as engine:
        engine.until(lambda seen: len(seen.cameras) == 2 and all(c.state is CameraState.IDLE for c in seen.cameras))
        with booted(engine.socket) as machine:
            machine.run("systemctl start --no-block ezrec-kiosk")
            shown = machine.until("IDLE", "Left camera")
            it_is_ready_with_its_own_font_and_colours(machine, shown)
            f2_records(machine)
            only_the_key_that_is_named_stops(machine, engine)
            no_key_leads_away(machine)
            what_was_killed_does_not_look_alive_and_comes_back(machine, engine)
            what_is_frozen_is_started_again(machine)
            what_was_stopped_leaves_nothing(machine)
        assert is_recording(engine)


def it_is_ready_with_its_own_font_and_colours(machine: Machine, shown: str) -> None:
    machine.wait(lambda: machine.holds("systemctl is-active ezrec-kiosk"), lambda: "it never said READY=1")
    assert set(shown) & AREAS.keys(), "it draws as if its font were not loaded"
    wanted = bytes.fromhex(CONSOLE_PROFILE.palette[0])
    assert all(abs(one - other) < COLOUR_STEP for one, other in zip(ground(machine), wanted, strict=True))
    assert ground(machine) != BLACK
    assert "\ufffd" not in shown
    columns, rows = 1024 // 12, 768 // 24
    assert [len(line) for line in shown.splitlines()] == [columns] * rows
    assert shown.splitlines()[-1].strip(), "the last line is empty: it was drawn for a smaller screen"


def f2_records(machine: Machine) -> None:
    machine.press("f2")
    machine.until("Record now")
    machine.until("RECORDING", absent="Record now", press="ret")


def only_the_key_that_is_named_stops(machine: Machine, engine: RunningEngine) -> None:
    machine.press("f8")
    machine.until("Stop recording?")
    machine.press("f8", "shift-f8", "spc", "y", "ctrl-c", "ctrl-q", "ctrl-z", "ctrl-backslash", "ctrl-d", "f12")
    machine.press("f1", "home", "end", "up", "tab", "delete", "ctrl-s", "ctrl-p")
    machine.until("Stop recording?")
    machine.until("RECORDING", absent="Stop recording?", press="esc")
    assert is_recording(engine)


def no_key_leads_away(machine: Machine) -> None:
    process = kiosk_process(machine)
    # Only a console that somebody has open can be gone to.
    machine.run("for number in 2 3; do sleep infinity <>/dev/tty$number & done")
    for keys in ("alt-f2", "ctrl-alt-f3", "alt-right", "scroll_lock"):
        before = machine.text().splitlines()[0]
        machine.press(keys)
        machine.wait(lambda b=before: machine.text().splitlines()[0] != b, lambda k=keys: f"{k} stopped the clock")
        machine.wait(lambda: machine.run("cat /sys/class/tty/tty0/active").strip() == "tty1", lambda k=keys: k)
    for keys in ("ctrl-c", "ctrl-q", "ctrl-z", "ctrl-backslash", "ctrl-d", "f10", "f12", "esc", "ctrl-l", "ctrl-s"):
        machine.press(keys)
    machine.until("RECORDING")
    assert kiosk_process(machine) == process


def what_was_killed_does_not_look_alive_and_comes_back(machine: Machine, engine: RunningEngine) -> None:
    machine.run(f"kill -9 {kiosk_process(machine)}")
    machine.until(AGAIN, absent="RECORDING")
    machine.until("RECORDING", "Left camera")
    assert is_recording(engine)


def what_is_frozen_is_started_again(machine: Machine) -> None:
    machine.wait(lambda: machine.holds("systemctl is-active ezrec-kiosk"), lambda: "it never said READY=1")
    machine.run(f"kill -STOP {kiosk_process(machine)}")
    machine.until(AGAIN, absent="RECORDING")
    assert "Watchdog timeout" in machine.run("journalctl --no-pager -u ezrec-kiosk")


def what_was_stopped_leaves_nothing(machine: Machine) -> None:
    machine.until("RECORDING", "Left camera")
    machine.run("systemctl stop ezrec-kiosk")
    assert machine.text().split() == []
    assert ground(machine) == BLACK
    journal = machine.run("journalctl --no-pager -o cat -u ezrec-kiosk")
    assert "Failed with result 'timeout'" not in journal, journal
