"""The canvas for a pair of cameras: level, as fine as their pictures, cut to the largest rectangle without a hole."""

from dataclasses import dataclass, replace
from math import pi, radians

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.geometry import Pair
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.rig import Map, canvas_map, canvas_places
from ezrec_tui.video.rig_file import LARGEST_SIDE, SMALLEST_SIDE, Canvas, Projection

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
    """A canvas, both lenses, left and right, and the ways from the canvas's directions to the cameras'."""

    canvas: Canvas
    lenses: tuple[Lens, Lens]
    matrices: tuple[Points, Points]

    def maps(self) -> tuple[tuple[Map, Map], tuple[Map, Map]]:
        """Which pixel of the left and of the right picture each canvas pixel shows; see `rig.camera_map`."""
        left, right = (
            canvas_map(self.canvas, lens, matrix) for lens, matrix in zip(self.lenses, self.matrices, strict=True)
        )
        return left, right

    def seen(self) -> tuple[Mask, Mask]:
        """What the left and the right camera see of the canvas, (height, width)."""
        (left, _), (right, _) = self.maps()
        return left >= 0, right >= 0

    def part(self, left: int, top: int, width: int, height: int) -> "Layout":
        return replace(self, canvas=self.canvas.part(left, top, width, height))

    def coarse(self, step: int) -> "Layout":
        return replace(self, canvas=self.canvas.coarse(step))


def lay_out(pair: Pair, left: Points | None) -> Layout:
    """The canvas of two cameras. Raises NoCanvas.

    `left` leads from level directions to the left camera's; without it the canvas lies on the left camera's plane.
    """
    matrices = (np.eye(3), pair.matrix) if left is None else (left, pair.matrix @ left)
    lenses = (pair.left, pair.right)
    projection = Projection.PLANAR
    if left is not None:
        steep = [_elevations(lens, matrix) for lens, matrix in zip(lenses, matrices, strict=True)]
        projection = Projection.CYLINDRICAL if np.abs(np.concatenate(steep)).max() < STEEP else Projection.SPHERICAL
    whole = Layout(_whole(projection, lenses, matrices), lenses, matrices)
    here, there = whole.coarse(COARSE).seen()
    rough = whole.part(*(COARSE * number for number in largest_rectangle(here | there)))
    here, there = rough.seen()
    x, y, width, height = trimmed(here | there)
    if min(width, height) < SMALLEST_SIDE:
        raise NoCanvas("nothing is left of the joined picture when it is cut to a rectangle")
    return rough.part(x, y, width, height)


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


def _whole(projection: Projection, lenses: tuple[Lens, Lens], matrices: tuple[Points, Points]) -> Canvas:
    """The canvas that all of both pictures fits on, as fine as the left one in its middle."""
    scale = lenses[0].focal
    unit = Canvas(method=projection, width=16, height=16, origin_x=0, origin_y=0, scale=scale)
    edges = [
        canvas_places(unit, _edge_rays(lens) @ np.linalg.inv(matrix).T)
        for lens, matrix in zip(lenses, matrices, strict=True)
    ]
    places = np.concatenate(edges)
    if not np.isfinite(places).all():
        raise NoCanvas("the cameras are turned too far from each other for one flat picture")
    for edge in edges:
        if np.ptp(edge[:, 0]) > pi * scale and projection is not Projection.PLANAR:
            raise NoCanvas("a camera would see more than half of the horizon")
    # On a plane the left camera's pixels fall onto the canvas's own.
    low, high = np.floor(places.min(axis=0) + lenses[0].middle) - lenses[0].middle, places.max(axis=0)
    width, height = (int(value) // COARSE * COARSE + COARSE for value in high - low)
    if width * height > LARGEST_PIXELS or max(width, height) > LARGEST_SIDE:
        raise NoCanvas(f"the joined picture would have {width}x{height} pixels")
    return unit.model_copy(
        update={"width": width, "height": height, "origin_x": float(-low[0]), "origin_y": float(-low[1])}
    )


def _edge_rays(lens: Lens) -> Points:
    """The directions along a picture's edges, without what is farther out than the lens's numbers are good for."""
    right, foot = lens.width - 1, lens.height - 1
    along = np.linspace(0, 1, EDGE)
    edges = [(along * right, 0 * along), (along * right, 0 * along + foot),
             (0 * along, along * foot), (0 * along + right, along * foot)]  # fmt: skip
    rays = lens.rays(np.concatenate([np.stack(edge, axis=-1) for edge in edges]))
    return rays[np.isfinite(rays).all(axis=1)]


def _elevations(lens: Lens, matrix: Points) -> Points:
    rays = _edge_rays(lens) @ np.linalg.inv(matrix).T
    return np.arctan2(rays[:, 1], np.hypot(rays[:, 0], rays[:, 2]))
