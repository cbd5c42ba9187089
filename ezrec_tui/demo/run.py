"""`ezrec demo`: a booking's whole way on this machine, with nothing set up."""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ezrec_tui.client import EngineClient, EngineError, EngineUnreachable
from ezrec_tui.config import Settings
from ezrec_tui.demo.samples import Samples, write_samples
from ezrec_tui.files import write_atomic
from ezrec_tui.launch import EngineKeeper
from ezrec_tui.model import CameraState, EventType, Job, JobState, MergeMethod, RecordingState, Snapshot
from ezrec_tui.plural import plural

LEAD_SECONDS = 3
FULL_WIDTH = 1920
"""Logos have their sizes at this width of a camera's picture, and are smaller on smaller ones."""
MAIN_LOGO, SMALL_LOGO = 400, 120
"""Width and height of the venue's, and of the player's and the sponsor's, in pixels."""
RIG = {"projection", "width", "height", "overlap_px", "matches", "inliers", "rmse_px"}
"""What the result says of the rig."""
START_PATIENCE = 60.0
"""Seconds until an engine that does not answer is given up."""


class DemoError(Exception):
    """The demo cannot go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    seconds: float
    data: Path
    method: MergeMethod
    fps: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What came out. Its fields are the JSON that `ezrec demo --json` prints."""

    booking_id: str
    video: str
    duration_seconds: float
    frames: int
    """Recorded frames in the video, without the intro's."""
    dropped: int
    """Frames that a camera lost, of both."""
    method: str
    """How the two pictures were joined."""
    fallbacks: tuple[str, ...]
    """Why not as they were asked to be, and what else was left out, a line each."""
    rig: dict[str, Any] | None
    """What calibration found, where the pictures were joined by it."""
    published: dict[str, Any]
    timings: dict[str, float]


def demo_folder() -> Path:
    """A new folder for a demo nobody gave a folder for. It is kept: the video lies in it."""
    return Path(tempfile.mkdtemp(prefix="ezrec-demo-"))


def logo_pixels(pixels: int, width: int) -> int:
    """A logo's size on cameras whose picture is so wide."""
    return max(1, round(pixels * width / FULL_WIDTH))


def bare_environment() -> dict[str, str]:
    """Without the venue's own settings: a demo never touches its database or store."""
    names = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name.upper() not in names}


