"""Room on the disk: how long can still be recorded, and when a recording has to stop so that its video still fits.

What is recorded is rendered on the same disk. So the room that the videos of all footage not rendered yet will take
is spoken for, and the floor below which nothing is recorded lies on top of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ezrec_tui.engine.limits import Limits
from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import HealthItem, Level

HOURS = Limits(8, 2, rising=False)
RETURN_PART = 4
"""Above the floor by this part of it, recording begins again: a quarter."""
MOST_FREE = 2
"""Room is kept for recording on this part of the disk at most: a half."""


@dataclass(frozen=True, slots=True)
class Use:
    """What goes to the disk, in bits per second, and what is spoken for, in bytes."""

    recording: float
    """Of all cameras together."""
    video: float
    """Of the video that is made of it."""
    reserved: int = 0
    """Videos that are still to be rendered."""


@dataclass(frozen=True, slots=True)
class Room:
    """The disk at one look."""

    total: int
    """This and the next: bytes."""
    free: int
    hours: float
    """So long can all cameras record until the floor, their video included."""
    level: Level
    full: bool
    """At the floor: nothing may be recorded."""
    short: int = 0
    """Bytes that are missing to the room that is to be kept free for recording."""


class Disk:
    """Looks at the disk with a memory, so that nothing flaps at a limit."""

    def __init__(self, floor_of: Callable[[int], int], free_hours: float = 0) -> None:
        """`floor_of`: bytes that are left free on a disk of so many. `free_hours`: recording to keep room for."""
        self._floor_of, self._free_hours = floor_of, free_hours
        self._room: Room | None = None

    def look(self, free: int, total: int, use: Use) -> Room:
        before = self._room
        floor = self._floor_of(total)
        left = free - floor - use.reserved
        margin = floor // RETURN_PART if before is not None and before.full else 0
        an_hour = max(1.0, use.recording + use.video) * 3600 / 8
        hours = max(0.0, left / an_hour)
        wanted = min(round(self._free_hours * an_hour), total // MOST_FREE) if self._free_hours else left
        level = HOURS.level(hours, before.level if before else Level.OK)
        self._room = Room(total, free, hours, level, full=left <= margin, short=max(0, wanted - left))
        return self._room


def item(room: Room, folder: str) -> HealthItem:
    detail = "" if room.level is Level.OK else f"{_words(room.hours)} of recording left; make room in {folder}"
    return HealthItem(key="disk", level=room.level, value=round(room.hours, 1), unit="h", detail=detail)


def notices(room: Room, folder: str) -> list[Notice]:
    """What is wrong, with what to do."""
    to_do = f"make room in {folder}: move old recordings and videos to another disk"
    if room.full:
        what = "the disk is full: nothing is recorded until there is room"
        return [Notice("disk:full", Level.FAILED, what, f"{to_do}; recording then goes on by itself")]
    if room.level is not Level.OK:
        limit = HOURS.failed if room.level is Level.FAILED else HOURS.warning
        what = f"less than {limit:.0f} hours of recording fit on the disk"
        return [Notice(f"disk:{room.level.value}", room.level, what, to_do)]
    return []


def _words(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 1 else f"{hours * 60:.0f} min"
