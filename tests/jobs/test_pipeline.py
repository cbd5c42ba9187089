"""Jobs in a real worker process, spoken to over its pipes as the engine does."""

import json
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import pytest

from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel, JobChanged, PauseEncoding, Prioritise, Ready, Refused, Retry, Submit
from ezrec_tui.model import Job, JobState, JobStep, PublishedStatus
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import FPS, booking, frames_of, record

OVER = (JobState.DONE, JobState.FAILED)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def submit(folders: Folders, booking_id: str = "b1", seconds: int = 2, priority: int = 10) -> Submit:
    of = booking(booking_id)
    return Submit(booking_id=booking_id, label=of.label, folder=record(folders, of, seconds), priority=priority)


def event(folders: Folders, kind: str, booking_id: str = "b1") -> dict[str, object]:
    return json.loads((folders.data / "events" / f"{kind}_{booking_id}.event").read_text())


def delivered(folders: Folders) -> list[str]:
    root = folders.data / "delivered"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def leftovers(folders: Folders) -> list[Path]:
    """All files under `processed` that are no finished video or poster."""
    return [p for p in (folders.data / "processed").rglob("*") if p.is_file() and p.name.startswith(".")]


def assert_one_of_each(folders: Folders, seconds: int = 2, booking_id: str = "b1") -> None:
    """One whole video, one delivered file, one published row, the right status."""
    of = booking(booking_id)
    video = folders.video(of)
    assert [p.name for p in video.parent.glob("*.mp4")] == [video.name]
    assert frames_of(video) == seconds * FPS
    assert delivered(folders) == [f"player-7/2026-03-01/{booking_id}.mp4"]
    assert (folders.data / "delivered" / delivered(folders)[0]).read_bytes() == video.read_bytes()
    record_ = LocalRecord(folders.local_record)
    assert [row.booking_id for row in record_.videos()] == [booking_id]
    assert record_.booking_status(booking_id) is PublishedStatus.COMPLETED
    assert Outbox(folders.outbox_database).waiting() == 0
    assert not leftovers(folders)


def test_a_booking_becomes_one_video_delivered_and_published(folders: Folders) -> None:
    with WorkerProcess(folders.data, {"MAIN_LOGO_PATH": "/nowhere/logo.png"}) as worker:
        worker.say(submit(folders))
        job = worker.wait_for_state("b1", *OVER)
        heard = worker.jobs_heard("b1")
        assert worker.close() == 0
    assert job.state is JobState.DONE, job.error
    assert_one_of_each(folders)
    assert isinstance(worker.heard[0], Ready)
    assert list(dict.fromkeys(one.step for one in heard)) == list(JobStep)
    assert (job.label, job.finished_at is not None, job.error) == ("Court 1", True, None)
    assert job.video == str(folders.video(booking()))
    assert [note for note in job.fallbacks if "/nowhere/logo.png" in note]
    row = LocalRecord(folders.local_record).videos()[0]
    assert (row.user_id, row.date, row.filename) == ("player-7", "2026-03-01", "b1.mp4")
    assert (row.storage_path, row.video_url, row.duration_seconds) == ("player-7/2026-03-01/b1.mp4", job.url, 2.0)
    assert event(folders, "video_ready")["duration_seconds"] == 2.0
    assert event(folders, "upload_complete")["url"] == job.url
    assert not (folders.data / "events" / "job_failed_b1.event").exists()


def test_a_job_submitted_again_is_the_same_job_even_after_a_restart(folders: Folders) -> None:
    once = submit(folders)
    with WorkerProcess(folders.data) as worker:
        worker.say(once)
        worker.say(once)
        worker.wait_for_state("b1", *OVER)
        rendered = folders.video(booking()).stat()
    with WorkerProcess(folders.data) as worker:
        worker.wait_for_state("b1", JobState.DONE)
        told = len(worker.heard)
        worker.say(once)
        again = worker.wait_for_job("b1", lambda job: True, since=told)
    assert again.state is JobState.DONE
    assert again.url == (folders.data / "delivered" / delivered(folders)[0]).resolve().as_uri()
    assert folders.video(booking()).stat().st_mtime_ns == rendered.st_mtime_ns
    assert_one_of_each(folders)


def test_a_recording_without_footage_is_said_to_be_skipped(folders: Folders) -> None:
    of = booking()
    folder = record(folders, of, cameras=())
    with WorkerProcess(folders.data) as worker:
        worker.say(Submit(booking_id=of.id, label=of.label, folder=folder))
        job = worker.wait_for_state(of.id, *OVER)
        worker.wait_for(lambda _: LocalRecord(folders.local_record).booking_status(of.id) is not None)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert "No camera left any footage" in job.error
    assert event(folders, "job_failed")["error"] == job.error


