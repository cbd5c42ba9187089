"""A render waits until its video fits, and goes on by itself; it never takes the last of the disk."""

import shutil
from pathlib import Path

import pytest

from ezrec_tui.config import load_settings
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import PauseEncoding
from ezrec_tui.jobs.room import NoRoom, make_sure, video_bytes
from ezrec_tui.model import JobState, JobStep
from ezrec_tui.recording_files import finalise
from tests.jobs.house import assert_one_of_each, leftovers, submit
from tests.jobs.process import WorkerProcess
from tests.jobs.recordings import booking, record
from tests.small_disk import small_disk

MEGABYTE = 1_000_000


def test_a_video_is_as_large_as_what_was_recorded_of_it_not_as_what_was_planned(tmp_path: Path) -> None:
    settings = load_settings(_env_file=None, ezrec_data_dir=tmp_path, video_bitrate=8 * MEGABYTE)
    folder = record(Folders(tmp_path, settings.timezone), booking("b1"), seconds=4)
    manifest = finalise(folder)
    assert video_bytes(manifest, settings) == 4 * MEGABYTE
    longer = manifest.model_copy(update={"end_ns": 10 * manifest.end_ns})
    assert video_bytes(longer, settings) == 4 * MEGABYTE


def test_a_part_of_the_floor_is_always_left(tmp_path: Path) -> None:
    settings = load_settings(_env_file=None)
    with small_disk(tmp_path / "disk", 100) as disk:
        usage = shutil.disk_usage(disk)
        kept = settings.disk_floor(usage.total) // 4
        make_sure(disk / "not" / "yet", usage.free - kept, settings)
        with pytest.raises(NoRoom, match="make room"):
            make_sure(disk, usage.free - kept + 1, settings)


def test_a_render_without_room_waits_says_so_and_is_done_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 64) as data:
        folders = Folders(data, load_settings(_env_file=None).timezone)
        with WorkerProcess(data, {"VIDEO_BITRATE": "8000000"}) as worker:
            ballast = data / "ballast"
            worker.say(PauseEncoding(paused=True))
            worker.say(submit(folders, "b1"))
            worker.wait_for_job("b1", lambda job: job.step is JobStep.RENDER)
            ballast.write_bytes(bytes(shutil.disk_usage(data).free - 2 * MEGABYTE))
            worker.say(PauseEncoding(paused=False))
            waiting = worker.wait_for_state("b1", JobState.WAITING)
            assert "no room for the video" in (waiting.error or "")
            assert not leftovers(folders, "b1")
            ballast.unlink()
            worker.wait_for_state("b1", JobState.DONE)
        assert_one_of_each(folders, "b1")
