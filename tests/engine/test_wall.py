"""Where one booking ends the next one begins: no frame is lost between them and none is in both."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from ezrec_tui.engine.wall import GRID_NS, Wall, after_ns
from ezrec_tui.model import NS
from ezrec_tui.recording_files import PTS_HZ, pts_of
from ezrec_tui.video.probe import to_ns
from tests.clock import OwnedClock

NOON = datetime(2026, 5, 30, 12, tzinfo=UTC)
SEAM = timedelta(seconds=100)


class InterruptedClock(OwnedClock):
    """Time passes between one reading and the next: so many nanoseconds, in turn."""

    def __init__(self, pauses: list[int]) -> None:
        super().__init__(NOON)
        self._pauses = pauses
        self._reads = 0

    def sensor_ns(self) -> int:
        self._reads += 1
        self.advance(self._pauses[self._reads % len(self._pauses)] / NS)
        return super().sensor_ns()


pauses = st.lists(st.integers(0, 400_000), min_size=1, max_size=11)
"""Nanoseconds; a reading that is interrupted for longer is measured again, and the shortest one counts."""


@given(pauses, st.integers(0, 10**7))
def test_an_instant_lies_at_one_place_on_the_sensors_clock_however_the_clocks_are_read(
    given_pauses: list[int], microseconds: int
) -> None:
    clock = InterruptedClock(given_pauses)
    wall = Wall(clock)
    at = NOON + SEAM + timedelta(microseconds=microseconds)
    first = wall.sensor_ns(at)
    clock.advance(3600)
    assert wall.sensor_ns(at) == first
    clock.step(3600)
    assert abs(wall.sensor_ns(at) - (first - 3600 * NS)) < NS // 1000, "a step is noticed"


@given(st.integers(-NS, NS), st.integers(0, 10**6), st.integers(0, 10**6))
@example(0, 0, 1)
@example(-1, 7, 3)
@example(5_555, 0, 1)
@example(-5_556, 1, 0)
def test_a_frame_near_the_seam_of_two_recordings_is_in_exactly_one_of_them(
    offset_ns: int, first_lead: int, second_lead: int
) -> None:
    """Whatever their epochs: timestamps in files are rounded to 90 kHz."""
    seam_ns = 10**6 * GRID_NS
    at_ns = seam_ns + offset_ns
    epochs = [seam_ns - lead * GRID_NS for lead in (first_lead + 20_000, second_lead + 20_000)]
    first, second = (to_ns(pts_of(at_ns - epoch), Fraction(1, PTS_HZ)) for epoch in epochs)
    assert (first < seam_ns - epochs[0]) != (second >= seam_ns - epochs[1])


def test_lengths_between_instants_add_up() -> None:
    middle, end = NOON + timedelta(microseconds=123_456_789), NOON + timedelta(microseconds=999_999_999)
    assert after_ns(NOON, middle) + after_ns(middle, end) == after_ns(NOON, end)
