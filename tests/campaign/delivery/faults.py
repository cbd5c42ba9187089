"""What goes wrong on the way of a video, drawn by lot and carried out."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ezrec_tui.delivery.s3_parts import SMALLEST_PART
from tests.campaign.delivery.cloud import Cloud
from tests.peers.proxy import CAPTIVE_PORTAL, Proxy, http_response

LENGTH = 0.3, 2.5
"""Seconds that a fault lasts."""
MEETING_SECONDS = 5.0
"""A fault that nobody has met for so long is lifted, and does not count."""
SLOW_BYTES_PER_SECOND = 100_000
SLOW_DOWN = http_response("503 Service Unavailable", "<Error><Code>SlowDown</Code></Error>")
TOO_MANY = http_response("429 Too Many Requests", "<Error><Code>TooManyRequests</Code></Error>")


class Kind(StrEnum):
    KILL = "kill"
    RESET = "reset at a random byte"
    BLACK_HOLE = "black hole"
    REFUSE = "refuse"
    UNAVAILABLE = "503"
    TOO_MANY = "429"
    SLOW = "slow line"
    PORTAL = "HTML portal"
    STORE_RESTART = "store restarted"
    DATABASE_RESTART = "database restarted"


class Where(StrEnum):
    STORE = "store"
    DATABASE = "database"
    BOTH = "both"
    WORKER = "worker"


@dataclass(frozen=True)
class Fault:
    """A fault to come; `size` bytes up (negative: down) from its beginning a line is cut, if that is what it does."""

    kind: Kind
    where: Where
    seconds: float
    size: int


def draw(lot: random.Random, kind: Kind) -> Fault:
    match kind:
        case Kind.KILL:
            where = Where.WORKER
        case Kind.STORE_RESTART:
            where = Where.STORE
        case Kind.DATABASE_RESTART:
            where = Where.DATABASE
        case Kind.RESET:
            where = lot.choices([Where.STORE, Where.DATABASE], [3, 1])[0]
        case _:
            where = lot.choices([Where.STORE, Where.DATABASE, Where.BOTH], [5, 2, 3])[0]
    up = SMALLEST_PART if where is Where.STORE else 3_000
    size = lot.randrange(1, up) if lot.random() < 0.8 else -lot.randrange(1, 1_500)
    return Fault(kind, where, lot.uniform(*LENGTH), size)


def carry_out(fault: Fault, cloud: Cloud, kill: Callable[[], None] | None = None) -> bool:
    """Have it happen, from its beginning to its end; False when it met nobody. `kill`: kill -9 of the worker."""
    ways: dict[Where, tuple[Proxy, ...]] = {
        Where.STORE: (cloud.store_line,),
        Where.DATABASE: (cloud.database_line,),
        Where.BOTH: cloud.lines,
    }
    lines = ways.get(fault.where, ())
    match fault.kind:
        case Kind.KILL:
            assert kill is not None
            kill()
            return True
        case Kind.RESET:
            return _cut(lines[0], fault.size)
        case Kind.STORE_RESTART:
            cloud.store.restart(fault.seconds / 2)
            return True
        case Kind.DATABASE_RESTART:
            cloud.postgres.end()
            time.sleep(fault.seconds)
            cloud.postgres.start()
            return True
        case _:
            pass
    before = _traffic(lines)
    for line in lines:
        match fault.kind:
            case Kind.BLACK_HOLE:
                line.black_hole()
            case Kind.REFUSE:
                line.refuse()
            case Kind.UNAVAILABLE:
                line.answer(SLOW_DOWN)
            case Kind.TOO_MANY:
                line.answer(TOO_MANY)
            case Kind.PORTAL:
                line.answer(CAPTIVE_PORTAL)
            case _:
                line.throttle(SLOW_BYTES_PER_SECOND)
    time.sleep(fault.seconds)
    met = fault.kind is Kind.REFUSE or _until(lambda: _traffic(lines) != before)  # who was refused is not to be seen
    cloud.heal()
    return met


def _traffic(lines: Sequence[Proxy]) -> list[tuple[int, int]]:
    return [(line.taken, line.connections) for line in lines]


def _cut(line: Proxy, size: int) -> bool:
    if size > 0:
        line.reset_after_up(size)
    else:
        line.reset_after_down(-size)
    _until(lambda: not line.cut_is_to_come)
    return not line.drop_cut()


def _until(holds: Callable[[], bool]) -> bool:
    """Wait until somebody has met the fault; False when nobody does."""
    deadline = time.monotonic() + MEETING_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
