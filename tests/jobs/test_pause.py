"""A job that a person pauses: it waits, whatever happens, and holds nobody up."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Cancel, Pause, Refused, Resume
from ezrec_tui.model import JobState, JobStep, WaitsFor
from tests.jobs.house import assert_one_of_each, leftovers, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import booking

SLOW = {"OUTPUT_WIDTH": "1920", "VIDEO_PRESET": "veryslow"}
"""Makes a render of seconds out of one of an instant."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def test_a_paused_render_stops_leaves_nothing_lets_others_go_and_waits_over_a_kill(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=20))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.say(submit(folders, "b2"))
        worker.say(Pause(booking_id="b1"))
        paused = worker.wait_for_state("b1", JobState.PAUSED)
        assert paused.waits_for is WaitsFor.RESUME
        worker.wait_for_state("b2", JobState.DONE)
        assert not leftovers(folders, "b1")
        assert worker.jobs_heard("b1")[-1].state is JobState.PAUSED
        worker.kill()
    with WorkerProcess(folders.data) as worker:
        assert worker.wait_for_job("b1", lambda _: True).state is JobState.PAUSED
        worker.say(submit(folders, "b3"))
        worker.wait_for_state("b3", JobState.DONE)
        assert {job.state for job in worker.jobs_heard("b1")} == {JobState.PAUSED}
        told = len(worker.heard)
        worker.say(Resume(booking_id="b1"))
        done = worker.wait_for_state("b1", JobState.DONE, since=told)
    assert done.waits_for is None
    assert_one_of_each(folders, "b1", 20)


def test_what_is_paused_can_be_given_up_and_only_what_is_paused_can_go_on(folders: Folders) -> None:
    with WorkerProcess(folders.data, SLOW) as worker:
        worker.say(submit(folders, "b1", seconds=20))
        worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER)
        for command, why in (
            (Resume(booking_id="b1"), "is not paused by anybody"),
            (Pause(booking_id="b1"), None),
            (Pause(booking_id="b1"), "is paused already"),
            (Cancel(booking_id="b1"), None),
            (Pause(booking_id="b1"), "cannot be paused: it is cancelled"),
        ):
            told = len(worker.heard)
            worker.say(command)
            if why:
                refused = worker.wait_for(lambda message: isinstance(message, Refused), since=told)
                assert isinstance(refused, Refused)
                assert why in refused.why
            else:
                worker.wait_for_state("b1", JobState.PAUSED, JobState.CANCELLED, since=told)
        worker.wait_until(lambda: not leftovers(folders, "b1"))
    assert not folders.video(booking("b1")).exists()