class Demo:
    """A demo under way. `prepare`, then `drive` beside a screen or alone, inside `engine()`."""

    def __init__(self, options: DemoOptions, say: Callable[[str], None]) -> None:
        self._options = options
        self._say = say
        self._data = options.data.resolve()
        self._sockets = tempfile.TemporaryDirectory(prefix="ezrec-")  # a socket's path has to be short
        self.socket = Path(self._sockets.name) / "engine"
        self.booking_id = f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        self._first_seen: dict[str, datetime] = {}

    @property
    def log(self) -> Path:
        return self._data / "logs" / "demo-engine.log"

    def close(self) -> None:
        self._sockets.cleanup()

    def engine(self) -> EngineKeeper:
        """The engine, for a `with` around the demo. Raises DemoError when the folder cannot be used."""
        try:
            samples = write_samples(self._data / "media" / "demo")
            self.log.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DemoError(f"{self._data}: {error.strerror or error}: give a folder that can be written") from error
        return EngineKeeper(self._environment(samples), self._data, self.log)

    async def drive(self) -> DemoResult:
        """Book, follow, and tell each transition; ends when the video is published. Raises DemoError."""
        client = EngineClient(self.socket)
        await self._wait_for_engine(client)
        if self._options.method is MergeMethod.PANORAMA:
            await self._calibrate(client)
        start = self._book()
        self._say(f"booking {self.booking_id} starts in {LEAD_SECONDS} s and lasts {self._options.seconds:g} s")
        job = await self._follow(client)
        return await self._result(client, job, start)

    def _environment(self, samples: Samples) -> dict[str, str]:
        logo_sizes = {
            f"{name}_LOGO_{side}": str(logo_pixels(pixels, self._options.size[0]))
            for name, pixels in (("MAIN", MAIN_LOGO), ("USER", SMALL_LOGO), ("SPONSOR", SMALL_LOGO))
            for side in ("WIDTH", "HEIGHT")
        }
        return (
            bare_environment()
            | logo_sizes
            | {
                "EZREC_DATA_DIR": str(self._data),
                "EZREC_SOCKET": str(self.socket),
                "CAMERA_0_SERIAL": "testpattern",
                "CAMERA_1_SERIAL": "testpattern",
                "RESOLUTION": "{}x{}".format(*self._options.size),
                "RECORDING_FPS": str(self._options.fps),
                "MERGE_METHOD": self._options.method.value,
                "USER_ID": "demo",
                "CAMERA_ID": "demo-court",
                "FREE_HOURS": "0",  # nothing is deleted for room, and nobody is told that nothing may be
                "MAIN_LOGO_PATH": str(samples.main_logo),
                "USER_LOGO_PATH": str(samples.user_logo),
                "SPONSOR_LOGO_1_PATH": str(samples.sponsor_logo),
                "INTRO_VIDEO_PATH": str(samples.intro),
                "PYTHONUNBUFFERED": "1",
            }
        )

    async def _calibrate(self, client: EngineClient) -> None:
        """Have the engine calibrate from the cameras. What comes of it is told; without a rig the demo goes on."""
        self._say("calibrating begins: some seconds of each camera")
        while True:
            try:
                answer = await client.calibrate()
                if not answer.ok:
                    self._say(f"not calibrated: {answer.message}")
                    return
                async for snapshot in client.follow():
                    found = snapshot.calibration
                    if found is None:
                        break  # of another engine than was asked
                    if not found.running:
                        self._say(found.message if found.ok else f"not calibrated: {found.message}")
                        return
            except EngineUnreachable:
                self._say("the engine is away; it is started again")
                await self._wait_for_engine(client)

    def _book(self) -> datetime:
        start = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
        booking = {
            "id": self.booking_id,
            "user_id": "demo-player",
            "start_time": start.isoformat(),
            "end_time": (start + timedelta(seconds=self._options.seconds)).isoformat(),
            "camera_id": "demo-court",
            "status": "confirmed",
            "email": "player@example.org",
        }
        write_atomic(self._data / "bookings.json", json.dumps({"bookings": [booking]}, indent=2))
        return start

    async def _wait_for_engine(self, client: EngineClient) -> None:
        """Until the engine answers and its recorders are up."""
        try:
            async with asyncio.timeout(START_PATIENCE):
                while True:
                    with contextlib.suppress(EngineUnreachable):
                        cameras = (await client.snapshot()).cameras
                        if all(camera.state not in (CameraState.STARTING, CameraState.LOST) for camera in cameras):
                            return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise DemoError(f"the engine does not answer: its log says why: {self.log}") from None

    async def _follow(self, client: EngineClient) -> Job:
        """Follow the engine, over its restarts, until the booking's job is over."""
        told: set[str] = set()

        def tell(key: str, text: str) -> None:
            if key not in told:
                told.add(key)
                self._first_seen[key] = datetime.now(UTC)
                self._say(text)

        while True:
            try:
                async for snapshot in client.follow():
                    self._tell(snapshot, tell)
                    job = next((j for j in snapshot.jobs if j.booking_id == self.booking_id), None)
                    if job and job.state is JobState.DONE:
                        return job
                    if job and job.state in (JobState.FAILED, JobState.CANCELLED):
                        raise DemoError(f"the job ended {job.state.value}: {job.error or 'no reason given'}")
            except EngineUnreachable:
                self._say("the engine is away; it is started again")
                await self._wait_for_engine(client)

    def _tell(self, snapshot: Snapshot, tell: Callable[[str, str], None]) -> None:
        for recording in snapshot.recordings:
            if recording.booking_id != self.booking_id:
                continue
            if recording.state is RecordingState.RECORDING:
                count = len(snapshot.cameras)
                tell("recording", f"recording with {count} {plural(count, 'camera', 'cameras')}")
            elif recording.state is RecordingState.FINISHING:
                tell("finishing", "closing the files")
        for job in snapshot.jobs:
            if job.booking_id != self.booking_id:
                continue
            if job.state is JobState.DONE:
                tell("done", "published")
            else:
                tell(job.step.value, f"{job.step.value.replace('_', ' ')} begins")
                if job.progress.total:
                    percent = int(job.progress.fraction * 100) // 25 * 25
                    if percent:
                        tell(f"{job.step.value} {percent}", f"{job.step.value} {percent} %")
            for fallback in job.fallbacks:
                tell(f"fallback {fallback}", f"done without: {fallback}")
        for alert in snapshot.alerts:
            tell(f"alert {alert.id}", f"alert: {alert.what}: {alert.to_do}")

    async def _result(self, client: EngineClient, job: Job, start: datetime) -> DemoResult:
        try:
            records = [record for record in await client.videos() if record.booking_id == self.booking_id]
        except EngineError as error:
            raise DemoError(f"the local record cannot be read: {error}") from error
        if len(records) != 1:
            raise DemoError(f"the local record holds {len(records)} videos of this booking in place of one")
        ready = self._event(EventType.VIDEO_READY)
        complete = self._event(EventType.RECORDING_COMPLETE)
        end = start + timedelta(seconds=self._options.seconds)
        published = records[0]
        method = MergeMethod(ready["method"])
        rig = (await client.snapshot()).setup.rig if method is MergeMethod.PANORAMA else None
        return DemoResult(
            booking_id=self.booking_id,
            video=str(job.video),
            duration_seconds=published.duration_seconds,
            frames=int(ready["frames"]),
            dropped=int(complete["dropped"]),
            method=method.value,
            fallbacks=tuple(ready["fallbacks"]),
            rig=rig.model_dump(mode="json", include=RIG) if rig else None,
            published=published.model_dump(mode="json"),
            timings={
                "start_late_ms": round(float(self._event(EventType.RECORDING_STARTED)["late_ms"]), 1),
                "render_seconds": round(float(ready["render_seconds"]), 2),
                "end_to_published_seconds": round(
                    ((job.finished_at or published.uploaded_at) - end).total_seconds(), 2
                ),
            },
        )

    def _event(self, event: EventType) -> dict[str, Any]:
        path = self._data / "events" / f"{event.value}_{self.booking_id}.event"
        try:
            return json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise DemoError(f"the event {path} cannot be read: {error}") from error
