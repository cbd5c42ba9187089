"""The test pattern: two cameras over one moving court, for machines without cameras and for tests that count frames.

Both look from one pole, turned apart until only `overlap` columns are seen by both, and the right one gets a little
less light: as real cameras do, so that it can be calibrated. Every frame carries a block code (see `block_code`) and a
clock for people, both outside the overlap.
"""

import time
from datetime import datetime

import cv2
import numpy as np

from ezrec_tui.cameras import block_code, court
from ezrec_tui.cameras.block_code import BLACK, WHITE, Area, Code
from ezrec_tui.cameras.camera import CameraError, CameraSpec
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.cameras.software import SoftwareCamera
from ezrec_tui.cameras.view import View
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS

CLOCK_LINES = 2
DIMMER = 0.94
"""The right camera's levels to the left one's: an eighth less light. No exposure is set here that could be matched."""


def open_test_pattern(spec: CameraSpec) -> SoftwareCamera:
    return SoftwareCamera(spec, TestPattern(spec))


class TestPattern:
    """The scene of one test-pattern camera."""

    __test__ = False  # the name is no invitation to pytest

    def __init__(self, spec: CameraSpec) -> None:
        self._spec = spec
        self._view = View(spec.index > 0, spec.width, spec.height, min(spec.overlap, spec.width))
        self._light = DIMMER if spec.index else 1.0
        self._code_area = block_code.code_area(spec.index, spec.width, spec.height)
        self._clock_area = _below(self._code_area, spec.height)
        self._ground: Picture | None = None
        self._upright: Picture | None = None
        self._wall_offset_ns = 0
        self._wall_offset_second = -1

    def open(self, now_ns: int, *, sparse: bool = False) -> None:
        if self._ground is not None:
            return
        spec = self._spec
        if spec.rotation not in (0, 180):
            raise CameraError(
                f"the test pattern cannot be turned by {spec.rotation} degrees; set CAMERA_ROTATION to 0 or 180"
            )
        if spec.width < self._code_area.width or spec.height < self._code_area.height:
            raise CameraError(
                f"the test pattern does not fit into {spec.width}x{spec.height}; set RESOLUTION to 160x120 or more"
            )
        self._ground = self._view.picture(court.draw_ground(self._view.scene_width, spec.height))
        _dim(self._ground, self._light)
        for area in (self._code_area, self._clock_area):
            _make_grey(self._ground, area)
        self._upright = Picture(spec.width, spec.height) if spec.rotation else None

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        assert self._ground is not None
        target = picture if self._upright is None else self._upright
        np.copyto(target.i420, self._ground.i420)
        moving = self._view.seen(court.figures(at_ns / NS, self._view.scene_width, self._spec.height))
        court.draw_figures(target, moving, self._view.pixels, self._light)
        time_ms = (at_ns + self._wall_minus_sensor(at_ns)) // 1_000_000
        block_code.draw_code(target.y, self._code_area, Code(self._spec.index, number, time_ms))
        _draw_clock(target, self._clock_area, number, time_ms)
        if self._upright is not None:
            for upright, turned in zip(self._upright.planes, picture.planes, strict=True):
                cv2.flip(upright, -1, dst=turned)

    def close(self) -> None:
        self._ground = self._upright = None

    def _wall_minus_sensor(self, at_ns: int) -> int:
        """Looked up at every full second of the sensor's clock, so that both cameras notice a step together."""
        second = at_ns // NS
        if second != self._wall_offset_second:
            self._wall_offset_second = second
            self._wall_offset_ns = _measure_wall_offset()
        return self._wall_offset_ns


def _measure_wall_offset() -> int:
    """Wall time less sensor time, in ns: of a few readings the one that was interrupted least."""
    readings = list[tuple[int, int]]()
    for _ in range(3):
        before, wall, after = sensor_ns(), time.time_ns(), sensor_ns()
        readings.append((after - before, wall - (before + after) // 2))
    return min(readings)[1]


def _below(code: Area, height: int) -> Area:
    """The clock's place: under the code, as wide."""
    top = code.y + code.height
    return Area(code.x, top, code.width, min(height - top, code.width / block_code.WIDTH * 4 // 2 * 2))


def _dim(picture: Picture, light: float) -> None:
    for plane, dark in zip(picture.planes, (BLACK, 128, 128), strict=True):
        cv2.addWeighted(plane, light, plane, 0, dark * (1 - light), plane)


def _make_grey(picture: Picture, area: Area) -> None:
    rows = slice(int(area.y) // 2, int(area.y + area.height) // 2)
    columns = slice(int(area.x) // 2, int(area.x + area.width) // 2)
    picture.u[rows, columns] = picture.v[rows, columns] = 128


def _draw_clock(picture: Picture, area: Area, number: int, time_ms: int) -> None:
    """Time of day in the machine's zone, and the frame number, for people."""
    left, top = int(area.x), int(area.y)
    panel = picture.y[top : top + int(area.height), left : left + int(area.width)]
    panel[:] = BLACK
    moment = datetime.fromtimestamp(time_ms / 1000).astimezone()
    scale = area.width / 272
    for line, text in enumerate((f"{moment:%H:%M:%S}.{time_ms % 1000:03}", f"#{number}")):
        at = (left + int(8 * scale), top + int(area.height * (line + 0.8) / CLOCK_LINES))
        cv2.putText(picture.y, text, at, cv2.FONT_HERSHEY_PLAIN, 1.7 * scale, WHITE, max(1, round(1.5 * scale)))
