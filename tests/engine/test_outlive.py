"""Recorders outlive a killed engine: they record on, alone, and the next engine takes them over."""

import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest

from ezrec_tui.model import CameraState, EventType, Manifest, RecordingState, Snapshot
from ezrec_tui.recording_files import find_segments, read_manifest
from tests.engine.running import PATIENCE, RunningEngine, running_engine
from tests.processes import recorders_of
from tests.whole.numbers import LATE_SHARE, between_frames, on_disk, planned

SETTINGS = {"CAMERA_0_SERIAL": "testpattern", "MERGE_METHOD": "side_by_side"}


def book(data: Path, seconds: float, lead: float = 0) -> None:
    """A booking that begins `lead` seconds from now."""
    start = between_frames(datetime.now(UTC) + timedelta(seconds=lead))
    row = {"id": "b1", "start_time": start.isoformat(), "end_time": (start + timedelta(seconds=seconds)).isoformat()}
    (data / "bookings.json").write_text(json.dumps([row]))


def is_recording(seen: Snapshot) -> bool:
    return any(one.state is RecordingState.RECORDING and min(one.frames) > 30 for one in seen.recordings)


def pids(data: Path) -> dict[int, int]:
    return {camera: process.pid for camera, process in recorders_of(data).items()}


def until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < deadline, "it did not come to pass"
        sleep(0.05)


def frames(folder: Path) -> int:
    """In the folder of a recording, of both cameras, by now."""
    return sum(segment.frames for segment in find_segments(folder))


def folder_of(data: Path) -> Path:
    [folder] = (data / "recordings").glob("*/b1")
    return folder


def begin(running: RunningEngine, seconds: float) -> dict[int, int]:
    """Have a booking under way; the recorders' ids."""
    running.until(lambda seen: all(camera.state is CameraState.IDLE for camera in seen.cameras))
    book(running.data, seconds, lead=2)
    running.until(is_recording)
    found = pids(running.data)
    assert sorted(found) == [0, 1]
    return found


def assert_whole(folder: Path) -> Manifest:
    """Every frame of both cameras is in the files, across all that happened; and the account says so."""
    manifest = read_manifest(folder)
    wanted = set(planned(manifest))
    for count in manifest.cameras:
        there = on_disk(folder, manifest, count.camera)
        missing = wanted - there
        # a test pattern on a busy machine may be late for a frame; that is a gap of the camera's, and counted
        assert len(missing) == count.missing, f"camera {count.camera} lacks {sorted(missing)}: {count}"
        assert len(missing) <= count.dropped <= LATE_SHARE * len(wanted), f"camera {count.camera}: {count}"
        segments = [segment for segment in find_segments(folder) if segment.camera == count.camera]
        assert all(segment.captured for segment in segments), "the recorder closed and listed each of them"
    return manifest


@pytest.mark.alone
def test_a_killed_engine_costs_no_frame_and_the_next_one_takes_its_recorders_over(tmp_path: Path) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        before = begin(running, 10)
        for _ in range(2):
            running.kill()
            running.start_again()
            running.until(is_recording)
        assert pids(running.data) == before
        folder = folder_of(tmp_path)
        running.until(lambda seen: not seen.recordings)
        assert_whole(folder)
    assert recorders_of(tmp_path) == {}


@pytest.mark.alone
def test_a_booking_that_ends_while_no_engine_lives_is_recorded_to_its_end_and_finished_afterwards(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        begin(running, 8)
        running.kill()
        until(lambda: running.log.count("finished: ") == 2)
        folder = folder_of(tmp_path)
        recorded = frames(folder)
        running.start_again()
        event = tmp_path / "events" / f"{EventType.RECORDING_COMPLETE}_b1.event"
        until(event.exists)
        assert json.loads(event.read_text())["frames"] == [c.written for c in assert_whole(folder).cameras]
        assert frames(folder) == recorded


def test_a_booking_that_was_stopped_is_not_recorded_on_when_the_engine_dies(tmp_path: Path) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        before = begin(running, 1000)
        assert running.cli("record", "stop").returncode == 0
        stopped = datetime.now(UTC)
        running.kill()
        running.start_again()
        still = (CameraState.ARMED, CameraState.IDLE)
        running.until(lambda seen: not seen.recordings and all(c.state in still for c in seen.cameras))
        manifest = read_manifest(folder_of(tmp_path))
        assert manifest.epoch + timedelta(microseconds=manifest.end_ns / 1000) < stopped
        assert pids(tmp_path) == before


def test_told_to_end_an_engine_ends_recorders_that_it_took_over_and_leaves_nothing(tmp_path: Path) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        before = begin(running, 1000)
        running.kill()
        alone = frames(folder_of(tmp_path))
        until(lambda: frames(folder_of(tmp_path)) > alone)
        assert pids(tmp_path) == before
        running.start_again()
        running.until(is_recording)
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(PATIENCE)
        assert recorders_of(tmp_path) == {}
    segments = find_segments(folder_of(tmp_path))
    assert [segment.captured > 0 for segment in segments] == [True] * len(segments), "closed and listed"


def test_an_engine_with_one_camera_less_ends_the_recorder_that_nobody_wants(tmp_path: Path) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        before = begin(running, 1000)
        running.kill()
        running.start_again(DUAL_CAMERA_MODE="false")
        running.until(is_recording)
        assert pids(tmp_path) == {0: before[0]}
