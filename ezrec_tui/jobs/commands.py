"""What is asked of the jobs, by a person at any time or by the engine: it is done, or refused with a reason."""

import asyncio
import logging
from collections.abc import Callable

from dbos import DBOS

from ezrec_tui.clock import Clock
from ezrec_tui.jobs.board import OVER, Board
from ezrec_tui.jobs.durable import Priorities
from ezrec_tui.jobs.giving_up import GivingUp
from ezrec_tui.jobs.held import Held
from ezrec_tui.jobs.history import find_job, given_to, place_of_last_step, workflow_id
from ezrec_tui.jobs.messages import (
    Cancel,
    JobCommand,
    Pause,
    PauseEncoding,
    Prioritise,
    Refused,
    Resume,
    Retry,
    Submit,
)
from ezrec_tui.jobs.pipeline import Pipeline
from ezrec_tui.logs import about
from ezrec_tui.model import Job, JobState, JobStep, Progress

ENDING_SECONDS = 5.0
"""How long a retry waits for what was cancelled to end."""

log = logging.getLogger(__name__)


class CommandError(Exception):
    """A command that cannot be done now; the text says why."""


class Commands:
    """Retry, cancel, prioritise, pause and resume the jobs of a pipeline. Used on its loop."""

    def __init__(
        self, pipeline: Pipeline, board: Board, priorities: Priorities, held: Held, giving_up: GivingUp, clock: Clock
    ) -> None:
        self._pipeline, self._board, self._clock = pipeline, board, clock
        self._priorities, self._held, self._giving_up = priorities, held, giving_up

    async def obey(self, command: JobCommand) -> Refused | None:
        """Do a command; what comes back is why not."""
        try:
            await self._do(command)
        except CommandError as error:
            return Refused(booking_id=_booking_id_of(command), why=str(error))
        except Exception as error:
            log.exception("command %s failed", command)
            return Refused(booking_id=_booking_id_of(command), why=f"that failed: {error}")
        return None

    async def _do(self, command: JobCommand) -> None:
        match command:
            case Submit():
                await self._pipeline.submit(command)
            case Retry(booking_id=booking_id):
                await self.retry(booking_id)
            case Cancel(booking_id=booking_id):
                await self.cancel(booking_id)
            case Prioritise(booking_id=booking_id, priority=priority):
                await self.prioritise(booking_id, priority)
            case Pause(booking_id=booking_id):
                await self.pause(booking_id)
            case Resume(booking_id=booking_id):
                await self.resume(booking_id)
            case PauseEncoding(paused=paused):
                await self._pipeline.pause_encoding(paused)

    async def retry(self, booking_id: str) -> None:
        """Go back to the step that failed. Raises CommandError."""
        job = await self._find(booking_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise CommandError(f"{job.label} has not failed: it is {job.state}")
        await self._until_over(job)
        if not await self._giving_up.take_back(booking_id):
            raise CommandError(f"{job.label} cannot be tried again: its footage was deleted")
        workflow = workflow_id(booking_id)
        place, children = place_of_last_step(await DBOS.list_workflow_steps_async(workflow))
        if children:  # or the failure they have recorded would be taken for the new one
            await DBOS.delete_workflows_async(children)
        changes = {"state": JobState.QUEUED, "error": None, "retry_at": None, "finished_at": None, "attempts": 0}
        self._board.put(job.model_copy(update={**changes, "kept_until": None, "progress": Progress()}))
        await DBOS.rewind_workflow_async(workflow, start_step=place)
        log.info("the job is tried again from %s", job.step, extra=about(booking_id))

    async def take_up_published(self, is_published: Callable[[str], bool]) -> None:
        """Finish the jobs whose rows the database had refused, and has taken since: nobody has to ask for it."""
        for job in self._board.with_state(JobState.FAILED):
            if job.step is JobStep.PUBLISH and await asyncio.to_thread(is_published, job.booking_id):
                try:
                    await self.retry(job.booking_id)
                except CommandError as error:
                    log.debug("the job is not taken up: %s", error, extra=about(job.booking_id))

    async def cancel(self, booking_id: str) -> None:
        """Give up a job. What runs stops within two seconds and leaves nothing; its footage is kept for so long that it
        can be tried again until then. Raises CommandError."""
        job = await self._find(booking_id)
        if job.state in OVER:
            raise CommandError(f"{job.label} cannot be cancelled: it is {job.state}")
        await DBOS.cancel_workflow_async(workflow_id(booking_id), cancel_children=True)
        recorded = await find_job(booking_id)
        if recorded is None or recorded.state is not JobState.CANCELLED:
            raise CommandError(f"{job.label} ended before it could be cancelled")
        given = await given_to(booking_id)
        until = await self._giving_up.note(given) if given else None
        self._board.change(
            booking_id, state=JobState.CANCELLED, retry_at=None, finished_at=self._clock.now(), kept_until=until
        )
        await self._held.drop(booking_id)
        log.info("the job is cancelled in %s", job.step, extra=about(booking_id))

    async def prioritise(self, booking_id: str, priority: int) -> None:
        """Let a job go before others, or after them. Raises CommandError."""
        job = await self._find(booking_id)
        if job.state in OVER:
            raise CommandError(f"{job.label} needs no priority: it is {job.state}")
        async with self._priorities.ordering:
            await asyncio.to_thread(self._priorities.set, workflow_id(booking_id), priority, job.created_at)
        self._board.change(booking_id, priority=priority)

    async def pause(self, booking_id: str) -> None:
        """Let a job wait, over restarts too, until it is resumed. What it renders or uploads stops within two seconds,
        and others take its turn; an upload then goes on where it was. Raises CommandError."""
        job = await self._find(booking_id)
        if job.state in OVER:
            raise CommandError(f"{job.label} cannot be paused: it is {job.state}")
        if booking_id in self._held:
            raise CommandError(f"{job.label} is paused already")
        await self._held.put(booking_id)
        self._pipeline.show(booking_id)
        log.info("the job is paused in %s", job.step, extra=about(booking_id))

    async def resume(self, booking_id: str) -> None:
        """Let a paused job go on. Raises CommandError."""
        job = await self._find(booking_id)
        if booking_id not in self._held:
            raise CommandError(f"{job.label} is not paused by anybody: it is {job.state}")
        await self._held.drop(booking_id)
        self._pipeline.show(booking_id, state=JobState.QUEUED, waits_for=None)
        log.info("the job goes on with %s", job.step, extra=about(booking_id))

    async def _find(self, booking_id: str) -> Job:
        job = self._board.get(booking_id) or await find_job(booking_id)
        if job is None:
            raise CommandError(f"there is no job for booking {booking_id}")
        return job

    async def _until_over(self, job: Job) -> None:
        """Wait until nothing of a job runs any more and its end is recorded. Raises CommandError."""
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                while self._pipeline.is_at(job.booking_id) or not await self._is_over(job.booking_id):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise CommandError(f"{job.label} is still being ended; try again in a moment") from None

    async def _is_over(self, booking_id: str) -> bool:
        recorded = await find_job(booking_id)
        return recorded is not None and recorded.state in OVER


def _booking_id_of(command: JobCommand) -> str:
    return "" if isinstance(command, PauseEncoding) else command.booking_id
