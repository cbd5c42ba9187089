"""The engine's process: one per data folder, its log, its recorders, its end."""

import asyncio
import contextlib
import fcntl
import logging
import signal
from collections.abc import Generator
from pathlib import Path

from ezrec_tui import __version__
from ezrec_tui.clock import Clock, SystemClock
from ezrec_tui.config import Settings
from ezrec_tui.engine.link import Link, end_recorders
from ezrec_tui.engine.recorders import camera_specs, running_recorder
from ezrec_tui.logs import log_as_engine

DECIDE_SECONDS = 2.0
"""So long may it take to look at what is there, until the engine answers all the same."""

log = logging.getLogger(__name__)


class AlreadyRunning(Exception):
    """Another engine works in this data folder."""


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Run an engine until SIGTERM or SIGINT. Raises AlreadyRunning, and OSError for a folder that is not usable."""
    data = settings.ezrec_data_dir.resolve()
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data / "engine.lock"):
        log_as_engine(settings.log_level, data / "logs")
        log.info("engine %s, data in %s", __version__, data)
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        running = _running_recorders(settings, data)

        from ezrec_tui.engine.engine import Engine  # takes long to import: the recorders start meanwhile

        engine = Engine(settings, clock or SystemClock(), running)
        living = asyncio.create_task(engine.run())
        deciding = asyncio.create_task(engine.decided.wait())
        await asyncio.wait((living, deciding), timeout=DECIDE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        deciding.cancel()

        from ezrec_tui.engine.serving import serve  # takes as long again: the recorders record meanwhile

        await serve(engine, living, settings, ended)


def end_left_recorders(settings: Settings) -> None:
    """End, in order, the recorders that a killed engine has left.

    Raises AlreadyRunning where an engine lives, and OSError.
    """
    data = settings.ezrec_data_dir.resolve()
    if data.is_dir():
        with _alone(data / "engine.lock"):
            end_recorders(data)


def _running_recorders(settings: Settings, data: Path) -> dict[int, Link]:
    """A recorder for each camera, those that an engine before has left among them; one that fails is tried again."""
    specs = camera_specs(settings)
    running: dict[int, Link] = {}
    try:
        end_recorders(data, but=[spec.index for spec in specs])
        for spec in specs:
            running[spec.index] = running_recorder(data, spec, settings.pre_roll_seconds)
    except OSError as error:
        log.error("a recorder cannot be started: %s", error)
    return running


@contextlib.contextmanager
def _alone(path: Path) -> Generator[None]:
    """Hold the folder's lock; the kernel lets go of it when the process ends, however it ends."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"another engine is running ({path.parent.resolve()}): use it, or set EZREC_DATA_DIR to another folder"
            ) from error
        yield
