"""An order while it is this machine's: how far it is, and whether it still is.

The fence. A machine that slept past its lease may find its order taken over, when it wakes. Before each thing that
counts it asks the database; its name, which is that of one life alone, is the token. The order's result is fenced by
DBOS in the same way, and an object in the store is made only instead of the one that was looked at.
"""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ezrec_tui.model import Progress

ASK_SECONDS = 0.5
"""What was heard is good for so long. The clock goes on while the process sleeps."""
TABLE = (
    "CREATE SCHEMA IF NOT EXISTS ezrec",
    "CREATE TABLE IF NOT EXISTS ezrec.progress (workflow TEXT PRIMARY KEY, machine TEXT NOT NULL, progress TEXT)",
)
TELL = text(
    "INSERT INTO ezrec.progress (workflow, machine, progress)"
    " SELECT workflow_uuid, executor_id, :progress FROM dbos.workflow_status"
    " WHERE workflow_uuid = :workflow AND executor_id = :machine AND status = 'PENDING'"
    " ON CONFLICT (workflow) DO UPDATE SET machine = excluded.machine, progress = excluded.progress"
)


def make_table(engine: Engine) -> None:
    """Raises SQLAlchemyError."""
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ezrec.progress'))"))
        for statement in TABLE:
            connection.execute(text(statement))


class Turn:
    """One order on one machine. Used by one thread, and by the one that makes calls for it."""

    def __init__(
        self,
        engine: Engine,
        workflow: str,
        machine: str,
        on_silence: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_silence` is called when the database does not say whose the order is."""
        self._engine, self._workflow, self._machine = engine, workflow, machine
        self._on_silence, self._monotonic = on_silence, monotonic
        self._progress = Progress()
        self._asked_at = float("-inf")
        self._mine = True

    def report(self, progress: Progress) -> None:
        """Note how far it is; told when it is asked the next time."""
        self._progress = progress

    def is_over(self) -> bool:
        """Whether the order is no longer this machine's: taken over, or cancelled. Once over it stays so."""
        if self._mine and self._monotonic() - self._asked_at >= ASK_SECONDS:
            self._mine = self._tell()
            self._asked_at = self._monotonic()
        return not self._mine

    def _tell(self) -> bool:
        what = {"workflow": self._workflow, "machine": self._machine, "progress": self._progress.model_dump_json()}
        try:
            with self._engine.connect() as connection:
                return connection.execute(TELL, what).rowcount == 1
        except SQLAlchemyError:
            self._on_silence()
            threading.Event().wait()  # nobody may go on who does not know; this life is being ended
            raise
