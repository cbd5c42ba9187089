"""What should be recorded: a function of the bookings and the time, and of nothing else.

What an attendant changes (an end moved, a recording stopped) comes in as changed bookings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ezrec_tui.model import Booking, BookingStatus

OVER = frozenset(
    {
        BookingStatus.RECORDING_FINISHED,
        BookingStatus.ENDED,
        BookingStatus.PROCESSING,
        BookingStatus.UPLOADING,
        BookingStatus.COMPLETED,
        BookingStatus.FAILED,
        BookingStatus.SKIPPED_MISSING_FILE,
        BookingStatus.CANCELLED,
    }
)
"""A booking of such a status is not recorded, whatever the time."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Bookings as they stand at one instant; each in the order of start, then id."""

    active: tuple[Booking, ...] = ()
    """To be recorded now."""
    arming: tuple[Booking, ...] = ()
    """Not active yet, but so soon that the cameras should be ready: the first ones of `upcoming`."""
    upcoming: tuple[Booking, ...] = ()
    """Those that start later."""
    next_change: datetime | None = None
    """When this schedule next differs if no booking is changed; None: never."""


def is_active(booking: Booking, now: datetime) -> bool:
    """STARTED, whatever the time; else within [start, end) and not over."""
    if booking.status is BookingStatus.STARTED:
        return True
    return booking.status not in OVER and booking.start <= now < booking.end


def schedule(bookings: Iterable[Booking], now: datetime, lead: timedelta = timedelta(0)) -> Schedule:
    """The schedule at `now` (aware). Cameras are armed `lead` before a start, which has to cover the pre-roll."""
    live = sorted((one for one in bookings if one.status not in OVER), key=lambda one: (one.start, one.id))
    active = tuple(one for one in live if is_active(one, now))
    upcoming = tuple(one for one in live if one.start > now and not is_active(one, now))
    timed = (one for one in live if one.status is not BookingStatus.STARTED)
    changes = (moment for one in timed for moment in (one.start - lead, one.start, one.end) if moment > now)
    return Schedule(
        active=active,
        arming=tuple(one for one in upcoming if one.start - lead <= now),
        upcoming=upcoming,
        next_change=min(changes, default=None),
    )


class Change(StrEnum):
    STARTED = "STARTED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Transition:
    change: Change
    booking: Booking
    """As it was when it was last active."""


def transitions(before: Schedule, after: Schedule) -> tuple[Transition, ...]:
    """What became active and what ceased to be, in between. Ends come first, as of back-to-back bookings."""
    were = {one.id for one in before.active}
    are = {one.id for one in after.active}
    ended = (Transition(Change.ENDED, one) for one in before.active if one.id not in are)
    started = (Transition(Change.STARTED, one) for one in after.active if one.id not in were)
    return (*ended, *started)
