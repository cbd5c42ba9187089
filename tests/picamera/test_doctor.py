"""The doctor on the real Picamera2: it names each camera and its rate, or why it gives none."""

from dataclasses import replace

import pytest

from ezrec_tui.doctor.cameras import try_cameras
from tests.picamera.pi import LEFT, RIGHT


@pytest.mark.usefixtures("folder")
def test_both_cameras_are_tried_at_once_and_one_that_is_not_connected_is_named() -> None:
    left, right = try_cameras([LEFT, RIGHT])
    assert [(one.index, one.serial, one.error) for one in (left, right)] == [(0, "cam0", ""), (1, "cam1", "")]
    assert min(left.fps, right.fps) > 10

    left, right = try_cameras([LEFT, replace(RIGHT, serial="gone")])
    assert (left.error, right.fps) == ("", 0.0)
    assert "gone" in right.error
