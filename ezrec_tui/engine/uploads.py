"""What jobs that wait tell of store and database: an item of the health line, and what a person has to mend. Pure."""

from collections.abc import Sequence

from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import HealthItem, Job, JobState, JobStep, Level, WaitsFor

TO_DO = "mend that; the uploads go on by themselves then, nothing is lost"


def health(jobs: Sequence[Job]) -> tuple[HealthItem, ...]:
    """Nothing while no upload waits for the store."""
    waiting = [job for job in _waiting(jobs, JobStep.UPLOAD) if job.waits_for in (WaitsFor.LINE, WaitsFor.PERSON)]
    if not waiting:
        return ()
    shut = next((job for job in waiting if job.waits_for is WaitsFor.PERSON), None)
    level = Level.FAILED if shut else Level.WARNING
    return (HealthItem(key="store", level=level, detail=(shut or waiting[0]).error or ""),)


def notices(jobs: Sequence[Job]) -> list[Notice]:
    """One for each reason, however many videos wait for it."""
    waiting = [job for job in _waiting(jobs, JobStep.UPLOAD, JobStep.PUBLISH) if job.waits_for is WaitsFor.PERSON]
    reasons = dict.fromkeys((job.step, job.error) for job in waiting)
    return [Notice(f"store:{step}:{why}", Level.FAILED, _what(step, why), TO_DO) for step, why in reasons]


def _what(step: JobStep, why: str | None) -> str:
    return f"videos cannot be delivered: {why}" if step is JobStep.UPLOAD else f"videos cannot get into the app: {why}"


def _waiting(jobs: Sequence[Job], *steps: JobStep) -> list[Job]:
    return [job for job in jobs if job.state is JobState.WAITING and job.step in steps]
