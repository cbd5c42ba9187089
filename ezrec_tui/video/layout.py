"""The canvas for a pair of cameras: level, as fine as their pictures, cut to the largest rectangle without a hole."""

from dataclasses import dataclass
from math import pi, radians

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.geometry import Pair
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.rig import LARGEST_SIDE, Canvas, Projection, canvas_map

COARSE = 8
"""Canvas pixels to one of the mask in which the rectangle is looked for."""
STEEP = radians(45)
"""What lies farther above or below the horizon is stretched too much on a cylinder; a sphere takes it."""
LARGEST_PIXELS = 40_000_000
EDGE = 64
"""Points along each edge of a picture."""

Mask = NDArray[np.bool_]


class NoCanvas(Exception):
    """The two pictures do not lie beside each other in a way that a canvas could hold. The text says why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A canvas, and the way from its directions to each camera's."""

    canvas: Canvas
    left: Points
    right: Points

    def seen(self, pair: Pair) -> tuple[Mask, Mask]:
        """What the left and the right camera see of it."""
        left, right = self.maps(pair)
        return left[0] >= 0, right[0] >= 0

    def maps(self, pair: Pair):
        """The canvas maps of both cameras."""
        return canvas_map(self.canvas, pair.left, self.left), canvas_map(self.canvas, pair.right, self.right)

    def coarse(self, step: int) -> "Layout":
        return Layout(self.canvas.coarse(step), self.left, self.right)


def lay_out(pair: Pair, left: Points | None) -> Layout:
    """The canvas of two cameras. Raises NoCanvas.

    `left` leads from level directions to the left camera's; without it the canvas lies on the left camera's plane.
    """
    if left is None:
        left, projection = np.eye(3), Projection.PLANAR
    else:
        steep = [_elevations(pair.left, left), _elevations(pair.right, pair.matrix @ left)]
        projection = Projection.CYLINDRICAL if np.abs(steep).max() < STEEP else Projection.SPHERICAL
    right = pair.matrix @ left
    whole = _whole(projection, pair, left, right)
    coarse = Layout(whole.coarse(COARSE), left, right)
    here, there = coarse.seen(pair)
    x, y, width, height = largest_rectangle(here | there)
    rough = Layout(whole.part(x * COARSE, y * COARSE, width * COARSE, height * COARSE), left, right)
    here, there = rough.seen(pair)
    x, y, width, height = trimmed(here | there)
    if width < 2 or height < 2:
        raise NoCanvas("nothing is left of the joined picture when it is cut to a rectangle")
    return Layout(rough.canvas.part(x, y, width, height), left, right)


def largest_rectangle(mask: Mask) -> tuple[int, int, int, int]:
    """x, y, width, height of the largest rectangle of what is set in a mask (height, width); all 0 when none is."""
    best, area = (0, 0, 0, 0), 0
    rises = np.zeros(mask.shape[1] + 1, np.int64)
    for row in range(mask.shape[0]):
        rises[:-1] = np.where(mask[row], rises[:-1] + 1, 0)
        open_at = list[tuple[int, int]]()
        for column, rise in enumerate(rises.tolist()):
            start = column
            while open_at and open_at[-1][1] >= rise:
                start, tall = open_at.pop()
                if (column - start) * tall > area:
                    area, best = (column - start) * tall, (start, row - tall + 1, column - start, tall)
            open_at.append((start, rise))
    return best


def trimmed(mask: Mask) -> tuple[int, int, int, int]:
    """x, y, width, height, even sizes, of what is left when edges with holes in them are taken off, the worst first."""
    top, foot, left, right = 0, mask.shape[0], 0, mask.shape[1]
    while top < foot and left < right and not mask[top:foot, left:right].all():
        part = ~mask[top:foot, left:right]
        holes = {
            "top": part[0].mean(), "foot": part[-1].mean(), "left": part[:, 0].mean(), "right": part[:, -1].mean()
        }  # fmt: skip
        worst = max(holes, key=lambda side: holes[side])
        if not holes[worst]:
            raise NoCanvas("the joined picture has a hole in the middle")
        top, foot = top + (worst == "top"), foot - (worst == "foot")
        left, right = left + (worst == "left"), right - (worst == "right")
    return left, top, (right - left) // 2 * 2, (foot - top) // 2 * 2


def _whole(projection: Projection, pair: Pair, left: Points, right: Points) -> Canvas:
    """The canvas that all of both pictures fits on, as fine as the left one in its middle."""
    scale = pair.left.focal
    unit = Canvas(method=projection, width=16, height=16, origin_x=0, origin_y=0, scale=scale)
    edges = [
        unit.places(_edge_rays(lens) @ np.linalg.inv(matrix).T)
        for lens, matrix in ((pair.left, left), (pair.right, right))
    ]
    places = np.concatenate(edges)
    if not np.isfinite(places).all():
        raise NoCanvas("the cameras are turned too far from each other, or a lens bends too much, for one picture")
    for edge in edges:
        if np.ptp(edge[:, 0]) > pi * scale and projection is not Projection.PLANAR:
            raise NoCanvas("a camera would see more than half of the horizon")
    low, high = np.floor(places.min(axis=0)), np.ceil(places.max(axis=0))
    width, height = (int(value) // COARSE * COARSE + COARSE for value in high - low)
    if width * height > LARGEST_PIXELS or max(width, height) > LARGEST_SIDE:
        raise NoCanvas(f"the joined picture would have {width}x{height} pixels")
    return unit.model_copy(
        update={"width": width, "height": height, "origin_x": float(-low[0]), "origin_y": float(-low[1])}
    )


def _edge_rays(lens: Lens) -> Points:
    right, foot = lens.width - 1, lens.height - 1
    along = np.linspace(0, 1, EDGE)
    edges = [(along * right, 0 * along), (along * right, 0 * along + foot),
             (0 * along, along * foot), (0 * along + right, along * foot)]  # fmt: skip
    return lens.rays(np.concatenate([np.stack(edge, axis=-1) for edge in edges]))


def _elevations(lens: Lens, matrix: Points) -> Points:
    rays = _edge_rays(lens) @ np.linalg.inv(matrix).T
    return np.arctan2(rays[:, 1], np.hypot(rays[:, 0], rays[:, 2]))
