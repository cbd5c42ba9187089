"""The recorder's own code on the real Picamera2, with libcamera's virtual cameras.

Not proved, as it takes a Pi: the hardware encoder of a Pi 4 (V4L2; there is none here, so its absence is), real
exposure and white balance (played by the tests' sensor), SyncMode and the cameras' real timing, CMA memory, a Pi's
load. Everything is held against the ticks of the sensor's clock.
"""

from itertools import pairwise
from pathlib import Path

import pytest

from ezrec_tui.model import NS, CameraState
from ezrec_tui.recorder.messages import Arm, Finished, Started, Status
from ezrec_tui.recording_files import find_segments, pts_of
from tests.picamera.pi import LEFT, RIGHT, SECOND, VirtualPi, end_now, keyframes_in, overdue
from tests.recorder.driver import RecorderInHand, begins_now, look
from tests.recorder.footage import frames_in

INTERVAL = SECOND // LEFT.fps


def _arm(recorder: RecorderInHand, frames: int) -> None:
    recorder.tell(Arm())
    recorder.wait_for(Status, lambda m: m.status.state is CameraState.ARMED and m.status.captured >= frames)


def test_two_cameras_record_each_frame_at_its_sensors_time_from_before_the_start_to_the_frame_of_the_end(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "b1"
    left, right = VirtualPi(tmp_path, LEFT), VirtualPi(tmp_path, RIGHT)
    with left.recorder() as of_left, right.recorder() as of_right:
        for recorder in (of_left, of_right):
            _arm(recorder, frames=75)
        start = begins_now(folder, 11.2)
        start = start.model_copy(update={"start_ns": start.start_ns - NS})  # a second of pre-roll
        for recorder in (of_left, of_right):
            recorder.tell(start)
        counts = [recorder.wait_for(Finished).count for recorder in (of_left, of_right)]
        started = [recorder.wait_for(Started) for recorder in (of_left, of_right)]
    for pi, count, first in zip((left, right), counts, started, strict=True):
        recorded = pi.recorded(start)
        assert recorded == pi.exposed_within(start), "each frame once, in order, at its time, up to the end"
        assert pts_of(start.start_ns) - SECOND - INTERVAL <= recorded[0] <= pts_of(start.start_ns), "a GOP before"
        assert recorded[0] == pts_of(first.first_ns)
        assert count.written == len(recorded)
        assert count.dropped == sum(round((b - a) / INTERVAL) - 1 for a, b in pairwise(recorded))
        segments = [s for s in find_segments(folder) if s.camera == pi.spec.index]
        assert len(segments) == 2
        keyframes = list[int]()
        for segment in segments:
            inside = keyframes_in(folder / segment.name)
            assert inside[0] == pts_of(segment.first_ns), "a segment begins with a keyframe"
            keyframes += inside
            pictures = list(frames_in(folder / segment.name))
            assert len(pictures) == segment.frames
            assert {(picture.width, picture.height) for picture in pictures} == {(640, 360)}
        assert overdue(recorded, keyframes) == []


def test_a_recording_that_is_looked_at_five_times_a_second_holds_each_frame(tmp_path: Path) -> None:
    pi = VirtualPi(tmp_path)
    start = begins_now(tmp_path / "b1")
    with pi.recorder() as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(10)
        seen = [look(recorder)]
        while len(seen) < 25:
            seen.append(look(recorder, after_ns=seen[-1].sensor_ns))
        end_now(recorder, start)
    recorded, exposed = pi.recorded(start), pi.exposed(start)
    assert recorded == exposed[exposed.index(recorded[0]) :][: len(recorded)], "none is missing"
    shown = [pts_of(picture.sensor_ns - start.epoch_sensor_ns) for picture in seen[1:]]
    assert set(shown) <= set(recorded), "each is a frame of it"
    assert {(picture.width, picture.height) for picture in seen} == {(160, 90)}
    assert None not in {picture.focus for picture in seen}


@pytest.mark.parametrize(
    ("platform", "line"), [((), None), (("vc4",), "no encoder in hardware")], ids=["Pi 5", "Pi 4 without its encoder"]
)
def test_each_pi_encodes_as_it_can(tmp_path: Path, platform: tuple[str, ...], line: str | None) -> None:
    """A Pi 5 has x264 alone; a Pi 4 falls back to it. That a Pi 4's own encoder works cannot be tried here."""
    pi = VirtualPi(tmp_path, faults=platform)
    start = begins_now(tmp_path / "b1")
    with pi.recorder() as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(35)
        finished = end_now(recorder, start)
    recorded = pi.recorded(start)
    assert recorded == [pts for pts in pi.exposed(start) if recorded[0] <= pts <= recorded[-1]]
    assert finished.count.written == len(recorded) >= 35
    pictures = [picture for path in start.folder.glob("*.ts") for picture in frames_in(path)]
    assert len(pictures) == len(recorded)
    said = recorder.said()
    assert line is None or line in said
    assert (line is None) == ("hardware" not in said)


def test_where_frames_are_lost_a_keyframe_still_comes_each_second_and_they_are_counted(tmp_path: Path) -> None:
    pi = VirtualPi(tmp_path, faults=["blink"])
    start = begins_now(tmp_path / "b1")
    with pi.recorder() as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(75)
        finished = end_now(recorder, start)
    recorded = pi.recorded(start)
    missing = sum(round((b - a) / INTERVAL) - 1 for a, b in pairwise(recorded))
    assert missing >= len(recorded) // 3, "every third frame"
    assert finished.count.dropped == missing
    (segment,) = find_segments(start.folder)
    keyframes = keyframes_in(start.folder / segment.name)
    assert len(keyframes) >= 3
    assert overdue(recorded, keyframes) == []
