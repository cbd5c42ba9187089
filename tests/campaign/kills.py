"""Which processes of an engine are killed when: drawn by lot, and carried out."""

import os
import random
import signal
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from ezrec_tui.clock import sensor_ns
from tests.processes import processes_of


class Target(StrEnum):
    RECORDER_0 = "recorder 0"
    RECORDER_1 = "recorder 1"
    ENGINE = "engine"
    WORKER = "worker"
    ALL = "all at once"


class Moment(StrEnum):
    RECORDING = "recording"
    FINISHING = "finishing"
    RENDERING = "rendering"
    DELIVERING = "delivering"


MOMENTS = {Moment.RECORDING: 5, Moment.FINISHING: 2, Moment.RENDERING: 2, Moment.DELIVERING: 2}
"""How often each is drawn."""
DURING = list(Moment)
FEWEST_KILLS, MOST_KILLS = 3, 5
"""Of one booking: not so many that they use up the restart budget."""
BEFORE_START = 1.0
"""So many seconds before the start may the first kill come."""
AROUND_END = -0.5, 2.0
INTO_RENDER = 0.0, 0.8
INTO_DELIVERY = 0.0, 0.15


@dataclass(frozen=True)
class Planned:
    """A kill to come, `seconds` after the booking's start, its end, or the first sign of what is under way."""

    target: Target
    moment: Moment
    seconds: float


@dataclass(frozen=True)
class Kill:
    """A kill that took place, at an instant of the sensors' clock."""

    target: Target
    moment: Moment
    at_ns: int

    def concerns(self, camera: int) -> bool:
        """Whether it may cost footage of a camera. That of the engine should not: its recorders go on."""
        return self.target in (Target.ALL, Target.ENGINE, (Target.RECORDER_0, Target.RECORDER_1)[camera])


def draw(lot: random.Random, length: float) -> list[Planned]:
    """The kills of one booking of `length` seconds, in the order in which they come."""
    kills: list[Planned] = []
    for moment in lot.choices(list(MOMENTS), list(MOMENTS.values()), k=lot.randint(FEWEST_KILLS, MOST_KILLS)):
        span = {
            Moment.RECORDING: (-BEFORE_START, length),
            Moment.FINISHING: AROUND_END,
            Moment.RENDERING: INTO_RENDER,
            Moment.DELIVERING: INTO_DELIVERY,
        }[moment]
        kills.append(Planned(lot.choice(list(Target)), moment, lot.uniform(*span)))
    return sorted(kills, key=lambda kill: (DURING.index(kill.moment), kill.seconds))


def carry_out(planned: Planned, data: Path) -> Kill | None:
    """kill -9 now; None when there is no such process, as it is being started again."""
    victims = [process for process, kind in processes(data) if planned.target in (kind, Target.ALL)]
    at_ns = sensor_ns()
    killed = 0
    for process in victims:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed += 1
    return Kill(planned.target, planned.moment, at_ns) if killed else None


def processes(data: Path) -> list[tuple[psutil.Process, Target]]:
    """Those of the engine that works in this folder, the engine first: nobody is left to start the others again."""
    kinds = {
        " -m ezrec_tui engine": Target.ENGINE,
        " -m ezrec_tui.jobs": Target.WORKER,
        '"index":0': Target.RECORDER_0,
        '"index":1': Target.RECORDER_1,
    }
    found = [(process, kind) for process, line in processes_of(data) for word, kind in kinds.items() if word in line]
    return sorted(found, key=lambda one: one[1] is not Target.ENGINE)
