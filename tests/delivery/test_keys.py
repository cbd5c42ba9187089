"""Keys and addresses of videos."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.delivery.keys import public_url, video_key

MADRID = ZoneInfo("Europe/Madrid")


def test_the_key_is_user_day_and_file() -> None:
    start = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert video_key("user-1", start, UTC, "booking-7") == "user-1/2026-11-23/booking-7.mp4"


def test_the_day_is_that_of_the_venue() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert video_key("u", late, MADRID, "b") == "u/2026-11-24/b.mp4"


def test_a_file_name_keeps_one_ending() -> None:
    assert video_key("u", datetime(2026, 1, 1, tzinfo=UTC), UTC, "b.mp4") == "u/2026-01-01/b.mp4"


def test_a_video_of_nobody_has_a_key() -> None:
    assert video_key(" ", datetime(2026, 1, 1, tzinfo=UTC), UTC, "b") == "no-user/2026-01-01/b.mp4"


@given(user=st.text(), filename=st.text())
def test_no_part_of_a_key_can_leave_its_place(user: str, filename: str) -> None:
    parts = video_key(user, datetime(2026, 1, 1, tzinfo=UTC), UTC, filename).split("/")
    assert len(parts) == 3
    assert all(part and not part.startswith(".") and part.isascii() and part.isprintable() for part in parts)
    assert parts[2].endswith(".mp4")


@given(one=st.text(min_size=1), other=st.text(min_size=1))
def test_two_bookings_never_share_a_key(one: str, other: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    same = one.removesuffix(".mp4") == other.removesuffix(".mp4")
    assert (video_key("u", start, UTC, one) == video_key("u", start, UTC, other)) is same


def test_the_address_at_aws() -> None:
    url = public_url("u/2026-01-01/a b.mp4", bucket="venue", region="eu-west-1")
    assert url == "https://venue.s3.eu-west-1.amazonaws.com/u/2026-01-01/a%20b.mp4"


def test_the_address_at_another_store_lies_below_its_endpoint() -> None:
    url = public_url("u/d/b.mp4", bucket="venue", region="auto", endpoint="https://x.r2.cloudflarestorage.com/")
    assert url == "https://x.r2.cloudflarestorage.com/venue/u/d/b.mp4"
