"""Pictures as the codecs hold them: YUV 4:2:0 in three planes of 8 bits. No RGB on the way."""

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]
"""Y (height, width), U and V (height / 2, width / 2); rows may lie apart in memory."""

ROTATIONS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
"""Degrees counter-clockwise, as a display matrix has them."""


def even(pixels: int) -> int:
    """Rounded down to what 4:2:0 can hold."""
    return pixels & ~1


class Canvas:
    """A picture of our own to compose in and encode from, without a copy between the two."""

    def __init__(self, width: int, height: int) -> None:
        self.frame = VideoFrame(width, height, "yuv420p")
        self.planes: Planes = planes_of(self.frame)
        """The frame's own memory."""


def planes_of(frame: VideoFrame) -> Planes:
    """Views of a decoded yuv420p frame, cropped to even sizes; valid as long as the frame is kept."""
    width, height = even(frame.width), even(frame.height)
    y, u, v = frame.planes

    def view(plane: VideoPlane, shift: int) -> Plane:
        return np.ndarray((height >> shift, width >> shift), np.uint8, memoryview(plane), strides=(plane.line_size, 1))

    return view(y, 0), view(u, 1), view(v, 1)


def blank(width: int, height: int) -> Planes:
    """A picture of even size that nothing is in yet."""
    return (
        np.empty((height, width), np.uint8),
        np.empty((height // 2, width // 2), np.uint8),
        np.empty((height // 2, width // 2), np.uint8),
    )


def size_of(picture: Planes) -> tuple[int, int]:
    """Width and height in pixels."""
    height, width = picture[0].shape
    return width, height


def darken(picture: Planes, full_range: bool) -> None:
    """Fill with black."""
    picture[0][:] = 0 if full_range else 16
    picture[1][:] = 128
    picture[2][:] = 128


def part(picture: Planes, left: int, top: int, width: int, height: int) -> Planes:
    """A view of a rectangle; all its numbers are even."""
    y, u, v = picture
    half = (slice(top // 2, (top + height) // 2), slice(left // 2, (left + width) // 2))
    return y[top : top + height, left : left + width], u[half], v[half]


def copy(source: Planes, target: Planes) -> None:
    for here, there in zip(source, target, strict=True):
        np.copyto(there, here)


def scale(source: Planes, target: Planes) -> None:
    """Fill a picture of another size; INTER_AREA when it shrinks."""
    shrinks = size_of(target) < size_of(source)
    for here, there in zip(source, target, strict=True):
        size = (there.shape[1], there.shape[0])
        np.copyto(there, cv2.resize(here, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR))


def scaled(source: Planes, width: int, height: int) -> Planes:
    """The picture in another size; itself when it has that size."""
    if size_of(source) == (width, height):
        return source
    target = blank(width, height)
    scale(source, target)
    return target


def rotated(source: Planes, degrees: int) -> Planes:
    """Turned counter-clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return source
    y, u, v = (np.asarray(cv2.rotate(np.ascontiguousarray(plane), ROTATIONS[degrees]), np.uint8) for plane in source)
    return y, u, v
