"""Sweeps in a real worker: what it delivered itself goes when it is asked to make room, and jobs say so ever after."""

import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.delivery.deletions import Deletions
from ezrec_tui.delivery.retention import Why
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel, Message, Pause, Refused, Retry, Sweep, Swept
from ezrec_tui.model import JobState
from tests.jobs.house import submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import booking
from tests.jobs.sweeping import age
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]


def is_swept(message: Message) -> bool:
    return isinstance(message, Swept)


def wait_until_done(worker: WorkerProcess, folders: Folders, *names: str) -> None:
    """Until jobs are done, and that is recorded: a moment after it is told."""

    def recorded() -> bool:
        with closing(sqlite3.connect(folders.jobs_database, timeout=30)) as database:
            query = "SELECT workflow_uuid FROM workflow_status WHERE status = 'SUCCESS'"
            return {f"booking:{name}" for name in names} <= {id_ for (id_,) in database.execute(query)}

    for name in names:
        assert worker.wait_for_state(name, JobState.DONE, JobState.FAILED).state is JobState.DONE
    worker.wait_until(recorded)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_a_worker_deletes_what_it_delivered_and_keeps_what_failed(folders: Folders, s3_bucket: S3Bucket) -> None:
    settings = {
        "AWS_S3_BUCKET": s3_bucket.name,
        "AWS_ACCESS_KEY_ID": s3_bucket.server.access_key,
        "AWS_SECRET_ACCESS_KEY": s3_bucket.server.secret_key,
        "S3_ENDPOINT_URL": s3_bucket.server.endpoint,
    }
    with WorkerProcess(folders.data, settings) as worker:
        worker.say(submit(folders, "a"))
        worker.say(submit(folders, "b", seconds=4))
        broken = submit(folders, "broken", seconds=4)
        (broken.folder / "manifest.json").write_text("{}")
        worker.say(broken)
        wait_until_done(worker, folders, "a", "b")
        assert worker.wait_for_state("broken", JobState.DONE, JobState.FAILED).state is JobState.FAILED

        worker.say(Sweep(need=10**9))
        just_delivered = worker.wait_for(is_swept)
        assert isinstance(just_delivered, Swept)
        assert just_delivered.freed == 0
        assert "3 recordings have to stay" in just_delivered.hindrance

        age(folders.retention_database, timedelta(hours=1))
        told = len(worker.heard)
        worker.say(Sweep(need=1))
        swept = worker.wait_for(is_swept, since=told)
        assert isinstance(swept, Swept)
        assert (swept.freed > 0, swept.hindrance, swept.lost) == (True, "", ())
        gone = worker.wait_for_job("a", lambda job: job.footage_deleted_at is not None, since=told)
        assert (gone.state, gone.video_deleted_at) == (JobState.DONE, None)
        assert not folders.recording(booking("a")).exists()
        assert folders.video(booking("a")).exists()
        assert folders.recording(booking("b")).exists()
        assert list(broken.folder.glob("camera-*.ts"))
        worker.kill()
    with WorkerProcess(folders.data, settings) as worker:
        assert worker.wait_for_state("a", JobState.DONE).footage_deleted_at == gone.footage_deleted_at
        assert worker.wait_for_state("b", JobState.DONE).footage_deleted_at is None


def test_what_was_delivered_before_the_journal_was_begun_may_go_too(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders, "a"))
        worker.say(submit(folders, "b", seconds=4))
        wait_until_done(worker, folders, "a", "b")
    for part in folders.data.glob("retention.db*"):
        part.unlink()
    with WorkerProcess(folders.data) as worker:
        worker.say(Sweep(need=1))
        worker.wait_for(is_swept)
        age(folders.retention_database, timedelta(hours=1))
        worker.say(Sweep(need=1))
        worker.wait_for_job("a", lambda job: job.footage_deleted_at is not None)
    assert not folders.recording(booking("a")).exists()
    assert folders.recording(booking("b")).exists()


def test_a_deletion_that_a_kill_cut_off_is_finished_by_the_next_worker(folders: Folders) -> None:
    submit(folders, "filling", seconds=8)
    with WorkerProcess(folders.data, program="tests.jobs.cut_short") as worker:
        worker.say(submit(folders, "a"))
        wait_until_done(worker, folders, "a")
        age(folders.retention_database, timedelta(hours=1))
        whole = len(list(folders.recording(booking("a")).glob("camera-*.ts")))
        worker.say(Sweep(need=1))
        assert worker.process.wait(60) == -signal.SIGKILL
    deletions = Deletions(folders.retention_database)
    (begun,) = deletions.unfinished()
    assert len(list(begun.path.glob("camera-*.ts"))) == whole - 1
    with WorkerProcess(folders.data) as worker:
        assert worker.wait_for_state("a", JobState.DONE).footage_deleted_at is None
        worker.say(Sweep(need=0))
        worker.wait_for_job("a", lambda job: job.footage_deleted_at is not None)
    assert not begun.path.exists()
    (done,) = deletions.all()
    assert (done.id, done.proof) == (begun.id, begun.proof)
    assert folders.video(booking("a")).exists()


def test_what_is_given_up_is_kept_as_told_can_be_taken_back_until_then_and_is_gone_after(folders: Folders) -> None:
    submit(folders, "filling", seconds=8)
    with WorkerProcess(folders.data, {"KEEP_DAYS": "2"}) as worker:
        worker.say(submit(folders, "a"))
        worker.say(Pause(booking_id="a"))
        worker.wait_for_state("a", JobState.PAUSED)
        worker.say(Cancel(booking_id="a"))
        given_up = worker.wait_for_state("a", JobState.CANCELLED)
        assert given_up.kept_until is not None
        assert timedelta(days=6.9) < given_up.kept_until - datetime.now(UTC) < timedelta(days=7), "a week at least"
        told = len(worker.heard)
        worker.say(Retry(booking_id="a"))
        assert worker.wait_for_state("a", JobState.QUEUED, since=told).kept_until is None
        worker.say(Cancel(booking_id="a"))
        worker.wait_for_job("a", lambda job: job.kept_until is not None, since=told)
        worker.kill()
    with closing(sqlite3.connect(folders.retention_database)) as database, database:
        database.execute("UPDATE given_up SET until = '2026-01-01T00:00:00.000000+00:00'")
    with WorkerProcess(folders.data) as worker:
        assert worker.wait_for_state("a", JobState.CANCELLED).kept_until is not None
        worker.say(Sweep(need=0))
        worker.wait_for_job("a", lambda job: job.footage_deleted_at is not None)
        worker.say(Retry(booking_id="a"))
        refused = worker.wait_for(lambda message: isinstance(message, Refused))
        assert isinstance(refused, Refused)
        assert refused.why == "Court 1 cannot be tried again: its footage was deleted"
    assert not folders.recording(booking("a")).exists()
    assert [(one.booking_id, one.why) for one in Deletions(folders.retention_database).all()] == [("a", Why.GIVEN_UP)]
