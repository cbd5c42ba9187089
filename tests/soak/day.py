"""A venue's bookings: most follow each other at once, some after a pause, some overlap."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.whole.numbers import between_frames

FIRST_HOURS = 0.25
LENGTHS = 0.5, 1.0, 1.0, 1.5
PAUSES = 0.0, 0.0, 0.1, 0.4
OVERLAP = 0.25
"""How many of them begin half an hour before the one before ends."""


@dataclass(frozen=True)
class Slot:
    """A booking of the soak, by the machine's clock."""

    id: str
    start: datetime
    end: datetime


def slots(lot: random.Random, began: datetime, hours: float, speed: float) -> list[Slot]:
    """Those of so many hours of the venue, each hour being a `speed`th of one."""
    return [
        Slot(
            f"soak-{number}",
            between_frames(began + timedelta(hours=start / speed)),
            between_frames(began + timedelta(hours=end / speed)),
        )
        for number, (start, end) in enumerate(_hours(lot, hours), 1)
    ]


def _hours(lot: random.Random, hours: float) -> Iterator[tuple[float, float]]:
    at = FIRST_HOURS
    while at < hours:
        end = at + min(lot.choice(LENGTHS), max(hours - at, LENGTHS[0]))
        yield at, end
        at = end - LENGTHS[0] if lot.random() < OVERLAP and end - at > LENGTHS[0] else end + lot.choice(PAUSES)
