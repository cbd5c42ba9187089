"""Jobs in a real worker process, spoken to over its pipes as the engine does."""

import json
from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Submit
from ezrec_tui.model import JobState, JobStep
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import FPS, booking, frames_of, record


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def submit(folders: Folders, booking_id: str = "b1", seconds: int = 2, priority: int = 10) -> Submit:
    of = booking(booking_id)
    return Submit(booking_id=booking_id, label=of.label, folder=record(folders, of, seconds), priority=priority)


def event(folders: Folders, kind: str, booking_id: str = "b1") -> dict[str, object]:
    return json.loads((folders.data / "events" / f"{kind}_{booking_id}.event").read_text())


def test_a_booking_becomes_one_video_delivered_and_published(folders: Folders) -> None:
    with WorkerProcess(folders.data) as worker:
        worker.say(submit(folders))
        job = worker.wait_for_state("b1", JobState.DONE, JobState.FAILED)
    assert job.state is JobState.DONE, job.error
    video = folders.video(booking())
    assert frames_of(video) == 2 * FPS
    assert job.video == str(video)
    assert job.step is JobStep.CLEAN_UP
