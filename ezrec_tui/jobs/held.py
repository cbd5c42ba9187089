"""The jobs that a person has paused: known in memory, and in the jobs database, so that a restart knows them too."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

TABLE = "CREATE TABLE IF NOT EXISTS held (booking_id TEXT PRIMARY KEY)"


class Held:
    """Asked by any thread, changed on one loop. A change is durable on return."""

    def __init__(self, database: Path) -> None:
        self._database = database
        with closing(self._connect()) as connection, connection:
            connection.execute(TABLE)
            rows = connection.execute("SELECT booking_id FROM held").fetchall()
        self._gone_on = {booking_id: asyncio.Event() for (booking_id,) in rows}
        """Of each that is paused: set when it goes on."""

    def __contains__(self, booking_id: str) -> bool:
        return booking_id in self._gone_on

    async def put(self, booking_id: str) -> None:
        await asyncio.to_thread(self._write, "INSERT OR IGNORE INTO held VALUES (?)", booking_id)
        self._gone_on.setdefault(booking_id, asyncio.Event())

    async def drop(self, booking_id: str) -> None:
        """Let it go on, if it is paused."""
        if booking_id in self._gone_on:
            await asyncio.to_thread(self._write, "DELETE FROM held WHERE booking_id = ?", booking_id)
            self._gone_on.pop(booking_id).set()

    async def until_dropped(self, booking_id: str) -> None:
        """At once, if it is not paused."""
        while gone_on := self._gone_on.get(booking_id):
            await gone_on.wait()

    def _write(self, statement: str, booking_id: str) -> None:
        with closing(self._connect()) as connection, connection:
            connection.execute(statement, (booking_id,))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._database, timeout=30)
