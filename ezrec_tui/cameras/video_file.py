"""The video-file camera: `file:PATH` plays any video in real time as a camera, over and over.

The film's time is the sensor's clock, modulo the film's length in whole seconds: two files of a pair show the same
instant, whichever camera was started first, and also when one of them is some frames longer.
"""

from pathlib import Path

import av
import cv2
import numpy as np

from ezrec_tui.cameras.camera import FILE_PREFIX, CameraSpec
from ezrec_tui.cameras.film import Film
from ezrec_tui.cameras.picture import Picture, Plane
from ezrec_tui.cameras.software import SoftwareCamera
from ezrec_tui.model import NS

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def open_video_file(spec: CameraSpec) -> SoftwareCamera:
    """A camera for the serial `file:PATH`."""
    return SoftwareCamera(spec, VideoFile(spec))


class VideoFile:
    """The scene of a video-file camera: fills the camera's picture, what stands over is cut off evenly."""

    def __init__(self, spec: CameraSpec) -> None:
        self._spec = spec
        self._path = Path(spec.serial.removeprefix(FILE_PREFIX)).expanduser()
        self._film: Film | None = None
        self._loop_ns = NS
        self._inside_ns = NS // spec.fps // 4
        """How long after its exposure a frame looks at the film: away from the edges, which files round."""
        self._drawn: av.VideoFrame | None = None

    def open(self, now_ns: int, *, sparse: bool = False) -> None:
        self.close()
        self._film = film = Film(self._path, keyframes_only=sparse)
        self._loop_ns = loop_length(film.length_ns)
        self._drawn = None
        film.at((now_ns + self._inside_ns) % self._loop_ns)

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        assert self._film is not None
        frame = self._film.at((at_ns + self._inside_ns) % self._loop_ns)
        if frame is not self._drawn:
            draw_frame(frame, picture, self._spec.rotation)
            self._drawn = frame

    def close(self) -> None:
        if self._film is not None:
            self._film.close()
        self._film = self._drawn = None


def loop_length(length_ns: int) -> int:
    """After which time a film of this length starts over: whole seconds, or all of it when it is shorter than one."""
    return length_ns // NS * NS or length_ns or NS


def draw_frame(frame: av.VideoFrame, picture: Picture, rotation: int) -> None:
    """Draw a decoded frame on all of a picture, turned as its display matrix says and `rotation` degrees clockwise."""
    turn = (rotation - frame.rotation) % 360
    upright = turn not in (90, 270)
    width, height = (picture.width, picture.height) if upright else (picture.height, picture.width)
    scale = max(width / frame.width, height / frame.height)
    scaled_width, scaled_height = max(width, _even(frame.width * scale)), max(height, _even(frame.height * scale))
    scaled = frame.reformat(scaled_width, scaled_height, "yuv420p", interpolation="BILINEAR", threads=1)
    left, top = (scaled_width - width) // 4 * 2, (scaled_height - height) // 4 * 2
    for index, (target, step) in enumerate(zip(picture.planes, (1, 2, 2), strict=True)):
        plane = _plane(scaled, index)
        part = plane[top // step : (top + height) // step, left // step : (left + width) // step]
        if turn in TURNS:
            cv2.rotate(part, TURNS[turn], dst=target)
        else:
            np.copyto(target, part)


def _even(value: float) -> int:
    return round(value / 2) * 2


def _plane(frame: av.VideoFrame, index: int) -> Plane:
    plane = frame.planes[index]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
