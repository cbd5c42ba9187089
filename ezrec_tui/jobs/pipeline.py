"""The way of a booking, durable: finalise, render, upload, publish, clean up. Killed anywhere, it goes on there.

A workflow per booking (id `booking:<id>`, so that a submit is idempotent) takes the steps one after the other.
Render and upload are workflows of their own on queues, one render and two uploads at a time. Nothing raises across
them: a try ends in an `Outcome`, and the booking's workflow decides what follows. Waiting is a step in memory, not
a row a try, so that a week without a line costs nothing; a restart begins to wait anew.

What the screen shows changes inside steps only: a replay after a restart runs past finished steps in silence.
"""

import asyncio
import contextlib
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from ezrec_tui.clock import Clock
from ezrec_tui.jobs import durable
from ezrec_tui.jobs.board import OVER, Board
from ezrec_tui.jobs.facts import End, Facts, Given, Outcome
from ezrec_tui.jobs.held import Held
from ezrec_tui.jobs.history import BEGIN, BOOKING, find_job, workflow_id
from ezrec_tui.jobs.line import Bell, Line
from ezrec_tui.jobs.messages import Submit
from ezrec_tui.jobs.pace import Pace
from ezrec_tui.jobs.pulse import Pulse
from ezrec_tui.jobs.steps import Steps, Try
from ezrec_tui.logs import about
from ezrec_tui.model import NS, Job, JobState, JobStep, Progress, Value, WaitsFor

