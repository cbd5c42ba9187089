"""What goes wrong in those hours: processes killed and hung, the lines, the store, the database, a file of bookings."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.campaign import kills
from tests.campaign.delivery import faults as lines
from tests.campaign.delivery.cloud import Cloud
from tests.campaign.kills import Moment, Target

EARLY, ANY_TIME = (0.05, 0.3), (0.05, 0.95)
"""Parts of the time. What ends a process comes early, so that those that follow live long enough to be measured."""
SECONDS = 3.0, 15.0
"""How long a line is down, or a file wrong, or a process hangs."""
LINES = [kind for kind in lines.Kind if kind is not lines.Kind.KILL]
KILLS = Counter({Target.RECORDER_0: 1, Target.RECORDER_1: 1, Target.WORKER: 2, Target.ENGINE: 1, Target.ALL: 1})
HANGS = Counter({Target.RECORDER_0: 1, Target.RECORDER_1: 1, Target.WORKER: 1})
GARBAGE = '[{"id": 1, "start_time": "yesterday"}, null, 7', '{"bookings": 5}', "", "\0\xff" * 100


@dataclass(frozen=True)
class Fault:
    """A fault to come, `at` so many seconds of the machine's clock after the beginning."""

    at: float
    name: str
    happen: Callable[[], bool]
    """From its beginning to its end; False when it met nobody."""
    costs: float = 0.0
    """Seconds of footage that it may cost a camera."""
    ends: bool = False
    """A process."""


def draw(lot: random.Random, seconds: float, hours: float, data: Path, cloud: Cloud) -> list[Fault]:
    """Those of so many hours of the venue, in their order."""
    deck = [
        *(_kill(target, data) for target in KILLS.elements()),
        *(_hang(target, data, lot.uniform(*SECONDS)) for target in HANGS.elements()),
        *(_garbage(text, data, lot.uniform(*SECONDS)) for text in lot.sample(GARBAGE, 3)),
        *(_line(lot, kind, cloud) for kind in LINES * 2),
    ]
    drawn = lot.sample(deck, min(len(deck), round(len(deck) * hours / 8)))
    placed = (replace(one, at=lot.uniform(*(EARLY if one.ends else ANY_TIME)) * seconds) for one in drawn)
    return sorted(placed, key=lambda one: one.at)


def _kill(target: Target, data: Path) -> Fault:
    def happen() -> bool:
        return kills.carry_out(kills.Planned(target, Moment.RECORDING, 0), data) is not None

    return Fault(0, f"kill {target.value}", happen, 0 if target is Target.WORKER else 12, ends=True)


def _hang(target: Target, data: Path, seconds: float) -> Fault:
    """It stands still, until it is killed for that, or goes on by itself."""

    def happen() -> bool:
        victims = [process for process, kind in kills.processes(data) if kind is target]
        for process in victims:
            _signal(process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        for process in victims:
            _signal(process.pid, signal.SIGCONT)
        return bool(victims)

    return Fault(0, f"{target.value} hangs", happen, 0 if target is Target.WORKER else seconds + 5, ends=True)


def _garbage(text: str, data: Path, seconds: float) -> Fault:
    def happen() -> bool:
        path = data / "bookings.json"
        path.write_text(text)
        time.sleep(seconds)
        path.unlink()
        return True

    return Fault(0, "a bookings file that is none", happen)


def _line(lot: random.Random, kind: lines.Kind, cloud: Cloud) -> Fault:
    drawn = replace(lines.draw(lot, kind), seconds=lot.uniform(*SECONDS))
    return Fault(0, f"{kind.value}, {drawn.where.value}", lambda: lines.carry_out(drawn, cloud))


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
