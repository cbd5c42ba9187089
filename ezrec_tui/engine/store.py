"""What the engine has to remember over a restart: recordings, the operator's bookings and acts, alerts. SQLite."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import Alert, Booking, DoneAct, Job, Level, Manifest, Recorded, RecordingState, Value
from ezrec_tui.transaction import transaction

V = TypeVar("V", bound=Value)

MIGRATIONS = (
    """
    CREATE TABLE recordings (
        booking_id TEXT PRIMARY KEY,
        booking TEXT NOT NULL,
        folder TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL,
        submitted INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX recordings_open ON recordings (state, submitted);
    CREATE TABLE operator_bookings (
        booking_id TEXT PRIMARY KEY,
        booking TEXT NOT NULL
    );
    CREATE TABLE overrides (
        booking_id TEXT PRIMARY KEY,
        end_at TEXT,
        stopped_at TEXT,
        cancelled INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        level TEXT NOT NULL,
        what TEXT NOT NULL,
        to_do TEXT NOT NULL,
        booking_id TEXT,
        acknowledged_by TEXT,
        acknowledged_at TEXT
    );
    CREATE INDEX alerts_open ON alerts (acknowledged_at, id);
    CREATE TABLE acts (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        act TEXT NOT NULL,
        booking_id TEXT,
        outcome TEXT NOT NULL
    );
    CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE recordings ADD COLUMN manifest TEXT;
    ALTER TABLE alerts ADD COLUMN topic TEXT;
    ALTER TABLE alerts ADD COLUMN over_at TEXT;
    CREATE INDEX alerts_topic ON alerts (topic, id);
    """,
    """
    ALTER TABLE acts ADD COLUMN by TEXT NOT NULL DEFAULT '';
    ALTER TABLE acts ADD COLUMN ok INTEGER NOT NULL DEFAULT 1;
    """,
)
"""Each one is run once, in order; the database's user_version counts them. Never change one that has landed."""

SELECT_RECORDINGS = "SELECT booking, folder, state, started_at, submitted, manifest FROM recordings "
KEPT_ACTS = 10_000
"""Lines of the audit log; older ones are forgotten."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A recording that was begun. Its folder holds the manifest."""

    booking: Booking
    folder: Path
    state: RecordingState
    started_at: datetime
    submitted: bool
    manifest: Manifest | None = None
    """The manifest as it was last written, should its file be lost; none of what an older version began."""

    def recorded(self, job: Job | None) -> Recorded:
        """The same for those who ask, with what becomes of it."""
        booking, manifest = self.booking, self.manifest
        start, end = (manifest.start, manifest.end) if manifest else (booking.start, booking.end)
        return Recorded(
            booking_id=booking.id,
            label=booking.label,
            user_id=booking.user_id,
            state=self.state,
            started_at=self.started_at,
            start=start,
            end=end,
            cameras=manifest.cameras if manifest else (),
            highlights=manifest.highlights if manifest else (),
            job=job,
        )


@dataclass(frozen=True, slots=True)
class Override:
    """What the operator changed about a booking."""

    end_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled: bool = False


class StateStore:
    """The engine's database. Its one writer is the engine's loop; each call is one transaction, durable on return."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._migrate()
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def _migrate(self) -> None:
        (done,) = self._db.execute("PRAGMA user_version").fetchone()
        if done > len(MIGRATIONS):
            raise RuntimeError(f"the database is of a newer version ({done}) than this program; upgrade the program")
        for number, script in enumerate(MIGRATIONS[done:], start=done + 1):
            self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")

    # Recordings

    def put_manifest(self, booking_id: str, manifest: Manifest) -> None:
        """Keep a copy of a recording's manifest: what cannot be found again from its segments."""
        with transaction(self._db) as db:
            db.execute(
                "UPDATE recordings SET manifest = ? WHERE booking_id = ?", (manifest.model_dump_json(), booking_id)
            )

    def folders(self) -> set[Path]:
        """Of all recordings ever begun, but for rows that are not understood."""
        return {row.folder for row in map(_recording, self._db.execute(SELECT_RECORDINGS)) if row}

    def put_recording(self, booking: Booking, folder: Path, state: RecordingState, at: datetime) -> None:
        """Insert a recording, or change the booking and state of one that is there."""
        with transaction(self._db) as db:
            db.execute(
                "INSERT INTO recordings (booking_id, booking, folder, state, started_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (booking_id) DO UPDATE SET booking = excluded.booking, state = excluded.state",
                (booking.id, booking.model_dump_json(), str(folder), state.value, at.isoformat()),
            )

    def mark_submitted(self, booking_id: str) -> None:
        """The worker has this recording's job in its own database."""
        with transaction(self._db) as db:
            db.execute("UPDATE recordings SET submitted = 1 WHERE booking_id = ?", (booking_id,))

    def submit_again(self, but: Callable[[str], bool]) -> None:
        """The jobs database was lost: recordings are to be submitted anew, but for those that are published."""
        rows = self._recordings("WHERE state = ? AND submitted = 1", RecordingState.FINISHED.value)
        with transaction(self._db) as db:
            for row in rows:
                if not but(row.booking.id):
                    db.execute("UPDATE recordings SET submitted = 0 WHERE booking_id = ?", (row.booking.id,))

    def recording(self, booking_id: str) -> RecordingRow | None:
        rows = self._recordings("WHERE booking_id = ?", booking_id)
        return rows[0] if rows else None

    def unfinished_recordings(self) -> list[RecordingRow]:
        return self._recordings("WHERE state != ? ORDER BY started_at", RecordingState.FINISHED.value)

    def recordings_to_submit(self) -> list[RecordingRow]:
        return self._recordings("WHERE state = ? AND submitted = 0 ORDER BY started_at", RecordingState.FINISHED.value)

    def recordings_before(self, before: datetime | None, count: int) -> list[RecordingRow]:
        """Those that began before then, newest first."""
        limit = before.astimezone(UTC).isoformat() if before else "~"
        return self._recordings("WHERE started_at < ? ORDER BY started_at DESC LIMIT ?", limit, count)

    def count_recordings(self) -> int:
        """All that were ever begun here."""
        return int(self._db.execute("SELECT count(*) FROM recordings").fetchone()[0])

    def recorded(self, booking_ids: list[str]) -> set[str]:
        """Which of these bookings have been recorded, or are being."""
        marks = ",".join("?" * len(booking_ids))
        rows = self._db.execute(f"SELECT booking_id FROM recordings WHERE booking_id IN ({marks})", booking_ids)
        return {row[0] for row in rows}

    def _recordings(self, where: str, *values: str | int) -> list[RecordingRow]:
        rows = self._db.execute(SELECT_RECORDINGS + where, values).fetchall()
        return [row for row in map(_recording, rows) if row]

    # What the operator booked and changed

    def put_operator_booking(self, booking: Booking) -> None:
        with transaction(self._db) as db:
            db.execute(
                "INSERT OR REPLACE INTO operator_bookings (booking_id, booking) VALUES (?, ?)",
                (booking.id, booking.model_dump_json()),
            )

    def operator_bookings(self) -> list[Booking]:
        rows = self._db.execute("SELECT booking FROM operator_bookings").fetchall()
        return [booking for (text,) in rows if (booking := understood(Booking, text))]

    def put_override(self, booking_id: str, override: Override) -> None:
        with transaction(self._db) as db:
            db.execute(
                "INSERT OR REPLACE INTO overrides (booking_id, end_at, stopped_at, cancelled) VALUES (?, ?, ?, ?)",
                (
                    booking_id,
                    override.end_at.isoformat() if override.end_at else None,
                    override.stopped_at.isoformat() if override.stopped_at else None,
                    int(override.cancelled),
                ),
            )

    def overrides(self) -> dict[str, Override]:
        return {
            booking_id: Override(
                datetime.fromisoformat(end_at) if end_at else None,
                datetime.fromisoformat(stopped_at) if stopped_at else None,
                bool(cancelled),
            )
            for booking_id, end_at, stopped_at, cancelled in self._db.execute(
                "SELECT booking_id, end_at, stopped_at, cancelled FROM overrides"
            )
        }

    def forget_plans(self, booking_ids: list[str]) -> None:
        """Drop the operator's bookings and changes that are over."""
        with transaction(self._db) as db:
            for table in ("operator_bookings", "overrides"):
                db.executemany(f"DELETE FROM {table} WHERE booking_id = ?", [(id_,) for id_ in booking_ids])

    # Alerts and acts

    def put_alert(
        self, at: datetime, level: Level, what: str, to_do: str = "", booking_id: str | None = None
    ) -> Alert | None:
        """A new alert; none when the same one still waits to be acknowledged."""
        with transaction(self._db) as db:
            same = db.execute(
                "SELECT 1 FROM alerts WHERE acknowledged_at IS NULL AND topic IS NULL AND what = ? AND booking_id IS ?",
                (what, booking_id),
            ).fetchone()
            if same:
                return None
            row = db.execute(
                "INSERT INTO alerts (at, level, what, to_do, booking_id) VALUES (?, ?, ?, ?, ?)",
                (at.isoformat(), level.value, what, to_do, booking_id),
            )
        assert row.lastrowid is not None
        return Alert(id=row.lastrowid, at=at, level=level, what=what, to_do=to_do, booking_id=booking_id)

    def was_told(self, what: str, booking_id: str | None = None) -> bool:
        """Whether there was ever an alert of these words, seen or not."""
        return bool(
            self._db.execute("SELECT 1 FROM alerts WHERE what = ? AND booking_id IS ?", (what, booking_id)).fetchone()
        )

    def hold(self, notices: Sequence[Notice], at: datetime) -> list[Notice]:
        """Have an alert for each of these notices and for no other: one whose cause is gone leaves the screen.

        Returns those that are new. What somebody has seen is not told again while its cause lasts.
        """
        wanted = {notice.topic: notice for notice in notices}
        standing = self._db.execute("SELECT id, topic FROM alerts WHERE topic IS NOT NULL AND over_at IS NULL")
        stands = {topic: id_ for id_, topic in standing.fetchall()}
        new: list[Notice] = []
        with transaction(self._db) as db:
            for topic, id_ in stands.items():
                if topic not in wanted:
                    db.execute("UPDATE alerts SET over_at = ? WHERE id = ?", (at.isoformat(), id_))
            for topic, notice in wanted.items():
                if topic in stands:
                    continue
                told = db.execute("SELECT id FROM alerts WHERE topic = ? ORDER BY id DESC", (topic,)).fetchone()
                if told and notice.once:
                    db.execute("UPDATE alerts SET over_at = NULL WHERE id = ?", told)
                    continue
                db.execute(
                    "INSERT INTO alerts (at, level, what, to_do, booking_id, topic) VALUES (?, ?, ?, ?, ?, ?)",
                    (at.isoformat(), notice.level.value, notice.what, notice.to_do, notice.booking_id, topic),
                )
                new.append(notice)
        return new

    def open_alerts(self, limit: int = 50) -> list[Alert]:
        """Those not acknowledged, newest first."""
        return self._alerts("WHERE acknowledged_at IS NULL AND over_at IS NULL", limit)

    def alerts(self, limit: int = 200) -> list[Alert]:
        """Those that were seen, and those that are over as well, newest first."""
        return self._alerts("", limit)

    def _alerts(self, where: str, limit: int) -> list[Alert]:
        columns = "id, at, level, what, to_do, booking_id, acknowledged_by, acknowledged_at, over_at"
        rows = self._db.execute(f"SELECT {columns} FROM alerts {where} ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return [
            Alert(
                id=id_,
                at=at,
                level=Level(level),
                what=what,
                to_do=to_do,
                booking_id=booking_id,
                acknowledged_by=by,
                acknowledged_at=acknowledged_at,
                over_at=over_at,
            )
            for id_, at, level, what, to_do, booking_id, by, acknowledged_at, over_at in rows
        ]

    def acknowledge_alert(self, alert_id: int, by: str, at: datetime) -> bool:
        with transaction(self._db) as db:
            changed = db.execute(
                "UPDATE alerts SET acknowledged_by = ?, acknowledged_at = ? WHERE id = ? AND acknowledged_at IS NULL",
                (by, at.isoformat(), alert_id),
            )
        return changed.rowcount == 1

    def forget_alerts(self, before: datetime) -> None:
        """Those that were seen, or whose cause was gone, before then."""
        with transaction(self._db) as db:
            db.execute("DELETE FROM alerts WHERE acknowledged_at < ? OR over_at < ?", [before.isoformat()] * 2)

    def put_act(self, act: DoneAct) -> None:
        """The audit log: what somebody did and what came of it. The newest lines are kept."""
        with transaction(self._db) as db:
            row = db.execute(
                "INSERT INTO acts (at, by, act, booking_id, ok, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                (act.at.isoformat(), act.by, act.act, act.booking_id, act.ok, act.message),
            )
            assert row.lastrowid is not None
            db.execute("DELETE FROM acts WHERE id <= ?", (row.lastrowid - KEPT_ACTS,))

    def acts(self, count: int) -> list[DoneAct]:
        """The newest lines of the audit log, newest first."""
        rows = self._db.execute(
            "SELECT at, by, act, booking_id, ok, outcome FROM acts ORDER BY id DESC LIMIT ?", (count,)
        ).fetchall()
        return [
            DoneAct(at=at, by=by, act=act, booking_id=booking_id, ok=bool(ok), message=message)
            for at, by, act, booking_id, ok, message in rows
        ]

    # Small settings that the attendant changes

    def put_setting(self, name: str, value: str) -> None:
        with transaction(self._db) as db:
            db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def setting(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None


def understood(kind: type[V], text: str) -> V | None:
    """A value as it was kept; None, with a word in the log, for one that another version of the program wrote."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]  # what was kept is somebody's, and nobody else's business
        where = ".".join(map(str, first["loc"]))
        log.error("what was kept of a %s is not understood (%s: %s)", kind.__name__.lower(), where, first["msg"])
        return None


def _recording(row: tuple[str, str, str, str, int, str | None]) -> RecordingRow | None:
    """None for a row that is not understood: its recording is found again by its folder."""
    booking_text, folder, state, started_at, submitted, manifest = row
    booking = understood(Booking, booking_text)
    if booking is None or state not in {known.value for known in RecordingState}:
        return None
    return RecordingRow(
        booking,
        Path(folder),
        RecordingState(state),
        datetime.fromisoformat(started_at),
        bool(submitted),
        understood(Manifest, manifest) if manifest else None,
    )
