"""What is kept here and may go one day, and the journal of what was deleted: SQLite, durable before anything goes."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ezrec_tui.delivery.retention import Kind, Why
from ezrec_tui.delivery.store import Proof
from ezrec_tui.transaction import transaction

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS delivered (
      booking_id TEXT PRIMARY KEY,
      label TEXT NOT NULL,
      folder TEXT NOT NULL,       -- the recording's
      video TEXT NOT NULL,
      key TEXT NOT NULL,          -- in the store
      recorded_at TEXT NOT NULL,
      delivered_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS given_up (
      booking_id TEXT PRIMARY KEY,
      label TEXT NOT NULL,
      folder TEXT NOT NULL,       -- the recording's
      video TEXT,
      recorded_at TEXT NOT NULL,
      until TEXT NOT NULL         -- until then it can be taken back
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS deletions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      booking_id TEXT NOT NULL,
      label TEXT NOT NULL,
      kind TEXT NOT NULL,
      path TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      why TEXT NOT NULL,
      key TEXT NOT NULL,          -- this and the next three: what was found in the store; empty for what was given up
      size INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      said TEXT NOT NULL,
      verified_at TEXT NOT NULL,
      noted_at TEXT NOT NULL,     -- before anything went
      done_at TEXT
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS proofs (
      booking_id TEXT PRIMARY KEY,  -- delivered by another machine: there is no video here to compare
      key TEXT NOT NULL,
      size INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      said TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS deletions_open ON deletions (id) WHERE done_at IS NULL",
    "CREATE INDEX IF NOT EXISTS deletions_noted ON deletions (noted_at)",
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A booking whose video is in the store and published, and where its files lie here."""

    booking_id: str
    label: str
    folder: Path
    video: Path
    key: str
    recorded_at: datetime
    delivered_at: datetime
    proof: Proof | None = None
    """Of another machine that has made and delivered it; None: its video was made here."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A booking whose job a person has given up, who was told how long its files are still kept here."""

    booking_id: str
    label: str
    folder: Path
    video: Path | None
    recorded_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Deletion:
    """A line of the journal: what went, why, and the proof that the store had the video."""

    id: int
    booking_id: str
    label: str
    kind: Kind
    path: Path
    bytes: int
    why: Why
    proof: Proof | None
    """None: it was given up."""
    verified_at: datetime
    noted_at: datetime
    done_at: datetime | None = None
    """None: it may have begun."""


