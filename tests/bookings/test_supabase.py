"""Bookings from Supabase: what the table says, for as long as it can be asked, and after that."""

import asyncio
from collections.abc import Generator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from ezrec_tui.bookings import supabase as bookings_in_supabase
from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.bookings.supabase import WHOLE_EVERY, BookingsTable, echoes_removed, load_cache, watch
from ezrec_tui.clock import SystemClock
from ezrec_tui.database import Refused, Unreachable, connect
from ezrec_tui.model import BookingStatus
from tests.peers.proxy import CAPTIVE_PORTAL, Proxy
from tests.peers.supabase import CAMERA, USER, Supabase

NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOOR = Door(ZoneInfo("Europe/Madrid"), camera_id=CAMERA, user_id=USER)
LIMIT = 120


class QuickClock(SystemClock):
    """Noon for ever, and nobody waits long."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


def table(peer: Supabase, door: Door = DOOR, url: str = "") -> BookingsTable:
    return BookingsTable(lambda: connect(peer.settings(url)), door)


def ids(peer: Supabase, door: Door = DOOR) -> list[str]:
    return sorted(one.id for one in table(peer, door).read(NOW)[0])


def test_only_our_bookings_of_now_and_later_are_read(supabase: Supabase) -> None:
    supabase.add_booking("now", NOW - HOUR, NOW + HOUR)
    supabase.add_booking("later", NOW + 24 * HOUR, NOW + 25 * HOUR)
    supabase.add_booking("yesterday", NOW - 20 * HOUR, NOW - 19 * HOUR)
    supabase.add_booking("last week", NOW - 200 * HOUR, NOW - 199 * HOUR)
    supabase.add_booking("overrunning", NOW - 200 * HOUR, NOW - 199 * HOUR, status="STARTED")
    supabase.add_booking("other court", NOW, NOW + HOUR, camera_id="court-2")
    supabase.add_booking("a player's", NOW, NOW + HOUR, user_id="player-7")
    supabase.add_booking("any court", NOW, NOW + HOUR, camera_id=None)
    supabase.add_booking("any court of another venue", NOW, NOW + HOUR, camera_id=None, user_id="venue-2")
    assert ids(supabase) == ["a player's", "any court", "later", "now", "overrunning", "yesterday"]


def test_a_machine_without_a_camera_id_reads_its_users_bookings(supabase: Supabase) -> None:
    supabase.add_booking("ours", NOW, NOW + HOUR)
    supabase.add_booking("other", NOW, NOW + HOUR, user_id="venue-2")
    assert ids(supabase, Door(UTC, user_id=USER)) == ["ours"]
    assert ids(supabase, Door(UTC, user_id='x",or(id.neq.0)')) == [], "an id is a value, never a condition"


def test_a_row_keeps_its_fields_and_its_times(supabase: Supabase) -> None:
    supabase.add_booking("a", NOW, NOW + HOUR, status="Confirmed", email="ana@example.org", players=4)
    ((one,), wrong) = table(supabase).read(NOW)
    assert (one.start, one.end, one.status, one.email) == (NOW, NOW + HOUR, "confirmed", "ana@example.org")
    assert one.source == "supabase"
    assert (one.extra["players"], wrong) == (4, ())


def test_all_pages_are_read(supabase: Supabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookings_in_supabase, "PAGE", 7)
    for number in range(30):
        supabase.add_booking(f"b{number:02}", NOW, NOW + HOUR)
    assert ids(supabase) == [f"b{number:02}" for number in range(30)]


def test_installations_with_other_columns_and_types_are_read_too(supabase: Supabase) -> None:
    """Older ones: hours beside a date, a status of an enumerated type, no camera_id."""
    with supabase.altered(
        """
        DROP TABLE bookings;
        CREATE TYPE state AS ENUM ('confirmed', 'STARTED');
        CREATE TABLE bookings
          (id bigint PRIMARY KEY, user_id text, date date, start_time time, end_time time, status state);
        GRANT ALL ON bookings TO service_role;
        INSERT INTO bookings VALUES (1, 'venue-1', '2026-05-30', '18:00', '19:30', 'confirmed'),
                                    (2, 'venue-2', '2026-05-30', '18:00', '19:30', 'confirmed');
        """
    ) as older:
        ((one,), wrong) = table(older).read(NOW)
        assert (one.id, one.start, one.end, wrong) == ("1", NOW + 4 * HOUR, NOW + 5.5 * HOUR, ())


def test_a_wrong_key_is_one_clear_line_without_the_key(supabase: Supabase) -> None:
    settings = supabase.settings(supabase_service_role_key=SecretStr("sb_secret_wrong_key"))
    with pytest.raises(Refused) as error:
        BookingsTable(lambda: connect(settings), DOOR).read(NOW)
    assert str(error.value) == (
        "Supabase does not let us in (401: Invalid API key): its key or its rights do not do;"
        " check SUPABASE_SERVICE_ROLE_KEY"
    )


def test_a_captive_portal_is_not_an_empty_table(supabase: Supabase, proxy: Proxy) -> None:
    proxy.answer(CAPTIVE_PORTAL)
    with pytest.raises(Unreachable, match="a web page"):
        table(supabase, url=f"http://127.0.0.1:{proxy.port}").read(NOW)


@pytest.fixture
def proxy(supabase: Supabase) -> Generator[Proxy, None, None]:
    with Proxy(int(supabase.url.rpartition(":")[2])) as line:
        yield line


async def test_the_set_follows_the_table_and_outlives_the_line(
    supabase: Supabase, proxy: Proxy, tmp_path: Path
) -> None:
    cache = tmp_path / "cache.json"
    ours = table(supabase, url=f"http://127.0.0.1:{proxy.port}")

    async def following() -> Bookings:
        return await asyncio.wait_for(anext(watched), LIMIT)

    def now_on(said: Bookings) -> dict[str, str]:
        return {one.id: one.status.value for one in said.rows}

    async with aclosing(watch(ours, cache, QuickClock())) as watched:
        assert now_on(await following()) == {}, "said at once, before any network"
        supabase.add_booking("a", NOW, NOW + HOUR, status="confirmed")
        assert now_on(await following()) == {"a": "confirmed"}
        supabase.sql("UPDATE bookings SET end_time = end_time + interval '1 hour' WHERE id = 'a'")
        assert (await following()).rows[0].end == NOW + 2 * HOUR
        supabase.sql("UPDATE bookings SET status = 'CANCELLED' WHERE id = 'a'")
        assert now_on(await following()) == {"a": "cancelled"}

        proxy.refuse()
        dark = await following()
        assert now_on(dark) == {"a": "cancelled"}
        (problem,) = dark.new_problems
        assert str(problem).startswith("Supabase: Supabase cannot be reached")
        proxy.heal()
        light = await following()
        assert (now_on(light), light.problems, light.mended) == ({"a": "cancelled"}, (), (problem,))

        supabase.sql("DELETE FROM bookings")
        assert now_on(await following()) == {}
        supabase.add_booking("b", NOW, NOW + HOUR)
        assert now_on(await following()) == {"b": "scheduled"}

    proxy.refuse()
    async with aclosing(watch(ours, cache, QuickClock())) as watched:
        assert now_on(await following()) == {"b": "scheduled"}, "a start without a network knows the bookings"
        assert len((await following()).new_problems) == 1


def test_a_poll_reads_what_has_changed_and_now_and_then_all(supabase: Supabase, proxy: Proxy) -> None:
    for number in range(100):
        supabase.add_booking(f"b{number:02}", NOW, NOW + HOUR)
    supabase.sql("UPDATE bookings SET updated_at = now() - interval '1 hour'")
    supabase.add_booking("newest", NOW, NOW + HOUR)
    ours = table(supabase, url=f"http://127.0.0.1:{proxy.port}")
    sizes: list[int] = []

    def poll() -> dict[str, str]:
        before = proxy.down
        rows, _ = ours.read(NOW)
        sizes.append(proxy.down - before)
        return {one.id: one.status.value for one in rows}

    known = poll()
    assert len(known) == 101
    supabase.sql("UPDATE bookings SET status = 'CANCELLED', updated_at = now() WHERE id = 'b07'")
    assert poll() == known | {"b07": "cancelled"}
    supabase.add_booking("one more", NOW, NOW + HOUR)
    assert poll() == known | {"b07": "cancelled", "one more": "scheduled"}
    supabase.sql("DELETE FROM bookings WHERE id = 'b08'")
    polls = 3
    while "b08" in poll():
        polls += 1
    assert polls == WHOLE_EVERY, "a deletion shows when all are read"
    assert max(sizes[1:WHOLE_EVERY]) * 10 < sizes[0]


def test_where_changes_are_not_stamped_all_rows_are_read_each_time(supabase: Supabase) -> None:
    supabase.add_booking("newest", NOW, NOW + HOUR)
    supabase.add_booking("a", NOW, NOW + HOUR)
    supabase.sql("UPDATE bookings SET updated_at = now() - interval '1 hour' WHERE id = 'a'")
    ours = table(supabase)

    def status() -> str:
        return next(one.status.value for one in ours.read(NOW)[0] if one.id == "a")

    assert status() == "scheduled"
    supabase.sql("UPDATE bookings SET status = 'CANCELLED' WHERE id = 'a'")
    readings = 1
    while status() == "scheduled":
        readings += 1
        assert readings <= WHOLE_EVERY
    supabase.sql("UPDATE bookings SET status = 'confirmed' WHERE id = 'a'")
    assert status() == "confirmed", "from now on it shows at once"
    supabase.sql("UPDATE bookings SET updated_at = NULL")
    assert status() == "confirmed"


def test_our_own_word_on_a_started_booking_does_not_end_it(supabase: Supabase) -> None:
    supabase.add_booking("a", NOW - 3 * HOUR, NOW - HOUR, status="STARTED")
    ours = table(supabase)
    before = ours.read(NOW)[0]
    supabase.sql("UPDATE bookings SET status = 'Recording'")
    after = echoes_removed(before, ours.read(NOW)[0])
    assert after[0].status is BookingStatus.STARTED
    supabase.sql("UPDATE bookings SET status = 'ENDED'")
    assert echoes_removed(after, ours.read(NOW)[0])[0].status is BookingStatus.ENDED


@pytest.mark.parametrize("content", [b"", b"{", b'[{"id": 5}]'])
def test_a_broken_cache_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache.json"
    cache.write_bytes(content)
    assert load_cache(cache) == ()