TRIES = 3
"""Of a step that is refused; waiting for the line is not counted."""
FIRST_DELAY = 1.0
"""Seconds between tries: doubled each time, with jitter."""
LONGEST_DELAY = {End.REFUSED: 300.0, End.UNREACHABLE: 60.0, End.CLOSED: 60.0, End.SHUT: 3600.0, End.NO_MACHINE: 30.0}
"""Before the next try: a store that answers the probe and takes nothing all the same is not tried for ever."""
WAITS_FOR = {
    End.REFUSED: WaitsFor.TRY,
    End.UNREACHABLE: WaitsFor.LINE,
    End.NO_MACHINE: WaitsFor.MACHINE,
    End.SHUT: WaitsFor.PERSON,
    End.CLOSED: WaitsFor.HOURS,
}
HELD: dict[str, Any] = {"state": JobState.PAUSED, "waits_for": WaitsFor.RESUME, "retry_at": None}
"""How a job is shown that a person has paused."""
LONGEST_WAIT = 60.0
"""Between two looks at what hinders a step."""
CLOCK_SECONDS = 60.0
"""Between two looks at the clock, which may be set meanwhile."""
QUEUES = {JobStep.RENDER: durable.ENCODE, JobStep.UPLOAD: durable.UPLOAD}
THREADS = 3
"""Beside renders and uploads: a look for the line, and the short steps of all jobs."""
POLLS = 40
"""Looks a second at the jobs database, of all jobs together that wait for a queued step to end."""
WorkT = TypeVar("WorkT")

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job failed for good; the text says why. Its footage is kept."""


class Pipeline:
    """All jobs of this machine. Made once a process, before DBOS is launched, on the loop that it is launched on."""

    def __init__(
        self,
        steps: Steps,
        board: Board,
        priorities: durable.Priorities,
        held: Held,
        clock: Clock,
        bell: Bell,
        pace: Pace,
        pulse: Pulse,
    ) -> None:
        self._steps, self._board, self._clock, self._bell = steps, board, clock, bell
        self._priorities, self._held, self._pace, self._pulse = priorities, held, pace, pulse
        self._pool = ThreadPoolExecutor(THREADS + sum(steps.at_once), thread_name_prefix="job")
        self._not_paused = threading.Event()
        self._not_paused.set()
        self._executing: Counter[str] = Counter()
        self._line = Line(bell, lambda: clock.sensor_ns() / NS)

        @DBOS.workflow(name=BOOKING, max_recovery_attempts=None)
        async def booking(given: dict[str, Any]) -> dict[str, Any]:
            return _plain(await self._lead(Given.model_validate(given)))

        @DBOS.workflow(name="step", max_recovery_attempts=None)
        async def queued(given: dict[str, Any], step: str, facts: dict[str, Any], number: int) -> dict[str, Any]:
            return await self._try(Given.model_validate(given), JobStep(step), Facts.model_validate(facts), number)

        self._booking, self._queued = booking, queued

    # What the engine asks for

    async def submit(self, command: Submit) -> None:
        """Start a job; one that is known is told of again, and nothing else."""
        if job := await find_job(command.booking_id):
            self._board.put(self._board.get(command.booking_id) or job)
            return
        given = Given(
            booking_id=command.booking_id,
            label=command.label,
            folder=command.folder,
            priority=command.priority,
            method=command.method,
            created_at=self._clock.now(),
        )
        with SetWorkflowID(workflow_id(given.booking_id)):
            await DBOS.start_workflow_async(self._booking, _plain(given))

    def as_held(self, job: Job) -> Job:
        """A job as it is recorded, and paused if somebody has paused it."""
        return job if job.state in OVER or job.booking_id not in self._held else job.model_copy(update=HELD)

    async def pause_encoding(self, paused: bool) -> None:
        """Hold the render that runs, and let no other start; other machines' renders need not make way."""
        if self._steps.renders_elsewhere:
            return
        if paused:
            self._not_paused.clear()
        else:
            self._not_paused.set()
        await durable.pause_encoding(paused)
        before, after = (JobState.RUNNING, JobState.PAUSED) if paused else (JobState.PAUSED, JobState.RUNNING)
        for job in self._board.with_state(before):
            if job.step is JobStep.RENDER:
                self.show(job.booking_id, state=after)

    def is_at(self, booking_id: str) -> bool:
        """Whether anything works on a job now; what was cancelled takes a moment to end."""
        return bool(self._executing[booking_id])

    # The booking's workflow: deterministic, everything that touches the world is a step

    async def _lead(self, given: Given) -> Facts:
        facts = Facts()
        with self._executes(given), self._pace.making_way():
            try:
                for step in JobStep:
                    facts = await self._take(given, step, facts)
            except JobFailed as error:
                self._fail(given, str(error))
                raise
            except Exception as error:
                if not self._is_cancelled(given):
                    log.exception("the job ended unexpectedly", extra=about(given.booking_id))
                    self._fail(given, str(error) or type(error).__name__)
                raise
        self._board.change(given.booking_id, state=JobState.DONE, finished_at=self._clock.now())
        return facts

    async def _take(self, given: Given, step: JobStep, facts: Facts) -> Facts:
        """Take one step, with as many tries as it needs. Raises JobFailed."""
        await DBOS.run_step_async({"name": f"{BEGIN}{step}"}, self._begin, given, step)
        refused = hindered = 0
        may_be_remade = True
        while True:
            outcome = await self._next_try(given, step, facts, refused + 1)
            match outcome.end:
                case End.DONE:
                    return outcome.facts
                case End.UNREACHABLE | End.NO_MACHINE | End.SHUT | End.CLOSED:
                    hindered += 1
                    waited = (step, facts, outcome, hindered)
                case End.STOPPED:
                    with self._pace.resting():
                        await DBOS.run_step_async({"name": "hold", "preemptible": True}, self._hold, given)
                    continue
                case End.LOST if may_be_remade:
                    may_be_remade = False
                    facts = await self._take(given, JobStep.RENDER, facts)
                    await DBOS.run_step_async({"name": f"{BEGIN}{step}"}, self._begin, given, step)
                    continue
                case End.REFUSED if refused + 1 < TRIES:
                    refused += 1
                    waited = (step, facts, outcome, refused)
                case _:
                    await DBOS.run_step_async({"name": "give up"}, self._give_up, given, step, outcome)
                    raise JobFailed(outcome.why)
            with self._pace.resting():
                await DBOS.run_step_async({"name": "wait", "preemptible": True}, self._wait, given, *waited)

    async def _next_try(self, given: Given, step: JobStep, facts: Facts, number: int) -> Outcome:
        if queue := QUEUES.get(step):
            async with self._priorities.ordering:
                priority = await asyncio.to_thread(self._priorities.get, workflow_id(given.booking_id))
                with SetEnqueueOptions(priority=durable.rank(priority or given.priority, given.created_at)):
                    handle = await DBOS.enqueue_workflow_async(
                        queue, self._queued, _plain(given), step.value, _plain(facts), number
                    )
            ended = await handle.get_result(polling_interval_sec=max(0.25, len(self._executing) / POLLS))
        else:
            ended = await self._try(given, step, facts, number)
        return Outcome.model_validate(ended)

    async def _try(self, given: Given, step: JobStep, facts: Facts, number: int) -> dict[str, Any]:
        with self._executes(given):
            return await DBOS.run_step_async(
                {"name": step.value, "preemptible": True}, self._run, given, step, facts, number
            )

    # Steps

    async def _begin(self, given: Given, step: JobStep) -> dict[str, Any]:
        """Where a retry goes back to."""
        self.show(
            given.booking_id,
            step=step,
            state=JobState.QUEUED,
            attempts=0,
            error=None,
            retry_at=None,
            progress=Progress(),
        )
        log.info("job: %s", step, extra=about(given.booking_id))
        return {}

    async def _run(self, given: Given, step: JobStep, facts: Facts, number: int) -> dict[str, Any]:
        """One try of a step, on a thread that stops when the job is cancelled or paused."""
        if given.booking_id in self._held:
            return _plain(Outcome(end=End.STOPPED))
        running = JobState.RUNNING if step is not JobStep.RENDER or self._not_paused.is_set() else JobState.PAUSED
        self._board.change(
            given.booking_id, step=step, state=running, attempts=number, error=None, retry_at=None, progress=Progress()
        )
        stop = threading.Event()

        with self._pulse.of(step, given.booking_id) as beat:

            def should_stop() -> bool:
                # DBOS looks for cancelled steps once a second; the board knows at once.
                beat()
                while not (over := stop.is_set() or self._is_stopped(given)) and step is JobStep.RENDER:
                    if self._not_paused.wait(0.2):
                        break
                    beat()
                return over

            def report(progress: Progress) -> None:
                self._board.progress(given.booking_id, progress)

            outcome = await self._on_thread(lambda: self._steps.run(step, Try(given, facts, report, should_stop)), stop)
        if outcome.end is End.DONE:
            done = outcome.facts
            self._board.change(
                given.booking_id,
                video=str(done.video) if done.video else None,
                key=done.key,
                url=done.url,
                fallbacks=done.fallbacks,
            )
            if step is JobStep.UPLOAD:
                self._line.is_up()
        elif outcome.end is not End.STOPPED and not self._is_cancelled(given):
            log.warning("%s: %s", step, outcome.why, extra=about(given.booking_id))
        return _plain(outcome)

    async def _wait(self, given: Given, step: JobStep, facts: Facts, outcome: Outcome, times: int) -> dict[str, Any]:
        """Wait before the next try: a while when it was refused, else until nothing hinders it any more."""
        delay = min(FIRST_DELAY * 2 ** min(times - 1, 16), LONGEST_DELAY[outcome.end])
        while True:
            if opens_at := self._steps.opens_at(step):
                self._show_waiting(
                    given, step, Outcome(end=End.CLOSED, why=self._steps.out_of_hours(opens_at)), opens_at
                )
                await self._clock.sleep(min(CLOCK_SECONDS, (opens_at - self._clock.now()).total_seconds()))
                continue
            if outcome.end is End.CLOSED:
                break
            seconds = delay * random.uniform(0.5, 1)
            self._show_waiting(given, step, outcome, self._clock.now() + timedelta(seconds=seconds))
            if outcome.end is End.REFUSED:
                await self._clock.sleep(seconds)
                break
            await self._bell.wait(seconds)
            hindrance = await self._hindrance(given, step, facts)
            if hindrance is None:
                break
            outcome, delay = hindrance, min(delay * 2, LONGEST_WAIT)
        self.show(given.booking_id, state=JobState.QUEUED, retry_at=None, waits_for=None)
        return {}

    async def _hold(self, given: Given) -> dict[str, Any]:
        """Wait until a person lets the job go on."""
        self.show(given.booking_id)
        await self._held.until_dropped(given.booking_id)
        return {}

    def show(self, booking_id: str, **changes: Any) -> None:
        """Change what is shown of a job; one that a person has paused stays paused."""
        self._board.change(booking_id, **(changes | HELD if booking_id in self._held else changes))

    def _show_waiting(self, given: Given, step: JobStep, outcome: Outcome, until: datetime) -> None:
        self.show(
            given.booking_id,
            step=step,
            state=JobState.WAITING,
            error=outcome.why,
            waits_for=WAITS_FOR[outcome.end],
            retry_at=until,
        )

    async def _hindrance(self, given: Given, step: JobStep, facts: Facts) -> Outcome | None:
        stop = threading.Event()
        trial = Try(given, facts, _unheard, stop.is_set)

        async def look() -> Outcome | None:
            return await self._on_thread(lambda: self._steps.hindrance(step, trial), stop)

        return await (self._line.hindrance(look) if step is JobStep.UPLOAD else look())

    async def _give_up(self, given: Given, step: JobStep, outcome: Outcome) -> dict[str, Any]:
        """Tell the world; the screen is told where the workflow ends."""
        await asyncio.to_thread(self._steps.give_up, given, step, outcome)
        return {}

    def _fail(self, given: Given, why: str) -> None:
        self._board.change(
            given.booking_id, state=JobState.FAILED, error=why, retry_at=None, finished_at=self._clock.now()
        )

    def _is_cancelled(self, given: Given) -> bool:
        job = self._board.get(given.booking_id)
        return job is not None and job.state is JobState.CANCELLED

    def _is_stopped(self, given: Given) -> bool:
        return given.booking_id in self._held or self._is_cancelled(given)

    async def _on_thread(self, work: Callable[[], WorkT], stop: threading.Event) -> WorkT:
        """Do blocking work. When this is cancelled, `stop` is set and the work ends before this does."""
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait({future})
            if not future.cancelled():
                future.exception()
            raise

    @contextlib.contextmanager
    def _executes(self, given: Given) -> Generator[None]:
        """Around all that works on a job. After a restart a queued step may be at it before the job's own workflow."""
        if self._board.get(given.booking_id) is None:
            self._board.put(self.as_held(_new_job(given)))  # told only now that it is durable
        self._executing[given.booking_id] += 1
        try:
            yield
        finally:
            self._executing[given.booking_id] -= 1
            if not self._executing[given.booking_id]:
                del self._executing[given.booking_id]


def _plain(value: Value) -> dict[str, Any]:
    return value.model_dump(mode="json")


def _unheard(_: Progress) -> None:
    """Looking for the line makes no progress."""


def _new_job(given: Given) -> Job:
    return Job(
        booking_id=given.booking_id,
        label=given.label,
        state=JobState.QUEUED,
        priority=given.priority,
        created_at=given.created_at,
    )
