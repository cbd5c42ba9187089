"""Does the camera test: five seconds of each camera (see `take`), counted, decoded by a child, judged."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ezrec_tui.check.findings import Decoded
from ezrec_tui.clock import Clock
from ezrec_tui.engine.camera_test import failed, judge
from ezrec_tui.engine.errand import Errand
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.engine.take import SECONDS, CameraTake, CutOff
from ezrec_tui.model import Answer, CameraTest, CameraTestResult, Segment
from ezrec_tui.recording_files import account

DECODE_SECONDS = 120.0

log = logging.getLogger(__name__)


class CameraTester:
    """Tests the cameras when it is asked to. `run` lives until it is cancelled; calls `on_change` after each test."""

    def __init__(
        self, clock: Clock, recorders: Sequence[Recorder], take: CameraTake, on_change: Callable[[], None]
    ) -> None:
        self._clock, self._recorders, self._take, self._on_change = clock, recorders, take, on_change
        self._asked: asyncio.Queue[datetime] = asyncio.Queue()
        self.shown: CameraTest | None = None
        """The test that runs, or the last one."""

    @property
    def running(self) -> bool:
        return self.shown is not None and self.shown.running

    def begin(self) -> Answer:
        """To be asked for when nothing hinders it (see `camera_test.hindrance`)."""
        at = self._clock.now()
        self._take.begin()
        self.shown = CameraTest(at=at, seconds=SECONDS, running=True)
        self._asked.put_nowait(at)
        return Answer(ok=True, message=f"recording {SECONDS} s of each camera")

    async def run(self) -> None:
        while True:
            at = await self._asked.get()
            try:
                results = await self._test()
            except CutOff as error:
                results = self._all_failed(f"cut off: {error}; test again when it is over")
            except OSError as error:
                results = self._all_failed(f"the disk fails: {error}: look at the disk, then test again")
            for result in results:
                found = "all is well" if result.ok else result.problem
                log.info("camera test: camera %d (%s): %s", result.index + 1, result.serial, found)
            self.shown = CameraTest(at=at, seconds=SECONDS, running=False, results=results)
            self._on_change()

    async def _test(self) -> tuple[CameraTestResult, ...]:
        """Raises CutOff, and OSError."""
        async with self._take.footage() as taken:
            decoded = await self._decode(taken.folder, taken.segments)
        return tuple(
            judge(
                status,
                taken.complaints.get(status.index, ""),
                count,
                [segment for segment in taken.segments if segment.camera == status.index],
                decoded,
                taken.manifest.fps,
            )
            for status, count in zip(taken.statuses, account(taken.manifest, taken.segments).cameras, strict=True)
        )

    async def _decode(self, folder: Path, segments: Sequence[Segment]) -> dict[str, Decoded] | None:
        """What decoding gave, by segment; by a child, as the engine decodes nothing. None: it failed."""
        names = [segment.name for segment in segments]
        errand = await Errand.start("ezrec_tui.check.decode", *(str(folder / name) for name in names))
        try:
            await self._take.wait(lambda: errand.is_done, DECODE_SECONDS)
        finally:
            done, told, complaint = await errand.end()
        if not done:
            log.error("camera test: decoding failed: %s", complaint)
            return None
        return dict(zip(names, map(Decoded.model_validate_json, told.splitlines()), strict=True))

    def _all_failed(self, problem: str) -> tuple[CameraTestResult, ...]:
        return tuple(failed(r.spec.index, r.serial, problem) for r in self._recorders)
