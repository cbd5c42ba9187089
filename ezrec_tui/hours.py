"""Hours of the day, like `22:00-06:00, 13:00-15:30`, by a wall clock. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

RANGE = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Ranges of each day; one whose end is not after its start goes over midnight."""

    ranges: tuple[tuple[int, int], ...]
    """From and up to, in minutes after midnight."""

    def __str__(self) -> str:
        return ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.ranges)

    def opens_at(self, now: datetime, zone: tzinfo) -> datetime | None:
        """None within the hours, else when the next ones begin in that zone; `now` is aware, so is the answer.

        On the night of a clock's change they may begin up to an hour earlier than told: ask again meanwhile.
        """
        if self._holds(now, zone):
            return None
        today = now.astimezone(zone).date()
        starts = [
            datetime.combine(today + timedelta(days=days), time(start // 60, start % 60), zone).astimezone(UTC)
            for days in range(3)  # a range that the clock's change in spring skips does not begin that day
            for start, _ in self.ranges
        ]
        return min(start for start in starts if start > now and self._holds(start, zone))

    def _holds(self, at: datetime, zone: tzinfo) -> bool:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end if start < end else not end <= minute < start for start, end in self.ranges)


def parse_hours(text: str) -> Hours:
    """Raises ValueError."""
    return Hours(tuple(_range(one.strip()) for one in text.split(",")))


def _range(text: str) -> tuple[int, int]:
    found = RANGE.fullmatch(text.replace(" ", ""))
    if not found:
        raise ValueError("not hours of the day; write them as 22:00-06:00, several with commas")
    numbers = [int(number) for number in found.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if max(numbers[1], numbers[3]) > 59 or start >= DAY or end > DAY:
        raise ValueError("the day has no such hours; they go from 00:00 to 24:00")
    if start == end % DAY and end != DAY:
        raise ValueError("hours that end when they begin; leave it out to upload at all hours")
    return start, end


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
