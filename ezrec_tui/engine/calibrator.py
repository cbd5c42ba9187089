"""Finds out how the cameras stand to each other: from what they see now (see `take`), or from a booking's footage.

A child does it, with the code of `ezrec calibrate`. What it found goes into the calibration folder whole or not at
all; the rig before is kept beside it. Where nothing is found, the rig that is there stays.
"""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ezrec_tui.clock import Clock
from ezrec_tui.engine.camera_test import RUNS
from ezrec_tui.engine.errand import Errand
from ezrec_tui.engine.take import SECONDS, CameraTake, CutOff
from ezrec_tui.files import commit_file, write_atomic
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.found import Found
from ezrec_tui.model import Answer, Calibration

FIND_SECONDS = 600.0
"""A child that has found nothing by then is ended; a Pi takes half a minute."""
LOOK_SECONDS = 0.1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    folder: Path | None
    """The recording's; None: the cameras are asked."""
    swapped: bool


class Calibrator:
    """Calibrates when it is asked to. `run` lives until it is cancelled; calls `on_change` when something came of it.

    Killed at any time, the rig is the old one or the new one.
    """

    def __init__(self, folders: Folders, clock: Clock, take: CameraTake, on_change: Callable[[], None]) -> None:
        self._folders, self._clock, self._take, self._on_change = folders, clock, take, on_change
        self._asked: asyncio.Queue[_Asked] = asyncio.Queue()
        self._errand: Errand | None = None
        self._paused = False
        self.shown: Calibration | None = None
        """The one that runs, or the last one."""

    @property
    def running(self) -> bool:
        return self.shown is not None and self.shown.running

    def begin_with_cameras(self, swapped: bool) -> Answer:
        """To be asked for when nothing hinders it (see `camera_test.hindrance`)."""
        self._take.begin()
        self._begin(_Asked(None, swapped), "")
        return Answer(ok=True, message=f"looking at {SECONDS} s of each camera")

    def begin_with_footage(self, booking_id: str, label: str, folder: Path) -> Answer:
        """Of a recording; it may still run."""
        self._begin(_Asked(folder, swapped=False), label)
        return Answer(ok=True, message=f"looking at the footage of {label}", booking_id=booking_id)

    def pause(self, paused: bool) -> None:
        """Leave the processor to the recorders, or take it again. May be said again and again."""
        if self._errand is not None and (paused or self._paused):
            self._paused = paused
            self._errand.pause(paused)

    def clear(self) -> None:
        """Delete what a calibration that was killed has left."""
        shutil.rmtree(self._folders.calibrating, ignore_errors=True)

    async def run(self) -> None:
        while True:
            asked = await self._asked.get()
            try:
                found = await self._calibrate(asked)
            except CutOff as error:
                found = Found(ok=False, message=f"cut off: {error}; calibrate again when it is over")
            except OSError as error:
                found = Found(ok=False, message=f"the disk fails: {error}: look at the disk, then calibrate again")
            await asyncio.to_thread(self.clear)
            log.log(logging.INFO if found.ok else logging.WARNING, "calibration: %s", found.message)
            assert self.shown is not None
            self.shown = self.shown.model_copy(update={"running": False, "ok": found.ok, "message": found.message})
            self._on_change()

    def _begin(self, asked: _Asked, label: str) -> None:
        self.shown = Calibration(at=self._clock.now(), running=True, footage_of=label)
        self._asked.put_nowait(asked)

    async def _calibrate(self, asked: _Asked) -> Found:
        """Raises CutOff, and OSError."""
        if asked.folder is not None:
            return await self._find(asked.folder, self._wait)
        async with self._take.footage(asked.swapped) as taken:
            for status in taken.statuses:
                if status.state not in RUNS:
                    why = status.error or "the camera does not start"
                    to_do = "check the camera's cable, then calibrate again"
                    return Found(ok=False, message=f"camera {status.index + 1} gives no picture ({why}): {to_do}")
            return await self._find(taken.folder, self._take.wait)

    async def _find(self, folder: Path, wait: Callable[[Callable[[], bool], float], Awaitable[None]]) -> Found:
        new = self._folders.calibrating / "rig.json"
        await asyncio.to_thread(self.clear)
        errand = self._errand = await Errand.start("ezrec_tui.jobs.calibrate", str(folder), str(new))
        self._paused = False
        try:
            await wait(lambda: errand.is_done, FIND_SECONDS)
        finally:
            self._errand = None
            done, told, complaint = await errand.end()
        try:
            found = Found.model_validate_json(told if done else b"")
        except ValidationError:
            log.error("calibration failed: %s", complaint)
            return Found(ok=False, message="calibrating failed: try again, and look into the log if it stays so")
        if found.ok:
            await asyncio.to_thread(_keep, new, self._folders)
        return found

    async def _wait(self, holds: Callable[[], bool], seconds: float) -> None:
        """Until it holds; the seconds in which it is paused are not counted."""
        left = seconds
        while not holds() and left > 0:
            await self._clock.sleep(LOOK_SECONDS)
            left -= 0 if self._paused else LOOK_SECONDS


def _keep(new: Path, folders: Folders) -> None:
    """Put a new rig in place; the one before lies beside it. Raises OSError."""
    folders.rig.parent.mkdir(parents=True, exist_ok=True)
    if folders.rig.exists():
        write_atomic(folders.rig_before, folders.rig.read_bytes())
    commit_file(new, folders.rig)
