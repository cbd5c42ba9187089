"""Which uploads have begun: what a restart needs to go on with one. One row per object under way."""

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.delivery.store import Refused

SCHEMA = """
CREATE TABLE IF NOT EXISTS begun (
    place TEXT NOT NULL,
    key TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    part_size INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    used_at REAL NOT NULL,
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

    def __init__(self, path: Path, place: str, now: Callable[[], float] = time.time) -> None:
        """`place` tells the buckets of one machine apart; `now` gives seconds since the epoch."""
        self._now = now
        self._path = path
        self._place = place

    def find(self, key: str) -> Begun | None:
        with self._open() as db:
            row = db.execute(
                "SELECT upload_id, part_size, size, mtime_ns FROM begun WHERE place = ? AND key = ?",
                (self._place, key),
            ).fetchone()
        return Begun(*row) if row else None

    def put(self, key: str, begun: Begun) -> None:
        with self._open() as db:
            db.execute(
                "INSERT OR REPLACE INTO begun (place, key, upload_id, part_size, size, mtime_ns, used_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (self._place, key, begun.upload_id, begun.part_size, begun.size, begun.mtime_ns, self._now()),
            )

    def unused(self, seconds: float) -> list[tuple[str, str]]:
        """Key and upload id of those that were neither begun nor gone on with for so long."""
        with self._open() as db:
            return db.execute(
                "SELECT key, upload_id FROM begun WHERE place = ? AND used_at < ?",
                (self._place, self._now() - seconds),
            ).fetchall()

    def forget(self, key: str) -> None:
        with self._open() as db:
            db.execute("DELETE FROM begun WHERE place = ? AND key = ?", (self._place, key))

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
