"""Frames before an encoder of the camera's own, and packets behind it."""

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.flow import Flow
from ezrec_tui.model import NS

SPEC = CameraSpec(0, "cam0", 640, 360, 30, 800_000)
FRAME_NS = NS // 30
START_NS = 7_000 * NS + 123


def at(frame: int) -> int:
    return START_NS + frame * FRAME_NS


def test_without_a_loss_the_encoder_counts_to_its_keyframes_itself() -> None:
    flow = Flow(SPEC)
    assert not any(flow.see(at(frame)) for frame in range(300))
    assert (flow.captured, flow.dropped) == (300, 0)


def test_after_a_loss_a_keyframe_is_asked_for_when_the_second_is_over_and_once() -> None:
    flow = Flow(SPEC)
    lost = {10, 11, 50}
    asked = [frame for frame in range(120) if frame not in lost and flow.see(at(frame))]
    assert asked == [30, 60]
    assert flow.dropped == 3


def test_a_loss_over_the_second_is_followed_by_a_keyframe_at_once() -> None:
    flow = Flow(SPEC)
    asked = [frame for frame in (*range(20), *range(50, 75)) if flow.see(at(frame))]
    assert asked == [50]


def test_a_packet_has_the_nanoseconds_of_its_frame_and_says_which_frames_before_it_have_none() -> None:
    flow = Flow(SPEC)
    for frame in range(4):
        flow.see(at(frame))
    packets = [flow.packet(b"", frame == 0, at(frame) // 1000) for frame in (0, 3)]
    assert [(p.sensor_ns, p.unencoded) for p in packets if p] == [(at(0), 0), (at(3), 2)]


def test_packets_begin_with_a_keyframe_also_after_the_sensors_time_went_back() -> None:
    flow = Flow(SPEC)
    given = [(0, False), (1, True), (2, False), (1, False), (3, False), (4, True)]
    packets = [flow.packet(b"", keyframe, at(frame) // 1000) for frame, keyframe in given]
    assert [p is not None for p in packets] == [False, True, True, False, False, True]
