"""A venue whose recordings have ended: its worker, kept alive as the engine would, and what it was given to do."""

import sqlite3
from contextlib import closing
from datetime import UTC
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
import psutil
from av.video.frame import VideoFrame

from ezrec_tui.clock import SystemClock
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Submit
from ezrec_tui.model import Job, JobState, JobStep, PublishedStatus
from tests.campaign.delivery.cloud import Cloud
from tests.campaign.delivery.quick import QuickClock
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import FPS, HEIGHT, START, WIDTH, booking, record

OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
DELIVERING = (JobStep.UPLOAD, JobStep.PUBLISH)
INTRO_SECONDS = 6.5
"""Of noise, which cannot be made small: it goes before each video, so that it takes three parts to upload it."""


class Venue:
    """Records bookings (of two seconds), and has them delivered."""

    def __init__(
        self, data: Path, cloud: Cloud, *, intro_seconds: float = INTRO_SECONDS, clock: QuickClock | None = None
    ) -> None:
        """Without a length there is no intro, and videos are small. `clock`: the venue's, if not the machine's."""
        self.clock = clock or SystemClock()
        self.folders = Folders(data, UTC)
        self._cloud = cloud
        self._settings = cloud.settings() | {"VIDEO_BITRATE": "60000000", "LOG_LEVEL": "INFO"}
        data.mkdir(parents=True, exist_ok=True)
        if intro_seconds:
            intro = data / "intro.mp4"
            _write_noise(intro, round(intro_seconds * FPS))
            self._settings["INTRO_VIDEO_PATH"] = str(intro)
        self._program = "ezrec_tui.jobs"
        if clock:
            self._settings |= clock.environment()
            self._program = "tests.campaign.delivery.quick_worker"
        self._outbox = Outbox(self.folders.outbox_database)
        self._submits: dict[str, Submit] = {}
        self._jobs: dict[str, Job] = {}
        self._read = 0
        self._worker = self._start()

    def __enter__(self) -> "Venue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.kill()
        self._outbox.close()

    @property
    def booking_ids(self) -> list[str]:
        return list(self._submits)

    def record(self, booking_id: str) -> None:
        """A booking that was recorded: what the engine leaves, and says."""
        of = booking(booking_id)
        self._cloud.database.add_booking(booking_id, of.start, of.end, user_id=of.user_id, status="confirmed")
        for status in (PublishedStatus.RECORDING, PublishedStatus.RECORDING_FINISHED):
            self._outbox.put_status(booking_id, status, self.clock.now())
        command = Submit(booking_id=booking_id, label=booking_id, folder=record(self.folders, of))
        self._submits[booking_id] = command
        self._worker.say(command)

    def _start(self) -> WorkerProcess:
        return WorkerProcess(self.folders.data, self._settings, self._program)

    def worker_seconds(self) -> float:
        """Of the processor, that the worker has used."""
        times = psutil.Process(self._worker.process.pid).cpu_times()
        return times.user + times.system

    def kill(self) -> None:
        """kill -9 of the worker, and a new one. It is told again of jobs that it has said nothing of."""
        known = self.jobs()
        self._worker.kill()
        self._read = 0
        self._worker = self._start()
        for booking_id, command in self._submits.items():
            if booking_id not in known:
                self._worker.say(command)

    def jobs(self) -> dict[str, Job]:
        """As they were told last."""
        heard = self._worker.heard
        for message in heard[self._read :]:
            self._read += 1
            if message.kind == "job":
                self._jobs[message.job.booking_id] = message.job
        return dict(self._jobs)

    def unfinished(self) -> list[str]:
        jobs = self.jobs()
        return [name for name in self._submits if name not in jobs or jobs[name].state not in OVER]

    def delivering(self) -> list[JobStep]:
        """The steps of the jobs that need the line now."""
        jobs = self.jobs()
        return [jobs[name].step for name in self.unfinished() if name in jobs and jobs[name].step in DELIVERING]

    def tries(self) -> int:
        """How often the rows that wait were tried in vain."""
        with closing(sqlite3.connect(self.folders.outbox_database)) as database:
            (tries,) = database.execute("SELECT sum(attempts) FROM outbox WHERE sent_at IS NULL").fetchone()
        return int(tries or 0)

    def waiting_rows(self) -> int:
        return self._outbox.waiting()

    @staticmethod
    def key(booking_id: str) -> str:
        """Where its video belongs in the store."""
        return f"player-7/{START.date().isoformat()}/{booking_id}.mp4"

    def video(self, booking_id: str) -> Path:
        return self.folders.video(booking(booking_id))


def _write_noise(path: Path, frames: int) -> None:
    lot = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 2 * WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        stream.options = {"preset": "ultrafast", "crf": "10"}
        for _ in range(frames):
            picture = lot.integers(16, 235, (HEIGHT * 3 // 2, 2 * WIDTH), np.uint8)
            container.mux(stream.encode(VideoFrame.from_ndarray(picture, "yuv420p")))
        container.mux(stream.encode(None))
