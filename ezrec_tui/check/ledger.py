"""What the databases know of recordings and videos. They are only read: the engine writes its own alone."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from ezrec_tui.check.findings import Finding, Kind
from ezrec_tui.delivery.outbox import BookingUpdate
from ezrec_tui.delivery.retention import Kind as Kept
from ezrec_tui.folders import Folders
from ezrec_tui.model import Booking, Manifest, PublishedStatus, RecordingState, VideoRecord


@dataclass(frozen=True, slots=True)
class Row:
    """A recording as the engine knows it."""

    booking: Booking
    folder: Path
    state: RecordingState
    started_at: datetime
    manifest: Manifest | None


@dataclass
class Ledger:
    rows: dict[Path, Row] | None = None
    """By folder; None without a database that can be read."""
    statuses: dict[str, PublishedStatus] = field(default_factory=dict[str, PublishedStatus])
    """What was last to be published, by booking."""
    videos: dict[str, VideoRecord] = field(default_factory=dict[str, VideoRecord])
    """Rows of videos that are published or to be, by booking."""
    deleted: dict[str, str] = field(default_factory=dict[str, str])
    """Bookings whose video was deleted here in order, with its SHA-256."""
    footage_deleted: set[Path] = field(default_factory=set[Path])
    """Folders of which the footage was deleted here in order."""
    being_deleted: set[Path] = field(default_factory=set[Path])
    """Footage of which a deletion was cut off: the engine finishes it."""
    engine_runs: bool = False
    findings: list[Finding] = field(default_factory=list[Finding])

    def is_under_way(self, folder: Path, finalised: bool) -> bool:
        """Whether the running engine may still be writing there."""
        if not self.engine_runs:
            return False
        row = self.rows.get(folder) if self.rows else None
        return row.state is not RecordingState.FINISHED if row else not finalised

    def row_of(self, booking_id: str) -> Row | None:
        return next((row for row in (self.rows or {}).values() if row.booking.id == booking_id), None)


def read_ledger(folders: Folders) -> Ledger:
    ledger = Ledger(engine_runs=is_locked(folders.data / "engine.lock"))
    if folders.engine_database.exists():
        try:
            ledger.rows = {row.folder: row for row in _recordings(folders.engine_database)}
        except (sqlite3.DatabaseError, ValueError) as error:
            to_do = "start the engine: it moves it aside, begins a new one, and finds the recordings again"
            ledger.findings.append(_damaged(folders.engine_database, error, to_do))
    if folders.outbox_database.exists():
        try:
            for booking_id, table, body in _outbox(folders.outbox_database):
                if table == "bookings":
                    ledger.statuses[booking_id] = BookingUpdate.model_validate_json(body).status
                elif table == "videos":
                    ledger.videos[booking_id] = VideoRecord.model_validate_json(body)
        except (sqlite3.DatabaseError, ValueError) as error:
            to_do = "start the engine again: it moves it aside; look for what was not published yet"
            ledger.findings.append(_damaged(folders.outbox_database, error, to_do))
    if folders.local_record.exists():
        try:
            for (body,) in _rows(folders.local_record, "SELECT row FROM videos ORDER BY number"):
                video = VideoRecord.model_validate_json(body)
                ledger.videos[video.booking_id] = video
        except (sqlite3.DatabaseError, ValueError) as error:
            to_do = "start the engine again: it moves it aside, and the list of what is published begins anew"
            ledger.findings.append(_damaged(folders.local_record, error, to_do))
    if folders.retention_database.exists():
        try:
            for booking_id, kind, path, sha256, done_at in _deletions(folders.retention_database):
                if kind == Kept.FOOTAGE:
                    (ledger.footage_deleted if done_at else ledger.being_deleted).add(Path(path))
                elif kind == Kept.VIDEO:
                    ledger.deleted[booking_id] = sha256
        except sqlite3.DatabaseError as error:
            to_do = "start the engine again: it moves it aside, and the journal of deletions begins anew"
            ledger.findings.append(_damaged(folders.retention_database, error, to_do))
    return ledger


def is_locked(lock: Path, locks: Path = Path("/proc/locks")) -> bool:
    """Whether a process holds this lock; found without trying it, which might keep an engine from starting."""
    try:
        inode = lock.stat().st_ino
    except FileNotFoundError:
        return False
    return any(
        fields[1] == "FLOCK" and fields[5].rsplit(":", 1)[-1] == str(inode)
        for line in locks.read_text().splitlines()
        if len(fields := line.split()) >= 6
    )


def _recordings(database: Path) -> Iterator[Row]:
    columns = [name for _, name, *_ in _rows(database, "PRAGMA table_info(recordings)")]
    manifest = "manifest" if "manifest" in columns else "NULL"
    query = f"SELECT booking, folder, state, started_at, {manifest} FROM recordings"
    for booking, folder, state, started_at, kept in _rows(database, query):
        yield Row(
            Booking.model_validate_json(booking),
            Path(folder),
            RecordingState(state),
            datetime.fromisoformat(started_at),
            Manifest.model_validate_json(kept) if kept else None,
        )


def _outbox(database: Path) -> Iterable[tuple[str, ...]]:
    return _rows(database, 'SELECT booking_id, "table", body FROM outbox ORDER BY id')


def _deletions(database: Path) -> Iterable[tuple[str, ...]]:
    return _rows(database, "SELECT booking_id, kind, path, sha256, done_at FROM deletions ORDER BY id")


def _rows(database: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query).fetchall()


def _damaged(database: Path, error: Exception, to_do: str) -> Finding:
    return Finding(kind=Kind.DATABASE_DAMAGED, path=database, what=f"the database cannot be read: {error}", to_do=to_do)
