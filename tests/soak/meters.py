"""What each process of the engine takes, and the disk beside footage and videos, once a second while it goes on.

Footage is kept by the day, and not measured here: see `afterwards`.
"""

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from ezrec_tui.log_file import LOG_NAME
from tests.campaign.kills import processes
from tests.soak.slopes import Point, Slope, blocks, fit

WARM_HOURS = 1.0
"""Of a life, by the venue's clock, until all that is needed was there once: not measured."""
BLOCK_HOURS = 0.25
MB = 1e6
DISK = "disk"


@dataclass(frozen=True)
class Measure:
    """Something that must not grow."""

    name: str
    unit: str
    matters: float
    """More than that in an hour of the venue is not to be."""


MEMORY = Measure("memory", "MB", 0.5)
DESCRIPTORS = Measure("descriptors", "", 0.25)
THREADS = Measure("threads", "", 0.25)
LOGS = Measure("log", "MB", 0.5)
RECORDS = Measure("databases and the rest", "MB", 0.5)
OF_A_PROCESS = MEMORY, DESCRIPTORS, THREADS
OF_THE_DISK = LOGS, RECORDS


@dataclass(frozen=True)
class Growth:
    """Of one measure of one process, or of the disk."""

    who: str
    measure: Measure
    slope: Slope | None
    most: float
    lives: list[list[Point]]
    """Of each life that was long enough the means that the slope is fitted to."""

    @property
    def is_significant(self) -> bool:
        return self.slope is not None and self.slope.surely > self.measure.matters


@dataclass
class Meters:
    """Reads on a thread of its own."""

    data: Path
    speed: float
    """Hours of the venue in one."""
    until: datetime | None = None
    """When nothing is to be recorded any more, and processes give back what they had for it."""
    _lives: defaultdict[tuple[str, int], list[tuple[float, dict[Measure, float]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Meters":
        self._thread = threading.Thread(target=self._read, name="meters", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def growths(self) -> list[Growth]:
        """What has become of each measure."""
        whos = dict.fromkeys(who for who, _ in self._lives)
        return [self._growth(who, measure) for who in whos for measure in _measures_of(who)]

    def _growth(self, who: str, measure: Measure) -> Growth:
        lives = [readings for (name, _), readings in self._lives.items() if name == who]
        points: list[list[Point]] = []
        for readings in lives:
            warm = [(at, taken[measure]) for at, taken in readings if at >= readings[0][0] + WARM_HOURS]
            if warm:
                points.append(blocks(warm, BLOCK_HOURS))
        most = max(taken[measure] for readings in lives for _, taken in readings)
        return Growth(who, measure, fit(points), most, points)

    def _read(self) -> None:
        while not self._ended.wait(1.0) and (self.until is None or datetime.now(UTC) < self.until):
            at = time.monotonic() / 3600 * self.speed
            for process, target in processes(self.data):
                try:
                    with process.oneshot():
                        taken = {
                            MEMORY: process.memory_full_info().uss / MB,
                            DESCRIPTORS: float(process.num_fds()),
                            THREADS: float(process.num_threads()),
                        }
                except psutil.Error:  # it has just ended
                    continue
                self._lives[target.value, process.pid].append((at, taken))
            self._lives[DISK, 0].append((at, _on_disk(self.data)))


def _measures_of(who: str) -> Iterable[Measure]:
    return OF_THE_DISK if who == DISK else OF_A_PROCESS


def _on_disk(data: Path) -> dict[Measure, float]:
    taken = dict.fromkeys(OF_THE_DISK, 0.0)
    for path in data.rglob("*"):
        if path.relative_to(data).parts[0] in ("recordings", "processed") or path.name.endswith(("-wal", "-shm")):
            continue
        try:
            size = _content(path) if path.suffix == ".db" else path.stat().st_size if path.is_file() else 0
        except (FileNotFoundError, sqlite3.Error):  # it is being made, or put in order
            continue
        taken[LOGS if path.name.startswith(LOG_NAME) else RECORDS] += size / MB
    return taken


def _content(database: Path) -> int:
    """Bytes, wherever they are: SQLite moves what is written from one file to another when it has some megabytes."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (pages,), (size,) = (connection.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "page_size"))
    return int(pages) * int(size)
