"""The cameras are tried for real; while an engine has them, it is asked."""

import fcntl
from pathlib import Path

import pytest

from ezrec_tui.doctor.cameras import look_at_cameras
from ezrec_tui.doctor.checks import Failed
from ezrec_tui.model import Level
from tests.doctor.conftest import Machine
from tests.engine.running import running_engine

PATTERNS = {"camera_0_serial": "testpattern", "camera_1_serial": "testpattern"}


def test_cameras_that_give_frames_pass_by_their_rate(machine: Machine) -> None:
    found = look_at_cameras(machine(**PATTERNS, recording_fps=10))
    assert (found.level, found.what) == (Level.OK, "recorded: testpattern at 10 fps, testpattern at 10 fps")


def test_a_camera_that_is_not_there_has_failed_by_name(machine: Machine) -> None:
    with pytest.raises(Failed) as failed:
        look_at_cameras(machine(camera_0_serial="testpattern", camera_1_serial="file:/gone.mp4"))
    assert "camera 2 (file:/gone.mp4)" in failed.value.found.what
    assert "cable" in failed.value.found.to_do


def test_an_engine_that_cannot_be_asked_for_its_cameras_has_failed(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Failed, match="an engine runs and cannot be asked"):
            look_at_cameras(machine(**PATTERNS))


def test_a_running_engine_is_asked_and_keeps_its_cameras(machine: Machine, tmp_path: Path) -> None:
    with running_engine(tmp_path / "data", CAMERA_1_SERIAL="file:/gone.mp4") as engine:
        engine.until(lambda seen: len(seen.cameras) == 2 and bool(seen.cameras[1].error))
        with pytest.raises(Failed, match=r"camera 2 \(file:/gone\.mp4\)"):
            look_at_cameras(machine(ezrec_data_dir=engine.data, ezrec_socket=engine.socket))
