"""A recording can begin before it was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.cameras.camera import Packet
from ezrec_tui.model import NS
from ezrec_tui.recorder.ring import Ring
from tests.recorder.footage import EPOCH_NS, FRAME_NS, film


def filled(packets: list[Packet], seconds: float) -> Ring:
    ring = Ring(round(seconds * NS))
    for packet in packets:
        ring.append(packet)
    return ring


@given(at=st.integers(-2 * NS, 40 * NS), seconds=st.integers(0, 12))
def test_a_recording_begins_with_the_last_keyframe_at_or_before_its_start(at: int, seconds: int) -> None:
    packets = film(20, 0)
    ring = filled(packets, seconds)
    newest_ns = packets[-1].sensor_ns
    start_ns = min(EPOCH_NS + at, newest_ns)
    given_packets = ring.since(start_ns)
    assert given_packets == packets[-len(given_packets) :], "no frame between is missing"
    assert given_packets[0].keyframe
    if start_ns >= newest_ns - seconds * NS:
        assert given_packets[0].sensor_ns <= max(start_ns, packets[0].sensor_ns)
        assert given_packets[0].sensor_ns > start_ns - NS - FRAME_NS, "not a GOP too early"


def test_the_ring_does_not_grow() -> None:
    assert len(filled(film(40), 5)) <= (5 + 1) * 25 + 1


def test_what_was_seen_before_the_camera_was_closed_is_not_the_beginning() -> None:
    before, after = film(3, 0), film(2, 6 * NS)
    ring = filled(before + after, 20)
    assert ring.since(EPOCH_NS + 5 * NS) == after
    assert ring.since(EPOCH_NS + 2 * NS)[0] == before[50], "but it is what a start before the gap begins with"


def test_packets_before_the_first_keyframe_are_not_kept() -> None:
    assert not filled([p for p in film(1) if not p.keyframe], 5)
