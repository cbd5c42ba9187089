"""A clock that runs quicker than the machine's, and is the same in every process that is told of it."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ezrec_tui.clock import sensor_ns

VARIABLE = "QUICK_CLOCK"


@dataclass(frozen=True)
class QuickClock:
    """`speed` seconds go by in one."""

    origin_ns: int
    """On the machine's sensors' clock, from when on."""
    began: datetime
    """The wall's time then."""
    speed: float

    @classmethod
    def begin(cls, speed: float) -> "QuickClock":
        return cls(sensor_ns(), datetime.now(UTC), speed)

    @classmethod
    def of_environment(cls) -> "QuickClock":
        origin_ns, began, speed = os.environ[VARIABLE].split()
        return cls(int(origin_ns), datetime.fromisoformat(began), float(speed))

    def environment(self) -> dict[str, str]:
        """By which another process has the same clock."""
        return {VARIABLE: f"{self.origin_ns} {self.began.isoformat()} {self.speed}"}

    def now(self) -> datetime:
        return self.began + timedelta(microseconds=(self.sensor_ns() - self.origin_ns) / 1000)

    def sensor_ns(self) -> int:
        return self.origin_ns + round((sensor_ns() - self.origin_ns) * self.speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)
