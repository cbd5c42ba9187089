"""What a worker that was killed, or told to stop, leaves to the next one."""

import contextlib
import random
import sqlite3
from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel, JobChanged, PauseEncoding, Refused, Retry
from ezrec_tui.log_lines import read_line
from ezrec_tui.model import JobState, JobStep
from tests.jobs.house import assert_one_of_each, event, has_event, leftovers, submit
from tests.jobs.process import PATIENCE, WorkerProcess
from tests.jobs.recordings import booking

SLOW = {"OUTPUT_WIDTH": "1920", "VIDEO_PRESET": "veryslow"}
"""Makes a render of seconds out of one of an instant."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_killed_between_any_two_steps_it_goes_on_and_repeats_no_finished_step(folders: Folders) -> None:
    command = submit(folders, "b1")
    finished: dict[JobStep, tuple[int, ...]] = {}
    for step in JobStep:
        with WorkerProcess(folders.data) as worker:
            if step is JobStep.FINALISE:
                worker.say(command)
            worker.wait_for_job("b1", lambda job, step=step: job.step is step)
            worker.kill()
            finished[step] = work_done(folders)
    with WorkerProcess(folders.data) as worker:
        worker.wait_for_state("b1", JobState.DONE)
        assert worker.close() == 0
    assert_one_of_each(folders, "b1")
    renders, uploads = work_done(folders)
    assert finished[JobStep.UPLOAD][0] == renders
    assert finished[JobStep.PUBLISH] == finished[JobStep.CLEAN_UP] == (renders, uploads)


def test_killed_at_any_instant_it_still_ends_with_one_of_each(folders: Folders) -> None:
    command = submit(folders, "b1", seconds=20)
    chosen = random.Random()
    kills: list[str] = []
    done = False
    while not done and len(kills) < 5:
        with WorkerProcess(folders.data) as worker:
            worker.say(command)
            worker.wait_for(lambda message: isinstance(message, JobChanged))
            worker.live_for(chosen.uniform(0, 2))
            last = worker.jobs_heard("b1")[-1]
            done = last.state is JobState.DONE
            worker.kill()
            kills.append(last.step)
    with WorkerProcess(folders.data) as worker:
        worker.say(command)
        worker.wait_for_state("b1", JobState.DONE)
    print(f"{len(kills)} kills, while the job was in: {', '.join(kills)}")
    assert_one_of_each(folders, "b1", 20)


def test_a_step_that_is_gone_on_with_before_its_job_is_known_again_is_done(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=4))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.kill()
    with contextlib.closing(sqlite3.connect(folders.jobs_database)) as database, database:
        # as if the job's own workflow were late: it is not taken up at all, and nothing knows of it
        database.execute("DELETE FROM workflow_status WHERE name = 'booking'")
    with WorkerProcess(folders.data) as worker:
        worker.wait_until(lambda: state_of_steps(folders) == ["SUCCESS"])
        heard = worker.jobs_heard("b1")
    assert heard[-1].video is not None
    assert {job.step for job in heard if job.state is JobState.RUNNING} == {JobStep.RENDER}


def state_of_steps(folders: Folders) -> list[str]:
    """How steps in queues stand, as DBOS has it."""
    with contextlib.closing(sqlite3.connect(folders.jobs_database)) as database:
        return [row[0] for row in database.execute("SELECT status FROM workflow_status WHERE name = 'step'")]


def test_a_render_that_fails_says_why_and_succeeds_when_retried_after_mending(folders: Folders) -> None:
    in_the_way = folders.data / "processed"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("not a folder")
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders, "b1"))
        failed = worker.wait_for_state("b1", JobState.FAILED, JobState.DONE)
        worker.kill()
    assert (failed.state, failed.step, failed.attempts) == (JobState.FAILED, JobStep.RENDER, 3)
    assert failed.error is not None
    assert str(in_the_way) in failed.error
    assert "\n" not in failed.error
    assert event(folders, "job_failed", "b1")["step"] == "render"
    assert list(folders.recording(booking("b1")).glob("*.ts"))
    in_the_way.unlink()
    with WorkerProcess(folders.data) as worker:
        known = worker.wait_for_state("b1", JobState.FAILED)
        assert (known.error, known.step) == (failed.error, JobStep.RENDER)
        worker.say(Retry(booking_id="b1"))
        done = worker.wait_for_state("b1", JobState.DONE)
        assert JobStep.FINALISE not in [job.step for job in worker.jobs_heard("b1")]
    assert done.error is None
    assert_one_of_each(folders, "b1")


def test_a_running_render_that_is_cancelled_leaves_nothing_and_can_be_taken_up_again(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=20))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.wait_until(lambda: bool(leftovers(folders, "b1")))
        worker.say(Cancel(booking_id="b1"))
        worker.wait_for_state("b1", JobState.CANCELLED)
        worker.wait_until(lambda: not leftovers(folders, "b1"))
        told = len(worker.heard)
        worker.say(Cancel(booking_id="b1"))
        refused = worker.wait_for(lambda message: isinstance(message, Refused), since=told)
        assert worker.close() == 0
    assert isinstance(refused, Refused)
    assert refused.why == "Court 1 cannot be cancelled: it is cancelled"
    assert not folders.video(booking("b1")).exists()
    assert not has_event(folders, "video_ready", "b1")
    with WorkerProcess(folders.data) as worker:
        worker.wait_for_state("b1", JobState.CANCELLED)
        worker.say(Retry(booking_id="b1"))
        worker.wait_for_state("b1", JobState.DONE)
    assert_one_of_each(folders, "b1", 20)


def test_told_to_end_it_ends_at_once_and_the_next_one_which_waited_for_that_goes_on(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=20))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        with WorkerProcess(folders.data) as next_one:
            next_one.wait_until(lambda: "another worker still runs" in next_one.log.read_text())
            assert not next_one.heard
            worker.process.terminate()
            assert worker.process.wait(PATIENCE) == 0
            next_one.wait_for_state("b1", JobState.DONE)
    assert_one_of_each(folders, "b1", 20)


def test_a_running_render_is_held_while_encoding_is_paused_and_can_be_cancelled_so(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=20))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.say(PauseEncoding(paused=True))
        worker.wait_for_state("b1", JobState.PAUSED)
        told = len(worker.heard)
        worker.say(PauseEncoding(paused=False))
        running = worker.wait_for_state("b1", JobState.RUNNING, since=told)
        worker.wait_for_job("b1", lambda job: job.progress.done > running.progress.done, since=told)
        worker.say(PauseEncoding(paused=True))
        worker.wait_for_state("b1", JobState.PAUSED, since=told)
        worker.say(Cancel(booking_id="b1"))
        worker.wait_for_state("b1", JobState.CANCELLED)
        worker.wait_until(lambda: not leftovers(folders, "b1"))


def work_done(folders: Folders) -> tuple[int, ...]:
    """How often the worker rendered and uploaded to the end, by its log."""
    log = [read_line(line) for line in (folders.data / "worker.log").read_text().splitlines()]
    return tuple(
        sum(line.text == f"event {event}" and line.booking == "b1" for line in log)
        for event in ("video_ready", "upload_complete")
    )
