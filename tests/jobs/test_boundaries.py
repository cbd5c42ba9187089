"""Killed between every two steps of its way, a booking ends as one object, one row and the right status, for real."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.model import JobState, JobStep
from tests.jobs.house import assert_rendered, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import START, booking
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server
from tests.peers.supabase import USER, Supabase

__all__ = ["s3_bucket", "s3_server"]

FEWEST = 10
"""Kills: each of the five steps of a job is noted as begun and as done. Some lives get further than one note."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_killed_between_every_two_steps_there_is_one_object_one_row_and_the_right_status(
    folders: Folders, supabase: Supabase, s3_bucket: S3Bucket
) -> None:
    supabase.add_booking("b1", START, booking("b1").end, status="confirmed")
    cloud = {
        "SUPABASE_URL": supabase.url,
        "SUPABASE_SERVICE_ROLE_KEY": supabase.secret_key,
        "USER_ID": USER,
        "AWS_S3_BUCKET": s3_bucket.name,
        "AWS_ACCESS_KEY_ID": s3_bucket.server.access_key,
        "AWS_SECRET_ACCESS_KEY": s3_bucket.server.secret_key,
        "S3_ENDPOINT_URL": s3_bucket.server.endpoint,
    }
    command = submit(folders, "b1")
    with WorkerProcess(folders.data, cloud, "tests.jobs.mortal") as worker:
        worker.say(command)
        for step in JobStep:
            worker.wait_for_job("b1", lambda job, step=step: job.step is step)
        worker.wait_for_state("b1", JobState.DONE)
        assert worker.close() == 0
    kills = [line for line in worker.log.read_text().splitlines() if line.startswith("killed ")]
    print(f"{len(kills)} kills: {', '.join(kills)}")
    assert len(kills) >= FEWEST
    video = assert_rendered(folders, "b1")
    assert s3_bucket.objects() == {"player-7/2026-03-01/b1.mp4": video.read_bytes()}
    assert s3_bucket.unfinished() == []
    assert [row["booking_id"] for row in supabase.sql("SELECT booking_id FROM videos")] == ["b1"]
    assert supabase.sql("SELECT status FROM bookings") == [{"status": "Completed"}]
