"""What fails around a recorder: the camera and the disk. Nothing hangs, all is said, and the recording goes on."""

import resource
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, CameraState
from ezrec_tui.recorder.messages import Finished, SegmentClosed, SetEnd, Start, Status, Trouble
from ezrec_tui.recorder.process import CAMERA_FAILED, CAMERA_HUNG
from ezrec_tui.recording_files import find_segments
from tests.recorder.driver import LIMIT_SECONDS, RecorderInHand, begins_now
from tests.recorder.footage import clock_of, frames_in


@pytest.fixture
def faults(tmp_path: Path) -> Path:
    folder = tmp_path / "faults"
    folder.mkdir()
    return folder


def end_now(recorder: RecorderInHand, start: Start) -> Finished:
    recorder.tell(SetEnd(booking_id=start.booking_id, end_ns=sensor_ns() - start.epoch_sensor_ns))
    return recorder.wait_for(Finished)


def test_a_camera_that_stalls_and_is_away_for_a_while_comes_back_into_the_same_recording(
    tmp_path: Path, faults: Path
) -> None:
    folder = tmp_path / "b1"
    start = begins_now(folder)
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.tell(start)
        newest = recorder.wait_for_frames(20)
        (faults / "stall").touch()
        (faults / "unplugged").touch()
        stalled = recorder.wait_for_state(CameraState.STALLED)
        assert recorder.exit_status() == CAMERA_FAILED, "a new process may do better"
        troubles = recorder.of(Trouble)
    (faults / "stall").unlink()
    assert "no frame for 2 s" in (stalled.status.error or "")
    assert [t.to_do != "" for t in troubles] == [True], "said once"
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.tell(start)
        lost = recorder.wait_for_state(CameraState.LOST)
        assert not lost.status.growing
        assert "check its cable" in (lost.status.error or "")
        (faults / "unplugged").unlink()
        recorder.wait_for_state(CameraState.RECORDING)
        recorder.wait_for_frames(20)
        finished = end_now(recorder, start)
        assert len(recorder.of(Trouble)) == 1, "and not at each try"
    first, second = find_segments(folder)
    assert newest.last_sensor_ns is not None
    assert first.last_ns >= newest.last_sensor_ns - start.epoch_sensor_ns
    assert second.first_ns - first.last_ns >= 2 * NS
    assert finished.count.written == second.frames
    assert first.frames + second.frames == len(clock_of(folder))


def test_a_camera_that_cannot_be_opened_is_lost_until_it_is_there(tmp_path: Path, faults: Path) -> None:
    (faults / "unplugged").touch()
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        assert recorder.wait_for_state(CameraState.LOST).status.error == "no camera answers; check its cable"
        (faults / "unplugged").unlink()
        assert recorder.wait_for_state(CameraState.IDLE).status.error is None


@pytest.mark.parametrize("lost", ["stall", "unplugged"])
def test_an_idle_camera_that_fails_is_seen_before_anything_is_recorded(tmp_path: Path, faults: Path, lost: str) -> None:
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.wait_for_state(CameraState.IDLE)
        (faults / "stall").touch()
        (faults / lost).touch()
        assert recorder.wait_for_state(CameraState.STALLED).status.error == "no picture for 4 s"
        assert recorder.exit_status() == CAMERA_FAILED
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        again = recorder.wait_for_state(CameraState.LOST if lost == "unplugged" else CameraState.STALLED)
        assert again.status.error
        for fault in faults.iterdir():
            fault.unlink()
        assert recorder.wait_for_state(CameraState.IDLE, len(recorder.messages)).status.error is None


def test_a_camera_that_hangs_does_not_keep_the_recorder_from_its_end(tmp_path: Path, faults: Path) -> None:
    folder = tmp_path / "b1"
    (faults / "hang").touch()
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.tell(begins_now(folder))
        recorder.wait_for_frames(20)
        recorder.process.send_signal(signal.SIGTERM)
        assert recorder.exit_status() == 0
        (closed,) = recorder.of(SegmentClosed)
    assert len(clock_of(folder)) == closed.segment.frames


def test_a_camera_that_hangs_when_it_is_closed_ends_the_process_for_a_new_one(tmp_path: Path, faults: Path) -> None:
    folder = tmp_path / "b1"
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.tell(begins_now(folder))
        recorder.wait_for_frames(20)
        (faults / "hang").touch()
        (faults / "stall").touch()
        assert recorder.exit_status() == CAMERA_HUNG
        assert "hangs" in recorder.of(Trouble)[-1].what
        (closed,) = recorder.of(SegmentClosed)
    assert len(clock_of(folder)) == closed.segment.frames


@dataclass
class SmallDisk:
    """A folder that takes little, until there is room."""

    folder: Path
    is_mounted: bool

    def limit(self, recorder: RecorderInHand) -> None:
        if not self.is_mounted:
            resource.prlimit(recorder.process.pid, resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))

    def make_room(self, recorder: RecorderInHand) -> None:
        if self.is_mounted:
            subprocess.run(["mount", "-o", "remount,size=20m", str(self.folder)], check=True, timeout=LIMIT_SECONDS)
        else:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(recorder.process.pid, resource.RLIMIT_FSIZE, unlimited)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small tmpfs where we may mount one, else a limit on the size of a file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=152k", "ezrec-test", str(folder)],
        check=False,
        capture_output=True,
        timeout=LIMIT_SECONDS,
    )
    yield SmallDisk(folder, mount.returncode == 0)
    if mount.returncode == 0:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=LIMIT_SECONDS)


def test_a_full_disk_is_said_costs_only_frames_and_the_recording_goes_on_when_there_is_room(
    tmp_path: Path, small_disk: SmallDisk
) -> None:
    folder = small_disk.folder / "b1"
    with RecorderInHand(tmp_path / "log") as recorder:
        small_disk.limit(recorder)
        start = begins_now(folder)
        recorder.tell(start)
        trouble = recorder.wait_for(Trouble)
        full = recorder.wait_for(Status, lambda m: m.status.dropped > 0 and not m.status.growing)
        assert full.status.state is CameraState.RECORDING, "the camera goes on"
        assert str(folder) in (full.status.error or "")
        small_disk.make_room(recorder)
        after = len(recorder.messages)
        recorder.wait_for(Status, lambda m: m.status.growing and m.status.error is None, after)
        finished = end_now(recorder, start)
        assert len(recorder.of(Trouble)) == 1
    assert (trouble.booking_id, str(folder) in trouble.what, trouble.to_do != "") == ("b1", True, True)
    segments = find_segments(folder)
    assert len(segments) >= 2
    assert sum(s.frames for s in segments) == finished.count.written == len(clock_of(folder))
    count = finished.count
    assert count.captured > count.written, "what the disk had no room for"
    assert count.captured + count.dropped == count.expected, "the camera went on"
    for segment in segments:
        assert len(list(frames_in(folder / segment.name))) == segment.frames, "whole frames only"
