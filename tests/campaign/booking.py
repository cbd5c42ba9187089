"""One booking of the campaign: an engine of its own, kept alive as systemd would, and the kills on its way."""

import asyncio
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.clock import sensor_ns
from ezrec_tui.config import Settings
from ezrec_tui.files import write_atomic
from ezrec_tui.launch import EngineKeeper
from ezrec_tui.model import CameraState, Job, JobState, Snapshot
from tests.campaign.kills import Kill, Moment, Planned, carry_out, draw
from tests.whole.numbers import between_frames

SIZE = 320, 180
BOOKING_ID = "game"
LEAD = timedelta(seconds=4)
LENGTH = 10.0, 20.0
PATIENCE = 180.0
"""Seconds until an engine that does not come up, or a video that does not come, is given up."""
LOOK_SECONDS = 0.002
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True)
class Flowing:
    """At this instant a camera was seen to record, by an engine that had seen it not to."""

    camera: int
    at_ns: int


@dataclass(frozen=True)
class Outcome:
    """A booking that is over."""

    number: int
    data: Path
    start: datetime
    end: datetime
    kills: tuple[Kill, ...]
    flowing: tuple[Flowing, ...]
    job: Job | None
    """As it was seen last; None if no job was ever seen."""


def record_and_kill(number: int, seed: int, folder: Path, most_kills: int) -> Outcome:
    """Record a booking, killing as the lot says, until its job is over or patience is."""
    lot = random.Random(f"{seed} {number}")
    length = lot.uniform(*LENGTH)
    kills = draw(lot, length)[:most_kills]
    data = folder / f"booking-{number}"
    data.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="ezrec-") as sockets:
        environment = environment_of(data, Path(sockets) / "engine")
        with (
            EngineKeeper(environment, data, data / "engine-output.log"),
            Watch(EngineClient(Path(environment["EZREC_SOCKET"]))) as watch,
        ):
            watch.until(lambda: watch.cameras_are_up)
            start = between_frames(datetime.now(UTC) + LEAD)
            end = start + timedelta(seconds=length)
            row = f'{{"id": "{BOOKING_ID}", "start_time": "{start.isoformat()}", "end_time": "{end.isoformat()}"}}'
            write_atomic(data / "bookings.json", f"[{row}]")
            done = [kill for planned in kills if (kill := _strike(planned, data, start, end, watch))]
            watch.until(lambda: watch.is_over)
    return Outcome(number, data, start, end, tuple(done), tuple(watch.flowing), watch.job)


def _strike(planned: Planned, data: Path, start: datetime, end: datetime, watch: "Watch") -> Kill | None:
    """Wait for the moment of a kill, and kill; None when that moment never came."""
    match planned.moment:
        case Moment.RECORDING:
            _wait_for_time(start + timedelta(seconds=planned.seconds))
        case Moment.FINISHING:
            _wait_for_time(end + timedelta(seconds=planned.seconds))
        case Moment.RENDERING:
            if not _wait_for_file(data / "processed", f".{BOOKING_ID}.mp4.partial", watch):
                return None
            time.sleep(planned.seconds)
        case Moment.DELIVERING:
            if not _wait_for_file(data / "processed", f"{BOOKING_ID}.mp4", watch):
                return None
            time.sleep(planned.seconds)
    return None if watch.is_over else carry_out(planned, data)


def _wait_for_time(at: datetime) -> None:
    while (left := (at - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left)


def _wait_for_file(folder: Path, name: str, watch: "Watch") -> bool:
    """Whether a file appears, or is written to, from now on, before the job is over."""
    since_ns = time.time_ns()
    first = True
    while not watch.is_over:
        for path in folder.rglob(name):
            try:
                if (first and not name.startswith(".")) or path.stat().st_mtime_ns > since_ns:
                    return True
            except FileNotFoundError:
                continue
        first = False
        time.sleep(LOOK_SECONDS)
    return False


def environment_of(data: Path, socket: Path) -> dict[str, str]:
    """An engine's, of two small test-pattern cameras; of the settings nothing else is set."""
    names = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "EZREC_DATA_DIR": str(data),
        "EZREC_SOCKET": str(socket),
        "CAMERA_0_SERIAL": "testpattern",
        "CAMERA_1_SERIAL": "testpattern",
        "RESOLUTION": "{}x{}".format(*SIZE),
        "RECORDING_BITRATE": "500000",
        "VIDEO_BITRATE": "2000000",
        "MERGE_METHOD": "side_by_side",
    }


@dataclass
class Watch:
    """Follows an engine over its restarts, on a thread of its own."""

    client: EngineClient
    flowing: list[Flowing] = field(default_factory=list[Flowing])
    job: Job | None = None
    cameras_are_up: bool = False
    _engine_id: str = ""
    _recording: list[bool] = field(default_factory=lambda: [True, True])
    _ended: bool = False
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> "Watch":
        self._thread = threading.Thread(target=lambda: asyncio.run(self._follow()), name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._thread.join()

    @property
    def is_over(self) -> bool:
        return self.job is not None and self.job.state in OVER

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds, or patience is at its end: what is missing then is told by who judges."""
        deadline = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < deadline:
            time.sleep(0.02)

    async def _follow(self) -> None:
        while not self._ended:
            try:
                async with aclosing(self.client.follow()) as snapshots:
                    async for snapshot in snapshots:
                        self._see(snapshot)
                        if self._ended:
                            return
            except EngineError:
                await asyncio.sleep(0.02)

    def _see(self, snapshot: Snapshot) -> None:
        at_ns = sensor_ns()
        up = (CameraState.IDLE, CameraState.ARMED, CameraState.RECORDING)
        self.cameras_are_up = len(snapshot.cameras) == 2 and all(camera.state in up for camera in snapshot.cameras)
        if snapshot.engine_id != self._engine_id:  # what it shows of recorders is what it has seen itself
            self._engine_id, self._recording = snapshot.engine_id, [False, False]
        for camera in snapshot.cameras:
            records = camera.state is CameraState.RECORDING
            if records and not self._recording[camera.index]:
                self.flowing.append(Flowing(camera.index, at_ns))
            self._recording[camera.index] = records
        for job in snapshot.jobs:
            if job.booking_id == BOOKING_ID:
                self.job = job
