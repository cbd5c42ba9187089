"""Jobs while the store or the database cannot be reached: they wait, and go on when it is back."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel, Retry
from ezrec_tui.model import JobState, JobStep, PublishedStatus
from tests.jobs.house import assert_one_of_each, assert_published, assert_rendered, status, submit
from tests.jobs.process import WorkerProcess
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_an_upload_waits_for_the_store_without_burning_tries_and_goes_on(folders: Folders, s3_bucket: S3Bucket) -> None:
    with Proxy(s3_bucket.server.port) as line:
        line.refuse()
        settings = {
            "AWS_S3_BUCKET": s3_bucket.name,
            "AWS_ACCESS_KEY_ID": s3_bucket.server.access_key,
            "AWS_SECRET_ACCESS_KEY": s3_bucket.server.secret_key,
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{line.port}",
        }
        with WorkerProcess(folders.data, settings) as worker:
            worker.say(submit(folders, "b1"))
            waiting = worker.wait_for_state("b1", JobState.WAITING)
            assert waiting.step is JobStep.UPLOAD
            assert waiting.error
            assert waiting.retry_at is not None
            # Looked for again and again, and never more than one try.
            tries = worker.wait_for_job("b1", lambda job: job.retry_at not in (None, waiting.retry_at))
            assert tries.attempts == 1
            worker.say(Cancel(booking_id="b1"))
            worker.wait_for_state("b1", JobState.CANCELLED)
            told = len(worker.heard)
            worker.say(Retry(booking_id="b1"))
            worker.wait_for_state("b1", JobState.WAITING, since=told)
            worker.kill()
        line.heal()
        with WorkerProcess(folders.data, settings) as worker:
            done = worker.wait_for_state("b1", JobState.DONE, JobState.FAILED)
    assert done.state is JobState.DONE, done.error
    video = assert_rendered(folders, "b1")
    assert s3_bucket.objects() == {"player-7/2026-03-01/b1.mp4": video.read_bytes()}
    assert_published(folders, "b1")


def test_publishing_waits_for_the_record_and_goes_on_when_it_is_back(folders: Folders) -> None:
    folders.local_record.mkdir(parents=True)
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders, "b1"))
        waiting = worker.wait_for_state("b1", JobState.WAITING)
        assert waiting.step is JobStep.PUBLISH
        assert waiting.error is not None
        assert str(folders.local_record) in waiting.error
        folders.local_record.rmdir()
        done = worker.wait_for_state("b1", JobState.DONE)
        assert done.error is None
    assert status(folders, "b1") is PublishedStatus.COMPLETED
    assert_one_of_each(folders, "b1")
