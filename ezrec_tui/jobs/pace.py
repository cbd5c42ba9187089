"""How often the queues are looked at: often while a job makes its way, seldom while none is there or all wait.

A look costs two milliseconds of a processor, and there are two queues; most of a day there is nothing in them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

OFTEN, SELDOM = 0.5, 2.0
"""Seconds between two looks at a queue: the most that a step waits for nothing, and that the first one of all does."""
CALM_SECONDS = 5.0
"""So long nothing makes its way before it is looked seldom."""


class Pace:
    """Used on one loop; `follow` lives until it is cancelled."""

    def __init__(
        self,
        look_every: Callable[[float], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._look_every, self._sleep = look_every, sleep
        self._under_way = 0
        self._changed = asyncio.Event()

    @contextmanager
    def making_way(self) -> Generator[None]:
        """Around all of a job."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def resting(self) -> Generator[None]:
        """Around what a job waits for within it."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def _count(self, change: int) -> None:
        self._under_way += change
        self._changed.set()

    async def follow(self) -> None:
        """Look as often as is needed now; at first it is looked often."""
        while True:
            while self._under_way:
                await self._change()
            await self._sleep(CALM_SECONDS)
            if self._under_way:
                continue
            await self._look_every(SELDOM)
            while not self._under_way:
                await self._change()
            await self._look_every(OFTEN)

    async def _change(self) -> None:
        await self._changed.wait()
        self._changed.clear()