def test_one_camera_without_footage_gives_a_video_of_the_other(folders: Folders) -> None:
    of = booking()
    folder = record(folders, of, cameras=(1,))
    with WorkerProcess(folders.data) as worker:
        worker.say(Submit(booking_id=of.id, label=of.label, folder=folder))
        job = worker.wait_for_state(of.id, *OVER)
    assert job.state is JobState.DONE, job.error
    assert [note for note in job.fallbacks if "one camera" in note]
    assert_one_of_each(folders)


def test_a_render_that_fails_says_why_and_succeeds_when_retried_after_mending(folders: Folders) -> None:
    in_the_way = folders.data / "processed"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("not a folder")
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders))
        failed = worker.wait_for_state("b1", *OVER)
        worker.kill()
    assert failed.state is JobState.FAILED
    assert (failed.step, failed.attempts) == (JobStep.RENDER, 3)
    assert failed.error is not None
    assert str(in_the_way) in failed.error
    assert "\n" not in failed.error
    assert event(folders, "job_failed")["step"] == "render"
    assert list(folders.recording(booking()).glob("*.ts"))
    in_the_way.unlink()
    with WorkerProcess(folders.data) as worker:
        known = worker.wait_for_state("b1", JobState.FAILED)
        assert (known.error, known.step) == (failed.error, JobStep.RENDER)
        worker.say(Retry(booking_id="b1"))
        done = worker.wait_for_state("b1", JobState.DONE)
        heard = worker.jobs_heard("b1")
    assert done.error is None
    assert JobStep.FINALISE not in [job.step for job in heard]
    assert_one_of_each(folders)


def test_a_defect_fails_the_job_with_one_line_and_leaves_its_traceback_in_the_log(folders: Folders) -> None:
    command = submit(folders)
    (command.folder / "manifest.json").write_text('{"version": 1}')
    with WorkerProcess(folders.data) as worker:
        worker.say(command)
        job = worker.wait_for_state("b1", *OVER)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert "manifest.json is no manifest" in job.error
    assert "Traceback" not in worker.log.read_text()


def test_a_running_render_that_is_cancelled_leaves_nothing_and_can_be_taken_up_again(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders, seconds=60))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        assert leftovers(folders)
        worker.say(Cancel(booking_id="b1"))
        worker.wait_for_state("b1", JobState.CANCELLED)
        told = len(worker.heard)
        worker.say(Cancel(booking_id="b1"))
        refused = worker.wait_for(lambda message: isinstance(message, Refused), since=told)
        worker.say(Retry(booking_id="b1"))  # waits for the cancelled render to be gone
        worker.wait_for_state("b1", JobState.QUEUED, since=told)
        assert not leftovers(folders)
        assert not folders.video(booking()).exists()
        done = worker.wait_for_state("b1", *OVER, since=told)
    assert isinstance(refused, Refused)
    assert "cancelled" in refused.why
    assert done.state is JobState.DONE, done.error
    assert_one_of_each(folders, 60)


def test_renders_go_by_priority_one_at_a_time_and_none_while_paused(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        worker.say(PauseEncoding(paused=True))
        for name in ("a", "b", "c"):
            worker.say(submit(folders, name))
            worker.wait_for_job(name, lambda job: job.step is JobStep.RENDER and job.state is JobState.QUEUED)
        worker.say(Prioritise(booking_id="c", priority=1))
        worker.say(Prioritise(booking_id="b", priority=5))
        assert worker.wait_for_job("b", lambda job: job.priority == 5).state is JobState.QUEUED
        worker.say(Prioritise(booking_id="unknown", priority=5))
        worker.wait_for(lambda message: isinstance(message, Refused))
        rendering = [m.job for m in worker.heard if isinstance(m, JobChanged) and is_rendering(m.job)]
        assert not rendering
        worker.say(PauseEncoding(paused=False))
        for name in ("a", "b", "c"):
            worker.wait_for_state(name, JobState.DONE)
        rendering = [m.job for m in worker.heard if isinstance(m, JobChanged) and is_rendering(m.job)]
    assert list(dict.fromkeys(job.booking_id for job in rendering)) == ["c", "b", "a"]
    switches = sum(one.booking_id != other.booking_id for one, other in pairwise(rendering))
    assert switches == 2


def test_a_running_render_is_held_while_encoding_is_paused(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders, seconds=60))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.say(PauseEncoding(paused=True))
        worker.wait_for_state("b1", JobState.PAUSED)
        told = len(worker.heard)
        worker.say(PauseEncoding(paused=False))
        worker.wait_for_state("b1", JobState.RUNNING, since=told)
        assert worker.wait_for_state("b1", *OVER).state is JobState.DONE


def is_rendering(job: Job) -> bool:
    return job.step is JobStep.RENDER and job.state is JobState.RUNNING
