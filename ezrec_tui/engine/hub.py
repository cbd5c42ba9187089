"""Tells those who follow the engine that there is something new; whoever is slow sees the newest, not all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

SHORTEST = 0.25
"""Seconds between two snapshots to one follower."""
HEARTBEAT = 2.0
"""Seconds after which a follower hears of the engine though nothing changed."""


class Hub:
    """A counter of changes that many can wait on."""

    def __init__(self) -> None:
        self.sequence = 0
        self._changed = asyncio.Event()
        self._closed = False

    def change(self) -> None:
        self.sequence += 1
        self._changed.set()

    def close(self) -> None:
        """End all following."""
        self._closed = True
        self._changed.set()

    async def follow(self) -> AsyncIterator[int]:
        """The sequence number: at once, then at changes, coalesced, and at the heartbeat."""
        while not self._closed:
            yield self.sequence
            seen = self.sequence
            await asyncio.sleep(SHORTEST)
            if self.sequence == seen and not self._closed:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT - SHORTEST):
                        await self._changed.wait()
