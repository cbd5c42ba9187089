"""Bookings from the table `bookings` in Supabase, asked for every few seconds.

Most times only rows are read whose `updated_at` is new. Each minute the whole window is (what ends after yesterday, and
what is STARTED), so that a row that was deleted shows too; and so do changes which the far side has made without
touching `updated_at`: where that is found, the whole window is read each time from then on. What was read last is kept
on the disk, so that a start without a network knows the bookings too.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from ezrec_tui.bookings.parse import Door, Rejected
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.clock import Clock
from ezrec_tui.database import DatabaseError, Refused, Row, ask
from ezrec_tui.files import write_atomic
from ezrec_tui.model import Booking, BookingSource, BookingStatus
from ezrec_tui.threads import in_thread

if TYPE_CHECKING:
    from supabase import Client

NAME = "Supabase"
PAGE = 1000
MOST_PAGES = 100
LOOK_BACK = timedelta(days=1)
"""Bookings that ended longer ago are not asked for."""
WHOLE_EVERY = 12
"""Of so many readings one is of the whole window: once a minute, usually."""
OVERLAP = timedelta(seconds=30)
"""So much is read again, for changes that were stamped before others and committed after them."""

rows_of_cache: TypeAdapter[tuple[Booking, ...]] = TypeAdapter(tuple[Booking, ...])
log = logging.getLogger(__name__)


class BookingsTable:
    """Our rows of the table. Not for two threads at once."""

    def __init__(self, connect: Callable[[], "Client"], door: Door) -> None:
        self._connect = connect
        self._door = door
        self._client: Client | None = None
        self._absent: set[str] = set()
        """Columns the far side turned out not to have."""
        self._windowed = True
        """Whether its types allow to ask for a window of time."""
        self._known: dict[str, Row] = {}
        """Rows of the window by their ids, as they were read last."""
        self._since: datetime | None = None
        """What was changed since then is read next; None: the whole window."""
        self._stamped = True
        """Whether every change shows in `updated_at`, as far as we have seen."""
        self._readings = 0

    def read(self, now: datetime) -> tuple[tuple[Booking, ...], tuple[Rejected, ...]]:
        """Our bookings and what is wrong with them. Blocks. Raises Unreachable or Refused."""
        self._client = self._client or self._connect()
        since = self._since if self._stamped and self._readings % WHOLE_EVERY else None
        while True:
            try:
                found = {str(row.get("id")): row for row in self._pages(self._client, now, since)}
                break
            except Refused as error:
                if not self._give_way(error):
                    raise
        self._readings += 1
        if since is None:
            self._look_for_missed(found)
        self._known = dict(sorted((found if since is None else self._known | found).items()))
        self._since = self._newest()
        return self._door.bookings((row for row in self._known.values() if self._ours(row)), BookingSource.SUPABASE)

    def _look_for_missed(self, found: dict[str, Row]) -> None:
        """See whether the whole window shows a change that a reading of changes would not have shown."""
        since = self._since
        if since is None or not self._stamped:
            return
        for name, row in found.items():
            stamp = _stamp(row)
            if stamp and stamp < since and row != self._known.get(name):
                log.info("booking %s was changed, and its updated_at was not: all bookings are read each time", name)
                self._stamped = False
                return

    def _newest(self) -> datetime | None:
        """From when on changes are asked for; None where the rows do not say when they were changed."""
        stamps = [stamp for row in self._known.values() if (stamp := _stamp(row))]
        return max(stamps) - OVERLAP if stamps else None

    def _give_way(self, refused: Refused) -> bool:
        """Ask for less precisely what the far side cannot tell; False if that is not the matter."""
        if refused.missing_column and refused.missing_column not in self._absent:
            self._absent.add(refused.missing_column)
        elif self._windowed and re.fullmatch(r"22\d{3}|42883|42804", refused.code):
            self._windowed = False
        else:
            return False
        log.info("the table bookings is read without a condition that it cannot answer: %s", refused)
        return True

    def _pages(self, client: "Client", now: datetime, since: datetime | None) -> list[Row]:
        """All rows (changed since then), page by page after the last id: those that come and go move no others."""
        rows: list[Row] = []
        conditions = self._conditions(now)
        if since:
            conditions.append(f"updated_at.gte.{since:%Y-%m-%dT%H:%M:%S.%fZ},updated_at.is.null")
        for _ in range(MOST_PAGES):
            query = client.table("bookings").select("*", count="exact")  # pyright: ignore[reportArgumentType]
            if conditions:
                query = query.or_(f"and({','.join(f'or({one})' for one in conditions)})")
            if rows:
                query = query.gt("id", rows[-1]["id"])
            reply = ask(query.order("id").limit(PAGE))
            rows += reply.rows
            if not reply.rows or len(reply.rows) >= (reply.count or 0):
                return rows
        raise Refused(f"the table bookings holds more than {MOST_PAGES * PAGE} rows of ours from yesterday on")

    def _conditions(self, now: datetime) -> list[str]:
        """Of the request, each a choice of alternatives. What is ours is judged again by `_ours` and the door."""
        since = now.astimezone(UTC) - LOOK_BACK
        window = {
            "end_time": f"end_time.gte.{since:%Y-%m-%dT%H:%M:%SZ}",
            "date": f"date.gte.{since:%Y-%m-%d}",  # of older rows, whose end_time is HH:MM
            "status": "status.ilike.started",
        }
        conditions: list[str] = []
        if self._windowed and "end_time" not in self._absent:
            conditions.append(",".join(text for column, text in window.items() if column not in self._absent))
        owner = "camera_id" if self._door.camera_id and "camera_id" not in self._absent else "user_id"
        value = self._door.camera_id if owner == "camera_id" else self._door.user_id
        if value and owner not in self._absent and not re.search(r'["\\]', value):  # which cannot be quoted everywhere
            conditions.append(f'{owner}.eq."{value}",{owner}.is.null')
        return conditions

    def _ours(self, row: Row) -> bool:
        """A row that names our camera is ours, whoever booked it; one that names none is, if it is our user's."""
        if self._door.camera_id and row.get("camera_id") not in (None, ""):
            return True
        owner = row.get("user_id")
        return not self._door.user_id or owner in (None, "") or str(owner) == self._door.user_id


