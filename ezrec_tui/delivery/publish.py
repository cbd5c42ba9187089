"""Where what happened to a booking is written for the venue's app: Supabase, or a local record where there is none.

Each of a publisher's acts may be done twice, and leaves the same as done once. They raise Unreachable (try again) or
Refused (somebody has to change something).
"""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import NAMESPACE_URL, uuid5

from ezrec_tui.config import Settings
from ezrec_tui.database import Refused, Reply, Request, Row, Unreachable, ask, connect
from ezrec_tui.delivery.columns import Columns
from ezrec_tui.folders import Folders
from ezrec_tui.logs import about
from ezrec_tui.model import PublishedStatus, VideoRecord

if TYPE_CHECKING:
    from supabase import Client

DUPLICATE = "23505"
"""SQLSTATE of a key that is taken."""

NO_OPERATOR = "42883"
"""SQLSTATE of a condition that a column's type does not know."""
NOT_CANCELLED = "status.is.null,status.not.ilike.cancel*"

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """The published record."""

    def insert_video(self, video: VideoRecord) -> None:
        """Make sure that there is exactly one row of this booking's video, and that it says this."""
        ...

    def update_booking(self, booking_id: str, status: PublishedStatus, updated_at: datetime) -> None:
        """Say how far a booking is. One that the record does not know is left alone."""
        ...


def open_publisher(settings: Settings, folders: Folders) -> Publisher:
    """The venue's Supabase, or the local record where none is set. Asks nothing of the network. Raises Refused."""
    if settings.supabase_url:
        return SupabasePublisher(connect(settings))
    return LocalRecord(folders.local_record)


class SupabasePublisher:
    """The tables `videos` and `bookings` of the venue's app.

    Columns that the far side does not have are left out. For one sender at a time.
    """

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._columns = Columns()
        self._own_ids = True
        """Whether a row of `videos` may be given its id by us."""
        self._only_if = NOT_CANCELLED

    def insert_video(self, video: VideoRecord) -> None:
        row = video.model_dump(mode="json") | {"user_id": video.user_id or None}
        # Derived from what names the video, so that an insert that was thought lost cannot come in beside another.
        derived = str(uuid5(NAMESPACE_URL, f"{video.storage_path}#{video.booking_id}"))
        try:
            self._put_video(row, "booking_id", derived)
        except Refused as error:
            if not _is_about(error, "booking_id", video.booking_id):
                raise
            what = "the video is published without its booking, which the database does not know"
            log.info("%s", what, extra=about(video.booking_id))
            self._put_video({**row, "booking_id": None}, "storage_path", derived)

    def update_booking(self, booking_id: str, status: PublishedStatus, updated_at: datetime) -> None:
        """A booking that the venue has cancelled keeps that word, whatever is recorded of it."""
        row = {"status": status.value, "updated_at": updated_at.isoformat()}
        try:
            self._update("bookings", "id", booking_id, row, self._only_if)
        except Refused as error:
            if error.code != NO_OPERATOR or not self._only_if:
                raise
            log.info("a cancelled booking cannot be told from others in the database: %s", error)
            self._only_if = ""
            self._update("bookings", "id", booking_id, row)

    def _put_video(self, row: Row, key: str, derived: str) -> None:
        """Bring the row that `key` names to say this, or insert it."""
        if self._bring(row, key) or self._insert_video(row, derived):
            return
        if not self._bring(row, key):
            raise Refused(
                f"the row of {row['filename']} in videos is taken, but not to be found by its {key}", DUPLICATE
            )

    def _bring(self, row: Row, key: str) -> bool:
        def update(columns: Row) -> Reply:
            return ask(_request(self._client.table("videos").update(columns).eq(key, row[key])))

        return bool(self._columns.without_unknown("videos", row, update).rows)

    def _insert_video(self, row: Row, derived: str) -> bool:
        """Insert a row; False if there is one already."""
        identified = {"id": derived, **row} if self._own_ids else row
        try:
            self._columns.without_unknown("videos", identified, self._insert)
        except Refused as error:
            if error.code == DUPLICATE:
                return False
            if self._own_ids and _is_about(error, "id", derived):
                self._own_ids = False
                return self._insert_video(row, derived)
            raise
        return True

    def _insert(self, columns: Row) -> Reply:
        return ask(_request(self._client.table("videos").insert(columns)))

    def _update(self, table: str, key: str, value: str, row: Row, only_if: str = "") -> None:
        """Bring a row to say this, if it meets the condition `only_if` too (PostgREST's `or`; on its status)."""

        def update(columns: Row) -> Reply:
            query = self._client.table(table).update(columns).eq(key, value)
            return ask(_request(query.or_(only_if) if only_if and "status" in columns else query))

        try:
            found = self._columns.without_unknown(table, row, update).rows
        except Refused as error:
            if not _is_about(error, key, value):  # an id of our own making may not even look like theirs
                raise
            found = []
        if not found:
            log.debug("%s %s is not in the database; nothing to update", table, value)


class LocalRecord:
    """The record of a machine without Supabase: an SQLite file with the same tables. For any threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def insert_video(self, video: VideoRecord) -> None:
        with self._open() as database:
            database.execute(
                "INSERT INTO videos (booking_id, row) VALUES (?, ?)"
                " ON CONFLICT (booking_id) DO UPDATE SET row = excluded.row",
                (video.booking_id, video.model_dump_json()),
            )

    def update_booking(self, booking_id: str, status: PublishedStatus, updated_at: datetime) -> None:
        with self._open() as database:
            database.execute(
                "INSERT INTO bookings (id, status, updated_at) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at",
                (booking_id, status.value, updated_at.astimezone(UTC).isoformat()),
            )

    def videos(self) -> tuple[VideoRecord, ...]:
        """All published videos, in the order of their first publishing."""
        with self._open() as database:
            rows = database.execute("SELECT row FROM videos ORDER BY number").fetchall()
        return tuple(VideoRecord.model_validate_json(row) for (row,) in rows)

    def booking_status(self, booking_id: str) -> PublishedStatus | None:
        """What was last said of a booking."""
        with self._open() as database:
            found = database.execute("SELECT status FROM bookings WHERE id = ?", (booking_id,)).fetchone()
        return PublishedStatus(found[0]) if found else None

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection, None, None]:
        """A connection for one transaction. Raises Unreachable when the file cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._path, timeout=10)
            try:
                with database:
                    database.execute("PRAGMA synchronous = FULL")
                    for table in LOCAL_TABLES:
                        database.execute(table)
                    yield database
            finally:
                database.close()
        except (sqlite3.Error, OSError) as error:
            raise Unreachable(f"the local record {self._path} cannot be used: {error}") from error


LOCAL_TABLES = (
    "CREATE TABLE IF NOT EXISTS videos"
    " (number INTEGER PRIMARY KEY, booking_id TEXT UNIQUE NOT NULL, row TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS bookings (id TEXT PRIMARY KEY, status TEXT NOT NULL, updated_at TEXT NOT NULL)",
)


def _request(builder: Any) -> Request:
    """supabase-py types its requests in part only."""
    return builder


def _is_about(error: Refused, column: str, value: str) -> bool:
    """Whether it is this column's value that the database refuses: its type, or that it refers to nothing."""
    match error.code:
        case "22P02":  # not a value of the column's type
            return f'"{value}"' in str(error)
        case "23503" | "428C9":  # refers to nothing; may not be given at all
            return f"({column})" in error.detail or f'"{column}"' in f"{error} {error.detail}"
        case _:
            return error.missing_column == column
