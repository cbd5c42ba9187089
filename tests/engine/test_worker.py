"""The engine's hold on a real worker: rendering makes way and goes on, priorities are answered at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from ezrec_tui.clock import SystemClock
from ezrec_tui.config import load_settings
from ezrec_tui.engine.store import RecordingRow
from ezrec_tui.engine.worker import Worker
from ezrec_tui.folders import Folders
from ezrec_tui.model import Job, JobState, JobStep, MergeMethod, RecordingState
from tests.engine.running import PATIENCE
from tests.jobs.recordings import START, booking, record


class House:
    """A worker of a data folder with one recording to submit."""

    def __init__(self, data: Path) -> None:
        folders = Folders(data, load_settings(_env_file=None).timezone)
        of = booking("b1")
        self.row = RecordingRow(of, record(folders, of, seconds=10), RecordingState.FINISHED, START, submitted=False)
        self.changed = asyncio.Event()
        self.worker = Worker(
            SystemClock(),
            given_up_days=30,
            to_submit=lambda: [self.row],
            method=lambda: MergeMethod.FEATHER,
            on_swept=lambda _: None,
            on_job=lambda _before, _job: None,
            on_down=lambda _given_up: None,
            on_change=self.changed.set,
        )

    async def until(self, holds: Callable[[Job], bool]) -> Job:
        async with asyncio.timeout(PATIENCE):
            while True:
                job = self.worker.job("b1")
                if job is not None and holds(job):
                    return job
                self.changed.clear()
                await self.changed.wait()


async def test_rendering_makes_way_is_shown_as_paused_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EZREC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VIDEO_PRESET", "veryslow")
    monkeypatch.setenv("OUTPUT_WIDTH", "1280")
    house = House(tmp_path)
    worker = house.worker
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.child.run())
        await house.until(lambda job: job.step is JobStep.RENDER and job.progress.done > 0)
        worker.make_way(True)
        worker.make_way(True)
        paused = await house.until(lambda job: job.state is JobState.PAUSED)
        worker.child.kill()  # a worker that is started again is told again
        await house.until(lambda job: job.state is JobState.QUEUED)
        assert (await worker.prioritise("b1", 10)).message == "Court 1 has priority 10 already"
        assert (await worker.prioritise("b1", 3)).message == "Court 1 has priority 3 now"
        assert (await worker.prioritise("b1", 3)).message == "Court 1 has priority 3 already"
        worker.make_way(False)
        done = await house.until(lambda job: job.state in (JobState.DONE, JobState.FAILED))
        await worker.child.stop()
    assert (paused.step, done.state, done.priority) == (JobStep.RENDER, JobState.DONE, 3)
