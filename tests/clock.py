"""A clock that tests own."""

import asyncio
from datetime import datetime, timedelta


class OwnedClock:
    """Wall and sensor time stand still until `advance`; `step` moves the wall alone, as an operator or NTP would."""

    def __init__(self, now: datetime, sensor_ns: int = 1_000_000_000_000) -> None:
        self._now = now
        self._sensor_ns = sensor_ns

    def now(self) -> datetime:
        return self._now

    def sensor_ns(self) -> int:
        return self._sensor_ns

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._sensor_ns += round(seconds * 1e9)

    def step(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
