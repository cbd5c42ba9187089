"""An upgrade with jobs in flight: what a worker of another version has begun, this one ends."""

import shutil
from datetime import UTC
from pathlib import Path

import pytest

import ezrec_tui
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import PauseEncoding
from ezrec_tui.model import JobState, JobStep
from tests.jobs.house import assert_one_of_each, submit
from tests.jobs.process import WorkerProcess


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", UTC)


def another_version(folder: Path) -> dict[str, str]:
    """The program with another number and other code in its steps; the environment in which it is the one that runs."""
    package = folder / "ezrec_tui"
    shutil.copytree(Path(ezrec_tui.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text('__version__ = "0.0.1"\n')
    for name in ("pipeline.py", "steps.py"):
        code = package / "jobs" / name
        code.write_text(code.read_text().replace("log.info(", 'log.info("older: " + '))
    return {"PYTHONPATH": str(folder)}


def test_jobs_that_another_version_has_begun_are_ended_by_this_one(folders: Folders, tmp_path: Path) -> None:
    older = another_version(tmp_path / "older")
    with WorkerProcess(folders.data, older) as worker:
        worker.say(submit(folders, "done"))
        worker.wait_for_state("done", JobState.DONE)
        folders.local_record.rename(folders.local_record.with_suffix(".away"))
        folders.local_record.mkdir()
        worker.say(submit(folders, "publishing"))
        worker.wait_for_state("publishing", JobState.WAITING)
        worker.say(PauseEncoding(paused=True))
        worker.say(submit(folders, "rendering"))
        worker.wait_for_job("rendering", lambda job: job.step is JobStep.RENDER)
        worker.kill()
        assert "older: job" in worker.log.read_text(), "it was the other version that ran"
    folders.local_record.rmdir()
    folders.local_record.with_suffix(".away").rename(folders.local_record)
    with WorkerProcess(folders.data) as worker:
        for name in ("publishing", "rendering"):
            worker.wait_for_state(name, JobState.DONE)
        assert {job.state for job in worker.jobs_heard("done")} == {JobState.DONE}
    for name in ("done", "publishing", "rendering"):
        assert_one_of_each(folders, name)
