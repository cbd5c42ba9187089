"""A picture in YUV 4:2:0, in one piece of memory that the encoder reads without a copy."""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

PREVIEW_WIDTH = 320
"""The widest preview of a camera, in pixels."""


class Picture:
    """Planes of one picture: `y` (height, width), `u` and `v` (height / 2, width / 2), views of `i420`.

    Width and height are even. The picture is drawn on in place.
    """

    __slots__ = ("height", "i420", "u", "v", "width", "y")

    def __init__(self, width: int, height: int, i420: Plane | None = None) -> None:
        self.width, self.height = width, height
        self.i420: Plane = np.empty((height * 3 // 2, width), np.uint8) if i420 is None else i420
        flat = self.i420.reshape(-1)
        luma, chroma = width * height, width * height // 4
        self.y: Plane = flat[:luma].reshape(height, width)
        self.u: Plane = flat[luma : luma + chroma].reshape(height // 2, width // 2)
        self.v: Plane = flat[luma + chroma :].reshape(height // 2, width // 2)

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        return self.y, self.u, self.v


def grey_preview(y: Plane) -> Plane:
    """A small copy of a luma plane: every so manieth pixel, at most PREVIEW_WIDTH wide."""
    step = -(-y.shape[1] // PREVIEW_WIDTH)
    return np.ascontiguousarray(y[::step, ::step])
