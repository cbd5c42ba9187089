"""A serial means a kind of camera; what cannot be opened says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.cameras import picamera2
from ezrec_tui.cameras.camera import CameraError
from ezrec_tui.cameras.kinds import open_camera
from tests.cameras.watching import Film, film, small


def test_the_test_pattern_is_opened_by_name() -> None:
    packets = film(open_camera(small(serial="testpattern")), 2)
    assert packets[0].keyframe
    assert packets[0].sensor_ns < packets[1].sensor_ns


def test_a_file_is_opened_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="no such file"):
        open_camera(small(serial=f"file:{tmp_path / 'missing.mp4'}")).start(Film())


@pytest.mark.parametrize("name", ["ezrec_tui.cameras.kinds", "ezrec_tui.cameras.picamera2"])
def test_picamera2_is_imported_only_when_a_camera_of_its_kind_is_asked_for(name: str) -> None:
    script = f"import sys, {name}; sys.exit('picamera2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_an_unknown_id_says_what_to_install_or_which_cameras_there_are() -> None:
    camera = open_camera(small(serial="/base/axi/pcie@120000/rp1/i2c@88000/imx708@1a"))
    with pytest.raises(CameraError, match=r"apt install python3-picamera2|is not connected"):
        camera.start(Film())
    camera.stop()
    assert (camera.captured, camera.dropped, camera.viewfinder.newest) == (0, 0, None)


def test_no_serial_means_a_connected_camera_or_else_the_test_pattern() -> None:
    connected = picamera2.camera_ids() if picamera2.installed() else ()
    assert open_camera(small(serial="")).spec.serial == (connected[0] if connected else "testpattern")
