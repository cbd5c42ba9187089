"""Who is alive of the machines that share the jobs: each holds an advisory lock in Postgres for as long as it lives.

Whoever can take a machine's lock knows that it is dead. A process that is killed loses its lock at once, with its
connection. One that only sleeps, or whose line is cut, keeps the connection: so the server itself ends a session that
says nothing for `LEASE_SECONDS`. When it wakes it finds its lock gone, and begins a new life under a new name.
"""

import logging
import random
from types import TracebackType

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LEASE_SECONDS = 15.0
"""A machine that is silent for so long is dead."""
LOCKS = 0x455A
"""The first of the two numbers of our advisory locks; the second one is the machine's."""
LIVING = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :locks AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """This machine counts as dead, or may: its lock is gone with its connection."""


class Lease:
    """This machine's lock. Used by one thread."""

    def __init__(self, engine: Engine, host: str, seconds: float) -> None:
        """Take a lock that nobody has. Raises SQLAlchemyError; PostgreSQL has to be 14 or newer."""
        self._connection: Connection = engine.connect()
        self._connection.execute(text(f"SET idle_session_timeout = '{round(seconds * 1000)}ms'"))
        number = random.SystemRandom().getrandbits(31)
        while not self._take(number):
            number = random.SystemRandom().getrandbits(31)
        self.name = f"{host}-{number}"
        """Of this life of this machine; never used again."""

    def __enter__(self) -> "Lease":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.invalidate()
        self._connection.close()

    def keep(self) -> None:
        """Say that this machine lives; to be said several times within `seconds`. Raises LeaseLost."""
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            raise LeaseLost(str(error.__cause__ or error).strip()) from error

    def is_dead(self, name: str) -> bool:
        """Whether the machine of this name is dead: then nobody of that name ever comes back. Raises LeaseLost."""
        number = name.rpartition("-")[2]
        if not number.isdecimal():
            return False
        try:
            if not self._take(int(number)):
                return False
            self._connection.execute(text("SELECT pg_advisory_unlock(:locks, :number)"), _lock(int(number)))
        except SQLAlchemyError as error:
            raise LeaseLost(str(error.__cause__ or error).strip()) from error
        return True

    def _take(self, number: int) -> bool:
        return bool(
            self._connection.execute(text("SELECT pg_try_advisory_lock(:locks, :number)"), _lock(number)).scalar()
        )


def living(connection: Connection) -> int:
    """How many machines are alive. Raises SQLAlchemyError."""
    return connection.execute(LIVING, {"locks": LOCKS}).scalar_one()


def _lock(number: int) -> dict[str, int]:
    return {"locks": LOCKS, "number": number}
