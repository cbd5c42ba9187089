"""What each act can be done to right now: nothing, when it is not available. Pure."""

from dataclasses import replace

from ezrec_tui.model import (
    Alert,
    Booking,
    BookingStatus,
    Job,
    JobState,
    JobStep,
    RecordingState,
    RecordingStatus,
    Snapshot,
    WaitsFor,
)
from ezrec_tui.tui.act import Situation, Target
from ezrec_tui.tui.look import Place

RUNNING = (RecordingState.STARTING, RecordingState.RECORDING)
LINED_UP = (JobState.QUEUED, JobState.WAITING, JobState.PAUSED)
UNDER_WAY = (*LINED_UP, JobState.RUNNING)
TO_COME = (BookingStatus.SCHEDULED, BookingStatus.CONFIRMED)
VENUE = Target()
FIRST_PRIORITY, LAST_PRIORITY = 1, 100


def _job(job: Job) -> Target:
    return Target(job.booking_id, job.label or job.booking_id, job.priority, job.waits_for is WaitsFor.RESUME)


def _recording(recording: RecordingStatus) -> Target:
    return Target(recording.booking_id, recording.label, start=recording.start, end=recording.end)


def running(situation: Situation) -> list[Target]:
    return [_recording(one) for one in situation.recordings if one.state in RUNNING]


def stopped(situation: Situation) -> list[Target]:
    return [_recording(one) for one in situation.recordings if can_resume(one, situation.snapshot)]


def can_resume(recording: RecordingStatus, snapshot: Snapshot | None) -> bool:
    """Whether it was stopped, and so short ago that the stop can be taken back."""
    until = recording.resume_until
    if recording.state is not RecordingState.STOPPED or until is None:
        return False
    return snapshot is not None and until > snapshot.at


def none_running(situation: Situation) -> list[Target]:
    return [] if running(situation) else [VENUE]


def failed_jobs(situation: Situation) -> list[Target]:
    if situation.place is Place.JOBS:
        return chosen_job(situation, JobState.FAILED) or _given_up_job(situation)
    jobs = situation.snapshot.jobs if situation.snapshot else ()
    return [_job(job) for job in jobs if job.state is JobState.FAILED]


def chosen_job(situation: Situation, *states: JobState) -> list[Target]:
    job = situation.chosen
    return [_job(job)] if isinstance(job, Job) and job.state in states else []


def _given_up_job(situation: Situation) -> list[Target]:
    """The chosen one, as long as that can be taken back."""
    job = situation.chosen
    return chosen_job(situation, JobState.CANCELLED) if isinstance(job, Job) and not job.footage_deleted_at else []


def job_to_give_up(situation: Situation) -> list[Target]:
    days = situation.snapshot.given_up_days if situation.snapshot else 0
    return [replace(target, kept_days=days) for target in chosen_job(situation, *UNDER_WAY)]


def delivered_job(situation: Situation) -> Job | None:
    """The chosen one, when its video is in the store."""
    job = situation.chosen
    return job if isinstance(job, Job) and job.key is not None else None


def can_go_sooner(situation: Situation) -> list[Target]:
    return [job for job in chosen_job(situation, *LINED_UP) if job.priority > FIRST_PRIORITY]


def can_go_later(situation: Situation) -> list[Target]:
    return [job for job in chosen_job(situation, *LINED_UP) if job.priority < LAST_PRIORITY]


def coming_booking(situation: Situation) -> list[Target]:
    booking, snapshot = situation.chosen, situation.snapshot
    if not isinstance(booking, Booking) or snapshot is None or booking.status not in TO_COME:
        return []
    begun = booking.start <= snapshot.at or any(one.booking_id == booking.id for one in snapshot.recordings)
    return [] if begun else [Target(booking.id, booking.label, start=booking.start, end=booking.end)]


def cameras_to_test(situation: Situation) -> list[Target]:
    """A test makes way for recordings, and there is one at a time."""
    snapshot = situation.snapshot
    if snapshot is None or not snapshot.cameras or snapshot.recordings:
        return []
    return [] if snapshot.camera_test and snapshot.camera_test.running else [VENUE]


def cameras_to_calibrate(situation: Situation) -> list[Target]:
    """As a camera test does, a calibration makes way for recordings."""
    return cameras_to_test(situation) if two_cameras(situation) and not _calibrates(situation) else []


def footage_to_calibrate_from(situation: Situation) -> list[Target]:
    """Of the chosen video, once its recording is closed and while it is kept; or of the booking that shows that the
    cameras moved, when its alert is chosen."""
    snapshot, chosen = situation.snapshot, situation.chosen
    if snapshot is None or _calibrates(situation) or not two_cameras(situation):
        return []
    if isinstance(chosen, Job):
        closing = chosen.step is JobStep.FINALISE and chosen.state in UNDER_WAY
        return [] if closing or chosen.footage_deleted_at else [_job(chosen)]
    moved_in = snapshot.setup.rig.moved_in if snapshot.setup.rig else None
    if moved_in is None or not any(one.booking_id == moved_in for one in _chosen_alert(situation)):
        return []
    label = next((job.label for job in snapshot.jobs if job.booking_id == moved_in), "")
    return [Target(moved_in, label or moved_in)]


def _calibrates(situation: Situation) -> bool:
    calibration = situation.snapshot.calibration if situation.snapshot else None
    return calibration is not None and calibration.running


def two_cameras(situation: Situation) -> list[Target]:
    return [VENUE] if situation.snapshot and len(situation.snapshot.cameras) > 1 else []


def overlap(situation: Situation) -> list[Target]:
    return two_cameras(situation) if situation.snapshot and situation.snapshot.overlap else []


def alert(situation: Situation) -> list[Target]:
    """The one that is chosen, if it is open; on home the newest."""
    alerts = situation.snapshot.alerts if situation.snapshot else ()
    meant = _chosen_alert(situation) if situation.place is Place.ALERTS else alerts[:1]
    return [Target(str(one.id), one.what) for one in meant]


def _chosen_alert(situation: Situation) -> list[Alert]:
    """At most one: an alert that is over or was seen is none any more."""
    alerts, chosen = situation.snapshot.alerts if situation.snapshot else (), situation.chosen
    return [one for one in alerts if isinstance(chosen, Alert) and one.id == chosen.id]