def _stamp(row: Row) -> datetime | None:
    """When a row was changed, as it says itself."""
    try:
        said = datetime.fromisoformat(str(row.get("updated_at")))
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


async def watch(table: BookingsTable, cache: Path, clock: Clock, interval: float = 5) -> AsyncGenerator[Bookings, None]:
    """The bookings of the table: those of the cache at once, then whenever they or what is wrong change. Never ends."""
    said = Bookings(rows=await asyncio.to_thread(load_cache, cache))
    yield said
    while True:
        now = await in_thread(partial(_look, table, clock.now(), said), "bookings")
        if now.rows != said.rows:
            await asyncio.to_thread(save_cache, cache, now.rows)
        if now.differs(said):
            yield now
        said = now
        await clock.sleep(interval)


def _look(table: BookingsTable, now: datetime, before: Bookings) -> Bookings:
    try:
        rows, wrong = table.read(now)
    except DatabaseError as error:
        return before.then(before.rows, (Rejected(NAME, f"{error}; the bookings known before stand"),))
    return before.then(echoes_removed(before.rows, rows), wrong)


def echoes_removed(before: tuple[Booking, ...], after: tuple[Booking, ...]) -> tuple[Booking, ...]:
    """Rows as the venue wrote them: the status Recording is our own word, so one that was STARTED still is."""
    started = {one.id for one in before if one.status is BookingStatus.STARTED}
    return tuple(
        one.model_copy(update={"status": BookingStatus.STARTED})
        if one.status is BookingStatus.RECORDING and one.id in started
        else one
        for one in after
    )


def load_cache(path: Path) -> tuple[Booking, ...]:
    """The bookings that were kept; none if there are none or they cannot be read, which is logged."""
    try:
        return rows_of_cache.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        log.warning("the kept bookings in %s cannot be read and wait for %s: %s", path, NAME, type(error).__name__)
        return ()


def save_cache(path: Path, rows: tuple[Booking, ...]) -> None:
    try:
        write_atomic(path, rows_of_cache.dump_json(rows))
    except OSError as error:
        log.warning("the bookings cannot be kept in %s: %s", path, error.strerror)
