"""History is forgotten in time: what is over and old, and nothing else."""

import contextlib
import os
import re
import sqlite3
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.history import workflow_id
from ezrec_tui.model import JobState, PublishedStatus
from tests.jobs.house import has_event, submit
from tests.jobs.process import WorkerProcess

DAY = timedelta(days=1)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_jobs_rows_and_events_are_forgotten_when_they_are_old_and_failed_jobs_never(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        for name in ("old", "young"):
            worker.say(submit(folders, name))
        worker.say(submit(folders, "failed", cameras=()))
        for name, state in (("old", JobState.DONE), ("young", JobState.DONE), ("failed", JobState.FAILED)):
            worker.wait_for_state(name, state)
        worker.wait_until(lambda: over(folders) == 3)  # it is told a moment before it is noted
    for name, age in (("old", 40 * DAY), ("failed", 40 * DAY), ("young", 20 * DAY)):
        make_older(folders, name, age)
    with WorkerProcess(folders.data, {"HISTORY_DAYS": "30"}) as worker:
        worker.wait_until(lambda: "forgotten: " in worker.log.read_text())
        worker.wait_for_state("failed", JobState.FAILED)
    assert [name for name in ("old", "young", "failed") if workflows(folders, name)] == ["young", "failed"]
    assert [has_event(folders, "video_ready", name) for name in ("old", "young")] == [False, True]
    outbox = Outbox(folders.outbox_database)
    assert outbox.last_status("old") is PublishedStatus.COMPLETED
    outbox.close()
    with contextlib.closing(sqlite3.connect(folders.outbox_database)) as database:
        rows = dict(database.execute("SELECT booking_id, count(*) FROM outbox GROUP BY 1"))
    assert (rows["old"], rows["young"]) == (1, 4)


@given(st.from_regex(r"b(-?[0-9:]){0,3}", fullmatch=True), st.from_regex(r"b(-?[0-9:]){0,3}", fullmatch=True))
def test_no_booking_has_a_job_of_the_name_of_anothers_job_or_of_a_step_of_it(one: str, other: str) -> None:
    """The fourth step of the job of `b` is `booking:b-4` to DBOS; a booking `b-4` lost its video by that."""
    assert (workflow_id(one) == workflow_id(other)) is (one == other)
    assert not re.fullmatch(re.escape(workflow_id(one)) + r"-[0-9]+", workflow_id(other))


def make_older(folders: Folders, booking_id: str, age: timedelta) -> None:
    """As if all of a booking had been over so much earlier."""
    with contextlib.closing(sqlite3.connect(folders.jobs_database)) as database, database:
        database.execute(
            "UPDATE workflow_status SET completed_at = completed_at - ?, created_at = created_at - ?"
            " WHERE workflow_uuid LIKE ?",
            (age / timedelta(milliseconds=1), age / timedelta(milliseconds=1), f"booking:{booking_id}%"),
        )
    with contextlib.closing(sqlite3.connect(folders.outbox_database)) as database, database:
        database.execute(
            "UPDATE outbox SET sent_at = strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', sent_at, ?) WHERE booking_id = ?",
            (f"-{age.days} days", booking_id),
        )
    then = time.time() - age.total_seconds()
    for path in (folders.data / "events").glob(f"*_{booking_id}.event"):
        os.utime(path, (then, then))


def over(folders: Folders) -> int:
    """Jobs whose end is noted in the jobs database."""
    with contextlib.closing(sqlite3.connect(folders.jobs_database)) as database:
        query = "SELECT count(*) FROM workflow_status WHERE name = 'booking' AND completed_at IS NOT NULL"
        (count,) = database.execute(query).fetchone()
    return int(count)


def workflows(folders: Folders, booking_id: str) -> int:
    """Of a booking, in the jobs database, with those of its steps."""
    with contextlib.closing(sqlite3.connect(folders.jobs_database)) as database:
        pattern = f"booking:{booking_id}%"
        (count,) = database.execute(
            "SELECT count(*) FROM workflow_status WHERE workflow_uuid LIKE ? OR parent_workflow_id LIKE ?",
            (pattern, pattern),
        ).fetchone()
    return int(count)
