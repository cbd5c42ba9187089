"""Who knows the PIN, and how often somebody may be wrong: five tries, then a wait, longer each time.

All viewers share the tries. They are counted before the PIN is looked at, in the database, so that neither many
askers at once nor a restart of the engine give more of them.
"""

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from ezrec_tui.clock import Clock
from ezrec_tui.engine.alerts import though_disk_is_full
from ezrec_tui.engine.store import StateStore, understood
from ezrec_tui.model import NS, Alert, Answer, Level, Value
from ezrec_tui.pin import PinHash
from ezrec_tui.plural import plural

TRIES = 5
SHORTEST_LOCK, LONGEST_LOCK = 60, 3600
"""Seconds."""
SETTING = "pin tries"
LOCKED = f"a wrong PIN was entered {TRIES} times"
LOCKED_TO_DO = "ask who it was: the list of acts says when, and by whom; the right PIN works again after the wait"


class Tries(Value):
    """How often the PIN was wrong since it was right, and when it was last."""

    wrong: int = 0
    at: datetime | None = None

    @property
    def left(self) -> int:
        return TRIES - self.wrong % TRIES

    @property
    def lock_seconds(self) -> int:
        """After so many wrong ones; 0 while tries are left."""
        if self.wrong == 0 or self.wrong % TRIES:
            return 0
        return min(LONGEST_LOCK, SHORTEST_LOCK << min(10, self.wrong // TRIES - 1))


class PinDoor:
    """Says whether a PIN is the venue's, one asker after the other."""

    def __init__(
        self,
        pin: PinHash | None,
        clock: Clock,
        store: StateStore,
        alert: Callable[[Level, str, str], Alert | None],
    ) -> None:
        self._pin, self._clock, self._store, self._alert = pin, clock, store, alert
        self._turn = asyncio.Lock()
        kept = store.setting(SETTING)
        self._tries = (understood(Tries, kept) if kept else None) or Tries()
        self._open_ns = clock.sensor_ns() + self._seconds_left_before() * NS
        """When the lock ends, on the clock that does not step."""

    @property
    def is_set(self) -> bool:
        return self._pin is not None

    async def check(self, pin: str) -> Answer:
        if self._pin is None:
            return Answer(ok=False, message="no PIN is set")
        async with self._turn:
            left_ns = self._open_ns - self._clock.sensor_ns()
            if left_ns > 0:
                return _refused(math.ceil(left_ns / NS))
            self._keep(Tries(wrong=self._tries.wrong + 1, at=self._clock.now()))
            if await asyncio.to_thread(self._pin.matches, pin):
                self._keep(Tries())
                return Answer(ok=True, message="the PIN is right")
            if seconds := self._tries.lock_seconds:
                self._alert(Level.WARNING, LOCKED, LOCKED_TO_DO)
                return _refused(seconds)
            left = self._tries.left
            return Answer(ok=False, message=f"wrong PIN, {left} {plural(left, 'try', 'tries')} left")

    def _keep(self, tries: Tries) -> None:
        self._tries = tries
        self._open_ns = self._clock.sensor_ns() + tries.lock_seconds * NS
        with though_disk_is_full("a try of the PIN"):
            self._store.put_setting(SETTING, tries.model_dump_json())

    def _seconds_left_before(self) -> int:
        """Of a lock from before this start; never more than the whole, whatever the wall clock says now."""
        whole = self._tries.lock_seconds
        if not whole or self._tries.at is None:
            return 0
        left = self._tries.at + timedelta(seconds=whole) - self._clock.now()
        return max(0, min(whole, math.ceil(left.total_seconds())))


def _refused(seconds: int) -> Answer:
    return Answer(ok=False, message=f"too many wrong PINs: try again in {seconds} s")
