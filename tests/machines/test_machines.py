"""Machines that make videos for a Pi: each video is made and delivered once, whoever dies or is away."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel
from ezrec_tui.model import JobState, JobStep, WaitsFor
from tests.jobs.house import assert_published, event, submit
from tests.jobs.process import WorkerProcess
from tests.machines.machines import Machine, shared, wait_until
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket

SLOW = {"OUTPUT_WIDTH": "1920", "VIDEO_PRESET": "veryslow"}
"""Makes a render of seconds out of one of an instant."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "pi", UTC)


def key(booking_id: str) -> str:
    return f"player-7/2026-03-01/{booking_id}.mp4"


def test_a_machine_makes_and_delivers_the_video_and_nothing_is_left_of_it_but_the_video(
    folders: Folders, tmp_path: Path, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    settings = shared(s3_bucket, jobs_url)
    with Machine(tmp_path / "box", settings) as box, WorkerProcess(folders.data, settings) as pi:
        pi.say(submit(folders, "b1"))
        done = pi.wait_for_state("b1", JobState.DONE, JobState.FAILED)
    assert (done.state, done.key) == (JobState.DONE, key("b1"))
    assert_published(folders, "b1")
    assert list(s3_bucket.objects()) == [key("b1")]
    assert event(folders, "upload_complete", "b1")["size"] == len(s3_bucket.objects()[key("b1")])
    assert not list((box.data / "orders").iterdir())
    assert not list(folders.data.glob("processed/*/*"))


def test_while_the_database_is_away_the_job_waits_and_says_so_and_goes_on_when_it_is_back(
    folders: Folders, tmp_path: Path, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    with Proxy(int(jobs_url.partition("127.0.0.1:")[2].partition("/")[0])) as line:
        through = jobs_url.replace(jobs_url.partition("127.0.0.1:")[2].partition("/")[0], str(line.port))
        line.refuse()
        with WorkerProcess(folders.data, shared(s3_bucket, through)) as pi:
            pi.say(submit(folders, "b1"))
            waiting = pi.wait_for_state("b1", JobState.WAITING, JobState.FAILED)
            assert (waiting.step, waiting.waits_for) == (JobStep.RENDER, WaitsFor.MACHINE)
            assert "does not answer" in (waiting.error or "")
            line.heal()
            pi.wait_for_job("b1", lambda job: "start `ezrec worker`" in (job.error or ""))
            with Machine(tmp_path / "box", shared(s3_bucket, jobs_url)):
                pi.wait_for_state("b1", JobState.DONE)
    assert_published(folders, "b1")


def test_a_job_that_is_cancelled_stops_on_the_other_machine_too(
    folders: Folders, tmp_path: Path, s3_bucket: S3Bucket, jobs_url: str
) -> None:
    settings = shared(s3_bucket, jobs_url)
    with Machine(tmp_path / "box", settings) as box, WorkerProcess(folders.data, settings | SLOW) as pi:
        pi.say(submit(folders, "b1", seconds=20))
        pi.wait_for_job("b1", lambda job: job.progress.unit == "frames" and job.progress.done > 0)
        pi.say(Cancel(booking_id="b1"))
        box.wait_to_say("no longer this machine's")
        wait_until(lambda: not list((box.data / "orders").iterdir()), "its files are deleted")
    assert key("b1") not in s3_bucket.objects()
