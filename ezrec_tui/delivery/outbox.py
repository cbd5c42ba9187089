"""The outbox: everything that is to be published is a row here first, and leaves in order.

Engine and worker put rows; whoever calls `drain` sends them. Of one booking they are sent one after the other; one
that fails holds back those behind it, and no other booking's. Sending twice does no harm (see `publish`), so that a
row is marked as sent only after the far side has said so.

A row that failed waits, longer each time. While nothing gets through at all (the line is down, the key is not taken),
everything waits, and a few rows are tried now and then; the first that gets through sets all others free.

A row that the database itself refuses is tried for ever too, as what it stumbles over may be mended there. Only a
status gives way: when something later of its booking waits, that says more, and the refused status is passed over.
"""

import fcntl
import logging
import random
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, assert_never

from pydantic import AwareDatetime, ValidationError

from ezrec_tui.database import DatabaseError, NotLetIn, Refused, Unreachable
from ezrec_tui.delivery.publish import Publisher
from ezrec_tui.logs import about
from ezrec_tui.model import PublishedStatus, Value, VideoRecord
from ezrec_tui.transaction import transaction

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
"""Of a row."""
LONGEST_PAUSE_SECONDS = 60.0
"""Of all, while the line is down."""
FAILURES_IN_A_ROW = 3
"""After so many the rest waits for the next time."""

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      booking_id TEXT NOT NULL,
      "table" TEXT NOT NULL,
      action TEXT NOT NULL,
      body TEXT NOT NULL,        -- JSON
      created_at TEXT NOT NULL,
      sent_at TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      last_error TEXT,
      tried_at REAL,             -- seconds since 1970
      retry_at REAL,
      refused INTEGER NOT NULL DEFAULT 0  -- whether its last try failed by its own fault
    )
    """,
    "CREATE INDEX IF NOT EXISTS waiting ON outbox (booking_id, id) WHERE sent_at IS NULL",
    'CREATE INDEX IF NOT EXISTS said ON outbox (booking_id, "table", id)',
)
ADD_REFUSED = "ALTER TABLE outbox ADD COLUMN refused INTEGER NOT NULL DEFAULT 0"
"""For the file of an older version."""
# The longest untried first, so that rows which fail for ever are in nobody's way.
NEXT = """
    SELECT id, booking_id, "table", body, attempts FROM outbox AS row
    WHERE sent_at IS NULL
      AND (retry_at IS NULL OR retry_at <= :now OR retry_at > :now + :longest)  -- the last: the clock was set back
      AND NOT EXISTS (
        SELECT 1 FROM outbox AS earlier
        WHERE earlier.sent_at IS NULL AND earlier.booking_id = row.booking_id AND earlier.id < row.id
      )
    ORDER BY tried_at, id LIMIT 1
"""

# A status, when something later of its booking waits.
PASS_OVER = """
    UPDATE outbox SET sent_at = :now, last_error = :error WHERE id = :id AND "table" = 'bookings' AND EXISTS (
      SELECT 1 FROM outbox AS later
      WHERE later.sent_at IS NULL AND later.booking_id = outbox.booking_id AND later.id > outbox.id
    )
"""

log = logging.getLogger(__name__)


class BookingUpdate(Value):
    """Body of a row for the table `bookings`."""

    id: str
    status: PublishedStatus
    updated_at: AwareDatetime


Body = BookingUpdate | VideoRecord
B = TypeVar("B", BookingUpdate, VideoRecord)
BODIES: dict[str, type[Body]] = {"bookings": BookingUpdate, "videos": VideoRecord}

ORDER = (
    PublishedStatus.RECORDING,
    PublishedStatus.RECORDING_FINISHED,
    PublishedStatus.PROCESSING,
    PublishedStatus.UPLOADING,
    PublishedStatus.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that could not be sent yet, for people."""

    booking_id: str
    table: str
    created_at: datetime
    attempts: int
    error: str
    refused: bool
    """The database refuses this very row; otherwise it is the line, the service or the key."""


