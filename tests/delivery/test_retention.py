"""Which files may go, in which order, and how much at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from ezrec_tui.delivery.retention import (
    GRACE,
    Going,
    Kept,
    Kind,
    Stay,
    Why,
    in_order,
    is_lately,
    may_go,
    next_to_go,
)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
KEEP = timedelta(days=10)
DAY = timedelta(days=1)


def kept(booking_id: str, kind: Kind = Kind.FOOTAGE, days: float = 5, size: int = 100) -> Kept:
    """A thing of which nothing is left to be done, delivered so many days ago."""
    at = NOW - days * DAY
    return Kept(booking_id, kind, at, size, size, at, runs=False, job_done=True, sent=True)


things = st.builds(
    Kept,
    booking_id=st.sampled_from("abcd"),
    kind=st.sampled_from(Kind),
    recorded_at=st.integers(0, 40).map(lambda days: NOW - days * DAY),
    bytes=st.integers(1, 1000),
    frees=st.integers(0, 1000),
    delivered_at=st.none() | st.integers(-5, 40 * 24).map(lambda hours: NOW - hours * timedelta(hours=1)),
    runs=st.booleans(),
    job_done=st.booleans(),
    sent=st.booleans(),
    whole=st.booleans(),
    given_up_until=st.none() | st.integers(-40, 5).map(lambda days: NOW + days * DAY),
)


def recorded_once(of: list[Kept]) -> list[Kept]:
    """With one start for both things of a booking."""
    starts = {one.booking_id: one.recorded_at for one in of}
    return [replace(one, recorded_at=starts[one.booking_id]) for one in of]


all_kept = st.lists(things, max_size=8, unique_by=lambda one: (one.booking_id, one.kind)).map(recorded_once)
needs = st.integers(0, 5000)
gone = st.integers(0, 2000)


def choose(of: list[Kept], need: int, gone_lately: int = 0) -> Going | Stay | None:
    return next_to_go(of, now=NOW, need=need, keep_for=KEEP, gone_lately=gone_lately)


def walk(of: list[Kept], need: int) -> list[Going]:
    """All that goes in one sweep whose store has everything."""
    left, went = list(of), list[Going]()
    while isinstance(
        going := choose(left, need - sum(one.thing.frees for one in went), sum(one.thing.bytes for one in went)), Going
    ):
        left.remove(going.thing)
        went.append(going)
    return went


@given(all_kept, needs, gone)
def test_what_runs_is_undelivered_unsent_or_in_a_job_never_goes(of: list[Kept], need: int, gone_lately: int) -> None:
    match choose(of, need, gone_lately):
        case Going(thing):
            assert (thing.runs, thing.job_done, thing.sent) == (False, True, True)
            if thing.given_up_until is not None:
                assert thing.given_up_until <= NOW
                return
            assert thing.delivered_at is not None
            assert thing.whole
            assert NOW - thing.delivered_at >= GRACE
        case _:
            pass


@given(all_kept, needs)
def test_the_oldest_that_may_go_goes_first_and_footage_before_its_video(of: list[Kept], need: int) -> None:
    went = [going.thing for going in walk(of, need)]
    for number, thing in enumerate(went):
        rest = [one for one in of if one not in went[: number + 1]]
        if thing.kind is Kind.VIDEO:
            assert not [one for one in rest if one.booking_id == thing.booking_id and one.kind is Kind.FOOTAGE]
    by_age = [going.thing for going in walk(of, need) if going.why is not Why.ROOM]
    assert by_age == in_order(by_age)
    for_room = [one for one in went if one not in by_age]
    assert for_room == in_order(for_room)


@given(all_kept, needs)
@example([kept("a", size=100), kept("b", size=101)], 500)
def test_at_most_half_of_all_that_is_kept_goes_at_once(of: list[Kept], need: int) -> None:
    assert 2 * sum(going.thing.bytes for going in walk(of, need)) <= sum(one.bytes for one in of)


@given(all_kept, needs, gone)
def test_when_nothing_goes_it_is_said_why(of: list[Kept], need: int, gone_lately: int) -> None:
    answer = choose(of, need, gone_lately)
    if answer is None:
        assert need == 0
    if answer is Stay.NOT_DELIVERED:
        assert not all(may_go(one, NOW) for one in of)


def test_without_need_only_what_was_kept_for_long_enough_goes() -> None:
    of = [kept("young", days=9.9), kept("old", days=10), kept("filler", days=1, size=500)]
    assert choose(of, need=0) == Going(of[1], Why.AGE)
    assert choose([of[0], of[2]], need=0) is None


def test_with_need_the_oldest_goes_before_its_days_are_over_and_no_more_than_is_needed() -> None:
    of = [kept("b", days=4), kept("a", days=5), kept("c", days=1, size=900)]
    assert walk(of, need=50) == [Going(of[1], Why.ROOM)]
    assert walk(of, need=150) == [Going(of[1], Why.ROOM), Going(of[0], Why.ROOM)]


def test_a_second_name_of_the_delivered_file_frees_nothing_and_goes_by_its_age_alone() -> None:
    linked = replace(kept("a", Kind.VIDEO), frees=0)
    filler = replace(kept("undelivered", size=900), delivered_at=None)
    assert choose([linked, filler], need=100) is Stay.NOT_DELIVERED
    old = replace(linked, delivered_at=NOW - KEEP)
    assert choose([old, filler], need=0) == Going(old, Why.AGE)


def test_a_video_stays_while_its_footage_has_to() -> None:
    running = replace(kept("a"), runs=True)
    assert choose([running, kept("a", Kind.VIDEO), kept("b", days=1, size=999)], need=10) != Going(
        kept("a", Kind.VIDEO), Why.ROOM
    )


def test_what_was_given_up_goes_when_its_time_is_over_and_not_for_room() -> None:
    given_up = replace(kept("a"), delivered_at=None, given_up_until=NOW + timedelta(seconds=1))
    filler = replace(kept("undelivered", size=900), delivered_at=None)
    assert choose([given_up, filler], need=10**9) is Stay.NOT_DELIVERED
    over = replace(given_up, given_up_until=NOW)
    assert choose([over, filler], need=0) == Going(over, Why.GIVEN_UP)


def test_what_would_be_more_than_half_is_refused_and_nothing_younger_goes_in_its_place() -> None:
    of = [kept("large", size=501), kept("small", days=1, size=499)]
    assert choose(of, need=100) is Stay.HALF
    assert choose([kept("large", size=500), of[1], kept("one", days=1, size=1)], need=100) == Going(
        kept("large", size=500), Why.ROOM
    )


def test_what_went_within_the_hour_counts_however_the_clock_is_set() -> None:
    assert is_lately(NOW - timedelta(minutes=59), NOW)
    assert is_lately(NOW + timedelta(minutes=59), NOW)
    assert not is_lately(NOW - timedelta(hours=1), NOW)
    assert choose([kept("a"), kept("b", size=300)], need=100, gone_lately=201) is Stay.HALF


def test_what_was_just_delivered_stays_whatever_the_disk_says() -> None:
    fresh = replace(kept("a"), delivered_at=NOW - GRACE + timedelta(seconds=1))
    assert choose([fresh, kept("b", days=0, size=900)], need=10**9) is Stay.NOT_DELIVERED
