"""A disk that stands still, for real: it is told, rendering makes way and is shown as paused, and all goes on after."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.model import CameraState, JobState, JobStep, Level, RecordingState, Snapshot
from ezrec_tui.recording_files import read_manifest
from tests.engine.running import running_engine
from tests.jobs.recordings import frames_of
from tests.small_disk import disk_to_freeze, frozen

pytestmark = pytest.mark.waits

SLOW_RENDER = {"VIDEO_PRESET": "veryslow", "OUTPUT_WIDTH": "1600", "MERGE_METHOD": "side_by_side"}


def slot(name: str, seconds: float) -> dict[str, str]:
    now = datetime.now(UTC)
    return {"id": name, "start_time": now.isoformat(), "end_time": (now + timedelta(seconds=seconds)).isoformat()}


def book(data: Path, *rows: dict[str, str]) -> None:
    (data / "bookings.json").write_text(json.dumps(rows))


def is_rendering(seen: Snapshot, state: JobState) -> bool:
    return any(job.booking_id == "b1" and job.step is JobStep.RENDER and job.state is state for job in seen.jobs)


def writing(seen: Snapshot) -> Level:
    return next((item.level for item in seen.health if item.key == "writing"), Level.OK)


def test_a_disk_that_stands_still_is_told_and_pauses_rendering_and_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with disk_to_freeze(data / "recordings", 64) as disk, running_engine(data, **SLOW_RENDER) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        first, second = slot("b1", 6), slot("b2", 3600)
        book(data, first)
        running.until(lambda seen: is_rendering(seen, JobState.RUNNING))
        book(data, first, second)
        running.until(lambda seen: any(r.state is RecordingState.RECORDING for r in seen.recordings))
        with frozen(disk):
            seen = running.until(lambda seen: writing(seen) is not Level.OK)
            assert any("the disk" in alert.what and alert.to_do for alert in seen.alerts)
            assert seen.cameras[0].queue + seen.cameras[1].queue > 0
            running.until(lambda seen: is_rendering(seen, JobState.PAUSED))
        seen = running.until(lambda seen: writing(seen) is Level.OK)
        assert not any("the disk" in alert.what for alert in seen.alerts), "it goes with its cause"
        book(data, first)
        assert running.cli("record", "stop").returncode == 0
        running.until(lambda seen: not seen.recordings and any(job.state is JobState.DONE for job in seen.jobs))
        [folder] = disk.glob("*/b2")
        for count in read_manifest(folder).cameras:
            assert count.captured == count.written, "what the disk did not take at once, it took later"
    [video] = (data / "delivered").rglob("*.mp4")
    assert video.name == "b1.mp4"
    assert frames_of(video) > 0
