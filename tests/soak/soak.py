"""The hours, from their beginning until the last video is delivered; and what is to be told of them."""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.clock import sensor_ns
from ezrec_tui.launch import EngineKeeper
from ezrec_tui.model import NS, Job
from tests.campaign.booking import OVER, environment_of
from tests.campaign.delivery.cloud import Cloud, cloud
from tests.campaign.delivery.quick import QuickClock
from tests.small_disk import small_disk
from tests.soak.afterwards import left_when_kept_for_long
from tests.soak.day import Slot, slots
from tests.soak.faults import Fault, draw
from tests.soak.meters import Growth, Meters
from tests.soak.verdict import broken_promises
from tests.soak.visitors import Visitors

DISK_MB = 60
"""For each hour of the venue; and as much for what is waiting while nothing can be delivered."""
PATIENCE = 180.0
"""Seconds without any news after which what is not delivered is held to be lost."""
LOOK_SECONDS = 1.0
CHECK_SECONDS = 5.0
"""Of the venue's clock, between two looks at the bookings."""


@dataclass
class Soak:
    """What was done and what came of it."""

    seed: int
    hours: float
    speed: float
    bookings: int = 0
    visits: int = 0
    faults: dict[str, int] = field(default_factory=dict[str, int])
    """By name: how many met somebody."""
    growths: list[Growth] = field(default_factory=list[Growth])
    wrong: list[str] = field(default_factory=list[str])
    left_over: dict[str, int] = field(default_factory=dict[str, int])
    """Footage and videos that are still there when all were kept for long enough, and their bytes."""
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every promise was, and nothing grows."""
        return not self.wrong and self.room_is_made and not any(growth.is_significant for growth in self.growths)

    @property
    def room_is_made(self) -> bool:
        """Whether all goes that may: what is more than half of all that is left stays, and what follows it."""
        return 2 * max(self.left_over.values(), default=0) >= sum(self.left_over.values())

    def summary(self) -> Mapping[str, object]:
        return asdict(self)


def run(hours: float, speed: float, seed: int, folder: Path) -> Soak:
    """Live through it."""
    soak, lot, began = Soak(seed, hours, speed), random.Random(seed), time.monotonic()
    with (
        cloud(folder) as world,
        tempfile.TemporaryDirectory(prefix="ezrec-") as sockets,
        small_disk(folder / "data", round(DISK_MB * (hours + 4))) as data,
    ):
        socket = Path(sockets) / "engine"
        environment = _environment(data, socket, world, speed)
        client = EngineClient(socket)
        with (
            EngineKeeper(environment, data, folder / "engine-output.log"),
            Meters(data, speed) as meters,
            Visitors(socket, speed, seed) as visitors,
        ):
            _until_up(client)
            clock = QuickClock.begin(speed)
            booked = slots(lot, clock.began, hours, speed)
            for slot in booked:
                world.database.add_booking(slot.id, slot.start, slot.end, status="confirmed")
            meters.until = max(slot.end for slot in booked)
            faults = draw(lot, hours * 3600 / speed, hours, data, world)
            costs = _go_wrong(soak, faults, clock)
            _wait_for_all(client, booked)
            soak.visits = visitors.visits
        soak.bookings, soak.growths = len(booked), meters.growths()
        soak.wrong = list(broken_promises(booked, world, data, folder, costs))
        soak.left_over = left_when_kept_for_long(data, environment)
        shutil.copytree(data, folder / "left", ignore=shutil.ignore_patterns("recordings", "processed", "run"))
    soak.seconds = time.monotonic() - began
    return soak


def _environment(data: Path, socket: Path, world: Cloud, speed: float) -> dict[str, str]:
    return (
        environment_of(data, socket)
        | world.settings()
        | {"BOOKING_CHECK_INTERVAL": str(CHECK_SECONDS / speed), "FREE_HOURS": "0", "LOG_LEVEL": "INFO"}
    )


def _go_wrong(soak: Soak, faults: list[Fault], clock: QuickClock) -> list[tuple[float, float]]:
    """Have the faults happen at their times; what each may have cost, see `verdict`."""
    costs: list[tuple[float, float]] = []
    began_ns = clock.origin_ns
    for fault in faults:
        while (left := fault.at - (sensor_ns() - began_ns) / NS) > 0:
            time.sleep(min(left, LOOK_SECONDS))
        at = sensor_ns() / NS
        if fault.happen():
            soak.faults[fault.name] = soak.faults.get(fault.name, 0) + 1
            costs.append((at, fault.costs))
            hour = (clock.now() - clock.began) / timedelta(hours=1)
            print(f"{hour:6.2f} h  {fault.name}", flush=True)
    return costs


def _jobs(client: EngineClient) -> dict[str, Job] | None:
    """None while no engine answers."""
    try:
        return {job.booking_id: job for job in asyncio.run(client.jobs())}
    except EngineError:
        return None


def _until_up(client: EngineClient) -> None:
    deadline = time.monotonic() + PATIENCE
    while _jobs(client) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("the engine does not come up")
        time.sleep(0.1)


def _wait_for_all(client: EngineClient, booked: list[Slot]) -> None:
    """Until all bookings are over and their jobs too, or nothing has happened for a long time."""
    last_end = max(slot.end for slot in booked)
    before, deadline = None, time.monotonic() + PATIENCE
    while (coming := last_end > datetime.now(UTC)) or time.monotonic() < deadline:
        jobs = _jobs(client)
        if not coming and jobs and all(slot.id in jobs and jobs[slot.id].state in OVER for slot in booked):
            return
        if coming or (jobs is not None and jobs != before):
            before, deadline = jobs, time.monotonic() + PATIENCE
        time.sleep(LOOK_SECONDS)


def tell(soak: Soak) -> None:
    """The counts and slopes, for people."""
    print(
        f"\n{soak.hours:g} h of a venue at {soak.speed:g} times the speed, in {soak.seconds:.0f} s: {soak.bookings}"
        f" bookings, {soak.visits} visits, {sum(soak.faults.values())} faults"
    )
    for name, count in sorted(soak.faults.items()):
        print(f"{count:4} {name}")
    print(f"\n{'':12}{'':24}{'lives':>6}{'mean':>9}{'most':>9}{'an hour':>10}{'error':>9}{'surely':>9}{'limit':>8}")
    for growth in soak.growths:
        slope, measure = growth.slope, growth.measure
        name = f"{measure.name} ({measure.unit})" if measure.unit else measure.name
        told = (
            f"{slope.level:9.1f}{growth.most:9.1f}{slope.per_hour:+10.3f}{slope.error:9.3f}{slope.surely:+9.3f}"
            f"{measure.matters:8.2f}{'  GROWS' if growth.is_significant else ''}"
            if slope
            else f"{'':9}{growth.most:9.1f}  too short a life for a slope"
        )
        print(f"{growth.who:12}{name:24}{len(growth.lives):6}{told}")
    print("(an hour of the venue; surely: the least that it grows by, but for one chance in a thousand)")
    left = ", ".join(f"{name} ({size / 1e6:.1f} MB)" for name, size in soak.left_over.items())
    print(f"left when all was kept for long enough: {left or 'nothing'}")
    if not soak.room_is_made:
        print("WRONG more could be deleted of that")
    for line in soak.wrong:
        print(f"WRONG {line}")
