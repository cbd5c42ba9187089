"""What is wrong outside gets one clear line each, and the rest goes on."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.model import CameraState, JobState, Snapshot
from tests.engine.running import RunningEngine, running_engine

pytestmark = pytest.mark.waits


def book(data: Path, *rows: object) -> None:
    (data / "bookings.json").write_text(json.dumps(list(rows)))


def slot(name: str, seconds: float = 3) -> dict[str, str]:
    """A booking that begins now."""
    now = datetime.now(UTC)
    return {"id": name, "start_time": now.isoformat(), "end_time": (now + timedelta(seconds=seconds)).isoformat()}


def cameras_are_up(snapshot: Snapshot) -> bool:
    return all(camera.state not in (CameraState.STARTING, CameraState.LOST) for camera in snapshot.cameras)


def wait_for_video(running: RunningEngine, name: str) -> Snapshot:
    return running.until(lambda seen: any(j.booking_id == name and j.state is JobState.DONE for j in seen.jobs))


def alerts_about(snapshot: Snapshot, word: str) -> list[str]:
    return [f"{alert.what} {alert.to_do}" for alert in snapshot.alerts if word in alert.what]


def test_a_broken_bookings_file_is_told_once_and_recording_goes_on_when_it_is_mended(tmp_path: Path) -> None:
    with running_engine(tmp_path) as running:
        running.until(cameras_are_up)
        (tmp_path / "bookings.json").write_text('[{"id": "x",\n "start_time": ]')
        snapshot = running.until(lambda seen: bool(seen.alerts))
        [alert] = alerts_about(snapshot, "bookings.json")
        assert "line 2" in alert
        book(tmp_path, {"id": "bad", "start_time": "soon", "end_time": 5}, slot("good"))
        snapshot = wait_for_video(running, "good")
        assert len(alerts_about(snapshot, "bad")) == 1


def test_a_folder_that_cannot_be_written_is_told_and_recording_begins_when_it_can(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("in the way")
    with running_engine(tmp_path) as running:
        running.until(cameras_are_up)
        book(tmp_path, slot("blocked", seconds=12))
        snapshot = running.until(lambda seen: bool(seen.alerts))
        assert len(alerts_about(snapshot, "cannot be recorded")) == 1
        (tmp_path / "recordings").unlink()
        wait_for_video(running, "blocked")


def test_a_missing_logo_and_a_text_named_mp4_are_left_out_with_a_word_and_the_video_is_made(tmp_path: Path) -> None:
    text = tmp_path / "intro.mp4"
    text.write_text("this is no video")
    settings = {"INTRO_VIDEO_PATH": str(text), "MAIN_LOGO_PATH": str(tmp_path / "missing.png")}
    with running_engine(tmp_path / "data", **settings) as running:
        running.until(cameras_are_up)
        book(tmp_path / "data", slot("plain"))
        snapshot = wait_for_video(running, "plain")
        fallbacks = next(job.fallbacks for job in snapshot.jobs if job.booking_id == "plain")
    assert len([line for line in fallbacks if "missing.png" in line]) == 1
    assert len([line for line in fallbacks if "intro.mp4" in line]) == 1


def test_a_file_camera_that_is_no_video_does_not_stop_the_other(tmp_path: Path) -> None:
    text = tmp_path / "camera.mp4"
    text.write_text("this is no video")
    with running_engine(tmp_path / "data", CAMERA_1_SERIAL=f"file:{text}") as running:
        running.until(lambda seen: len(seen.cameras) == 2 and seen.cameras[0].state is CameraState.IDLE)
        book(tmp_path / "data", slot("half"))
        snapshot = wait_for_video(running, "half")
        job = next(job for job in snapshot.jobs if job.booking_id == "half")
    assert any("camera.mp4" in alert.what for alert in snapshot.alerts)
    assert job.fallbacks, "it says that one camera was missing"
