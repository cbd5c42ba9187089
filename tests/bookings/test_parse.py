"""The door: what rows from outside become."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.bookings.parse import Door, Rejected
from ezrec_tui.model import Booking, BookingStatus

MADRID = Door(ZoneInfo("Europe/Madrid"), camera_id="court-1", user_id="venue-1")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None, categories=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
times = st.one_of(
    st.datetimes().map(datetime.isoformat),
    st.datetimes(timezones=st.timezones()).map(str),
    st.times().map(lambda time: time.isoformat("minutes")),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}(:?[0-9]{2})?)?", fullmatch=True),
    st.sampled_from(["24:00", "9:00", "0:00", "", " ", "T", "2026-05-30", "10:00+24:00", "0001-01-01T00:00+14:00"]),
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "id": json_values | st.sampled_from(["a", 7, "x" * 201]),
        "start_time": times | json_values,
        "end_time": times | json_values,
        "date": st.dates().map(str) | json_values,
        "status": st.sampled_from(["STARTED", "cancelled", "?"]) | json_values,
        "camera_id": st.sampled_from(["court-1", "court-2"]) | json_values,
        "user_id": json_values,
        "email": json_values,
        "something": json_values,
    },
)


def booking(**fields: object) -> Booking:
    read = MADRID.booking({"id": "a", **fields})
    assert isinstance(read, Booking), read
    return read


def reason(row: object) -> str:
    read = MADRID.booking(row)
    assert isinstance(read, Rejected), read
    return read.reason


def span(start: str, end: str, **fields: object) -> tuple[str, str]:
    read = booking(start_time=start, end_time=end, **fields)
    return f"{read.start:%m-%dT%H:%M}", f"{read.end:%m-%dT%H:%M}"


@given(json_values | rows)
def test_no_json_value_raises_and_what_is_let_in_can_be_written_down(row: Any) -> None:
    for door in (MADRID, Door(UTC)):
        read = door.booking(row)
        if isinstance(read, Booking):
            assert read.start < read.end
            assert read.start.tzinfo is UTC
            assert read.id
            assert Booking.model_validate_json(read.model_dump_json()) == read
        elif read is not None:
            assert read.reason.isprintable()
            assert len(read.reason) < 300


@given(st.lists(json_values | rows, max_size=5))
def test_a_list_of_anything_is_read_to_its_end(found: list[Any]) -> None:
    read, wrong = MADRID.bookings([*found, {"id": "good", "start_time": "2026-05-30T18:00", "end_time": "19:00"}])
    assert read[-1].id == "good"
    assert all(one.id for one in wrong)


@pytest.mark.parametrize(
    "start",
    [
        "2026-05-30T18:00:00+02:00",
        "2026-05-30T16:00:00Z",
        "2026-05-30 16:00:00+00",
        "2026-05-30t16:00z",
        "2026-05-30T18:00",
        "2026-05-30 18:00:00.000",
        "20260530T160000Z",
        "2026-05-30T11:00:00 -0500",
    ],
)
def test_times_are_read_in_every_spelling_the_field_has(start: str) -> None:
    assert booking(start_time=start, end_time="2026-05-30T19:00:00+02:00").start == datetime(
        2026, 5, 30, 16, tzinfo=UTC
    )


def test_older_rows_have_a_date_and_hours_and_may_end_past_midnight() -> None:
    assert span("18:00", "19:30", date="2026-01-31") == ("01-31T17:00", "01-31T18:30")
    assert span("9:00:00", "24:00", date="2026-01-31") == ("01-31T08:00", "01-31T23:00")
    assert span("00:00", "24:00", date="2026-01-31") == ("01-30T23:00", "01-31T23:00")
    assert span("23:00", "00:30", date="2026-01-31") == ("01-31T22:00", "01-31T23:30")
    assert span("23:00", "01:00", date="2026-01-31T00:00:00+00:00") == ("01-31T22:00", "02-01T00:00")


def test_a_wall_time_that_the_clock_skips_is_read_with_the_offset_from_before() -> None:
    assert span("2026-03-29T01:30", "2026-03-29T02:30") == ("03-29T00:30", "03-29T01:30")
    assert span("2026-03-29T02:30", "2026-03-29T04:00") == ("03-29T01:30", "03-29T02:00")
    assert span("2026-03-29T02:30", "2026-03-29T03:00") == ("03-29T00:30", "03-29T01:00"), (
        "else it ended before it began"
    )


def test_a_wall_time_that_the_clock_shows_twice_is_the_first_of_the_two_unless_that_ends_before_it_starts() -> None:
    assert span("2026-10-25T01:30", "2026-10-25T02:30") == ("10-24T23:30", "10-25T00:30")
    assert span("2026-10-25T02:30", "2026-10-25T03:30") == ("10-25T00:30", "10-25T02:30")
    assert span("02:45", "02:15", date="2026-10-25") == ("10-25T00:45", "10-25T01:15")


@pytest.mark.parametrize(
    "status", ["RecordingFinished", "recording_finished", "RECORDING FINISHED", "recording-finished"]
)
def test_a_status_is_read_in_any_case_and_spelling(status: str) -> None:
    read = booking(start_time="2026-05-30T18:00", end_time="19:00", status=status)
    assert read.status is BookingStatus.RECORDING_FINISHED


def test_an_unknown_status_costs_no_recording_and_is_kept_and_told() -> None:
    row = {"id": "a", "start_time": "2026-05-30T18:00", "end_time": "19:00", "status": "paid"}
    (read,), (problem,) = MADRID.bookings([row])
    assert read.status is BookingStatus.SCHEDULED
    assert read.extra["status"] == "paid"
    assert problem == Rejected("a", 'the status "paid" is not known; it counts as scheduled')


def test_fields_that_are_not_ours_are_kept_as_they_are() -> None:
    others = {
        "date": "2026-05-30",
        "players": [{"name": "Ana"}, None],
        "updated_at": "2026-05-01T00:00:00Z",
        "email": 7,
    }
    read = booking(start_time="18:00", end_time="19:00", recording_id=12, **others)
    assert read.extra == others
    assert (read.recording_id, read.user_id, read.email) == ("12", "venue-1", None)


def test_another_cameras_row_is_left_alone_silently_and_one_without_a_camera_is_ours() -> None:
    good = {"start_time": "2026-05-30T18:00", "end_time": "19:00"}
    given_rows = [
        {"id": 1, **good, "camera_id": "court-1"},
        {"id": 2, **good, "camera_id": None},
        {"id": 3, **good, "camera_id": "court-2"},
        {"id": 4, "camera_id": "court-2", "start_time": "nonsense"},
    ]
    read, wrong = MADRID.bookings(given_rows)
    assert [one.id for one in read] == ["1", "2"]
    assert wrong == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": None}, "it has no id"),
        ({"id": "  "}, "it has no id"),
        ({"id": True}, "its id is true or false, not text"),
        ({"id": "x" * 201}, "its id has 201 characters; 200 is the most"),
        ({"id": 10**300}, "its id is a number of more than 200 digits"),
        ({"id": "a\nb"}, "its id holds characters that cannot be printed"),
        ({"start_time": None}, "it has no start_time"),
        ({"start_time": 1780160400}, "its start_time is a number, not a time"),
        ({"start_time": "2026-05-30"}, 'its start_time is "2026-05-30", not a time like 2026-05-30T18:00:00+02:00'),
        ({"start_time": "18:00"}, "its start_time is a time of day, and it has no date"),
        ({"start_time": "18:00", "date": "30/5"}, 'its date is "30/5", not a date like 2026-05-30'),
        ({"start_time": "0001-01-01T00:00:00+14:00"}, "its start_time is in the year 1"),
        ({"end_time": "2026-05-30T18:00"}, 'its end ("2026-05-30T18:00") is not after its start ("2026-05-30T18:00")'),
        ({"end_time": "2026-05-30T17:00"}, 'its end ("2026-05-30T17:00") is not after its start ("2026-05-30T18:00")'),
        ({"status": 5}, "its status is a number, not text"),
        ({"user_id": ["a"]}, "its user_id is a list, not text"),
    ],
)
def test_what_is_refused_says_why(change: dict[str, object], why: str) -> None:
    good = {"id": "a", "start_time": "2026-05-30T18:00", "end_time": "2026-05-30T19:00"}
    assert reason({**good, **change}) == why


def test_nesting_without_end_is_refused() -> None:
    deep = json.loads("[" * 400 + "]" * 400)
    row = {"id": "a", "start_time": "2026-05-30T18:00", "end_time": "19:00", "x": deep}
    assert reason(row) == "a field of it is nested deeper than 50 levels"


def test_of_rows_with_one_id_the_last_counts() -> None:
    row = {"id": "a", "start_time": "2026-05-30T18:00", "end_time": "19:00"}
    read, wrong = MADRID.bookings([row, {**row, "end_time": "20:00"}, {**row, "end_time": "21:00"}])
    assert [one.end - one.start for one in read] == [timedelta(hours=3)]
    assert wrong == (Rejected("a", "there is more than one booking with this id; the last one counts"),)
