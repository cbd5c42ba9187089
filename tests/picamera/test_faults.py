"""What fails around the real Picamera2: sensor, driver, cable, disk. Each fault is set, seen, and got over.

The faults are played at libcamera's edge (see `virtual_pi`); what the library and the recorder make of them is real.
"""

from dataclasses import replace
from pathlib import Path

from ezrec_tui.model import CameraState
from ezrec_tui.recorder.messages import Arm, Status, Trouble
from ezrec_tui.recorder.process import CAMERA_FAILED, CAMERA_HUNG
from ezrec_tui.recording_files import find_segments, pts_of
from tests.picamera.pi import LEFT, RIGHT, SECOND, Supervised, VirtualPi, end_now, mount
from tests.recorder.driver import begins_now
from tests.recorder.footage import frames_in


def test_a_stalled_camera_is_back_in_the_same_recording_with_a_new_process_and_the_other_one_never_notices(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "b1"
    left, right = VirtualPi(tmp_path, LEFT), VirtualPi(tmp_path, RIGHT)
    start = begins_now(folder)
    with Supervised(left, start) as of_left, Supervised(right, start) as of_right:
        for recorder in (of_left, of_right):
            recorder.wait_for_frames(20)
        left.set("stall")
        stalled = of_left.wait_for_state(CameraState.STALLED)
        held = len(left.exposed(start))
        left.clear("stall")
        of_left.wait_for_frames(20, process=1)
        end_now(of_left, start, process=1)
        right_count = end_now(of_right, start).count
    assert "no frame for 2 s" in (stalled.status.error or "")
    assert of_left.exits == [CAMERA_FAILED]
    first, second = (s for s in find_segments(folder) if s.camera == LEFT.index)
    assert pts_of(second.first_ns - first.last_ns) > 2 * SECOND
    recorded = left.recorded(start)
    assert recorded[: first.frames] == left.exposed(start)[held - first.frames : held], (
        "nothing exposed before the stall is lost: what the encoder still held is in the file"
    )
    other = right.recorded(start)
    assert other == [pts for pts in right.exposed(start) if other[0] <= pts <= other[-1]], "not a frame less"
    assert right_count.written == len(other)
    assert of_right.exits == []
    assert not {CameraState.STALLED, CameraState.LOST} & of_right.states()


def test_a_camera_that_is_unplugged_and_back_goes_on_in_the_same_recording(tmp_path: Path) -> None:
    pi = VirtualPi(tmp_path)
    start = begins_now(tmp_path / "b1")
    with Supervised(pi, start) as recorder:
        recorder.wait_for_frames(20)
        pi.set("stall", "unplugged")
        recorder.wait_for_state(CameraState.STALLED)
        lost = recorder.wait_for_state(CameraState.LOST, process=1)
        pi.clear("stall", "unplugged")
        recorder.wait_for_frames(20, process=1)
        end_now(recorder, start, process=1)
    assert "camera cam0 is not connected (connected: none); check its cable" in (lost.status.error or "")
    assert recorder.exits == [CAMERA_FAILED], "a camera that is not there is tried again by the same process"
    segments = find_segments(start.folder)
    assert len(segments) == 2
    assert sum(s.frames for s in segments) == len(pi.recorded(start))


def test_an_id_that_no_camera_has_is_said_with_those_that_there_are(tmp_path: Path) -> None:
    with VirtualPi(tmp_path, replace(LEFT, serial="imx708")).recorder() as recorder:
        recorder.tell(Arm())
        lost = recorder.wait_for_state(CameraState.LOST)
    assert lost.status.error == (
        "camera imx708 is not connected (connected: cam0, cam1); check its cable, or change CAMERA_0_SERIAL"
    )


def test_a_camera_that_hangs_when_it_is_closed_ends_its_process_and_the_next_one_goes_on(tmp_path: Path) -> None:
    pi = VirtualPi(tmp_path)
    start = begins_now(tmp_path / "b1")
    with Supervised(pi, start) as recorder:
        recorder.wait_for_frames(20)
        pi.set("hang", "stall")
        recorder.wait_for(Trouble, lambda m: "hangs" in m.what)
        pi.clear("hang", "stall")
        recorder.wait_for_frames(20, process=1)
        end_now(recorder, start, process=1)
    assert recorder.exits == [CAMERA_HUNG]
    first, second = find_segments(start.folder)
    assert second.first_ns > first.last_ns
    recorded = pi.recorded(start)
    assert set(recorded) <= set(pi.exposed(start)), "both processes on one clock"
    assert len([p for s in (first, second) for p in frames_in(start.folder / s.name)]) == len(recorded)


def test_a_full_disk_costs_frames_but_neither_the_camera_nor_the_recording(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount(disk, "152k")
    pi = VirtualPi(tmp_path)
    start = begins_now(disk / "b1")
    with pi.recorder() as recorder:
        recorder.tell(start)
        trouble = recorder.wait_for(Trouble)
        full = recorder.wait_for(Status, lambda m: m.status.dropped > 0 and not m.status.growing)
        mount(disk, "20m", again=True)
        after = len(recorder.messages)
        recorder.wait_for(Status, lambda m: m.status.growing and m.status.error is None, after)
        finished = end_now(recorder, start)
        statuses = recorder.of(Status)
    assert "No space left" in trouble.what
    assert full.status.state is CameraState.RECORDING, "the camera goes on"
    assert not {CameraState.STALLED, CameraState.LOST} & {m.status.state for m in statuses}
    segments = find_segments(start.folder)
    assert len(segments) >= 2
    recorded = pi.recorded(start)
    assert finished.count.written == len(recorded)
    exposed = [pts for pts in pi.exposed(start) if recorded[0] <= pts <= recorded[-1]]
    assert set(recorded) < set(exposed)
    assert finished.count.captured >= len(exposed), "all came out of the camera"
