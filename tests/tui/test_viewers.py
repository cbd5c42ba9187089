"""Several screens in real terminals on one real engine: each shows what another did, and none takes another along."""

import fcntl
import os
import select
import subprocess
import sys
import termios
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from ezrec_tui.model import CameraState
from tests.engine.running import PATIENCE, RunningEngine, running_engine
from tests.whole.terminal import terminal

pytestmark = pytest.mark.waits

SCREEN = [sys.executable, "-m", "ezrec_tui"]
LOOK = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@contextmanager
def started_again(engine: RunningEngine) -> Generator[None]:
    """Kill the engine and start one in its place, which lives until the end of the `with`."""
    engine.process.kill()
    engine.process.wait(PATIENCE)
    again = engine.process = subprocess.Popen([*SCREEN, "engine"], env=engine.environment, cwd=engine.data)
    try:
        yield
    finally:
        again.terminate()
        again.wait(PATIENCE)


def screens_of(engine: RunningEngine) -> int:
    """How many processes show a screen on its socket."""
    count = 0
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            mine = process.environ().get("EZREC_SOCKET") == str(engine.socket)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        count += mine and words[1:3] == ["-m", "ezrec_tui"] and "engine" not in words
    return count


def until_screens(engine: RunningEngine, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while screens_of(engine) != count:
        assert time.monotonic() < deadline, f"{screens_of(engine)} screens, not {count}"
        time.sleep(0.05)


def test_what_one_viewer_does_all_see_and_a_lost_engine_or_terminal_stops_no_other(tmp_path: Path) -> None:
    with ExitStack() as stack:
        engine = stack.enter_context(running_engine(tmp_path / "data", MERGE_METHOD="side_by_side"))
        engine.until(lambda seen: len(seen.cameras) == 2 and all(c.state is CameraState.IDLE for c in seen.cameras))
        environment = engine.environment | LOOK
        acting = stack.enter_context(terminal("ezrec-acting", SCREEN, environment, (80, 24)))
        looking = stack.enter_context(terminal("ezrec-looking", [*SCREEN, "--read-only"], environment, (120, 33)))
        with terminal("ezrec-cut", SCREEN, environment, (80, 24)) as cut:
            for one in (acting, looking, cut):
                one.until("IDLE", "1 Home")
            assert "F2" not in looking.text()
            until_screens(engine, 3)

            acting.press("F2")
            acting.until("Record now", "60 min")
            acting.until("RECORDING", press="Enter", absent="Record now")
            for one in (looking, cut):
                one.until("RECORDING", "elapsed")

            looking.press("F8", "F4")
            looking.until("This screen only looks on.")
            assert "Stop recording?" not in looking.text()

            cut.resize(20, 5)
            cut.press("7", "2", "1")
            cut.resize(80, 24)
            cut.until("RECORDING", "Left camera", "Videos", "F8")
        until_screens(engine, 2)

        with started_again(engine):
            for one in (acting, looking):
                one.until("RECORDING", "elapsed")
            engine.until(lambda seen: all(c.state is CameraState.RECORDING for c in seen.cameras))
            acting.until("Stop recording?", press="F8")  # dead until this screen has found the new engine as well
            acting.until("STOPPED", press="s")
            looking.until("STOPPED")
            acting.press("5")
            acting.until("Who did what", "start", "stop")
            looking.press("5")
            looking.until("Who did what", "start", "stop")


@pytest.mark.parametrize("hangs_up", [True, False], ids=["with SIGHUP", "without"])
def test_a_screen_whose_terminal_is_gone_ends_by_itself(tmp_path: Path, hangs_up: bool) -> None:
    ours, its = os.openpty()

    def take_terminal() -> None:
        os.setsid()
        if hangs_up:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    program = f"from pathlib import Path; from ezrec_tui.tui.run import run_screen; run_screen(Path({str(tmp_path)!r}))"
    environment: Mapping[str, str] = os.environ | LOOK | {"COLUMNS": "80", "LINES": "24"}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=its, stdout=its, stderr=its, env=environment, preexec_fn=take_terminal
    )
    os.close(its)
    drawn = b""
    try:
        deadline = time.monotonic() + PATIENCE
        while b"Home" not in drawn:
            assert time.monotonic() < deadline, f"no screen: {drawn!r}"
            ready, _, _ = select.select([ours], [], [], 1.0)
            drawn += os.read(ours, 65536) if ready else b""
        os.close(ours)
        process.wait(PATIENCE)
    finally:
        process.kill()
