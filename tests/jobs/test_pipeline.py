"""Jobs in a real worker process, spoken to over its pipes as the engine does. One worker for all of this file."""

import subprocess
from collections.abc import Generator
from datetime import UTC
from itertools import pairwise

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import JobChanged, PauseEncoding, Prioritise, Ready, Refused, Retry, Submit
from ezrec_tui.model import Job, JobState, JobStep, PublishedStatus
from tests.jobs.house import assert_one_of_each, event, has_event, published, status, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import booking, record

OVER = (JobState.DONE, JobState.FAILED)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return Folders(tmp_path_factory.mktemp("data"), UTC)


@pytest.fixture(scope="module")
def worker(folders: Folders) -> Generator[WorkerProcess]:
    with WorkerProcess(folders.data, {"MAIN_LOGO_PATH": "/nowhere/logo.png"}) as worker:
        yield worker


def test_a_booking_becomes_one_video_delivered_and_published(folders: Folders, worker: WorkerProcess) -> None:
    worker.say(submit(folders, "b1"))
    job = worker.wait_for_state("b1", *OVER)
    assert job.state is JobState.DONE, job.error
    assert_one_of_each(folders, "b1")
    assert isinstance(worker.heard[0], Ready)
    assert list(dict.fromkeys(one.step for one in worker.jobs_heard("b1"))) == list(JobStep)
    assert (job.label, job.finished_at is not None, job.error) == ("Court 1", True, None)
    assert job.video == str(folders.video(booking("b1")))
    assert [note for note in job.fallbacks if "/nowhere/logo.png" in note]
    row = published(folders, "b1")[0]
    assert (row.user_id, row.date, row.filename) == ("player-7", "2026-03-01", "b1.mp4")
    assert (row.storage_path, row.video_url, row.duration_seconds) == ("player-7/2026-03-01/b1.mp4", job.url, 2.0)
    assert event(folders, "video_ready", "b1")["duration_seconds"] == 2.0
    assert event(folders, "upload_complete", "b1")["url"] == job.url
    assert not has_event(folders, "job_failed", "b1")


def test_the_sums_of_footage_and_video_are_noted_as_sha256sum_checks_them(
    folders: Folders, worker: WorkerProcess
) -> None:
    worker.say(submit(folders, "sums", seconds=4))
    worker.wait_for_state("sums", *OVER)
    recording, video = folders.recording(booking("sums")), folders.video(booking("sums"))
    for folder, sums, files in ((recording, "SHA256SUMS", 4), (video.parent, f"{video.name}.sha256", 1)):
        checked = subprocess.run(["sha256sum", "-c", sums], cwd=folder, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout
        assert checked.stdout.count(": OK") == files


def test_a_job_submitted_twice_is_one_job(folders: Folders, worker: WorkerProcess) -> None:
    once = submit(folders, "twice")
    worker.say(once)
    worker.say(once)
    worker.wait_for_state("twice", *OVER)
    told = len(worker.heard)
    worker.say(once)
    assert worker.wait_for_job("twice", lambda job: True, since=told).state is JobState.DONE
    assert_one_of_each(folders, "twice")
    lines = worker.log.read_text().splitlines()
    assert len([line for line in lines if "event video_ready" in line and '"booking": "twice"' in line]) == 1


def test_a_recording_without_footage_is_said_to_be_skipped(folders: Folders, worker: WorkerProcess) -> None:
    worker.say(submit(folders, "empty", cameras=()))
    job = worker.wait_for_state("empty", *OVER)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert "No camera left any footage" in job.error
    assert event(folders, "job_failed", "empty")["error"] == job.error
    worker.wait_until(lambda: status(folders, "empty") is PublishedStatus.SKIPPED_MISSING_FILE)


def test_one_camera_without_footage_gives_a_video_of_the_other(folders: Folders, worker: WorkerProcess) -> None:
    worker.say(submit(folders, "right-only", cameras=(1,)))
    job = worker.wait_for_state("right-only", *OVER)
    assert job.state is JobState.DONE, job.error
    assert [note for note in job.fallbacks if "one camera" in note]
    assert_one_of_each(folders, "right-only")


def test_a_broken_manifest_fails_the_job_with_one_clear_line(folders: Folders, worker: WorkerProcess) -> None:
    command = submit(folders, "broken")
    (command.folder / "manifest.json").write_text('{"version": 1}')
    worker.say(command)
    job = worker.wait_for_state("broken", *OVER)
    assert (job.state, job.step, job.attempts) == (JobState.FAILED, JobStep.FINALISE, 3)
    assert job.error is not None
    assert "manifest.json is no manifest" in job.error
    assert "\n" not in job.error
    assert "Traceback" not in worker.log.read_text()
    worker.wait_until(lambda: status(folders, "broken") is PublishedStatus.FAILED)


def test_renders_go_by_priority_one_at_a_time_and_none_while_paused(folders: Folders, worker: WorkerProcess) -> None:
    worker.say(PauseEncoding(paused=True))
    worker.say(submit(folders, "first"))  # it may still get the slot, and is held in it
    worker.wait_for_job("first", lambda job: job.step is JobStep.RENDER)
    for name in ("a", "b", "c"):
        worker.say(submit(folders, name))
        worker.wait_for_job(name, lambda job: job.step is JobStep.RENDER and job.state is JobState.QUEUED)
    worker.say(Prioritise(booking_id="c", priority=1))
    worker.say(Prioritise(booking_id="b", priority=5))
    assert worker.wait_for_job("b", lambda job: job.priority == 5).state is JobState.QUEUED
    assert not rendering(worker)
    worker.say(PauseEncoding(paused=False))
    for name in ("first", "a", "b", "c"):
        worker.wait_for_state(name, JobState.DONE)
    assert list(dict.fromkeys(job.booking_id for job in rendering(worker))) == ["c", "b", "a"]
    switches = sum(one.booking_id != other.booking_id for one, other in pairwise(rendering(worker)))
    assert switches == 2


def test_a_command_that_cannot_be_done_is_refused_with_a_reason(folders: Folders, worker: WorkerProcess) -> None:
    told = len(worker.heard)
    worker.say(Prioritise(booking_id="unknown", priority=5))
    worker.say(Submit(booking_id="none", label="", folder=record(folders, booking("none"), cameras=())))
    worker.wait_for_state("none", JobState.FAILED)
    worker.say(Prioritise(booking_id="none", priority=5))
    worker.say(Retry(booking_id="unknown"))
    worker.wait_for(lambda m: isinstance(m, Refused) and m.booking_id == "none", since=told)
    worker.wait_until(lambda: len(refusals(worker, told)) == 3)
    assert [one.booking_id for one in refusals(worker, told)] == ["unknown", "none", "unknown"]
    assert refusals(worker, told)[0].why == "there is no job for booking unknown"


def rendering(worker: WorkerProcess) -> list[Job]:
    jobs = [message.job for message in worker.heard if isinstance(message, JobChanged)]
    return [j for j in jobs if j.booking_id in "abc" and j.step is JobStep.RENDER and j.state is JobState.RUNNING]


def refusals(worker: WorkerProcess, since: int) -> list[Refused]:
    return [message for message in worker.heard[since:] if isinstance(message, Refused)]
