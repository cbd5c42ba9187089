"""Hours of the day: in the venue's zone, over midnight, over changes of its clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.config import SettingsError, load_settings
from ezrec_tui.hours import Hours, parse_hours

MADRID = ZoneInfo("Europe/Madrid")
MINUTE = timedelta(minutes=1)
minutes = st.integers(0, 24 * 60 - 1)
ranges = st.tuples(minutes, minutes).filter(lambda one: one[0] != one[1])
instants = st.datetimes(datetime(2026, 3, 26), datetime(2026, 11, 2)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ("22:00-06:00", "2026-11-23T21:59", "2026-11-23T22:00"),
        ("22:00-06:00", "2026-11-23T22:00", None),
        ("22:00-06:00", "2026-11-24T05:59", None),
        ("22:00-06:00", "2026-11-24T06:00", "2026-11-24T22:00"),
        ("22:00-24:00", "2026-11-23T23:59", None),
        ("22:00-24:00", "2026-11-24T00:00", "2026-11-24T22:00"),
        ("01:00-06:00, 13:00-15:30", "2026-11-23T07:00", "2026-11-23T13:00"),
        ("01:00-06:00, 13:00-15:30", "2026-11-23T15:30", "2026-11-24T01:00"),
        ("02:10-02:50", "2026-03-29T01:00", "2026-03-30T02:10"),  # that night has no such hour
        ("02:30-06:00", "2026-10-24T12:00", "2026-10-25T02:30"),
    ],
)
def test_hours_begin_and_end_by_the_venues_clock(hours: str, now: str, opens: str | None) -> None:
    assert parse_hours(hours).opens_at(at(now), MADRID) == (at(opens).astimezone(UTC) if opens else None)


@given(st.lists(ranges, min_size=1, max_size=3), instants)
def test_the_time_told_is_the_first_at_which_they_are_open(given_ranges: list[tuple[int, int]], now: datetime) -> None:
    hours = Hours(tuple(given_ranges))
    opens = hours.opens_at(now, MADRID)
    if opens is None:
        return
    assert opens > now
    assert hours.opens_at(opens, MADRID) is None
    if now.astimezone(MADRID).utcoffset() != opens.astimezone(MADRID).utcoffset():
        return
    while (now := now + 7 * MINUTE) < opens:
        assert hours.opens_at(now, MADRID) == opens


@given(st.lists(ranges, min_size=1, max_size=3))
def test_hours_are_read_as_they_are_written(given_ranges: list[tuple[int, int]]) -> None:
    assert parse_hours(str(Hours(tuple(given_ranges)))) == Hours(tuple(given_ranges))


@pytest.mark.parametrize(
    "wrong", ["22-6", "22:00", "25:00-06:00", "22:60-06:00", "22:00-22:00", "22:00-06:00,", "at night"]
)
def test_what_are_no_hours_is_named_at_the_start(wrong: str) -> None:
    with pytest.raises(SettingsError, match="UPLOAD_HOURS"):
        load_settings(_env_file=None, upload_hours=wrong)
