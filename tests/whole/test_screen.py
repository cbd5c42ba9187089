"""An attendant at a real terminal leads a recording through its life; the engine is real too."""

import sys
from pathlib import Path

import pytest

from ezrec_tui.model import CameraState, JobState
from tests.engine.running import running_engine
from tests.whole.terminal import terminal

pytestmark = pytest.mark.waits

LOGOS_OFF = {"MERGE_METHOD": "side_by_side"}


def test_an_attendant_starts_extends_marks_stops_resumes_and_stops_a_recording(tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", **LOGOS_OFF) as engine:
        engine.until(lambda seen: len(seen.cameras) == 2 and all(c.state is CameraState.IDLE for c in seen.cameras))
        environment = engine.environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        with terminal("ezrec-acts", [sys.executable, "-m", "ezrec_tui"], environment) as screen:
            screen.until("IDLE", "Left camera", "Right camera", "F2")

            screen.press("F2")
            screen.until("Record now", "60 min")
            screen.until("RECORDING", press="Enter", absent="Record now")
            recording = engine.until(lambda seen: bool(seen.recordings)).recordings[0]
            screen.until("recording", "dropped")

            screen.press("F3")
            screen.until("Longer or shorter")
            screen.until("RECORDING", press="Enter", absent="Longer or shorter")
            engine.until(lambda seen: seen.recordings[0].end > recording.end)

            screen.press("F4")
            engine.until(lambda seen: seen.recordings[0].highlights >= 1)

            screen.press("F8")
            screen.until("Stop recording?", "Go on recording")
            screen.press("F8", "x", "Space")  # the opening key, a wrong key; the space takes the safe choice
            screen.until("RECORDING", press="Enter", absent="Stop recording?")
            assert engine.until(lambda seen: True).recordings[0].state.value == "recording"

            screen.press("F8")
            screen.until("Stop recording?")
            screen.until("STOPPED", press="s")
            screen.press("F9")
            screen.until("RECORDING", absent="STOPPED")

            screen.press("F8")
            screen.until("Stop recording?")
            screen.until("STOPPED", press="s")
            engine.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
            screen.until("IDLE", "done")

            screen.resize(80, 24)
            screen.until("IDLE", "Videos", "F10")
            screen.press("F10")
            screen.until("ended with 0")
        assert engine.process.poll() is None, "the screen can go without anybody noticing but its viewer"


def test_the_demo_on_the_screen_ends_by_naming_the_video(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    command = [sys.executable, "-m", "ezrec_tui", "demo", "--seconds", "5", "--size", "320x180", "--data", str(data)]
    environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    with terminal("ezrec-demo", command, environment) as screen:
        screen.until("RECORDING", "player@example.org")
        text = screen.until("ended with 0")
    videos = list((data / "processed").rglob("*.mp4"))
    assert len(videos) == 1
    assert f"the video: {videos[0]}" in text.replace("\n", "")
