"""Bookings from `<data>/bookings.json`: a list, or an object with the list under "bookings".

The file is read when the kernel tells of a change, and every few seconds as well, as it tells nothing of changes on
some file systems. While it cannot be understood, the bookings it held before stand.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchfiles import awatch

from ezrec_tui.bookings.parse import Door, Rejected
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.clock import Clock
from ezrec_tui.plural import plural

SETTLE_SECONDS = 0.5
"""A file that is gone or cannot be understood is looked at once more after this: somebody may be writing it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of a file, not parsed, or why there are none."""

    rows: list[Any] | None
    problem: str = ""


async def watch(path: Path, door: Door, clock: Clock, interval: float = 5) -> AsyncGenerator[Bookings, None]:
    """The bookings of a file: at once, and then whenever they or what is wrong with them change. Never ends."""
    changed = asyncio.Event()
    watcher = asyncio.create_task(_tell(path, changed, clock, interval))
    said = Bookings()
    first = True
    try:
        while True:
            changed.clear()
            contents = await asyncio.to_thread(read, path)
            if contents.rows is None or (said.rows and not contents.rows):
                await clock.sleep(SETTLE_SECONDS)
                contents = await asyncio.to_thread(read, path)
            now = understand(path, contents, door, said)
            if first or now.differs(said):
                yield now
            said, first = now, False
            await _either(changed.wait(), clock.sleep(interval))
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


def read(path: Path) -> Contents:
    """The rows in a file. A file that does not exist holds none."""
    try:
        text = path.read_bytes()
        found = json.loads(text)
    except FileNotFoundError:
        return Contents([])
    except OSError as error:
        return Contents(None, f"it cannot be read: {error.strerror}")
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return Contents(None, f"{where}: {error.msg}" if error.doc.strip() else "the file is empty; write [] for none")
    except UnicodeDecodeError as error:
        return Contents(None, f"byte {error.start + 1} is not text in UTF-8")
    except (ValueError, RecursionError):
        return Contents(None, "it holds a number too long, or is nested too deep")
    if isinstance(found, dict):
        found = found.get("bookings")
    if not isinstance(found, list):
        return Contents(None, 'it is neither a list of bookings nor {"bookings": [...]}')
    return Contents(found)


def understand(path: Path, contents: Contents, door: Door, before: Bookings) -> Bookings:
    """What the file says now, after it said `before`."""
    if contents.rows is None:
        problem = contents.problem
        if before.rows:
            count = len(before.rows)
            problem = (
                f"{problem}; the {count} {plural(count, 'booking known before stands', 'bookings known before stand')}"
            )
        return before.then(before.rows, (Rejected(str(path), problem),))
    rows, wrong = door.bookings(contents.rows)
    return before.then(rows, tuple(Rejected(f"{path.name}, {one.id}", one.reason) for one in wrong))


async def _tell(path: Path, changed: asyncio.Event, clock: Clock, interval: float) -> None:
    """Set `changed` at every change of the file, for as long as the kernel can tell."""
    while True:
        try:
            async for _ in awatch(
                path.parent, watch_filter=lambda _, name: Path(name).name == path.name, recursive=False, debounce=200
            ):
                changed.set()
        except (OSError, RuntimeError) as error:  # no folder yet, no watches left
            log.debug("changes of %s are found by looking only: %s", path, error)
        await clock.sleep(interval)


async def _either(*waits: Any) -> None:
    """Wait until one of them is done, and end the others."""
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
