"""Bookings delivered while the lot decides what fails next, until enough has failed and all is delivered."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ezrec_tui.delivery.s3_parts import SMALLEST_PART
from tests.campaign.delivery.cloud import Cloud, cloud
from tests.campaign.delivery.faults import Fault, Kind, carry_out, draw
from tests.campaign.delivery.venue import Venue
from tests.campaign.delivery.verdict import broken_promises

UNDER_WAY = 6
"""Bookings that are being delivered at a time."""
BETWEEN = 0.2, 1.5
"""Seconds between two faults in which something may get through."""
TRAFFIC_BYTES = 100_000
"""Up to the store: more than looking whether the line is back."""
PATIENCE = 180.0
"""Seconds without any news after which what is not delivered is held to be lost."""


@dataclass
class Result:
    """What was done and what came of it."""

    seed: int
    faults: list[Fault] = field(default_factory=list[Fault])
    bookings: int = 0
    wrong: list[str] = field(default_factory=list[str])
    delivered_bytes: int = 0
    sent_bytes: int = 0
    """To the store, with all that surrounds the videos' own bytes."""
    seconds: float = 0.0

    @property
    def again_bytes(self) -> int:
        return self.sent_bytes - self.delivered_bytes

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return not self.wrong and self.again_bytes <= len(self.faults) * SMALLEST_PART

    def summary(self) -> dict[str, object]:
        kinds = Counter(fault.kind.value for fault in self.faults)
        return {
            "seed": self.seed,
            "bookings": self.bookings,
            "whole": self.bookings - len({line.partition(":")[0] for line in self.wrong}),
            "faults": len(self.faults),
            "by_kind": {kind.value: kinds[kind.value] for kind in Kind},
            "by_line": dict(Counter(fault.where.value for fault in self.faults)),
            "delivered_bytes": self.delivered_bytes,
            "sent_again_bytes": self.again_bytes,
            "sent_again_parts_a_fault": round(self.again_bytes / SMALLEST_PART / max(1, len(self.faults)), 3),
            "part_bytes": SMALLEST_PART,
            "seconds": round(self.seconds),
            "wrong": self.wrong,
        }


def run(faults: int, bookings: int, seed: int, folder: Path, *, under_way: int = UNDER_WAY) -> Result:
    """Run it, with so many bookings being delivered at a time; every ten faults it is told how far it is."""
    result, began = Result(seed), time.monotonic()
    with cloud(folder) as world, Venue(folder / "data", world) as venue:
        _fail_and_deliver(result, faults, bookings, world, venue, under_way)
        _wait_for_all(venue)
        result.bookings = len(venue.booking_ids)
        result.wrong = broken_promises(world, venue)
        videos = (venue.video(name) for name in venue.booking_ids)
        result.delivered_bytes = sum(video.stat().st_size for video in videos if video.exists())
        result.sent_bytes = world.store_line.taken
    result.seconds = time.monotonic() - began
    return result


def _fail_and_deliver(result: Result, faults: int, bookings: int, world: Cloud, venue: Venue, under_way: int) -> None:
    lot = random.Random(result.seed)
    kinds: list[Kind] = []
    while len(result.faults) < faults or len(venue.booking_ids) < bookings:
        while len(venue.unfinished()) < under_way:
            venue.record(f"booking-{len(venue.booking_ids) + 1}")
        if len(result.faults) * bookings >= faults * len(venue.booking_ids):  # so that each booking has its share
            time.sleep(0.1)
            continue
        _wait_for_traffic(world, venue)
        time.sleep(lot.uniform(*BETWEEN))
        kinds = kinds or lot.sample(list(Kind), len(Kind))  # each as often as any other
        fault = draw(lot, kinds[-1])
        if venue.delivering() and carry_out(fault, world, venue.kill):
            kinds.pop()
            result.faults.append(fault)
            if len(result.faults) % 10 == 0:
                left = len(venue.unfinished())
                print(f"{len(result.faults):4} faults, {len(venue.booking_ids) - left} delivered", flush=True)


def _wait_for_traffic(world: Cloud, venue: Venue) -> None:
    """Until a video is on its way again, so that a fault meets somebody."""
    taken, deadline = world.store_line.taken, time.monotonic() + PATIENCE
    while world.store_line.taken < taken + TRAFFIC_BYTES and venue.unfinished() and time.monotonic() < deadline:
        time.sleep(0.02)


def _wait_for_all(venue: Venue) -> None:
    """Until all jobs are over, or nothing has happened for a long time."""
    before, deadline = venue.jobs(), time.monotonic() + PATIENCE
    while venue.unfinished() and time.monotonic() < deadline:
        time.sleep(0.2)
        if (now := venue.jobs()) != before:
            before, deadline = now, time.monotonic() + PATIENCE


def tell(result: Result) -> None:
    """The counts, for people."""
    found = result.summary()
    kinds = Counter(fault.kind.value for fault in result.faults)
    print(f"{len(result.faults)} faults: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    print(f"{found['whole']} of {found['bookings']} bookings ended with one object, one row and the status Completed")
    print(
        f"{result.delivered_bytes / 1e6:.0f} MB delivered, {result.again_bytes / 1e6:.0f} MB sent again:"
        f" {found['sent_again_parts_a_fault']} parts a fault (at most 1), in {result.seconds:.0f} s"
    )
    for line in result.wrong:
        print(f"WRONG {line}")
