"""A camera that goes in the middle of a recording and never comes back: told at once, and told again with the video."""

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from ezrec_tui.config import load_settings
from ezrec_tui.folders import Folders
from ezrec_tui.model import Banner, CameraState, JobState, RecordingState
from tests.engine.running import running_engine
from tests.jobs.recordings import booking, frames_of, record

pytestmark = pytest.mark.waits

SECONDS, FPS = 20, 30


def test_a_camera_that_never_comes_back_is_told_and_the_other_makes_the_video_with_the_times(tmp_path: Path) -> None:
    folder = record(Folders(tmp_path / "film", load_settings(_env_file=None).timezone), booking("film"))
    [film] = folder.glob("camera-1_*.ts")
    with running_engine(tmp_path / "data", CAMERA_1_SERIAL=f"file:{film}") as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        now = datetime.now(UTC)
        row = {"id": "b1", "start_time": now.isoformat(), "end_time": (now + timedelta(seconds=SECONDS)).isoformat()}
        (running.data / "bookings.json").write_text(json.dumps([row]))
        running.until(lambda seen: any(min(one.frames) > 2 * FPS for one in seen.recordings))
        film.write_text("this is no video any more")
        children = psutil.Process(running.process.pid).children()
        [recorder] = [one for one in children if '"index":1' in " ".join(one.cmdline())]
        os.kill(recorder.pid, signal.SIGKILL)

        seen = running.until(
            lambda seen: any("camera 2 is missing in the recording of b1" in a.what for a in seen.alerts)
        )
        assert seen.banner is Banner.ALERT
        assert [one.state for one in seen.recordings] == [RecordingState.RECORDING]
        assert seen.cameras[0].state is CameraState.RECORDING
        seen = running.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
    [job] = seen.jobs
    [line] = [line for line in job.fallbacks if line.startswith("camera 2 gave no footage from ")]
    assert [a.booking_id for a in seen.alerts if line in a.what] == ["b1"], "and an alert that stays"
    assert not any("is missing in the recording" in alert.what for alert in seen.alerts), "it is over"
    [video] = (running.data / "delivered").rglob("*.mp4")
    assert frames_of(video) > (SECONDS - 1) * FPS, "the other camera never noticed"
