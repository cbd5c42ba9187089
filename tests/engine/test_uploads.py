"""What the engine tells of uploads that wait: once, in words, for as long as the cause lasts."""

from datetime import UTC, datetime

from ezrec_tui.engine.uploads import health, notices
from ezrec_tui.model import Job, JobState, JobStep, Level, WaitsFor

AT = datetime(2026, 11, 23, tzinfo=UTC)


def waiting(booking_id: str, waits_for: WaitsFor, why: str, state: JobState = JobState.WAITING) -> Job:
    return Job(booking_id=booking_id, state=state, step=JobStep.UPLOAD, waits_for=waits_for, error=why, created_at=AT)


def test_a_store_that_a_person_has_to_mend_is_one_alert_however_many_videos_wait() -> None:
    jobs = [waiting(name, WaitsFor.PERSON, "There is no bucket venue. Make it.") for name in "abc"]
    [notice] = notices(jobs)
    assert notice.level is Level.FAILED
    assert "There is no bucket venue. Make it." in notice.what
    [item] = health(jobs)
    assert (item.key, item.level, item.detail) == ("store", Level.FAILED, "There is no bucket venue. Make it.")


def test_a_database_that_lets_nobody_in_is_one_alert_of_its_own() -> None:
    why = "Supabase does not let us in (401): check SUPABASE_SERVICE_ROLE_KEY"
    jobs = [waiting(name, WaitsFor.PERSON, why).model_copy(update={"step": JobStep.PUBLISH}) for name in "abc"]
    [notice] = notices(jobs)
    assert (notice.level, notice.what) == (Level.FAILED, f"videos cannot get into the app: {why}")


def test_the_alert_goes_when_the_videos_go_on() -> None:
    assert notices([waiting("a", WaitsFor.PERSON, "no key", JobState.QUEUED)]) == []
    assert health([waiting("a", WaitsFor.PERSON, "no key", JobState.CANCELLED)]) == ()


def test_a_line_that_is_down_is_a_warning_and_no_alert() -> None:
    jobs = [waiting("a", WaitsFor.LINE, "No connection to store.")]
    assert notices(jobs) == []
    [item] = health(jobs)
    assert (item.level, item.detail) == (Level.WARNING, "No connection to store.")


def test_uploads_that_wait_for_their_hours_are_no_trouble() -> None:
    jobs = [waiting("a", WaitsFor.HOURS, "uploads go on at 22:00 (UPLOAD_HOURS)")]
    assert notices(jobs) == []
    assert health(jobs) == ()
