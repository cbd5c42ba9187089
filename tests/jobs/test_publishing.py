"""Jobs whose rows the database does not take: which wait, which fail with their reason, and that all end well."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Retry
from ezrec_tui.model import JobState, JobStep
from tests.jobs.house import assert_rendered, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import START, booking
from tests.peers.supabase import Supabase

END = booking("any").end


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def cloud(peer: Supabase, key: str = "") -> dict[str, str]:
    return {"SUPABASE_URL": peer.url, "SUPABASE_SERVICE_ROLE_KEY": key or peer.secret_key, "USER_ID": "venue-1"}


def assert_published_once(peer: Supabase, *booking_ids: str) -> None:
    rows = peer.sql("SELECT booking_id FROM videos ORDER BY 1")
    assert [row["booking_id"] for row in rows] == list(booking_ids)
    assert {row["status"] for row in peer.sql("SELECT status FROM bookings")} == {"Completed"}


def test_a_video_that_the_database_refuses_fails_with_its_reason_and_is_done_once_it_is_taken(
    folders: Folders, supabase: Supabase
) -> None:
    stranger = "ALTER TABLE videos ADD FOREIGN KEY (user_id) REFERENCES user_settings"
    with supabase.altered(stranger) as venue:
        for name in ("b1", "b2"):
            venue.add_booking(name, START, END)
        with WorkerProcess(folders.data, cloud(venue)) as worker:
            worker.say(submit(folders, "b1"))
            failed = worker.wait_for_state("b1", JobState.FAILED, JobState.DONE)
            assert (failed.state, failed.step, failed.attempts) == (JobState.FAILED, JobStep.PUBLISH, 3)
            assert "foreign key constraint" in (failed.error or "")
            told = len(worker.heard)
            worker.say(Retry(booking_id="b1"))
            worker.wait_for_state("b1", JobState.RUNNING, since=told)
            worker.wait_for_state("b1", JobState.FAILED, since=told)
            assert_rendered(folders, "b1")
            venue.sql("INSERT INTO user_settings VALUES ('player-7')")
            told = len(worker.heard)
            worker.say(Retry(booking_id="b1"))
            worker.wait_for_state("b1", JobState.DONE, since=told)
            venue.sql("TRUNCATE videos, user_settings")
            worker.say(submit(folders, "b2"))
            worker.wait_for_state("b2", JobState.FAILED)
            venue.sql("INSERT INTO user_settings VALUES ('player-7')")
            told = len(worker.heard)
            worker.wait_for_state("b2", JobState.DONE, since=told)  # nobody asks for it
        assert_published_once(venue, "b2")


def test_with_a_key_that_is_not_taken_videos_wait_and_say_so_and_the_right_one_brings_them(
    folders: Folders, supabase: Supabase
) -> None:
    supabase.add_booking("b1", START, END)
    with WorkerProcess(folders.data, cloud(supabase, key="sb_secret_expired")) as worker:
        worker.say(submit(folders, "b1"))
        waiting = worker.wait_for_state("b1", JobState.WAITING, JobState.FAILED)
    assert (waiting.state, waiting.step) == (JobState.WAITING, JobStep.PUBLISH)
    assert "check SUPABASE_SERVICE_ROLE_KEY" in (waiting.error or "")
    with WorkerProcess(folders.data, cloud(supabase)) as worker:
        worker.wait_for_state("b1", JobState.DONE)
    assert_published_once(supabase, "b1")
