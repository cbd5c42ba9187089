"""What the engine tells of uploads that wait: once, in words, for as long as the cause lasts."""

from datetime import UTC, datetime

from ezrec_tui.engine.beyond import Beyond
from ezrec_tui.engine.uploads import health, notices
from ezrec_tui.jobs.messages import StoreSeen
from ezrec_tui.model import NS, HealthItem, Job, JobState, JobStep, Level, WaitsFor

AT = datetime(2026, 11, 23, tzinfo=UTC)


def waiting(booking_id: str, waits_for: WaitsFor, why: str, state: JobState = JobState.WAITING) -> Job:
    return Job(booking_id=booking_id, state=state, step=JobStep.UPLOAD, waits_for=waits_for, error=why, created_at=AT)


def test_a_store_that_a_person_has_to_mend_is_one_alert_however_many_videos_wait() -> None:
    jobs = [waiting(name, WaitsFor.PERSON, "There is no bucket venue. Make it.") for name in "abc"]
    [notice] = notices(jobs, None)
    assert notice.level is Level.FAILED
    assert "There is no bucket venue. Make it." in notice.what
    [item] = health(jobs, None)
    assert (item.key, item.level, item.detail) == ("store", Level.FAILED, "There is no bucket venue. Make it.")


def test_a_database_that_lets_nobody_in_is_one_alert_of_its_own() -> None:
    why = "Supabase does not let us in (401): check SUPABASE_SERVICE_ROLE_KEY"
    jobs = [waiting(name, WaitsFor.PERSON, why).model_copy(update={"step": JobStep.PUBLISH}) for name in "abc"]
    [notice] = notices(jobs, None)
    assert (notice.level, notice.what) == (Level.FAILED, f"videos cannot get into the app: {why}")


def test_the_alert_goes_when_the_videos_go_on() -> None:
    assert notices([waiting("a", WaitsFor.PERSON, "no key", JobState.QUEUED)], None) == []
    assert health([waiting("a", WaitsFor.PERSON, "no key", JobState.CANCELLED)], None) == ()


def test_a_line_that_is_down_is_a_warning_and_no_alert() -> None:
    jobs = [waiting("a", WaitsFor.LINE, "No connection to store.")]
    assert notices(jobs, None) == []
    [item] = health(jobs, None)
    assert (item.level, item.detail) == (Level.WARNING, "No connection to store.")


def test_uploads_that_wait_for_their_hours_are_no_trouble() -> None:
    jobs = [waiting("a", WaitsFor.HOURS, "uploads go on at 22:00 (UPLOAD_HOURS)")]
    assert notices(jobs, None) == []
    assert health(jobs, None) == ()


def test_a_key_that_does_not_do_is_told_before_there_is_a_video() -> None:
    seen = StoreSeen(why="The key is not known to s3.example. Check AWS_ACCESS_KEY_ID.", shut=True)
    [notice] = notices([], seen)
    assert notice.level is Level.FAILED
    assert notices([waiting("a", WaitsFor.PERSON, seen.why)], seen) == [notice]
    assert [(item.key, item.level) for item in health([], seen)] == [("store", Level.FAILED)]


def test_what_a_waiting_video_has_found_goes_before_an_older_look() -> None:
    [item] = health([waiting("a", WaitsFor.LINE, "No connection to store.")], StoreSeen())
    assert item.level is Level.WARNING
    [item] = health([], StoreSeen())
    assert item.level is Level.OK
    assert health([], None) == ()


def test_a_line_that_stays_down_becomes_an_alert_and_one_that_stumbles_does_not() -> None:
    beyond = Beyond()
    down = [HealthItem(key="database", level=Level.WARNING, detail="Supabase does not answer in time")]
    for second in range(890):
        beyond.look(down if second % 100 else [], second * NS)
        assert beyond.notices() == []
    for second in range(890, 1810):
        beyond.look(down, second * NS)
    [notice] = beyond.notices()
    assert (notice.topic, notice.level) == ("away:database", Level.WARNING)
    assert "Supabase does not answer in time" in notice.what
    for second in range(1810, 1872):
        beyond.look([HealthItem(key="database")], second * NS)
    assert beyond.notices() == []


def test_videos_that_wait_for_another_machine_are_one_alert_that_leaves_with_them() -> None:
    jobs = [
        waiting(name, WaitsFor.MACHINE, "no machine makes videos now").model_copy(update={"step": JobStep.RENDER})
        for name in "abc"
    ]
    (notice,) = notices(jobs, None)
    assert (notice.topic, notice.level) == ("machines", Level.WARNING)
    assert notice.what == "videos wait for another machine: no machine makes videos now"
    assert notices([], None) == []
