"""A lens: where in a camera's picture a direction is seen, and which direction a pixel shows.

Directions are in the camera's own frame: x to the right, y down, z ahead. Pixels are counted from the centre of the
top left one, so that (0, 0) is that pixel's centre and the picture reaches from -0.5 to width - 0.5. The optical axis
meets the picture in its middle, ((width - 1) / 2, (height - 1) / 2). With p = (x / z, y / z) and r = |p| the pixel is

    middle + focal * p * (1 + k1 * r^2 + k2 * r^4)
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(..., 2) pixels or (..., 3) directions."""

NEWTON_STEPS, NEAR_ENOUGH = 12, 1e-10


@dataclass(frozen=True, slots=True)
class Lens:
    """`focal` is in pixels; with k1 = k2 = 0 the lens bends nothing."""

    width: int
    height: int
    focal: float
    k1: float = 0.0
    k2: float = 0.0

    @property
    def middle(self) -> Points:
        return np.array([(self.width - 1) / 2, (self.height - 1) / 2])

    @property
    def reach(self) -> float:
        """The largest r that this lens shows once: further out the distortion would fold the picture back."""
        half, quad = 1.5 * self.k1, 5 * self.k2  # 1 + 2 half r^2 + quad r^4 is the slope of what grows
        inner = half * half - quad
        if inner < 0 or (half >= 0 and quad >= 0):
            return inf
        return sqrt(1 / (-half + sqrt(inner)))

    def pixels(self, rays: Points) -> Points:
        """Where directions (..., 3) of any length are seen, (..., 2); NaN behind the camera and where the lens folds.

        The result may lie outside of the picture.
        """
        return np.stack(self.places(rays[..., 0], rays[..., 1], rays[..., 2]), axis=-1)

    def places(self, x: Points, y: Points, z: Points) -> tuple[Points, Points]:
        """The same with each coordinate in an array of its own: for whole pictures in half of the time."""
        ahead = np.where(z > 1e-9, z, np.nan)
        across, down = x / ahead, y / ahead
        square = across * across + down * down
        stretch = self.focal * (1 + square * (self.k1 + square * self.k2))
        stretch = np.where(square < self.reach**2, stretch, np.nan)
        middle_x, middle_y = self.middle
        return middle_x + across * stretch, middle_y + down * stretch

    def rays(self, pixels: Points) -> Points:
        """The directions (..., 3) that pixels (..., 2) show, with z = 1; NaN where the lens shows nothing there."""
        bent = (pixels - self.middle) / self.focal
        far = np.sqrt(np.sum(bent * bent, axis=-1))
        near, reach = far.copy(), self.reach
        for _ in range(NEWTON_STEPS if self.k1 or self.k2 else 0):
            square = near * near
            error = near * (1 + square * (self.k1 + square * self.k2)) - far
            slope = 1 + square * (3 * self.k1 + square * 5 * self.k2)
            near = np.clip(near - error / np.where(slope > 1e-6, slope, 1e-6), 0, 2 * reach)
            if np.abs(error).max(initial=0) < NEAR_ENOUGH:
                break
        near = np.where(near < reach, near, np.nan)
        shrink = np.where(far > 0, near / np.where(far > 0, far, 1), 1)
        return np.concatenate([bent * shrink[..., None], np.ones((*bent.shape[:-1], 1))], axis=-1)