class Deletions:
    """`retention.db`. Any thread and process may use it. Each call is durable on return. Raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._mutex = threading.Lock()
        self._database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        with self._transaction() as database:
            for table in TABLES:
                database.execute(table)

    def close(self) -> None:
        with self._mutex:
            self._database.close()

    def put_delivered(self, delivered: Delivered) -> None:
        """Know a booking as delivered. Said again, the newest counts."""
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO delivered VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    delivered.booking_id,
                    delivered.label,
                    str(delivered.folder),
                    str(delivered.video),
                    delivered.key,
                    _text(delivered.recorded_at),
                    _text(delivered.delivered_at),
                ),
            )
            database.execute("DELETE FROM proofs WHERE booking_id = ?", (delivered.booking_id,))
            if proof := delivered.proof:
                database.execute(
                    "INSERT INTO proofs VALUES (?, ?, ?, ?, ?)",
                    (delivered.booking_id, proof.key, proof.size, proof.sha256, proof.said),
                )

    def delivered(self) -> tuple[Delivered, ...]:
        """All of which something may still be kept here."""
        with self._transaction() as database:
            rows = database.execute("SELECT * FROM delivered ORDER BY recorded_at, booking_id").fetchall()
            proofs = {id_: Proof(*proof) for id_, *proof in database.execute("SELECT * FROM proofs")}
        return tuple(
            Delivered(
                id_, label, Path(folder), Path(video), key, _moment(recorded_at), _moment(delivered_at), proofs.get(id_)
            )
            for id_, label, folder, video, key, recorded_at, delivered_at in rows
        )

    def give_up(self, given_up: GivenUp) -> None:
        """From `until` on, its files may go. Said again, the newest counts."""
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO given_up VALUES (?, ?, ?, ?, ?, ?)",
                (
                    given_up.booking_id,
                    given_up.label,
                    str(given_up.folder),
                    str(given_up.video) if given_up.video else None,
                    _text(given_up.recorded_at),
                    _text(given_up.until),
                ),
            )

    def take_back(self, booking_id: str) -> bool:
        """Give it up no more; False when its files are being deleted or were."""
        with self._transaction() as database:
            went = database.execute(
                "SELECT 1 FROM deletions WHERE booking_id = ? AND why = ?", (booking_id, Why.GIVEN_UP.value)
            ).fetchone()
            if went is None:
                database.execute("DELETE FROM given_up WHERE booking_id = ?", (booking_id,))
            return went is None

    def given_up(self) -> tuple[GivenUp, ...]:
        """All of which something may still be kept here."""
        with self._transaction() as database:
            rows = database.execute("SELECT * FROM given_up ORDER BY recorded_at, booking_id").fetchall()
        return tuple(
            GivenUp(id_, label, Path(folder), Path(video) if video else None, _moment(recorded_at), _moment(until))
            for id_, label, folder, video, recorded_at, until in rows
        )

    def forget(self, booking_id: str) -> None:
        """Nothing of it is here any more."""
        with self._transaction() as database:
            database.execute("DELETE FROM delivered WHERE booking_id = ?", (booking_id,))
            database.execute("DELETE FROM proofs WHERE booking_id = ?", (booking_id,))
            database.execute("DELETE FROM given_up WHERE booking_id = ?", (booking_id,))

    def note(
        self,
        of: Delivered | GivenUp,
        kind: Kind,
        path: Path,
        size: int,
        why: Why,
        proof: Proof | None,
        verified_at: datetime,
    ) -> Deletion | None:
        """Note what is to go, before anything of it does. None: it was given up, and was taken back meanwhile."""
        said = (proof.key, proof.size, proof.sha256, proof.said) if proof else ("", 0, "", "")
        with self._transaction() as database:
            if isinstance(of, GivenUp) and not _still_given_up(database, of):
                return None
            row = database.execute(
                "INSERT INTO deletions (booking_id, label, kind, path, bytes, why, key, size, sha256, said,"
                " verified_at, noted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    of.booking_id,
                    of.label,
                    kind.value,
                    str(path),
                    size,
                    why.value,
                    *said,
                    _text(verified_at),
                    _text(verified_at),
                ),
            )
        assert row.lastrowid is not None
        return Deletion(row.lastrowid, of.booking_id, of.label, kind, path, size, why, proof, verified_at, verified_at)

    def done(self, deletion: Deletion, at: datetime) -> Deletion:
        """All of it is gone."""
        with self._transaction() as database:
            database.execute("UPDATE deletions SET done_at = ? WHERE id = ?", (_text(at), deletion.id))
        return replace(deletion, done_at=at)

    def drop(self, deletion: Deletion) -> None:
        """Nothing of it went: it is decided anew."""
        with self._transaction() as database:
            database.execute("DELETE FROM deletions WHERE id = ?", (deletion.id,))

    def unfinished(self) -> tuple[Deletion, ...]:
        """Those that a kill cut off."""
        return self._deletions("WHERE done_at IS NULL")

    def all(self) -> tuple[Deletion, ...]:
        """The whole journal, oldest first."""
        return self._deletions()

    def since(self, at: datetime) -> tuple[Deletion, ...]:
        """What was noted at or after then."""
        return self._deletions("WHERE noted_at >= ?", _text(at))

    def prune(self, before: datetime) -> int:
        """Forget what was done before then. Returns how many lines."""
        with self._transaction() as database:
            return database.execute("DELETE FROM deletions WHERE done_at < ?", (_text(before),)).rowcount

    def _deletions(self, where: str = "", *values: str) -> tuple[Deletion, ...]:
        with self._transaction() as database:
            rows = database.execute(
                "SELECT id, booking_id, label, kind, path, bytes, why, key, size, sha256, said, verified_at, noted_at,"
                f" done_at FROM deletions {where} ORDER BY id",
                values,
            ).fetchall()
        return tuple(
            Deletion(
                id_,
                booking_id,
                label,
                Kind(kind),
                Path(path),
                count,
                Why(why),
                Proof(key, size, sha256, said) if key else None,
                _moment(verified_at),
                _moment(noted_at),
                _moment(done_at) if done_at else None,
            )
            for (
                id_, booking_id, label, kind, path, count, why, key, size, sha256, said, verified_at, noted_at, done_at
            ) in rows
        )  # fmt: skip

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._mutex, transaction(self._database):
            yield self._database


def _still_given_up(database: sqlite3.Connection, of: GivenUp) -> bool:
    row = database.execute("SELECT until FROM given_up WHERE booking_id = ?", (of.booking_id,)).fetchone()
    return row is not None and _moment(row[0]) == of.until


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