class Outbox:
    """The outbox in an SQLite file; any number of processes and threads may have it open. Raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._sending_lock = path.with_name(f"{path.name}.sending")
        self._mutex = threading.Lock()
        self._pauses = 0
        """Drains in a row that found the line down."""
        self._pause_until = 0.0
        self.trouble: DatabaseError | None = None
        """Why nothing at all gets through, while that is so."""
        self._database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        with self._transaction() as database:
            for table in TABLES:
                database.execute(table)
            if "refused" not in [column[1] for column in database.execute("PRAGMA table_info(outbox)")]:
                database.execute(ADD_REFUSED)

    def close(self) -> None:
        with self._mutex:
            self._database.close()

    # Putting

    def put_status(self, booking_id: str, status: PublishedStatus, at: datetime) -> bool:
        """Have a booking's status published; False if it is no news: said already, or overtaken by a later one."""
        with self._transaction() as database:
            last = _last(database, booking_id, BookingUpdate)
            if last and not is_news(last.status, status):
                return False
            body = BookingUpdate(id=booking_id, status=status, updated_at=at)
            self._insert(database, booking_id, "bookings", "update", body, at)
        return True

    def last_status(self, booking_id: str) -> PublishedStatus | None:
        """What was last put for a booking, sent or not."""
        with self._transaction() as database:
            last = _last(database, booking_id, BookingUpdate)
        return last.status if last else None

    def put_video(self, video: VideoRecord, at: datetime) -> bool:
        """Have a video's row published; False if exactly this was put before."""
        with self._transaction() as database:
            if _last(database, video.booking_id, VideoRecord) == video:
                return False
            self._insert(database, video.booking_id, "videos", "insert", video, at)
        return True

    # Sending

    def drain(self, publisher: Publisher, now: datetime) -> int:
        """Send what is due, and return how many rows were sent; 0 while another sender is at work. Blocks."""
        with self._sole_sender() as sole:
            if not sole or now.timestamp() < self._pause_until <= now.timestamp() + LONGEST_PAUSE_SECONDS:
                return 0
            sent = failures = 0
            answered = False
            down: DatabaseError | None = None
            while failures < FAILURES_IN_A_ROW and (row := self._next(now)):
                number, booking_id, table, body, attempts = row
                try:
                    _send(publisher, _parse(table, body))
                except DatabaseError as error:
                    if _is_about_all(error):
                        down = error
                    else:
                        answered = True
                        if self._pass_over(number, booking_id, error, now):
                            continue
                    self._failed(number, attempts + 1, error, now)
                    failures += 1
                else:
                    self._sent(number, now)
                    sent += 1
                    failures = 0
            self._pace(now, answered or sent > 0, down)
            return sent

    def waiting(self, booking_id: str | None = None) -> int:
        """Rows that are not sent yet, of one booking or of all."""
        with self._transaction() as database:
            return int(
                database.execute(
                    "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND booking_id = coalesce(?, booking_id)",
                    (booking_id,),
                ).fetchone()[0]
            )

    def published(self) -> int:
        """Videos whose row has arrived, and is not forgotten yet."""
        with self._transaction() as database:
            return int(
                database.execute(
                    """SELECT count(DISTINCT booking_id) FROM outbox
                       WHERE "table" = 'videos' AND sent_at IS NOT NULL"""
                ).fetchone()[0]
            )

    def failing(self) -> tuple[Waiting, ...]:
        """Rows that were tried in vain, oldest first."""
        with self._transaction() as database:
            rows = database.execute(
                """SELECT booking_id, "table", created_at, attempts, last_error, refused FROM outbox
                   WHERE sent_at IS NULL AND last_error IS NOT NULL ORDER BY id"""
            ).fetchall()
        return tuple(
            Waiting(booking_id, table, datetime.fromisoformat(created_at), attempts, error, bool(refused))
            for booking_id, table, created_at, attempts, error, refused in rows
        )

    def hurry(self, booking_id: str) -> None:
        """Have a booking's rows tried again now, as if they had not failed yet."""
        with self._transaction() as database:
            database.execute(
                """UPDATE outbox SET retry_at = NULL, last_error = NULL, refused = 0
                   WHERE sent_at IS NULL AND booking_id = ?""",
                (booking_id,),
            )

    def prune(self, before: datetime) -> int:
        """Forget rows sent before then, and return how many. What is not sent stays, however old.

        So does the last status of each booking: it says what need not be done again.
        """
        with self._transaction() as database:
            return database.execute(
                """DELETE FROM outbox WHERE sent_at < ? AND NOT ("table" = 'bookings' AND NOT EXISTS (
                     SELECT 1 FROM outbox AS later WHERE later.booking_id = outbox.booking_id
                       AND later."table" = 'bookings' AND later.id > outbox.id))""",
                (_text(before),),
            ).rowcount

    # Rows

    def _insert(
        self, database: sqlite3.Connection, booking_id: str, table: str, action: str, body: Body, at: datetime
    ) -> None:
        database.execute(
            'INSERT INTO outbox (booking_id, "table", action, body, created_at) VALUES (?, ?, ?, ?, ?)',
            (booking_id, table, action, body.model_dump_json(), _text(at)),
        )

    def _next(self, now: datetime) -> tuple[int, str, str, str, int] | None:
        with self._transaction() as database:
            return database.execute(NEXT, {"now": now.timestamp(), "longest": LONGEST_WAIT_SECONDS}).fetchone()

    def _sent(self, number: int, now: datetime) -> None:
        with self._transaction() as database:
            database.execute("UPDATE outbox SET sent_at = ?, last_error = NULL WHERE id = ?", (_text(now), number))

    def _failed(self, number: int, attempts: int, error: DatabaseError, now: datetime) -> None:
        retry_at = now.timestamp() + _wait(attempts, LONGEST_WAIT_SECONDS)
        with self._transaction() as database:
            (before,) = database.execute("SELECT last_error FROM outbox WHERE id = ?", (number,)).fetchone()
            database.execute(
                """UPDATE outbox SET attempts = ?, last_error = ?, tried_at = ?, retry_at = ?, refused = ?
                   WHERE id = ?""",
                (attempts, str(error), now.timestamp(), retry_at, not _is_about_all(error), number),
            )
        news = not _is_about_all(error) and before != str(error)
        log.log(logging.WARNING if news else logging.DEBUG, "not published yet: %s", error)

    def _pass_over(self, number: int, booking_id: str, error: DatabaseError, now: datetime) -> bool:
        """Leave out a status that is refused, when something later of its booking waits behind it."""
        with self._transaction() as database:
            values = {"id": number, "now": _text(now), "error": str(error)}
            passed = database.execute(PASS_OVER, values).rowcount > 0
        if passed:
            log.warning("a status is left out, for the next one: %s", error, extra=about(booking_id))
        return passed

    def _pace(self, now: datetime, answered: bool, down: DatabaseError | None) -> None:
        """Pause while nothing gets through; go on with everything once something does, were it a refusal of one row."""
        if answered:
            self.trouble = None
        if answered and self._pauses:
            log.info("the database takes rows again")
            with self._transaction() as database:
                database.execute("UPDATE outbox SET retry_at = NULL WHERE sent_at IS NULL")
            self._pauses, self._pause_until = 0, 0.0
        elif down and not answered:
            if not self._pauses or (isinstance(down, NotLetIn) and str(self.trouble) != str(down)):
                log.warning("what is to be published waits: %s", down)
            self.trouble = down
            self._pauses += 1
            self._pause_until = now.timestamp() + _wait(self._pauses, LONGEST_PAUSE_SECONDS)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        with self._mutex, transaction(self._database):
            yield self._database

    @contextmanager
    def _sole_sender(self) -> Generator[bool, None, None]:
        """Whether we are the one who sends. The kernel's lock ends with its holder, so that none is ever stale."""
        with self._sending_lock.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def is_news(last: PublishedStatus, new: PublishedStatus) -> bool:
    """Whether `new` may follow `last`: statuses go forward, and a job that failed may be taken up again."""
    if last is new or last is PublishedStatus.COMPLETED:
        return False
    if last not in ORDER:  # Failed, or skipped: what comes after was tried again
        return new is not PublishedStatus.RECORDING
    return new not in ORDER or ORDER.index(new) > ORDER.index(last)


