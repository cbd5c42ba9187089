"""A step that hangs for good ends the worker, and the next one goes on with the job."""

import os
from datetime import UTC
from pathlib import Path

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.pulse import EXIT_STATUS
from ezrec_tui.model import JobState
from tests.jobs.house import assert_published, assert_rendered, submit
from tests.jobs.process import PATIENCE, WorkerProcess

PROGRAM = "tests.jobs.impatient_worker"


def test_a_step_that_hangs_ends_the_worker_says_where_and_the_next_one_makes_the_video(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", UTC)
    command = submit(folders, "b1")
    segment = next(command.folder.glob("*.ts"))
    footage = segment.read_bytes()
    segment.unlink()
    os.mkfifo(segment)  # whoever reads it waits for ever
    with WorkerProcess(folders.data, program=PROGRAM) as worker:
        worker.say(command)
        assert worker.process.wait(PATIENCE) == EXIT_STATUS
        log = worker.log.read_text()
        assert "finalise hangs" in log
        assert "ezrec_tui/recording_files.py" in log, "where it hangs"
    segment.unlink()
    segment.write_bytes(footage)
    with WorkerProcess(folders.data, program=PROGRAM) as worker:
        assert worker.wait_for_state("b1", JobState.DONE, JobState.FAILED).state is JobState.DONE
    assert_rendered(folders, "b1")
    assert_published(folders, "b1")
