"""Screens and scripts that come and go, some in the middle of a sentence."""

import asyncio
import random
import socket
import threading
from contextlib import aclosing
from pathlib import Path

from ezrec_tui.client import EngineClient, EngineError

EVERY_HOURS = 0.05
"""A visit in so many hours of the venue."""
LONGEST_SECONDS = 3.0


class Visitors:
    """One after the other, on a thread of its own."""

    def __init__(self, path: Path, speed: float, seed: int) -> None:
        self.visits = 0
        self._path, self._pause, self._lot = path, EVERY_HOURS * 3600 / speed, random.Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._visit, name="visitors", daemon=True)

    def __enter__(self) -> "Visitors":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _visit(self) -> None:
        while not self._ended.wait(self._lot.uniform(0, 2 * self._pause)):
            try:
                match self._lot.randrange(4):
                    case 0:
                        asyncio.run(self._follow(self._lot.uniform(0.1, LONGEST_SECONDS)))
                    case 1:
                        asyncio.run(self._look_around())
                    case 2:
                        asyncio.run(EngineClient(self._path).log(200))
                    case _:
                        self._leave_in_the_middle()
            except (EngineError, OSError):  # no engine is there now
                continue
            self.visits += 1

    async def _follow(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), aclosing(EngineClient(self._path).follow()) as snapshots:
                async for _ in snapshots:
                    pass
        except TimeoutError:
            return

    async def _look_around(self) -> None:
        client = EngineClient(self._path)
        await asyncio.gather(client.snapshot(), client.bookings(), client.jobs(), client.videos())

    def _leave_in_the_middle(self) -> None:
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(self._path))
            visitor.sendall(b"GET /v1/snapshot HTTP/1.1\r\nHost: eng")
