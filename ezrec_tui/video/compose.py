"""Two pictures become one wide one, plane by plane. The left camera's picture is on the left."""

import cv2
import numpy as np

from ezrec_tui.model import MergeMethod
from ezrec_tui.video import planes
from ezrec_tui.video.planes import Plane, Planes, even


class Composer:
    """Lays two pictures of `width` x `height` into one, blended where both see the same."""

    def __init__(self, method: MergeMethod, width: int, height: int, overlap: int, full_range: bool = False) -> None:
        self._width, self._height = width, height
        self._overlap = even(overlap) if method is MergeMethod.FEATHER else 0
        self._single = method is MergeMethod.SINGLE
        self._full_range = full_range
        self.width = width if self._single else 2 * width - self._overlap
        self.height = height
        if self._overlap:
            luma, chroma = self._overlap, self._overlap // 2
            self._seams = (_Seam(luma, height), _Seam(chroma, height // 2), _Seam(chroma, height // 2))

    def compose(self, left: Planes | None, right: Planes | None, out: Planes) -> None:
        """Fill `out`. A missing picture leaves its part dark; the other then has the whole overlap."""
        if self._single:
            self._lay(left or right, out)
            return
        seam = self._width - self._overlap
        if left and right and self._overlap:
            for number in range(3):
                self._seams[number].join(left[number], right[number], out[number])
            return
        rest = self._width if left else seam
        if left or not right:
            self._lay(left, planes.part(out, 0, 0, self._width, self._height))
        else:
            self._lay(None, planes.part(out, 0, 0, seam, self._height))
        if right:
            seen = planes.part(right, rest - seam, 0, self.width - rest, self._height)
            self._lay(seen, planes.part(out, rest, 0, self.width - rest, self._height))
        else:
            self._lay(None, planes.part(out, self._width, 0, self.width - self._width, self._height))

    def _lay(self, picture: Planes | None, out: Planes) -> None:
        if picture is None:
            planes.darken(out, self._full_range)
        else:
            planes.copy(picture, out)


class _Seam:
    """Joins one plane of both pictures, straight from the left one to the right one over the overlap."""

    def __init__(self, overlap: int, height: int) -> None:
        share = 255 * (1 - (np.arange(overlap) + 0.5) / overlap)
        self._left_share = np.repeat(np.rint(share).astype(np.uint8)[None, :], height, axis=0)
        self._above = np.empty((height, overlap), np.uint8)
        self._below = np.empty((height, overlap), np.uint8)

    def join(self, left: Plane, right: Plane, out: Plane) -> None:
        """Copy outside the overlap, blend inside."""
        overlap, width = self._left_share.shape[1], left.shape[1]
        seam = width - overlap
        np.copyto(out[:, :seam], left[:, :seam])
        np.copyto(out[:, width:], right[:, overlap:])
        here, there = left[:, seam:], right[:, :overlap]
        blend(here, there, self._left_share, out[:, seam:width], (self._above, self._below))


def blend(here: Plane, there: Plane, share: Plane, out: Plane, spare: tuple[Plane, Plane]) -> None:
    """out = there + share / 255 * (here - there), exact to one level; `out` may be `here` itself.

    The difference is kept as two saturated halves, in `spare`, so that all stays in bytes: a quarter of the time that
    `cv2.blendLinear` takes with its float weights.
    """
    above, below = spare
    cv2.subtract(here, there, above)
    cv2.subtract(there, here, below)
    cv2.multiply(above, share, above, 1 / 255)
    cv2.multiply(below, share, below, 1 / 255)
    cv2.add(there, above, out)
    cv2.subtract(out, below, out)
