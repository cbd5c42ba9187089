"""A week without a line, by a quick clock; then it comes back, and everything arrives, in order."""

import itertools
import random
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ezrec_tui.model import PublishedStatus
from tests.campaign.delivery.cloud import Cloud, cloud
from tests.campaign.delivery.faults import SLOW_DOWN
from tests.campaign.delivery.quick import QuickClock
from tests.campaign.delivery.venue import Venue
from tests.campaign.delivery.verdict import broken_promises, keys_of
from tests.peers.proxy import CAPTIVE_PORTAL, Proxy

DAYS = 7
OUTAGE_HOURS = 4
"""After so long the line is down in another way."""
PATIENCE = 180.0
"""Real seconds without any news after which what has not arrived is held to be lost."""
AT_ONCE = 2
"""Videos that are uploaded at a time, so that so many may arrive in any order."""


@dataclass
class Week:
    """What came of it."""

    speed: float
    bookings: int = 0
    arrived_offline: int = 0
    overtook: int = 0
    """Bookings that were completed more than AT_ONCE places before their own."""
    offline_cpu_seconds: float = 0.0
    offline_seconds: float = 0.0
    """Of the machine's clock."""
    tries: int = 0
    """Of rows, in vain."""
    seconds_to_arrive: float = 0.0
    """From when the line was back until everything had arrived."""
    wrong: list[str] = field(default_factory=list[str])

    @property
    def kept(self) -> bool:
        """Whether every promise was. Those that find the line back go first, whatever their place."""
        return not self.wrong and not self.arrived_offline and self.overtook <= AT_ONCE


def run(speed: float, a_day: int, seed: int, folder: Path, *, ways: int = 5, intro_seconds: float = 6.5) -> Week:
    """Live through it. `ways`: of the ways in which a line can be down, how many are taken in turn."""
    week, clock, lot = Week(speed), QuickClock.begin(speed), random.Random(seed)
    with cloud(folder) as world, Venue(folder / "data", world, intro_seconds=intro_seconds, clock=clock) as venue:
        _take_down(world, 0)
        began, cpu = time.monotonic(), venue.worker_seconds()
        _live_offline(venue, world, clock, a_day, lot, ways)
        week.offline_seconds, week.offline_cpu_seconds = time.monotonic() - began, venue.worker_seconds() - cpu
        week.tries = venue.tries()
        week.arrived_offline = len(keys_of(world)) + len(world.database.sql("SELECT 1 FROM videos"))
        world.heal()
        healed = time.monotonic()
        _wait_for_all(venue)
        week.seconds_to_arrive = time.monotonic() - healed
        week.bookings = len(venue.booking_ids)
        week.wrong = broken_promises(world, venue)
        done = world.database.sql(
            "SELECT id FROM told WHERE status = %s ORDER BY number", PublishedStatus.COMPLETED.value
        )
        places = {row["id"]: place for place, row in enumerate(done)}
        week.overtook = sum(places.get(name, place) < place - AT_ONCE for place, name in enumerate(venue.booking_ids))
    return week


def _live_offline(venue: Venue, world: Cloud, clock: QuickClock, a_day: int, lot: random.Random, ways: int) -> None:
    """Record bookings through the week, while the line is down now in this way and now in that."""
    start = clock.now()
    recordings = [
        (start + timedelta(days=day, hours=lot.uniform(8, 22)), f"day-{day + 1}-booking-{number + 1}")
        for day in range(DAYS)
        for number in range(a_day)
    ]
    recordings.sort()
    outages = itertools.count(1)
    changes_at = start + timedelta(hours=OUTAGE_HOURS)
    while (now := clock.now()) < start + timedelta(days=DAYS) or recordings:
        if recordings and recordings[0][0] <= now:
            venue.record(recordings.pop(0)[1])
        elif now >= changes_at:
            _take_down(world, next(outages) % ways)
            changes_at = now + timedelta(hours=OUTAGE_HOURS)
        else:
            time.sleep(0.02)


def _take_down(world: Cloud, way: int) -> None:
    for line in world.lines:
        line.heal()
        _fail(line, way)


def _fail(line: Proxy, way: int) -> None:
    match way:
        case 0:
            line.refuse()
        case 1:
            line.answer(CAPTIVE_PORTAL)
        case 2:
            line.answer(SLOW_DOWN)
        case 3:
            line.reset_on_accept()
        case _:
            line.black_hole()


def _wait_for_all(venue: Venue) -> None:
    before, deadline = venue.jobs(), time.monotonic() + PATIENCE
    while venue.unfinished() and time.monotonic() < deadline:
        time.sleep(0.1)
        if (now := venue.jobs()) != before:
            before, deadline = now, time.monotonic() + PATIENCE


def tell(week: Week) -> None:
    """The counts, for people."""
    print(
        f"{week.bookings} bookings in {DAYS} days without a line, at {week.speed:g} times the speed:"
        f" {week.tries} tries of rows in vain, {week.offline_cpu_seconds:.1f} of {week.offline_seconds:.0f} s of the"
        " processor"
    )
    print(
        f"all arrived {week.seconds_to_arrive:.0f} s after the line was back;"
        f" {week.overtook} overtook more than {AT_ONCE} others, {week.arrived_offline} came before it was back"
    )
    for line in week.wrong:
        print(f"WRONG {line}")
