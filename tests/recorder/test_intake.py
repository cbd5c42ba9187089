"""The camera is never held up, and what finds no room is counted."""

from dataclasses import replace

from ezrec_tui.cameras.camera import Packet
from ezrec_tui.model import NS
from ezrec_tui.recorder.intake import Inbox, Intake
from tests.recorder.footage import film


def waiting(inbox: Inbox) -> list[Packet]:
    packets: list[Packet] = []
    while not inbox.empty():
        item = inbox.get()
        assert isinstance(item, Packet)
        packets.append(item)
    return packets


def test_a_full_queue_loses_frames_up_to_the_next_keyframe_and_counts_them() -> None:
    inbox = Inbox()
    intake = Intake(inbox, 40, lambda: 0)
    packets = film(4)
    for packet in packets[:45]:
        intake.take(packet)
    assert waiting(inbox) == packets[:40]
    assert intake.overflowed == 5
    for packet in packets[45:]:
        intake.take(packet)
    came = waiting(inbox)
    assert came == [replace(packets[50], overflowed=10), *packets[51:90]], "there is room at 45, a keyframe at 50"
    assert intake.overflowed == 5 + 5 + 10
    assert intake.captured == 100


def test_a_clock_that_steps_back_is_a_stall_and_no_footage() -> None:
    inbox = Inbox()
    intake = Intake(inbox, 1000, lambda: 7)
    late, early = film(1, 100 * NS), film(1, 50 * NS)
    for packet in late + early:
        intake.take(packet)
    assert waiting(inbox) == late
    assert intake.captured == 25


def test_rates_are_measured_by_the_sensors_clock_and_fall_when_nothing_comes() -> None:
    now_ns = 0
    intake = Intake(Inbox(), 1000, lambda: now_ns)
    packets = film(5)
    for packet in packets:
        now_ns = packet.sensor_ns
        intake.take(packet)
    fps, bitrate = intake.rates()
    assert abs(fps - 25) < 0.01
    assert abs(bitrate - sum(len(p.data) for p in packets[-75:]) * 8 / 3) < bitrate * 0.05
    now_ns += 2 * NS
    assert intake.rates()[0] < 13
    now_ns += 2 * NS
    assert intake.rates() == (0.0, 0)
