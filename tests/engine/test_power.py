"""The power fails in the middle of a recording: everything dies at once, and a start alone makes one video of it."""

import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from ezrec_tui.model import CameraState, JobState, RecordingState, Snapshot
from ezrec_tui.recording_files import find_segments, read_manifest, write_manifest
from tests.engine.running import PATIENCE, RunningEngine, running_engine
from tests.jobs.recordings import frames_of

pytestmark = pytest.mark.waits

FPS = 30
SECONDS = 9


def book(data: Path) -> None:
    now = datetime.now(UTC)
    end = now + timedelta(seconds=SECONDS)
    row = {"id": "b1", "start_time": now.isoformat(), "end_time": end.isoformat()}
    (data / "bookings.json").write_text(json.dumps([row]))


def written(seen: Snapshot) -> int:
    return min((min(one.frames) for one in seen.recordings if one.state is RecordingState.RECORDING), default=0)


def kill_all(running: RunningEngine) -> None:
    """kill -9 of the engine and all its children, none of which has time to end anything."""
    engine = psutil.Process(running.process.pid)
    everybody = [engine, *engine.children(recursive=True)]
    for one in everybody:
        one.suspend()
    for one in everybody:
        os.kill(one.pid, signal.SIGKILL)
    running.process.wait(PATIENCE)


def bring_end_forward(data: Path) -> None:
    """As if the night had passed: the end that was planned is the instant of the cut."""
    [folder] = data.glob("recordings/*/b1")
    last_ns = max(segment.last_ns for segment in find_segments(folder))
    write_manifest(folder, read_manifest(folder).model_copy(update={"end_ns": last_ns}))


def manifest_is_lost(data: Path) -> None:
    [manifest] = data.glob("recordings/*/b1/manifest.json")
    manifest.unlink()


def databases_are_garbage(data: Path) -> None:
    for path in [*data.glob("*.db"), *data.glob("*.db-wal")]:
        path.write_bytes(b"garbage" * 1000)


@pytest.mark.parametrize("damage", [manifest_is_lost, databases_are_garbage])
def test_a_start_after_a_power_cut_goes_on_and_makes_one_video(damage: Callable[[Path], None], tmp_path: Path) -> None:
    with running_engine(tmp_path) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        book(tmp_path)
        running.until(lambda seen: written(seen) > 3 * FPS)
        kill_all(running)
    damage(tmp_path)
    (tmp_path / "bookings.json").unlink()  # so that nothing but the folder knows of it
    with running_engine(tmp_path) as running:
        seen = running.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
        [job] = seen.jobs
    [delivered] = (tmp_path / "delivered").rglob("*.mp4")
    frames = frames_of(delivered)
    lost = SECONDS * FPS - frames
    print(f"{damage.__name__}: {frames} frames in the video, {lost} lost to the cut and the start after it")
    assert job.booking_id == "b1"
    assert frames > 3 * FPS, "what was synced, and what came after the start"
    assert [path.name for path in tmp_path.glob("recordings/*/*")] == ["b1"]


def test_a_recording_whose_end_came_while_there_was_no_power_is_finished_by_the_start(tmp_path: Path) -> None:
    with running_engine(tmp_path) as running:
        running.until(lambda seen: all(c.state is CameraState.IDLE for c in seen.cameras))
        now = datetime.now(UTC)
        row = {"id": "b1", "start_time": now.isoformat(), "end_time": (now + timedelta(hours=1)).isoformat()}
        (tmp_path / "bookings.json").write_text(json.dumps([row]))
        running.until(lambda seen: written(seen) > 2 * FPS)
        kill_all(running)
    bring_end_forward(tmp_path)
    (tmp_path / "bookings.json").unlink()
    with running_engine(tmp_path) as running:
        running.until(lambda seen: any(job.state is JobState.DONE for job in seen.jobs))
    [delivered] = (tmp_path / "delivered").rglob("*.mp4")
    assert frames_of(delivered) > 1 * FPS
