"""A few seconds of every camera, taken by the way that every recording takes: to be looked at, and thrown away.

    armed, as before a booking -> recorded into a folder of its own -> looked at by whoever asked -> deleted

A recording goes before it: it is cut off when one begins. One thing at a time is taken.
"""

import asyncio
import logging
import shutil
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ezrec_tui.clock import Clock, boot_id
from ezrec_tui.config import Settings
from ezrec_tui.engine.camera_test import RUNS
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.folders import Folders
from ezrec_tui.model import NS, Booking, Boot, CameraCount, CameraState, CameraStatus, Manifest, Segment
from ezrec_tui.recorder.messages import Finished, Message, SegmentClosed, Start, Started, Trouble
from ezrec_tui.recording_files import find_segments, write_manifest

SECONDS = 5
TAKE = ""
"""Its id for the recorders: that of a booking is never empty."""
READY_SECONDS = 10.0
"""A camera that gives no frame by then does not start."""
AHEAD_SECONDS = 1
"""So far ahead lies the start: every camera has given a keyframe by then."""
EPOCH_LEAD = timedelta(seconds=60)
CLOSE_SECONDS = 10.0
"""So long after its end is waited for a recorder to close its files,"""
CUT_SECONDS = 2.0
"""and so long when it was cut off."""
LOOK_SECONDS = 0.1

log = logging.getLogger(__name__)


class CutOff(Exception):
    """Something that goes before the take has begun; its text says what."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was recorded, and by whom."""

    folder: Path
    manifest: Manifest
    segments: tuple[Segment, ...]
    statuses: tuple[CameraStatus, ...]
    """As the cameras were when recording began."""
    complaints: Mapping[int, str]
    """Of the recorders, by camera."""


class CameraTake:
    """Takes footage when it is asked to."""

    def __init__(self, settings: Settings, folders: Folders, clock: Clock, recorders: Sequence[Recorder]) -> None:
        self._settings, self._folders, self._clock, self._recorders = settings, folders, clock, recorders
        self._why_cut = ""
        self._finished: set[int] = set()
        """Cameras whose files are closed."""
        self._complaints: dict[int, str] = {}
        self.is_wanted = False
        """Whether the cameras have to run for it."""

    def begin(self) -> None:
        """`footage` follows at once."""
        self._why_cut, self.is_wanted = "", True

    def cut_off(self, why: str) -> None:
        """End it at once, and what is done with it."""
        if self.is_wanted:
            self._why_cut = why

    def hear(self, camera: int, message: Message) -> bool:
        """What a recorder said. Returns whether it was about this."""
        match message:
            case Started() | SegmentClosed() | Finished() | Trouble() if message.booking_id == TAKE:
                if isinstance(message, Finished):
                    self._finished.add(camera)
                    if not self.is_wanted:  # of an engine that was killed
                        self.clear()
                elif isinstance(message, Trouble):
                    self._complaints[camera] = f"{message.what}: {message.to_do}"
                return True
            case _:
                return False

    def clear(self) -> None:
        """Delete what was taken; at the start, what an engine that was killed had taken."""
        try:
            shutil.rmtree(self._folders.camera_test)
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("what was recorded of the cameras to look at it is not deleted: %s", error)

    @asynccontextmanager
    async def footage(self, swapped: bool = False) -> AsyncGenerator[Taken]:
        """The footage, whose folder is a recording's, until the end of the `with`. Raises CutOff, and OSError."""
        folder = self._folders.camera_test / f"{self._clock.now():%Y%m%d-%H%M%S-%f}"
        try:
            await asyncio.to_thread(self.clear)
            await asyncio.to_thread(folder.mkdir, parents=True)
            await self.wait(self._are_settled, READY_SECONDS)
            statuses = tuple(r.status().model_copy(update={"serial": r.serial}) for r in self._recorders)
            manifest = self._manifest(swapped)
            await asyncio.to_thread(write_manifest, folder, manifest)
            await self._record(folder, manifest)
            segments = await asyncio.to_thread(find_segments, folder)
            yield Taken(folder, manifest, segments, statuses, self._complaints)
        finally:
            await self._let_go()
            await asyncio.to_thread(self.clear)
            self.is_wanted = False

    async def wait(self, holds: Callable[[], bool], seconds: float) -> None:
        """Until it holds, so many seconds at most. Raises CutOff."""
        await self._until(lambda: bool(self._why_cut) or holds(), seconds)
        if self._why_cut:
            raise CutOff(self._why_cut)

    def _are_settled(self) -> bool:
        """Nor still recording: what a killed engine has begun ends by itself."""
        return all(recorder.status().state in (CameraState.ARMED, CameraState.LOST) for recorder in self._recorders)

    def _manifest(self, swapped: bool) -> Manifest:
        epoch = self._clock.now() - EPOCH_LEAD
        lead_ns = round(EPOCH_LEAD.total_seconds()) * NS
        start_ns = lead_ns + AHEAD_SECONDS * NS
        return Manifest(
            booking=Booking(id="camera test", start=epoch, end=epoch + timedelta(minutes=2)),
            epoch=epoch,
            boots=(Boot(boot_id=boot_id(), epoch_sensor_ns=self._clock.sensor_ns() - lead_ns),),
            start_ns=start_ns,
            end_ns=start_ns + SECONDS * NS,
            fps=self._settings.recording_fps,
            width=self._settings.resolution[0],
            height=self._settings.resolution[1],
            cameras=tuple(CameraCount(camera=r.spec.index, serial=r.serial) for r in self._recorders),
            swapped=swapped,
        )

    async def _record(self, folder: Path, manifest: Manifest) -> None:
        """Record with the cameras that run."""
        self._finished, self._complaints = set(), {}
        start = Start(
            booking_id=TAKE,
            folder=folder,
            epoch_sensor_ns=manifest.boots[0].epoch_sensor_ns,
            start_ns=manifest.start_ns,
            end_ns=manifest.end_ns,
        )
        for recorder in self._recorders:
            if recorder.status().state in RUNS:
                recorder.start(start)
        await self.wait(self._are_closed, AHEAD_SECONDS + SECONDS + CLOSE_SECONDS)

    def _are_closed(self) -> bool:
        return all(r.spec.index in self._finished for r in self._recorders if r.records(TAKE))

    async def _let_go(self) -> None:
        """Have the recorders forget it; what is still being recorded ends now."""
        for recorder in self._recorders:
            recorder.set_end(TAKE, 0)
        await self._until(self._are_closed, CUT_SECONDS)
        for recorder in self._recorders:
            recorder.forget(TAKE)

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        limit_ns = self._clock.sensor_ns() + round(seconds * NS)
        while not holds() and self._clock.sensor_ns() < limit_ns:
            await self._clock.sleep(LOOK_SECONDS)