def _is_about_all(error: DatabaseError) -> bool:
    """Whether no row would fare better: the line or the key, not this row."""
    return isinstance(error, Unreachable | NotLetIn)


def _last(database: sqlite3.Connection, booking_id: str, kind: type[B]) -> B | None:
    """What was last put for a booking, of that which is understood: another version may have written the rest."""
    table = next(table for table, body in BODIES.items() if body is kind)
    rows = database.execute(
        'SELECT body FROM outbox WHERE booking_id = ? AND "table" = ? ORDER BY id DESC', (booking_id, table)
    ).fetchall()
    for (body,) in rows:
        with suppress(ValidationError):
            return kind.model_validate_json(body)
    return None


def _parse(table: str, body: str) -> Body:
    try:
        return BODIES[table].model_validate_json(body)
    except (KeyError, ValidationError) as error:
        raise Refused(
            f"a row for the table {table} is not understood; another version of the program wrote it"
        ) from error


def _send(publisher: Publisher, body: Body) -> None:
    match body:
        case BookingUpdate():
            publisher.update_booking(body.id, body.status, body.updated_at)
        case VideoRecord():
            publisher.insert_video(body)
        case _:
            assert_never(body)


def _wait(attempts: int, longest: float) -> float:
    """Seconds before the next try: doubled each time, with jitter."""
    return min(FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 10), longest) * random.uniform(0.5, 1)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
