"""Does the camera test: five seconds of each camera by the way that every recording takes, looked at, thrown away.

    armed, as before a booking -> recorded into a folder of its own -> counted -> decoded by a child -> judged

A recording goes before it: a test is cut off when one begins.
"""

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from ezrec_tui.check.findings import Decoded
from ezrec_tui.clock import Clock, boot_id
from ezrec_tui.config import Settings
from ezrec_tui.engine.camera_test import RUNS, failed, judge
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.folders import Folders
from ezrec_tui.model import (
    NS,
    Answer,
    Booking,
    Boot,
    CameraCount,
    CameraState,
    CameraTest,
    CameraTestResult,
    Manifest,
    Segment,
)
from ezrec_tui.recorder.messages import Finished, Message, SegmentClosed, Start, Started, Trouble
from ezrec_tui.recording_files import account, find_segments

SECONDS = 5
TEST = ""
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
DECODE_SECONDS = 120.0
LOOK_SECONDS = 0.1

log = logging.getLogger(__name__)


class CutOff(Exception):
    """Something that goes before the test has begun; its text says what."""


class CameraTester:
    """Tests the cameras when it is asked to. `run` lives until it is cancelled; calls `on_change` after each test."""

    def __init__(
        self,
        settings: Settings,
        folders: Folders,
        clock: Clock,
        recorders: Sequence[Recorder],
        on_change: Callable[[], None],
    ) -> None:
        self._settings, self._folders, self._clock = settings, folders, clock
        self._recorders, self._on_change = recorders, on_change
        self._asked: asyncio.Queue[datetime] = asyncio.Queue()
        self._why_cut = ""
        self._finished: set[int] = set()
        """Cameras whose files are closed."""
        self._complaints: dict[int, str] = {}
        self.shown: CameraTest | None = None
        """The test that runs, or the last one."""

    @property
    def running(self) -> bool:
        return self.shown is not None and self.shown.running

    def begin(self) -> Answer:
        """To be asked for when nothing hinders it (see `camera_test.hindrance`)."""
        at = self._clock.now()
        self._why_cut = ""
        self.shown = CameraTest(at=at, seconds=SECONDS, running=True)
        self._asked.put_nowait(at)
        return Answer(ok=True, message=f"recording {SECONDS} s of each camera")

    def cut_off(self, why: str) -> None:
        """End a running test at once."""
        if self.running:
            self._why_cut = why

    def hear(self, camera: int, message: Message) -> bool:
        """What a recorder said. Returns whether it was about a test."""
        match message:
            case Started() | SegmentClosed() | Finished() | Trouble() if message.booking_id == TEST:
                if isinstance(message, Finished):
                    self._finished.add(camera)
                    if not self.running:  # a test of an engine that was killed
                        self.clear()
                elif isinstance(message, Trouble):
                    self._complaints[camera] = f"{message.what}: {message.to_do}"
                return True
            case _:
                return False

    def clear(self) -> None:
        """Delete what a test recorded; at the start, what one that was killed did."""
        try:
            shutil.rmtree(self._folders.camera_test)
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("what a camera test recorded is not deleted: %s", error)

    async def run(self) -> None:
        while True:
            at = await self._asked.get()
            try:
                results = await self._test(at)
            except CutOff as error:
                results = self._all_failed(f"cut off: {error}; test again when it is over")
            except OSError as error:
                results = self._all_failed(f"the disk fails: {error}: look at the disk, then test again")
            for result in results:
                found = "all is well" if result.ok else result.problem
                log.info("camera test: camera %d (%s): %s", result.index + 1, result.serial, found)
            self.shown = CameraTest(at=at, seconds=SECONDS, running=False, results=results)
            self._on_change()

    async def _test(self, at: datetime) -> tuple[CameraTestResult, ...]:
        """Raises CutOff, and OSError."""
        folder = self._folders.camera_test / f"{at:%Y%m%d-%H%M%S-%f}"
        try:
            await asyncio.to_thread(self.clear)
            await asyncio.to_thread(folder.mkdir, parents=True)
            await self._wait(self._are_settled, READY_SECONDS)
            statuses = [r.status().model_copy(update={"serial": r.serial}) for r in self._recorders]
            manifest = await self._record(folder)
            segments = await asyncio.to_thread(find_segments, folder)
            decoded = await self._decode(folder, segments)
        finally:
            await self._let_go()
            await asyncio.to_thread(self.clear)
        return tuple(
            judge(
                status,
                self._complaints.get(status.index, ""),
                count,
                [segment for segment in segments if segment.camera == status.index],
                decoded,
                manifest.fps,
            )
            for status, count in zip(statuses, account(manifest, segments).cameras, strict=True)
        )

    def _are_settled(self) -> bool:
        """Nor still recording: what a killed engine's test began ends by itself."""
        return all(recorder.status().state in (CameraState.ARMED, CameraState.LOST) for recorder in self._recorders)

    async def _record(self, folder: Path) -> Manifest:
        """Record with the cameras that run."""
        epoch = self._clock.now() - EPOCH_LEAD
        lead_ns = round(EPOCH_LEAD.total_seconds()) * NS
        epoch_sensor_ns = self._clock.sensor_ns() - lead_ns
        start_ns = lead_ns + AHEAD_SECONDS * NS
        manifest = Manifest(
            booking=Booking(id="camera test", start=epoch, end=epoch + timedelta(minutes=2)),
            epoch=epoch,
            boots=(Boot(boot_id=boot_id(), epoch_sensor_ns=epoch_sensor_ns),),
            start_ns=start_ns,
            end_ns=start_ns + SECONDS * NS,
            fps=self._settings.recording_fps,
            width=self._settings.resolution[0],
            height=self._settings.resolution[1],
            cameras=tuple(CameraCount(camera=r.spec.index, serial=r.serial) for r in self._recorders),
        )
        self._finished, self._complaints = set(), {}
        start = Start(
            booking_id=TEST,
            folder=folder,
            epoch_sensor_ns=epoch_sensor_ns,
            start_ns=start_ns,
            end_ns=manifest.end_ns,
        )
        for recorder in self._recorders:
            if recorder.status().state in RUNS:
                recorder.start(start)
        await self._wait(self._are_closed, AHEAD_SECONDS + SECONDS + CLOSE_SECONDS)
        return manifest

    def _are_closed(self) -> bool:
        return all(r.spec.index in self._finished for r in self._recorders if r.records(TEST))

    async def _decode(self, folder: Path, segments: Sequence[Segment]) -> dict[str, Decoded] | None:
        """What decoding gave, by segment; by a child, as the engine decodes nothing. None: it failed."""
        names = [segment.name for segment in segments]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ezrec_tui.check.decode", "--parent", str(os.getpid()),
            *(str(folder / name) for name in names),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        ending = asyncio.ensure_future(child.communicate())
        try:
            await self._wait(ending.done, DECODE_SECONDS)
        finally:
            if child.returncode is None:
                child.kill()
            told, complaint = await ending
        if child.returncode != 0:
            log.error("camera test: decoding failed: %s", complaint.decode(errors="replace").strip())
            return None
        return dict(zip(names, map(Decoded.model_validate_json, told.splitlines()), strict=True))

    async def _let_go(self) -> None:
        """Have the recorders forget it; what is still being recorded ends now."""
        for recorder in self._recorders:
            recorder.set_end(TEST, 0)
        await self._until(self._are_closed, CUT_SECONDS)
        for recorder in self._recorders:
            recorder.forget(TEST)

    async def _wait(self, holds: Callable[[], bool], seconds: float) -> None:
        """Until it holds, so many seconds at most. Raises CutOff."""
        await self._until(lambda: bool(self._why_cut) or holds(), seconds)
        if self._why_cut:
            raise CutOff(self._why_cut)

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        limit_ns = self._clock.sensor_ns() + round(seconds * NS)
        while not holds() and self._clock.sensor_ns() < limit_ns:
            await self._clock.sleep(LOOK_SECONDS)

    def _all_failed(self, problem: str) -> tuple[CameraTestResult, ...]:
        return tuple(failed(r.spec.index, r.serial, problem) for r in self._recorders)
