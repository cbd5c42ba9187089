"""What is known of the store, from jobs that wait for it and from looks at it: a health item, and what is to be mended;
and that jobs wait for other machines. Pure.
"""

from collections.abc import Sequence

from ezrec_tui.engine.notices import Notice
from ezrec_tui.jobs.messages import StoreSeen
from ezrec_tui.model import HealthItem, Job, JobState, JobStep, Level, WaitsFor

TO_DO = "mend that; the uploads go on by themselves then, nothing is lost"


def health(jobs: Sequence[Job], seen: StoreSeen | None) -> tuple[HealthItem, ...]:
    """By the jobs that wait for the store, else by how it was `seen`; nothing while it was not."""
    waiting = [job for job in _waiting(jobs, JobStep.UPLOAD) if job.waits_for in (WaitsFor.LINE, WaitsFor.PERSON)]
    if not waiting:
        return (HealthItem(key="store", level=_level(seen), detail=seen.why),) if seen else ()
    shut = next((job for job in waiting if job.waits_for is WaitsFor.PERSON), None)
    level = Level.FAILED if shut else Level.WARNING
    return (HealthItem(key="store", level=level, detail=(shut or waiting[0]).error or ""),)


def _level(seen: StoreSeen) -> Level:
    return Level.FAILED if seen.shut else Level.WARNING if seen.why else Level.OK


def notices(jobs: Sequence[Job], seen: StoreSeen | None) -> list[Notice]:
    """One for each reason, however many videos wait for it."""
    waiting = [job for job in _waiting(jobs, *JobStep) if job.waits_for is WaitsFor.PERSON]
    reasons = dict.fromkeys((job.step, job.error) for job in waiting)
    if seen is not None and seen.shut:
        reasons[JobStep.UPLOAD, seen.why] = None
    return [
        *(Notice(f"store:{step}:{why}", Level.FAILED, _what(step, why), TO_DO) for step, why in reasons),
        *_machines(jobs),
    ]


def _machines(jobs: Sequence[Job]) -> list[Notice]:
    waiting = [job for job in _waiting(jobs, *JobStep) if job.waits_for is WaitsFor.MACHINE]
    if not waiting:
        return []
    what = f"videos wait for another machine: {waiting[0].error}"
    return [Notice("machines", Level.WARNING, what, "nothing is lost: they go on by themselves")]


def _what(step: JobStep, why: str | None) -> str:
    return f"videos cannot get into the app: {why}" if step is JobStep.PUBLISH else f"videos cannot be delivered: {why}"


def _waiting(jobs: Sequence[Job], *steps: JobStep) -> list[Job]:
    return [job for job in jobs if job.state is JobState.WAITING and job.step in steps]
