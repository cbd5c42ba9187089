"""Jobs as the jobs database knows them: read from DBOS's own record of a workflow and its steps, nothing kept twice."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from dbos import DBOS, StepInfo, WorkflowStatus

from ezrec_tui.jobs.facts import End, Facts, Given, Outcome
from ezrec_tui.model import Job, JobState, JobStep

BOOKING = "booking"
"""Name of the workflow that leads a job."""
BEGIN = "begin:"
"""Name of the step that begins each of a job's steps, before the step's: the place to go back to."""

STATES = {
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}
"""All others are under way, and queued until they run."""


LIKE_A_STEP = re.compile(r"-\d+\Z")


def workflow_id(booking_id: str) -> str:
    """Of a booking's job; never that of a step of another one's, which DBOS calls by the job's id, `-` and a number."""
    end = ":" if LIKE_A_STEP.search(booking_id) else ""
    return f"{BOOKING}:{booking_id}{end}"


async def known_jobs(newest: int, failed: int) -> list[Job]:
    """The newest jobs, and the newest of those that failed, however old; the oldest first."""
    statuses = await DBOS.list_workflows_async(name=BOOKING, limit=newest, sort_desc=True)
    statuses += await DBOS.list_workflows_async(name=BOOKING, status="ERROR", limit=failed, sort_desc=True)
    found = {status.workflow_id: status for status in statuses}
    return sorted([await read_job(status) for status in found.values()], key=lambda job: job.created_at)


async def find_job(booking_id: str) -> Job | None:
    """A job as it is recorded."""
    status = await DBOS.get_workflow_status_async(workflow_id(booking_id))
    return await read_job(status) if status else None


async def given_to(booking_id: str) -> Given | None:
    """What a job was submitted with."""
    status = await DBOS.get_workflow_status_async(workflow_id(booking_id))
    return Given.model_validate(status.input["args"][0]) if status and status.input else None


async def done_jobs() -> list[tuple[Given, Facts]]:
    """All jobs that came to their good end and are not forgotten: what each was given, and what is known of it."""
    statuses = await DBOS.list_workflows_async(name=BOOKING, status="SUCCESS")
    return [
        (Given.model_validate(status.input["args"][0]), Facts.model_validate(status.output))
        for status in statuses
        if status.input is not None
    ]


async def cancelled_since(then: datetime) -> list[Given]:
    """What the jobs were given that somebody has cancelled since then, and not tried again."""
    statuses = await DBOS.list_workflows_async(name=BOOKING, status="CANCELLED", completed_after=then.isoformat())
    return [Given.model_validate(status.input["args"][0]) for status in statuses if status.input is not None]


async def not_ended(booking_ids: Sequence[str], end: JobState) -> frozenset[str]:
    """Of these bookings those whose job has not come to this end; one that is forgotten has."""
    if not booking_ids:
        return frozenset()
    statuses = await DBOS.list_workflows_async(
        workflow_ids=[workflow_id(id_) for id_ in booking_ids], load_input=False, load_output=False
    )
    others = (status.workflow_id for status in statuses if STATES.get(status.status) is not end)
    return frozenset(id_.removeprefix(f"{BOOKING}:") for id_ in others)


async def read_job(status: WorkflowStatus) -> Job:
    """The job of a workflow; its steps are read unless it is done and its result says all."""
    steps = [] if status.status == "SUCCESS" else await DBOS.list_workflow_steps_async(status.workflow_id)
    return job_of(status, steps)


def job_of(status: WorkflowStatus, steps: Sequence[StepInfo]) -> Job:
    """A job from its workflow, and from the workflow's steps unless it is done."""
    if status.input is None:
        raise ValueError(f"workflow {status.workflow_id} has no input")
    given = Given.model_validate(status.input["args"][0])
    state = STATES.get(status.status, JobState.QUEUED)
    done = state is JobState.DONE
    facts = Facts.model_validate(status.output) if done else _last_facts(steps)
    over = state is not JobState.QUEUED
    return Job(
        booking_id=given.booking_id,
        label=given.label,
        state=state,
        step=JobStep.CLEAN_UP if done else _last_step(steps),
        error=str(status.error) if status.error else None,
        priority=status.priority or given.priority,
        created_at=given.created_at,
        finished_at=datetime.fromtimestamp(status.completed_at / 1000, UTC) if over and status.completed_at else None,
        video=str(facts.video) if facts.video else None,
        key=facts.key,
        url=facts.url,
        fallbacks=facts.fallbacks,
    )


def place_of_last_step(steps: Sequence[StepInfo]) -> tuple[int, list[str]]:
    """Where in a workflow the step last begun begins, and the workflows started since."""
    begun = [step["function_id"] for step in steps if step["function_name"].startswith(BEGIN)]
    place = max(begun, default=1)
    children = {step["child_workflow_id"] for step in steps if step["function_id"] >= place}
    return place, sorted(child for child in children if child)


async def prune(before: datetime) -> int:
    """Forget jobs that were done or cancelled before then, with their steps. Returns how many."""
    old = await DBOS.list_workflows_async(
        name=BOOKING,
        status=["SUCCESS", "CANCELLED"],
        completed_before=before.isoformat(),
        load_input=False,
        load_output=False,
    )
    if old:
        await DBOS.delete_workflows_async([status.workflow_id for status in old], delete_children=True)
    return len(old)


def _last_step(steps: Sequence[StepInfo]) -> JobStep:
    begun = [step["function_name"] for step in steps if step["function_name"].startswith(BEGIN)]
    return JobStep(begun[-1].removeprefix(BEGIN)) if begun else JobStep.FINALISE


def _last_facts(steps: Sequence[StepInfo]) -> Facts:
    for step in reversed(steps):
        output = step["output"]
        if isinstance(output, dict) and "end" in output:
            outcome = Outcome.model_validate(output)
            if outcome.end is End.DONE:
                return outcome.facts
    return Facts()
