"""Which uploads have begun: what a restart needs to go on with one. One row per object under way."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.delivery.store import Refused

SCHEMA = """
CREATE TABLE IF NOT EXISTS upload (
    place TEXT NOT NULL,
    key TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    part_size INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    PRIMARY KEY (place, key)
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A multipart upload that the store knows, and the state of the file it was begun for."""

    upload_id: str
    part_size: int
    size: int
    mtime_ns: int


class UploadJournal:
    """The table of begun uploads, in a SQLite file. Each call opens it anew: any thread may call. All raise Refused.

    It may lag behind the store: a row is written after the upload was begun and goes after it was completed.
    """

    def __init__(self, path: Path, place: str) -> None:
        """`place` tells the buckets of one machine apart."""
        self._path = path
        self._place = place

    def find(self, key: str) -> Begun | None:
        with self._open() as db:
            row = db.execute(
                "SELECT upload_id, part_size, size, mtime_ns FROM upload WHERE place = ? AND key = ?",
                (self._place, key),
            ).fetchone()
        return Begun(*row) if row else None

    def put(self, key: str, begun: Begun) -> None:
        with self._open() as db:
            db.execute(
                "INSERT OR REPLACE INTO upload (place, key, upload_id, part_size, size, mtime_ns)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (self._place, key, begun.upload_id, begun.part_size, begun.size, begun.mtime_ns),
            )

    def forget(self, key: str) -> None:
        with self._open() as db:
            db.execute("DELETE FROM upload WHERE place = ? AND key = ?", (self._place, key))

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=30)) as db, db:
                db.execute(SCHEMA)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise Refused(
                f"The list of begun uploads, {self._path}, cannot be used: {error}.",
                "See that there is room on that disk and that this user may write there.",
            ) from error
