"""A disk that fills up, for real: recording stops, goes on with room, and what there is becomes a video."""

import contextlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.model import Banner, CameraState, JobState, Level, RecordingState, Snapshot
from ezrec_tui.recording_files import read_manifest
from tests.engine.running import running_engine
from tests.jobs.recordings import frames_of
from tests.small_disk import small_disk

pytestmark = pytest.mark.waits

SETTINGS = {"VIDEO_BITRATE": "1000000", "RECORDING_BITRATE": "1000000", "MERGE_METHOD": "side_by_side"}


def book(data: Path, name: str, seconds: float) -> None:
    now = datetime.now(UTC)
    row = {"id": name, "start_time": now.isoformat(), "end_time": (now + timedelta(seconds=seconds)).isoformat()}
    path = data / "bookings.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    path.write_text(json.dumps([*rows, row]))


def is_recording(name: str, frames: int = 1) -> Callable[[Snapshot], bool]:
    def holds(seen: Snapshot) -> bool:
        return any(
            one.booking_id == name and one.state is RecordingState.RECORDING and min(one.frames) >= frames
            for one in seen.recordings
        )

    return holds


def alerted(words: str) -> Callable[[Snapshot], bool]:
    return lambda seen: any(words in alert.what for alert in seen.alerts)


def is_full(seen: Snapshot) -> bool:
    return any(item.key == "disk" and item.level is Level.FAILED and item.value == 0 for item in seen.health)


def fill(data: Path, but_for: int = 3_000_000) -> Path:
    """Take the room that is left but for so many bytes."""
    ballast = data / "somebody-elses"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:  # OSError: that was the last byte
        while shutil.disk_usage(data).free > but_for:
            file.write(bytes(100_000))
    return ballast


def test_at_the_floor_a_recording_stops_goes_on_with_room_and_becomes_one_video(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 128) as data, running_engine(data, **SETTINGS) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        book(data, "b1", 18)
        running.until(is_recording("b1", 60))
        ballast = fill(data)
        seen = running.until(alerted("the recording of b1 stopped"))
        [alert] = [alert for alert in seen.alerts if "the recording of b1 stopped" in alert.what]
        assert "make room" in alert.to_do
        running.until(is_full)
        book(data, "b2", 18)
        running.until(alerted("b2 cannot be recorded: the disk is full"))
        ballast.unlink()
        running.until(lambda seen: is_recording("b1")(seen) and is_recording("b2")(seen))
        assert not any("the disk is full: nothing" in a.what for a in running.until(lambda _: True).alerts)
        running.until(lambda seen: sum(job.state is JobState.DONE for job in seen.jobs) == 2)
        folders = Folders(data, UTC)
        for name in ("b1", "b2"):
            [folder] = data.glob(f"recordings/*/{name}")
            manifest = read_manifest(folder)
            segments = [one for one in manifest.segments if one.camera == 0]
            video = folders.video(manifest.booking)
            assert frames_of(video) <= sum(one.frames for one in segments)
            assert frames_of(video) > 60
        assert [path.name for path in sorted((data / "delivered").rglob("*.mp4"))] == ["b1.mp4", "b2.mp4"]


def test_a_disk_that_stays_full_still_gives_the_video_of_what_was_recorded(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 256) as data, running_engine(data, **SETTINGS) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        book(data, "b1", 9)
        running.until(is_recording("b1", 60))
        fill(data, but_for=11_000_000)  # below the floor of 13 MB, and enough for the video
        running.until(alerted("the recording of b1 stopped"))
        seen = running.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
        assert is_full(seen)
        [video] = (data / "delivered").rglob("*.mp4")
        assert frames_of(video) > 60


def test_a_disk_without_a_byte_left_ends_neither_engine_nor_recording(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 128) as data, running_engine(data, **SETTINGS) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        book(data, "b1", 12)
        running.until(is_recording("b1", 30))
        ballast = fill(data, but_for=0)
        seen = running.until(is_full)
        engine = seen.engine_id
        assert running.cli("record", "highlight").returncode in (0, 1), "it answers"
        assert running.until(lambda seen: seen.banner is Banner.ALERT).engine_id == engine
        ballast.unlink()
        running.until(is_recording("b1"))
        running.until(alerted("the recording of b1 stopped"))  # kept in mind until the disk took it
        seen = running.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
        assert seen.engine_id == engine, "it was never started again"
        [video] = (data / "delivered").rglob("*.mp4")
        assert frames_of(video) > 30
