"""When uploads go: two at once, the urgent ones first, within their hours, and by themselves when a store is mended."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.config import Settings, load_settings
from ezrec_tui.delivery.deletions import Deletions
from ezrec_tui.delivery.keys import recording_mark
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import open_publisher
from ezrec_tui.delivery.store import open_store
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.facts import End, Facts, Given
from ezrec_tui.jobs.messages import Prioritise
from ezrec_tui.jobs.sender import Sender
from ezrec_tui.jobs.steps import Steps, Try
from ezrec_tui.model import JobState, JobStep, WaitsFor
from ezrec_tui.recording_files import read_manifest
from tests.jobs.house import assert_published, assert_rendered, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import booking
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def settings_of(bucket: S3Bucket, port: int | None = None, **more: str) -> dict[str, str]:
    return {
        "AWS_S3_BUCKET": bucket.name,
        "AWS_ACCESS_KEY_ID": bucket.server.access_key,
        "AWS_SECRET_ACCESS_KEY": bucket.server.secret_key,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port or bucket.server.port}",
        **more,
    }


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "another's"])
def test_a_new_video_takes_the_place_of_the_recordings_old_one_and_lies_beside_anothers(
    folders: Folders, s3_bucket: S3Bucket, tmp_path: Path, ours: bool
) -> None:
    key = "player-7/2026-03-01/b1.mp4"
    made = submit(folders, "b1")
    mark = recording_mark(read_manifest(made.folder)) if ours else "another's"
    earlier = tmp_path / "earlier.mp4"
    earlier.write_bytes(b"an earlier render")
    asked = {name.lower(): value for name, value in settings_of(s3_bucket).items()}
    settings = load_settings(_env_file=None, **asked)
    open_store(settings, tmp_path).put(
        earlier, key, recording=mark, on_progress=lambda _: None, should_stop=lambda: False
    )
    with WorkerProcess(folders.data, settings_of(s3_bucket)) as worker:
        worker.say(made)
        done = worker.wait_for_state("b1", JobState.DONE, JobState.FAILED)
    assert done.state is JobState.DONE, done.error
    video = folders.video(booking("b1")).read_bytes()
    assert done.key is not None
    assert s3_bucket.objects() == ({key: video} if ours else {key: b"an earlier render", done.key: video})


def test_two_go_at_once_at_most_and_of_those_that_wait_the_urgent_one_is_next(
    folders: Folders, s3_bucket: S3Bucket
) -> None:
    names = {"b1", "b2", "b3", "b4"}
    with Proxy(s3_bucket.server.port) as line:
        line.refuse()
        with WorkerProcess(folders.data, settings_of(s3_bucket, line.port)) as worker:
            for name in sorted(names):
                worker.say(submit(folders, name))
            for name in sorted(names):
                assert worker.wait_for_state(name, JobState.WAITING).waits_for is WaitsFor.LINE
            told = len(worker.heard)
            line.heal()
            line.throttle(10_000)
            worker.wait_until(lambda: len(started(worker, told)) == 2)
            urgent = max(names - set(started(worker, told)))
            worker.say(Prioritise(booking_id=urgent, priority=1))
            worker.wait_for_job(urgent, lambda job: job.priority == 1)
            worker.wait_until(lambda: in_queue(folders) == 2)
            line.heal()
            for name in names:
                worker.wait_for_state(name, JobState.DONE)
            assert started(worker, told)[2] == urgent
            uploading: set[str] = set()
            for job in worker.all_jobs_heard(since=told):
                if job.step is JobStep.UPLOAD and job.state is JobState.RUNNING and job.key is None:
                    uploading.add(job.booking_id)
                else:
                    uploading.discard(job.booking_id)
                assert len(uploading) <= 2
    assert len(s3_bucket.objects()) == 4


def in_queue(folders: Folders) -> int:
    """Steps that wait for their turn, as the jobs database has them."""
    with closing(sqlite3.connect(folders.jobs_database, timeout=30)) as database:
        return database.execute("SELECT count(*) FROM workflow_status WHERE status = 'ENQUEUED'").fetchone()[0]


def started(worker: WorkerProcess, since: int) -> list[str]:
    """The uploads that began, in order."""
    jobs = worker.all_jobs_heard(since=since)
    running = [job.booking_id for job in jobs if job.step is JobStep.UPLOAD and job.state is JobState.RUNNING]
    return list(dict.fromkeys(running))


def test_videos_wait_while_there_is_no_bucket_and_go_on_by_themselves_when_there_is(
    folders: Folders, s3_bucket: S3Bucket
) -> None:
    client = s3_bucket.server.client()
    client.delete_bucket(Bucket=s3_bucket.name)
    with WorkerProcess(folders.data, settings_of(s3_bucket)) as worker:
        for name in ("b1", "b2"):
            worker.say(submit(folders, name))
        for name in ("b1", "b2"):
            waiting = worker.wait_for_state(name, JobState.WAITING)
            assert waiting.waits_for is WaitsFor.PERSON
            assert waiting.error
            assert f"There is no bucket {s3_bucket.name}" in waiting.error
        client.create_bucket(Bucket=s3_bucket.name)
        for name in ("b1", "b2"):
            assert worker.wait_for_state(name, JobState.DONE, JobState.FAILED).state is JobState.DONE
    assert len(s3_bucket.objects()) == 2


def test_a_video_that_is_lost_before_it_is_delivered_is_made_again(folders: Folders, s3_bucket: S3Bucket) -> None:
    client = s3_bucket.server.client()
    client.delete_bucket(Bucket=s3_bucket.name)
    with WorkerProcess(folders.data, settings_of(s3_bucket)) as worker:
        worker.say(submit(folders, "b1"))
        waiting = worker.wait_for_state("b1", JobState.WAITING)
        assert (waiting.step, waiting.video) == (JobStep.UPLOAD, str(folders.video(booking("b1"))))
        folders.video(booking("b1")).unlink()
        client.create_bucket(Bucket=s3_bucket.name)
        done = worker.wait_for_state("b1", JobState.DONE, JobState.FAILED)
        assert done.state is JobState.DONE, done.error
    assert list(s3_bucket.objects().values()) == [assert_rendered(folders, "b1").read_bytes()]
    assert_published(folders, "b1")


def test_outside_their_hours_uploads_wait_and_say_when_they_go_on(folders: Folders, s3_bucket: S3Bucket) -> None:
    now = datetime.now(UTC)
    opens = (now + timedelta(hours=6)).replace(second=0, microsecond=0)
    hours = f"{opens:%H:%M}-{opens + timedelta(hours=2):%H:%M}"
    with WorkerProcess(folders.data, settings_of(s3_bucket, UPLOAD_HOURS=hours)) as worker:
        worker.say(submit(folders, "b1"))
        waiting = worker.wait_for_state("b1", JobState.WAITING)
        assert (waiting.step, waiting.waits_for, waiting.retry_at) == (JobStep.UPLOAD, WaitsFor.HOURS, opens)
        assert waiting.error == f"uploads go on at {opens:%H:%M} (UPLOAD_HOURS)"
        assert s3_bucket.objects() == {}
    hours = f"{now - timedelta(hours=1):%H:%M}-{opens:%H:%M}"
    with WorkerProcess(folders.data, settings_of(s3_bucket, UPLOAD_HOURS=hours)) as worker:
        assert worker.wait_for_state("b1", JobState.DONE, JobState.FAILED).state is JobState.DONE
    assert len(s3_bucket.objects()) == 1


def steps_at(settings: Settings, folders: Folders, clock: list[datetime]) -> Steps:
    outbox = Outbox(folders.outbox_database)
    sender = Sender(outbox, lambda: open_publisher(settings, folders), lambda: None, lambda: clock[0])
    return Steps(settings, folders, outbox, sender, Deletions(folders.retention_database), lambda: clock[0])


def test_an_upload_stops_when_its_hours_end_and_goes_on_with_what_is_there(
    folders: Folders, s3_bucket: S3Bucket
) -> None:
    command = submit(folders, "b1")
    video = folders.data / "video.mp4"
    video.write_bytes(bytes(range(256)) * (20 << 12))  # 20 MiB: three parts
    clock = [datetime(2026, 11, 23, 5, 59, tzinfo=UTC)]
    given = Given(booking_id="b1", label="b1", folder=command.folder, priority=10, created_at=clock[0])
    with Proxy(s3_bucket.server.port) as line:
        asked = {name.lower(): value for name, value in settings_of(s3_bucket, line.port).items()}
        settings = load_settings(_env_file=None, **asked, upload_hours="22:00-06:00", ezrec_data_dir=folders.data)
        steps = steps_at(settings, folders, clock)

        def at_the_end_of_the_hours() -> bool:
            if line.up > 10 << 20:
                clock[0] = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
            return False

        line.throttle(30e6)
        outcome = steps.run(JobStep.UPLOAD, Try(given, Facts(video=video), lambda _: None, at_the_end_of_the_hours))
        assert (outcome.end, outcome.why) == (End.CLOSED, "uploads go on at 22:00 (UPLOAD_HOURS)")
        assert steps.opens_at(JobStep.UPLOAD) == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        assert s3_bucket.objects() == {}
        clock[0] = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        line.heal()
        outcome = steps.run(JobStep.UPLOAD, Try(given, Facts(video=video), lambda _: None, lambda: False))
        assert outcome.end is End.DONE
        assert line.up < (20 << 20) + (8 << 20) + (64 << 10)  # at most the part that was cut off went again
    assert s3_bucket.objects() == {"player-7/2026-03-01/video.mp4": video.read_bytes()}
