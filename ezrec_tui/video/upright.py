"""Which way is down for two cameras: from how they are mounted, and from the upright lines in their pictures."""

from math import radians
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.geometry import Pair
from ezrec_tui.video.lens import Lens, Points

Bgr = NDArray[np.uint8]

ALIKE = radians(4)
"""Turned less than this against each other, two cameras' tilt says nothing of where down is."""
MOST_TILT = radians(65)
"""Of a camera, up or down."""
SHORTEST = 0.06
"""Of a picture's height: lines that count as upright, if they stand so."""
NEARLY = radians(6)
"""How far a line may be off to be thought of as upright at first."""
LINE_SPREAD, MOUNT_SPREAD = radians(1.0), radians(1.5)
"""Standard deviations: of what stands upright, and of what is mounted so."""
ROUNDS = 10


def upright(pair: Pair, left: Bgr, right: Bgr) -> Points:
    """From a level rig's directions (y down, z ahead, midway between the two) to the left camera's: a rotation.

    `left` and `right` are the cameras' pictures (height, width, 3).
    """
    down = mounted_down(pair.matrix)
    planes = np.concatenate([_lines(left, pair.left), _lines(right, pair.right) @ pair.matrix])
    for _ in range(ROUNDS):
        across, ahead = _around(down)
        off = planes @ down
        weights = np.where(np.abs(off) < NEARLY, 1 / (1 + (off / LINE_SPREAD) ** 2), 0) / LINE_SPREAD**2
        slopes = planes @ np.stack([across, ahead], axis=1)
        home = np.array([across, ahead]) @ mounted_down(pair.matrix)
        normal = slopes.T @ (weights[:, None] * slopes) + np.eye(2) / MOUNT_SPREAD**2
        step = np.linalg.solve(normal, home / MOUNT_SPREAD**2 - slopes.T @ (weights * off))
        down = down + step[0] * across + step[1] * ahead
        down /= np.linalg.norm(down)
    return _level(pair.matrix, down)


def mounted_down(matrix: Points) -> Points:
    """Down, in the left camera's directions, if both are mounted upright: square to both cameras' x axes.

    However far each is tilted down, its x axis is then level.
    """
    down = np.asarray(np.cross((1.0, 0.0, 0.0), matrix[0]), np.float64)
    mean = np.array([0.0, 1.0, 0.0]) + matrix[1]
    mean /= np.linalg.norm(mean)
    size = float(np.linalg.norm(down))
    if size < np.sin(ALIKE) or abs(down @ mean) < size * np.cos(MOST_TILT):
        return mean
    return down / size if down @ mean > 0 else -down / size


def _level(matrix: Points, down: Points) -> Points:
    middle = np.array([0.0, 0.0, 1.0]) + matrix[2]
    ahead = middle - (middle @ down) * down
    ahead /= np.linalg.norm(ahead)
    return np.asarray(np.stack([np.cross(down, ahead), down, ahead], axis=1), np.float64)


def _around(down: Points) -> tuple[Points, Points]:
    """Two directions square to it and to each other."""
    across = np.cross(down, (0.0, 0.0, 1.0))
    across /= np.linalg.norm(across)
    return across, np.cross(across, down)


def _lines(picture: Bgr, lens: Lens) -> Points:
    """Straight lines that stand nearly upright in a picture: the planes they span with the eye, as normals (n, 3)."""
    found: Any = cv2.createLineSegmentDetector().detect(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))[0]
    if found is None:
        return np.empty((0, 3))
    ends = np.asarray(found, np.float64).reshape(-1, 2, 2)
    along = ends[:, 1] - ends[:, 0]
    tall = np.abs(along[:, 1]) > np.maximum(SHORTEST * lens.height, np.abs(along[:, 0]))
    rays = lens.rays(ends[tall])
    planes = np.asarray(np.cross(rays[:, 0], rays[:, 1]), np.float64)
    planes = planes[np.isfinite(planes).all(axis=1)]
    return planes / np.linalg.norm(planes, axis=1, keepdims=True)
