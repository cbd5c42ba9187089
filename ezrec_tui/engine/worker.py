"""The engine's hold on the worker: the jobs as it last told them, and the commands to it."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable

from pydantic import BaseModel, ValidationError

from ezrec_tui.clock import Clock
from ezrec_tui.engine.store import RecordingRow
from ezrec_tui.engine.supervisor import Child, Piped
from ezrec_tui.jobs.messages import (
    Cancel,
    JobChanged,
    Pause,
    PauseEncoding,
    Prioritise,
    Ready,
    Refused,
    Resume,
    Retry,
    StoreSeen,
    Submit,
    Sweep,
    Swept,
    messages,
)
from ezrec_tui.model import NS, Answer, Job, JobState, MergeMethod, WaitsFor

SHOWN_DONE = 20
"""Jobs that are over and still shown."""
ANSWER_SECONDS = 5.0
PAUSE_AGAIN_NS = 5 * NS
ORDER = (
    JobState.FAILED,
    JobState.RUNNING,
    JobState.WAITING,
    JobState.PAUSED,
    JobState.QUEUED,
    JobState.DONE,
    JobState.CANCELLED,
)
OVER = (JobState.DONE, JobState.CANCELLED)

log = logging.getLogger(__name__)


class Worker:
    """The worker process and its jobs."""

    def __init__(
        self,
        clock: Clock,
        *,
        given_up_days: int,
        to_submit: Callable[[], list[RecordingRow]],
        method: Callable[[], MergeMethod],
        on_job: Callable[[Job | None, Job], None],
        on_swept: Callable[[Swept], None],
        on_down: Callable[[bool], None],
        on_change: Callable[[], None],
    ) -> None:
        """`given_up_days`: how long footage is kept of which the video is given up."""
        self.given_up_days = given_up_days
        self._to_submit, self._method = to_submit, method
        self._on_job, self._on_down, self._on_change = on_job, on_down, on_change
        self._on_swept = on_swept
        self._jobs: dict[str, Job] = {}
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._clock = clock
        self._paused = False
        self._pause_again_ns: int | None = None
        """When it is told again, as it could not do it."""
        self.ready = False
        self.store: StoreSeen | None = None
        """As it was seen last."""
        self.child = Child(
            "worker",
            lambda: Piped.start("worker", [sys.executable, "-m", "ezrec_tui.jobs", "--parent", str(os.getpid())]),
            clock,
            on_start=self._started,
            on_line=self._hear,
            on_exit=self._down,
        )

    def job(self, booking_id: str) -> Job | None:
        return self._jobs.get(booking_id)

    def jobs(self) -> list[Job]:
        """All that is known: failed ones first, then running, waiting, queued, then what is over, newest first."""
        newest = sorted(self._jobs.values(), key=lambda job: job.created_at, reverse=True)
        return sorted(newest, key=lambda job: (ORDER.index(job.state), job.priority if job.state not in OVER else 0))

    def shown(self) -> tuple[Job, ...]:
        """The jobs of a snapshot: all that are not over, and the newest that are."""
        jobs = self.jobs()
        return tuple([j for j in jobs if j.state not in OVER] + [j for j in jobs if j.state in OVER][:SHOWN_DONE])

    def submit(self, row: RecordingRow) -> None:
        self.child.send(
            Submit(booking_id=row.booking.id, label=row.booking.label, folder=row.folder, method=self._method())
        )

    def sweep(self, command: Sweep) -> bool:
        """Have old and delivered files deleted; False while it cannot be told."""
        return self.ready and self.child.send(command)

    def make_way(self, paused: bool) -> None:
        """Have rendering make way, or go on. May be said again and again."""
        again = self._pause_again_ns is not None and self._clock.sensor_ns() >= self._pause_again_ns
        if paused != self._paused or again:
            self._paused, self._pause_again_ns = paused, None
            self.child.send(PauseEncoding(paused=paused))

    async def retry(self, booking_id: str) -> Answer:
        return await self._ask(Retry(booking_id=booking_id), booking_id, lambda label: f"{label} is tried again")

    async def cancel(self, booking_id: str) -> Answer:
        return await self._ask(
            Cancel(booking_id=booking_id),
            booking_id,
            lambda label: f"{label} is cancelled; its footage is kept for {self.given_up_days} days, and then deleted",
        )

    async def pause(self, booking_id: str) -> Answer:
        return await self._ask(Pause(booking_id=booking_id), booking_id, lambda label: f"{label} is paused")

    async def resume(self, booking_id: str) -> Answer:
        return await self._ask(Resume(booking_id=booking_id), booking_id, lambda label: f"{label} goes on")

    async def prioritise(self, booking_id: str, priority: int) -> Answer:
        job = self._jobs.get(booking_id)
        if job is not None and job.priority == priority and job.state not in (*OVER, JobState.FAILED):
            message = f"{job.label or booking_id} has priority {priority} already"
            return Answer(ok=True, message=message, booking_id=booking_id)
        return await self._ask(
            Prioritise(booking_id=booking_id, priority=priority),
            booking_id,
            lambda label: f"{label} has priority {priority} now",
        )

    async def _ask(self, command: BaseModel, booking_id: str, done: Callable[[str], str]) -> Answer:
        """Send a command and wait for what comes of it: a change of the job, or a refusal; `done` words the first."""
        job = self._jobs.get(booking_id)
        if job is None:
            return Answer(
                ok=False,
                message=f"there is no job for {booking_id}; `ezrec jobs list` lists them",
                booking_id=booking_id,
            )
        answer = asyncio.get_running_loop().create_future()
        self._answers[booking_id] = answer
        try:
            if not self.child.send(command):
                return Answer(ok=False, message="the worker is starting again; try in a moment", booking_id=booking_id)
            async with asyncio.timeout(ANSWER_SECONDS):
                refused = await answer
        except TimeoutError:
            return Answer(ok=False, message="the worker does not answer; try again", booking_id=booking_id)
        finally:
            self._answers.pop(booking_id, None)
        if refused:
            return Answer(ok=False, message=refused, booking_id=booking_id)
        return Answer(ok=True, message=done(job.label or booking_id), booking_id=booking_id)

    def _started(self) -> None:
        self.ready = False

    def _hear(self, line: bytes) -> None:
        try:
            message = messages.validate_json(line)
        except ValidationError as error:
            log.error("the worker said something that is not understood: %s", error)
            return
        match message:
            case Ready():
                self.ready = True
                if self._paused:
                    self.child.send(PauseEncoding(paused=True))
                for row in self._to_submit():
                    self.submit(row)
            case JobChanged(job=job):
                before = self._jobs.get(job.booking_id)
                self._jobs[job.booking_id] = job
                self._forget_old()
                self._on_job(before, job)
                answer = self._answers.get(job.booking_id)
                changed = before is None or _answering(before) != _answering(job)
                if answer is not None and changed and not answer.done():
                    answer.set_result("")
            case StoreSeen():
                self.store = message
            case Swept():
                self._on_swept(message)
            case Refused(booking_id=""):  # of all commands the pause alone is about no booking
                self._pause_again_ns = self._clock.sensor_ns() + PAUSE_AGAIN_NS
            case Refused(booking_id=booking_id, why=why):
                answer = self._answers.get(booking_id)
                if answer is not None and not answer.done():
                    answer.set_result(why)
        self._on_change()

    def _forget_old(self) -> None:
        over = [job for job in self._jobs.values() if job.state in OVER]
        if len(over) > 10 * SHOWN_DONE:
            for job in sorted(over, key=lambda job: job.created_at)[: len(over) - 10 * SHOWN_DONE]:
                del self._jobs[job.booking_id]

    def _down(self, _status: int | None, given_up: bool) -> None:
        self.ready = False
        self._on_down(given_up)
        self._on_change()


def _answering(job: Job) -> tuple[object, ...]:
    """What a command changes of a job."""
    return job.state, job.priority, job.waits_for is WaitsFor.RESUME
