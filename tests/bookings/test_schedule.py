"""The schedule: a function of bookings and time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.schedule import OVER, Change, Schedule, schedule, transitions
from ezrec_tui.model import Booking, BookingStatus

NOON = datetime(2026, 5, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

minutes = st.integers(-180, 180)


@st.composite
def bookings(draw: st.DrawFn) -> list[Booking]:
    """Back-to-back, overlapping, long and short ones, in any status and in offsets of their own."""
    found: list[Booking] = []
    for number in range(draw(st.integers(0, 6))):
        zone = draw(st.sampled_from([UTC, ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")]))
        start = (NOON + draw(minutes) * MINUTE).astimezone(zone)
        end = start.astimezone(UTC) + draw(st.integers(1, 120)) * MINUTE
        status = draw(st.sampled_from(list(BookingStatus)))
        found.append(Booking(id=f"b{number}", start=start, end=end, status=status))
    return found


instants = minutes.map(lambda minute: NOON + minute * MINUTE)
leads = st.integers(0, 30).map(lambda minute: minute * MINUTE)


def ids(found: tuple[Booking, ...]) -> list[str]:
    return [one.id for one in found]


def at(minute: float, *found: Booking) -> Schedule:
    return schedule(found, NOON + minute * MINUTE)


def slot(name: str, start: int, end: int, status: BookingStatus = BookingStatus.CONFIRMED) -> Booking:
    return Booking(id=name, start=NOON + start * MINUTE, end=NOON + end * MINUTE, status=status)


# What hypothesis shrank faults to, that were put into the schedule one at a time: the edges of a booking, a lead that
# ends now, a booking over whose time has come, one started whose time has not, an order by name.
EDGES = [slot("b0", 0, 1)]
OVER_NOW = [slot("b0", 0, 1, BookingStatus.CANCELLED)]
STARTED_EARLY = [slot("b0", 1, 2, BookingStatus.STARTED)]
NOT_BY_NAME = [slot("b0", 1, 2), slot("b1", 0, 3)]


@example(EDGES, NOON, 0 * MINUTE)
@example(EDGES, NOON + MINUTE, 0 * MINUTE)
@example(EDGES, NOON - MINUTE, MINUTE)
@example(OVER_NOW, NOON, 0 * MINUTE)
@example(STARTED_EARLY, NOON, MINUTE)
@example(NOT_BY_NAME, NOON + MINUTE, 0 * MINUTE)
@given(bookings(), instants, leads)
def test_a_booking_is_active_when_started_or_within_its_time_and_not_over(
    found: list[Booking], now: datetime, lead: timedelta
) -> None:
    view = schedule(found, now, lead)
    for one in found:
        started = one.status is BookingStatus.STARTED
        within = one.start <= now < one.end and one.status not in OVER
        assert (one in view.active) == (started or within)
        assert (one in view.upcoming) == (one.start > now and not started and one.status not in OVER)
        assert (one in view.arming) == (one in view.upcoming and one.start - now <= lead)
    for part in (view.active, view.arming, view.upcoming):
        assert list(part) == sorted(part, key=lambda one: (one.start, one.id))


@example(EDGES, NOON, 0 * MINUTE)
@example(EDGES, NOON - 2 * MINUTE, MINUTE)
@example(OVER_NOW, NOON - MINUTE, 0 * MINUTE)
@example(STARTED_EARLY, NOON, 0 * MINUTE)
@given(bookings(), instants, leads)
def test_nothing_changes_before_the_next_change_and_something_does_at_it(
    found: list[Booking], now: datetime, lead: timedelta
) -> None:
    def view(moment: datetime) -> tuple[list[str], list[str], list[str]]:
        seen = schedule(found, moment, lead)
        return ids(seen.active), ids(seen.arming), ids(seen.upcoming)

    change = schedule(found, now, lead).next_change
    last = NOON + timedelta(days=2) if change is None else change - timedelta(microseconds=1)
    assert view(now) == view(last)
    if change is not None:
        assert change > now
        assert view(change) != view(last)


@example([slot("b0", 0, 1), slot("b1", 1, 2)], [NOON, NOON + MINUTE])
@example(EDGES, [NOON, NOON + MINUTE, NOON])
@example(STARTED_EARLY, [NOON, NOON + 2 * MINUTE])
@given(bookings(), st.lists(instants, min_size=2, max_size=6))
def test_transitions_account_for_every_recording_whatever_the_clock_does(
    found: list[Booking], moments: list[datetime]
) -> None:
    running: set[str] = set()
    before = Schedule()
    for moment in moments:  # in any order: the clock steps
        after = schedule(found, moment)
        for transition in transitions(before, after):
            if transition.change is Change.STARTED:
                assert transition.booking.id not in running
                running.add(transition.booking.id)
            else:
                running.remove(transition.booking.id)
        assert running == set(ids(after.active))
        before = after


def test_back_to_back_bookings_change_over_in_one_instant() -> None:
    first, second = slot("first", 0, 60), slot("second", 60, 120)
    before, after = at(59.999, first, second), at(60, first, second)
    assert (ids(before.active), ids(after.active)) == (["first"], ["second"])
    assert [(one.change, one.booking.id) for one in transitions(before, after)] == [
        (Change.ENDED, "first"),
        (Change.STARTED, "second"),
    ]


def test_overlapping_bookings_are_both_recorded() -> None:
    assert ids(at(45, slot("a", 0, 60), slot("b", 30, 90)).active) == ["a", "b"]


def test_a_started_booking_goes_on_before_its_start_and_past_its_end_until_its_status_says_otherwise() -> None:
    started = slot("a", 0, 60, BookingStatus.STARTED)
    for minute in (-600, 30, 600):
        assert ids(at(minute, started).active) == ["a"]
        assert at(minute, started).next_change is None
    assert at(30, slot("a", 0, 60, BookingStatus.ENDED)).active == ()


@pytest.mark.parametrize("status", sorted(OVER))
def test_a_booking_that_is_over_is_neither_recorded_nor_awaited(status: BookingStatus) -> None:
    for minute in (-30, 30):
        assert at(minute, slot("a", 0, 60, status)) == Schedule()


def test_the_cameras_are_armed_ahead_of_the_start() -> None:
    found = [slot("a", 0, 60)]
    early = schedule(found, NOON - 3 * MINUTE, lead=2 * MINUTE)
    assert (early.arming, early.next_change) == ((), NOON - 2 * MINUTE)
    armed = schedule(found, NOON - 2 * MINUTE, lead=2 * MINUTE)
    assert (ids(armed.arming), armed.next_change) == (["a"], NOON)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", "2026-03-29", 23),
        ("Europe/Madrid", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
    ],
)
def test_hourly_bookings_cover_a_day_of_changing_clocks_without_a_gap(zone: str, day: str, hours: int) -> None:
    door = Door(ZoneInfo(zone))
    rows = [
        {"id": hour, "date": day, "start_time": f"{hour}:00", "end_time": f"{hour + 1}:00"}
        for hour in range(24)
        # The hour that the clock skips cannot be booked.
        if not (hours == 23 and hour == 2)
    ]
    found, wrong = door.bookings(rows)
    assert wrong == ()
    assert sum((one.end - one.start for one in found), timedelta()) == timedelta(hours=hours)
    start = min(one.start for one in found)
    for quarter in range(hours * 4):
        assert len(schedule(found, start + quarter * timedelta(minutes=15)).active) == 1
