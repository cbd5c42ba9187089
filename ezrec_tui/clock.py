"""The clocks of the house. Passed in wherever time is asked for, so that tests own it."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Wall time for schedules, sensor time for frames, and waiting."""

    def now(self) -> datetime:
        """Wall time, aware, in UTC. It may step."""
        ...

    def sensor_ns(self) -> int:
        """Nanoseconds since the machine booted, the clock that stamps frames. It never steps."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sensor_ns(self) -> int:
        return sensor_ns()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def sensor_ns() -> int:
    """CLOCK_BOOTTIME, on which libcamera stamps frames (SensorTimestamp)."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def boot_id() -> str:
    """The kernel's name for this boot of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
