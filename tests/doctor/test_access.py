"""What people set up and is not right is found, with what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.demo.samples import write_samples
from ezrec_tui.doctor.access import (
    look_at_bookings_file,
    look_at_branding,
    look_at_permissions,
    look_at_settings,
)
from ezrec_tui.doctor.checks import Failed
from ezrec_tui.model import Level
from tests.doctor.conftest import Machine


def test_settings_that_do_not_hold_are_told_all_at_once_and_the_command_ends_with_status_1(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "doctor", "--json"],
        env={**os.environ, "RECORDING_FPS": "fast", "TIMEZONE_NAME": "Middle/Earth"},
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip

    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["ok"], report["failed"]) == (False, 1)
    assert [check["level"] for check in report["checks"] if check["name"] == "settings"] == ["failed"]
    assert "RECORDING_FPS" in report["checks"][0]["what"]
    assert "TIMEZONE_NAME" in report["checks"][0]["what"]


def test_a_misspelt_setting_is_found(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("RECORDING_FPSS=25\nSOMEBODY_ELSES=1\n")
    found = look_at_settings(machine(), (path,))
    assert (found.level, found.to_do) == (Level.WARNING, "write RECORDING_FPS, if that is meant")


def test_keys_that_others_can_read_are_found(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("AWS_SECRET_ACCESS_KEY=secret\n")
    path.chmod(0o644)
    assert look_at_settings(machine(), (path,)).to_do == f"`chmod 600 {path}`"
    path.chmod(0o600)
    assert look_at_settings(machine(), (path,)).level is Level.OK


def test_a_folder_that_cannot_be_written_to_has_failed(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failed, match="Not a directory"):
        look_at_permissions(machine(ezrec_data_dir=tmp_path / "file" / "data"))


def test_a_device_that_may_not_be_opened_has_failed(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "video0").symlink_to("gone")  # root may open everything that is there
    with pytest.raises(Failed) as failed:
        look_at_permissions(machine(), tmp_path)
    assert "video0 may not be opened" in failed.value.found.what
    assert failed.value.found.to_do == "add this user to the group video"


def test_a_socket_that_cannot_be_used_has_failed(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / ("long" * 40)  # longer than a socket's path may be
    path.write_text("")
    with pytest.raises(Failed, match="join the group ezrec, or use sudo"):
        look_at_permissions(machine(ezrec_socket=path), tmp_path / "no devices")


def test_a_machine_whose_folders_can_be_used_passes_and_nothing_is_left(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "data" / "recordings").mkdir(parents=True)
    assert look_at_permissions(machine(), tmp_path / "no devices").level is Level.OK
    assert [path.name for path in (tmp_path / "data").rglob("*")] == ["recordings"]


def test_a_bookings_file_that_cannot_be_read_is_told_with_the_place(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "data" / "bookings.json"
    path.parent.mkdir()
    path.write_text('[{"id": "b1", "start_time": "2026-11-23T18:00", "end_time": "2026-11-23T17:00"}]')
    found = look_at_bookings_file(machine())
    assert found.level is Level.WARNING
    assert "b1" in found.what
    path.write_text('[{"id": "b1", "start_time": "2026-11-23T18:00", "end_time": "2026-11-23T19:00"}]')
    assert look_at_bookings_file(machine()).what == f"1 booking of ours in {path}"


def test_branding_that_cannot_be_read_is_told(machine: Machine, tmp_path: Path) -> None:
    samples = write_samples(tmp_path / "media")
    whole = {"main_logo_path": samples.main_logo, "intro_video_path": samples.intro}
    assert look_at_branding(machine(**whole)).what == "1 logos and an intro, all can be read"
    samples.main_logo.write_text("not a picture")
    assert "MAIN_LOGO_PATH" in look_at_branding(machine(**whole)).what
    assert "INTRO_VIDEO_PATH" in look_at_branding(machine(intro_video_path=tmp_path / "gone.mp4")).what
