"""Wall time on the sensors' clock, the same for all recordings: where one booking ends the next one begins, exactly."""

from datetime import UTC, datetime, timedelta

from ezrec_tui.clock import Clock

GRID_NS = 100_000
"""Nine ticks of 90 kHz. Epochs and bounds lie on it, so that a frame is rounded alike whatever recording it is in."""
STEP_NS = 1_000_000
"""The wall clock runs at the rate of the sensors' clock and may only step; what differs by less is how it was read."""
READINGS = 5

_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


class Wall:
    """Maps wall time, as the wall clock stands now, to the sensors' clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ns: int | None = None

    def sensor_ns(self, at: datetime) -> int:
        """When it is, was or will be `at`, on the sensors' clock, on the grid."""
        measured = self._measure()
        if self._offset_ns is None or abs(measured - self._offset_ns) >= STEP_NS:
            self._offset_ns = measured // GRID_NS * GRID_NS
        return _span_ns(at - _UNIX) - self._offset_ns

    def _measure(self) -> int:
        """Wall time less sensor time: of a few readings the one that was interrupted least."""
        readings: list[tuple[int, int]] = []
        for _ in range(READINGS):
            before, wall, after = self._clock.sensor_ns(), self._clock.now(), self._clock.sensor_ns()
            exact = (wall - _UNIX) // timedelta(microseconds=1) * 1000
            readings.append((after - before, exact - (before + after) // 2))
        return min(readings)[1]


def after_ns(epoch: datetime, at: datetime) -> int:
    """How long after an epoch an instant is, both on the grid."""
    return _span_ns(at - _UNIX) - _span_ns(epoch - _UNIX)


def _span_ns(span: timedelta) -> int:
    return (span // timedelta(microseconds=1)) * 1000 // GRID_NS * GRID_NS
