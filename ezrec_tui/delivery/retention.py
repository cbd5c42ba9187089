"""Which local files may go, in which order, and how much at once. Pure; `jobs.sweep` looks, proves, notes and deletes.

What is kept of a recording are two things: its footage and its video. A thing may go when nothing of its booking is
still to be done and its video is in the store. The oldest recording goes first, its footage before its video. It goes
when it was kept for long enough, or when the disk needs room. What a person has given up cannot be recorded again and
lies nowhere else: it goes at the time that he was told, and never earlier for room. Within an hour at most half of what
is kept may go, counted in bytes of all footage and videos on the disk, those that must stay included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from ezrec_tui.plural import plural

AT_ONCE = timedelta(hours=1)
"""What goes within this goes at once."""
GRACE = timedelta(minutes=10)
"""What was delivered later than this ago stays, whatever the disk says."""


class Kind(StrEnum):
    FOOTAGE = "footage"
    VIDEO = "video"


class Why(StrEnum):
    """Why a thing goes."""

    AGE = "age"
    """It was kept for long enough."""
    ROOM = "room"
    """The disk needs it."""
    GIVEN_UP = "given_up"
    """A person gave it up, and let the time go by in which he could take that back."""


class Stay(StrEnum):
    """Why nothing goes though something should."""

    NOT_DELIVERED = "undelivered"
    """What is left has to stay."""
    HALF = "half"
    """More than half of what is kept would be gone within the hour."""
    NOTHING = "nothing"
    """There is nothing left."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Footage or a video on the disk, and all that decides whether it may go."""

    booking_id: str
    kind: Kind
    recorded_at: datetime
    """The recording's start."""
    bytes: int
    frees: int
    """Bytes that the disk gets back; none for a second name of the delivered file."""
    delivered_at: datetime | None
    """When its video was in the store; None: it is not, or nobody knows."""
    runs: bool
    """The recording is under way."""
    job_done: bool
    """No step of its job is left; one that failed is not done. Of one that was given up: it still is."""
    sent: bool
    """Nothing of its booking waits in the outbox."""
    whole: bool = True
    """The store had the video whole when it was last looked at."""
    given_up_until: datetime | None = None
    """Given up by a person: until then it is kept, whether it was delivered or not. None: it is not given up."""


@dataclass(frozen=True, slots=True)
class Going:
    """The thing that goes next."""

    thing: Kept
    why: Why


def may_go(thing: Kept, now: datetime) -> bool:
    """Whether it may go: given up, or if the store proves now to have its video."""
    if thing.runs or not thing.job_done or not thing.sent:
        return False
    if thing.given_up_until is not None:
        return now >= thing.given_up_until
    return thing.delivered_at is not None and now - thing.delivered_at >= GRACE and thing.whole


def in_order(kept: Sequence[Kept]) -> list[Kept]:
    """The order in which they go."""
    return sorted(kept, key=lambda one: (one.recorded_at, one.booking_id, one.kind is Kind.VIDEO))


def next_to_go(
    kept: Sequence[Kept], *, now: datetime, need: int, keep_for: timedelta, gone_lately: int
) -> Going | Stay | None:
    """What goes next of all that is kept; None when nothing has to.

    `need`: bytes that the disk is short of. `gone_lately`: bytes that went within the last hour.
    """
    with_footage = {one.booking_id for one in kept if one.kind is Kind.FOOTAGE}
    at_once = (sum(one.bytes for one in kept) + gone_lately) // 2 - gone_lately
    for thing in in_order(kept):
        if not may_go(thing, now) or (thing.kind is Kind.VIDEO and thing.booking_id in with_footage):
            continue
        why = _why(thing, now, need, keep_for)
        if why is not None:
            return Going(thing, why) if thing.bytes <= at_once else Stay.HALF
    if need <= 0:
        return None
    return Stay.NOT_DELIVERED if any(not may_go(one, now) for one in kept) else Stay.NOTHING


def is_lately(at: datetime, now: datetime) -> bool:
    """Whether what went then counts as going at once with what goes now; the clock may have been set back."""
    return abs(now - at) < AT_ONCE


def _why(thing: Kept, now: datetime, need: int, keep_for: timedelta) -> Why | None:
    if thing.given_up_until is not None:
        return Why.GIVEN_UP
    if thing.delivered_at is not None and now - thing.delivered_at >= keep_for:
        return Why.AGE
    return Why.ROOM if need > 0 and thing.frees > 0 else None


def sentence(stay: Stay, undelivered: int) -> str:
    """For people, why nothing more goes; `undelivered`: how many recordings have to stay."""
    match stay:
        case Stay.NOT_DELIVERED:
            return (
                f"{undelivered} {plural(undelivered, 'recording has', 'recordings have')} to stay:"
                " not delivered yet or only just, or given up not long ago"
            )
        case Stay.HALF:
            return "more than half of what is kept would be gone within an hour"
        case Stay.NOTHING:
            return "other files fill the disk, or videos that were delivered to a folder on it"
        case _:
            assert_never(stay)
