"""The line to the store, as all jobs that wait for it share it: one looks, all hear what he found."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from ezrec_tui.jobs.facts import Outcome

FIRST_SECONDS, LONGEST_SECONDS = 0.5, 30.0
"""Between two looks: doubled each time."""


class Bell:
    """Wakes all who wait for the line, when something got through."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or so long."""
        waits = [asyncio.ensure_future(self._rung.wait()), asyncio.ensure_future(self._sleep(seconds))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


class Line:
    """What hinders all uploads. However many wait, the store is asked seldom."""

    def __init__(self, bell: Bell, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bell, self._monotonic = bell, monotonic
        self._looking = asyncio.Lock()
        self._found: Outcome | None = None
        self._failures = 0
        self._again_at = float("-inf")

    async def hindrance(self, look: Callable[[], Awaitable[Outcome | None]]) -> Outcome | None:
        """What `look` finds, or what it has found a short while ago; None when nothing hinders."""
        async with self._looking:
            if self._monotonic() >= self._again_at:
                self._found = await look()
                self._failures = self._failures + 1 if self._found else 0
                seconds = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(self._failures, 16))
                self._again_at = self._monotonic() + seconds
                if self._found is None:
                    self._bell.ring()
            return self._found

    def is_up(self) -> None:
        """An upload got through: those who wait may go."""
        self._found, self._failures = None, 0
        self._again_at = self._monotonic() + FIRST_SECONDS
        self._bell.ring()
