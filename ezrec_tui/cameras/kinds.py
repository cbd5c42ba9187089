"""Which kind of camera a serial means. A new kind is one more line here.

A kind is imported when it is meant: a recorder on a Pi has no use for OpenCV, and its memory.
"""

import logging
from dataclasses import replace

from ezrec_tui.cameras import picamera2
from ezrec_tui.cameras.camera import FILE_PREFIX, Camera, CameraError, CameraSpec

TEST_PATTERN = "testpattern"

log = logging.getLogger(__name__)


def open_camera(spec: CameraSpec) -> Camera:
    """The camera that a serial means; its `spec` names the serial that was found. It is not started yet.

    `testpattern`, `file:PATH`, or the Id of a Picamera2 camera. With none: the camera of this index among those that
    are connected, or the test pattern on a machine that has none at all. Raises CameraError.
    """
    serial = spec.serial or _first_free(spec.index)
    spec = replace(spec, serial=serial)
    if serial == TEST_PATTERN:
        from ezrec_tui.cameras.test_pattern import open_test_pattern

        return open_test_pattern(spec)
    if serial.startswith(FILE_PREFIX):
        from ezrec_tui.cameras.video_file import open_video_file

        return open_video_file(spec)
    return picamera2.Picamera2Camera(spec)


def _first_free(index: int) -> str:
    """Chosen by index in the sorted list, so that two cameras never take the same one and stay left and right."""
    connected = picamera2.camera_ids() if picamera2.installed() else ()
    if not connected:
        log.warning("camera %d: no camera is connected; it shows the test pattern", index)
        return TEST_PATTERN
    if index >= len(connected):
        raise CameraError(
            f"camera {index + 1} is missing: only {len(connected)} connected ({', '.join(connected)}); "
            "check its cable, or set DUAL_CAMERA_MODE=false"
        )
    return connected[index]
