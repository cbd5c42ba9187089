"""The jobs database: DBOS on SQLite, set up so that it writes nothing while idle and speaks to nobody."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from dbos import DBOS, DBOSConfig

from ezrec_tui.jobs.pace import OFTEN

NAME = "ezrec"
VERSION = "1"
"""Constant, so that jobs under way survive an upgrade; what changes in their steps goes through `DBOS.patch`."""
EXECUTOR = "local"
"""Constant, because the database is this machine's alone; a new host name must not orphan jobs."""

ENCODE = "encode"
UPLOAD = "upload"

ORDINARY = (
    "Exception encountered in asynchronous workflow",
    "Exception encountered in background workflow",
    "is no longer owned by this execution",
    "was cancelled during execution",
)
"""What DBOS logs when a job fails or is cancelled."""


class Quiet(logging.Filter):
    """Keeps out of the log what we say ourselves, in a line of our own."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        return not any(words in message for words in ORDINARY)


def use_wal(database: Path) -> None:
    """Make the database, if needed, and let readers and the writer not wait for each other. Raises sqlite3.Error."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def configure(database: Path) -> None:
    """Make this process the one that runs the jobs; workflows have to be defined before it is launched."""
    use_wal(database)
    config: DBOSConfig = {
        "name": NAME,
        "system_database_url": f"sqlite:///{database.absolute()}",
        "application_version": VERSION,
        "executor_id": EXECUTOR,
        "max_executor_threads": 8,
        "sys_db_pool_size": 8,
        "log_level": "WARNING",
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": 60.0,
        "scheduler_polling_interval_sec": 3600.0,
    }
    keep_quiet()
    DBOS(config=config)


def keep_quiet() -> None:
    """Have DBOS log to us alone, and only what we do not say ourselves."""
    own = logging.getLogger("dbos")
    own.addHandler(logging.NullHandler())  # so that it adds none of its own, to standard error in its own form
    own.addFilter(Quiet())


async def launch(renders: int, uploads: int) -> None:
    """Take up what was under way and listen to the queues, so many steps of each at once.

    Call it on the loop that the workflows shall run on.
    """
    DBOS.launch()
    for queue, at_once in ((ENCODE, renders), (UPLOAD, uploads)):
        await DBOS.register_queue_async(
            queue, worker_concurrency=at_once, polling_interval_sec=OFTEN, on_conflict="always_update"
        )


async def look_every(seconds: float) -> None:
    """Have the queues looked at so often, each from its next look on."""
    for name in (ENCODE, UPLOAD):
        if (queue := await DBOS.retrieve_queue_async(name)) is not None:
            await queue.set_polling_interval_sec_async(seconds)


async def pause_encoding(paused: bool) -> None:
    """Let no further render start, or let one start again."""
    queue = await DBOS.retrieve_queue_async(ENCODE)
    if queue is not None:
        await queue.set_worker_concurrency_async(0 if paused else 1)


AGE_BITS = 24
ERA = datetime(2020, 1, 1, tzinfo=UTC)


def rank(priority: int, created_at: datetime) -> int:
    """A job's place in a queue, the smallest first: by its priority (1 to 100), then by its age to the minute.

    DBOS sorts by one number of 31 bits. Jobs that wait for the line come back into a queue in any order.
    """
    minutes = int((created_at - ERA).total_seconds() // 60)
    return (priority << AGE_BITS) + max(0, min(minutes, (1 << AGE_BITS) - 1))


class Priorities:
    """DBOS has no call that changes a priority; it is a column of its table of workflows."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.ordering = asyncio.Lock()
        """Held from a priority's being read to its job's being in a queue, and while one is changed."""

    def get(self, workflow_id: str) -> int | None:
        """The priority set for a job; none when nobody has set one."""
        with closing(self._connect()) as connection:
            row = connection.execute(
                "SELECT priority FROM workflow_status WHERE workflow_uuid = ?", (workflow_id,)
            ).fetchone()
        return int(row[0]) or None if row else None

    def set(self, workflow_id: str, priority: int, created_at: datetime) -> None:
        """For the steps still to come, and for the one that waits in a queue now."""
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "UPDATE workflow_status SET priority = ? WHERE workflow_uuid = ?", (priority, workflow_id)
            )
            connection.execute(
                "UPDATE workflow_status SET priority = ? WHERE parent_workflow_id = ? AND status = 'ENQUEUED'",
                (rank(priority, created_at), workflow_id),
            )

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._database, timeout=30)
