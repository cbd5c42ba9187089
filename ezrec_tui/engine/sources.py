"""Follows where bookings come from, and tells what is wrong with them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from ezrec_tui.bookings import file, supabase
from ezrec_tui.bookings.parse import Door, Rejected
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.engine.alerts import Alerts
from ezrec_tui.engine.plans import Plans
from ezrec_tui.folders import Folders
from ezrec_tui.model import BookingSource, HealthItem, Level

if TYPE_CHECKING:
    from supabase import Client

log = logging.getLogger(__name__)


class Sources:
    """The bookings' file, and the database when one is set up. `on_plans` is called when the plans have changed."""

    def __init__(
        self,
        settings: Settings,
        folders: Folders,
        clock: Clock,
        plans: Plans,
        alerts: Alerts,
        *,
        connect: Callable[[], "Client"],
        on_plans: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        self._plans, self._alerts, self._on_plans, self._on_change = plans, alerts, on_plans, on_change
        door = Door(settings.timezone, settings.camera_id, settings.user_id)
        interval = settings.booking_check_interval
        self._watched = {BookingSource.FILE: file.watch(folders.bookings_file, door, clock, interval)}
        if settings.supabase_url:
            table = supabase.BookingsTable(connect, door)
            self._watched[BookingSource.SUPABASE] = supabase.watch(table, folders.bookings_cache, clock, interval)
        self._silent = set(self._watched)
        self.health: tuple[HealthItem, ...] = ()
        """Of the database, once it has been asked."""

    @property
    def all_spoke(self) -> bool:
        """Whether each of them has said something since the start."""
        return not self._silent

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for source, watched in self._watched.items():
                group.create_task(self._follow(source, watched))

    async def _follow(self, source: BookingSource, watched: AsyncIterator[Bookings]) -> None:
        async for said in watched:
            self._silent.discard(source)
            for problem in said.new_problems:
                self._tell(problem)
            for problem in said.mended:
                log.info("no longer wrong: %s", problem)
            if source is BookingSource.SUPABASE:
                wrong = next((problem.reason for problem in said.problems if problem.id == supabase.NAME), "")
                level = Level.WARNING if wrong else Level.OK
                self.health = (HealthItem(key="database", level=level, detail=wrong),)
            if self._plans.put(source, said.rows):
                log.info("%d bookings from %s", len(said.rows), source.value)
                self._on_plans()
            self._on_change()

    def _tell(self, problem: Rejected) -> None:
        if problem.id == supabase.NAME:  # the line, not a row: shown for as long as it lasts
            log.warning("%s", problem)
        else:
            self._alerts.put(Level.WARNING, str(problem), "mend that row; the other bookings are not touched by it")
