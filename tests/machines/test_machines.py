"""Machines that make videos for a Pi: each video is made and delivered once, whoever dies or is away."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ezrec_tui.config import load_settings
from ezrec_tui.delivery.deletions import Deletions
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import open_publisher
from ezrec_tui.delivery.store import Stopped
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.lease import Lease
from ezrec_tui.jobs.sender import Sender
from ezrec_tui.jobs.steps import Steps
from ezrec_tui.model import JobState, JobStep, WaitsFor
from tests.jobs.house import assert_published, event, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import START, booking
from tests.machines.machines import PATIENCE, SLOW, Machine, shared, wait_until
from tests.machines.staged import farm, given, progress, stage
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket

KEY = "player-7/2026-03-01/b1.mp4"


def test_a_video_waits_for_database_and_machines_and_is_made_once_though_one_of_two_is_killed(
    folders: Folders, tmp_path: Path, engine: Engine, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    port = jobs_url.partition("127.0.0.1:")[2].partition("/")[0]
    settings = shared(s3_bucket, jobs_url)
    with Proxy(int(port)) as line:
        line.refuse()
        over = {"EZREC_JOBS_URL": jobs_url.replace(port, str(line.port))}
        with WorkerProcess(folders.data, settings | SLOW | over, patience=PATIENCE) as pi:
            pi.say(submit(folders, "b1", seconds=4))
            waiting = pi.wait_for_state("b1", JobState.WAITING, JobState.FAILED)
            assert (waiting.step, waiting.waits_for) == (JobStep.RENDER, WaitsFor.MACHINE)
            assert "does not answer" in (waiting.error or "")
            line.heal()
            pi.wait_for_job("b1", lambda job: "start `ezrec worker`" in (job.error or ""))
            with Machine(tmp_path / "first", settings) as first:
                wait_until(lambda: progress(engine).unit == "frames", "it renders")
                first.kill()
                with Machine(tmp_path / "second", settings) as second:
                    done = pi.wait_for_state("b1", JobState.DONE, JobState.FAILED)
                    assert second.said("is dead; its orders are taken over") == 1
    assert (done.state, done.key) == (JobState.DONE, KEY)
    assert_published(folders, "b1")
    assert list(s3_bucket.objects()) == [KEY]  # nothing is staged any more
    assert event(folders, "upload_complete", "b1")["size"] == len(s3_bucket.objects()[KEY])
    assert not list((tmp_path / "second" / "orders").iterdir())
    assert not list(folders.data.glob("processed/*/*"))


def test_an_order_that_nobody_waits_for_is_cancelled_asked_for_anew_and_at_last_tidied_away(
    folders: Folders, engine: Engine, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    environment = shared(s3_bucket, jobs_url)
    settings = load_settings(_env_file=None, **{name.lower(): value for name, value in environment.items()})
    order = stage(settings, folders, seconds=2)
    with Lease(engine, "box", 60):
        for tries in (1, 2):
            with pytest.raises(Stopped):
                farm(settings).make(order, given(order), lambda _: None, lambda: True)
            with engine.connect() as connection:
                found = connection.exec_driver_sql("SELECT status FROM dbos.workflow_status").scalars().all()
            assert found == ["CANCELLED"] * tries
    outbox, deletions = Outbox(folders.outbox_database), Deletions(folders.retention_database)
    sender = Sender(outbox, lambda: open_publisher(settings, folders), lambda: None, lambda: START)
    steps = Steps(settings, folders, outbox, sender, deletions, lambda: START, farm(settings))
    steps.tidy_staged([given(order).model_copy(update={"folder": folders.recording(booking("b1"))})])
    assert s3_bucket.objects() == {}
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dbos.workflow_status").scalar_one() == 0
