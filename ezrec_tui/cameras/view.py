"""What one of two cameras on a pole sees of the court.

The court lies on a cylinder around the pole, `focal` pixels to the radian, as high as a camera's picture. Both cameras
look at it level, from its axis, one turned to the left, the other as far to the right. Formulas lead both ways: what
stands still is looked up once for each pixel, what moves is placed to a part of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import atan, radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.court import Figure, Points
from ezrec_tui.cameras.picture import Picture

FIELD = radians(44)
"""What a camera sees from its left to its right edge. With much more of it, what `feather` shows twice where both see
lies far apart."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """The left or the right camera, of width x height px; about `overlap` columns of each picture are in the other's.

    Pixel (0, 0) is the centre of the top left one, of the picture and of the scene.
    """

    right: bool
    width: int
    height: int
    overlap: int

    @cached_property
    def focal(self) -> float:
        return self.width / 2 / tan(FIELD / 2)

    @cached_property
    def yaw(self) -> float:
        """Radians to the right. The middle of what both see lies half an overlap from the edge, in both pictures."""
        turned = atan((self.width - self.overlap) / 2 / self.focal)
        return turned if self.right else -turned

    @cached_property
    def scene_width(self) -> int:
        """All that the two cameras see, in pixels; even."""
        return int((2 * abs(self.yaw) + FIELD) * self.focal) // 2 * 2 + 2

    def places(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where in the scene lies what the picture shows at (x, y), which are broadcast against each other."""
        across = x - (self.width - 1) / 2
        turn = np.arctan(across / self.focal) + self.yaw
        rise = (y - (self.height - 1) / 2) / np.hypot(across, self.focal)
        return turn * self.focal + (self.scene_width - 1) / 2, rise * self.focal + (self.height - 1) / 2

    def pixels(self, places: Points) -> Points:
        """Where in the picture places of the scene before the camera are seen; they may lie outside of it."""
        turn = (places[..., 0] - (self.scene_width - 1) / 2) / self.focal - self.yaw
        seen = np.empty_like(places)
        seen[..., 0] = np.tan(turn) * self.focal + (self.width - 1) / 2
        seen[..., 1] = (places[..., 1] - (self.height - 1) / 2) / np.cos(turn) + (self.height - 1) / 2
        return seen

    def seen(self, figures: Iterable[Figure]) -> list[Figure]:
        """Those of them that the picture shows, wholly or in part."""
        middle, reach = (self.scene_width - 1) / 2 + self.yaw * self.focal, FIELD / 2 * self.focal + 1
        return [figure for figure in figures if abs(figure.x - middle) < reach + figure.half_width]

    def picture(self, scene: Picture) -> Picture:
        """What the camera sees of a scene of scene_width x height px."""
        seen = Picture(self.width, self.height)
        for source, target, step in zip(scene.planes, seen.planes, (1, 2, 2), strict=True):
            middle = (step - 1) / 2  # of the pixels that a chroma sample stands for
            rows, columns = (np.arange(side, dtype=np.float64) * step + middle for side in target.shape)
            at = self.places(columns, rows[:, None])
            x, y = (np.broadcast_to((place - middle) / step, target.shape).astype(np.float32) for place in at)
            cv2.remap(source, x, y, cv2.INTER_CUBIC, target, cv2.BORDER_REPLICATE)
        return seen
