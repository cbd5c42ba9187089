"""All jobs as they stand now, in memory, and what is told of them. What lasts is in the jobs database."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from ezrec_tui.jobs.messages import JobChanged, Message, Ready
from ezrec_tui.model import Job, JobState, Progress

PROGRESS_SECONDS = 0.5
"""Between two messages of a job that only makes progress."""

OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Board:
    """Jobs by booking. Each change is told; progress some times a second at most. May be used from any thread."""

    def __init__(self, send: Callable[[Message], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._told_at: dict[str, float] = {}
        self._open = False

    def open(self, known: Iterable[Job]) -> None:
        """Take the jobs known from before, and tell of everything from now on."""
        with self._lock:
            for job in known:
                self._jobs.setdefault(job.booking_id, job)
            self._open = True
            self._send(Ready())
            for job in self._jobs.values():
                self._tell(job)

    def put(self, job: Job) -> None:
        """Know a job, as it stands, whatever was known of it."""
        with self._lock:
            self._tell(job)

    def get(self, booking_id: str) -> Job | None:
        with self._lock:
            return self._jobs.get(booking_id)

    def with_state(self, state: JobState) -> list[Job]:
        with self._lock:
            return [job for job in self._jobs.values() if job.state is state]

    def change(self, booking_id: str, **changes: Any) -> None:
        """Change fields of a job that is known. What comes late for a job that is over changes nothing."""
        with self._lock:
            job = self._jobs[booking_id]
            if job.state not in OVER:
                self._tell(job.model_copy(update=changes))

    def progress(self, booking_id: str, progress: Progress) -> None:
        """Note how far a job is."""
        with self._lock:
            job = self._jobs[booking_id]
            if job.state in OVER:
                return
            job = job.model_copy(update={"progress": progress})
            if self._monotonic() - self._told_at.get(booking_id, float("-inf")) >= PROGRESS_SECONDS:
                self._tell(job)
            else:
                self._jobs[booking_id] = job

    def _tell(self, job: Job) -> None:
        self._jobs[job.booking_id] = job
        if self._open:
            self._told_at[job.booking_id] = self._monotonic()
            self._send(JobChanged(job=job))
