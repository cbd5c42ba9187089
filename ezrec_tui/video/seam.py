"""The seam: where the left picture ends and the right one begins, from the top of the canvas to its foot."""

import cv2
import numpy as np
from numpy.typing import NDArray

Cost = NDArray[np.float32]
Mask = NDArray[np.bool_]

STEEPNESS = 2
"""Columns that the seam may move from one row to the next."""
BEND = 0.5
"""What a column of that costs, in levels of difference."""
EDGE_COST = 24.0
"""What it costs to run along the edge of the overlap; nothing in the middle, where there is room for a wide blend."""


BROKEN = "what both cameras see does not reach from the top of the joined picture to its foot"


class NoSeam(Exception):
    """There is no way for a seam. The text says why."""


def seam_cost(left: list[NDArray[np.uint8]], right: list[NDArray[np.uint8]], both: Mask) -> Cost:
    """How much a seam would show at each pixel (height, width): the cameras' difference, and what moves there.

    `left` and `right` are the same moments, warped onto the canvas and equally bright, (height, width, 3) each; `both`
    is where both see something. Moving players differ from the middle of all frames.
    """
    differences = [_apart(here, there) for here, there in zip(left, right, strict=True)]
    cost = np.mean(differences, axis=0)
    for shots in (left, right):
        if len(shots) > 2:
            still = np.median(np.stack(shots), axis=0).astype(np.uint8)
            cost += np.mean([_apart(shot, still) for shot in shots], axis=0)
    smooth = np.asarray(cv2.GaussianBlur(cost, (0, 0), 1.5), np.float32)
    room = both.sum(axis=1, keepdims=True) / 2
    columns = np.arange(both.shape[1])
    first = np.argmax(both, axis=1)[:, None]
    off_middle = np.abs(columns - (first + room)) / np.maximum(room, 1)
    return (smooth + EDGE_COST * off_middle**2).astype(np.float32)


def find_seam(cost: Cost, both: Mask) -> NDArray[np.int64]:
    """The column for each row at which the cheapest path from top to foot lies. Raises NoSeam."""
    height, width = cost.shape
    closed = np.where(both, cost, np.inf).astype(np.float64)
    total = closed[0].copy()
    came = np.zeros((height, width), np.int64)
    moves = np.arange(-STEEPNESS, STEEPNESS + 1)
    for row in range(1, height):
        padded = np.pad(total, STEEPNESS, constant_values=np.inf)
        ways = np.stack([padded[STEEPNESS + move : STEEPNESS + move + width] + BEND * abs(move) for move in moves])
        best = np.argmin(ways, axis=0)
        came[row] = moves[best]
        total = ways[best, np.arange(width)] + closed[row]
    if not np.isfinite(total).any():
        raise NoSeam(BROKEN)
    path = np.empty(height, np.int64)
    path[-1] = np.argmin(total)
    for row in range(height - 1, 0, -1):
        path[row - 1] = path[row] + came[row, path[row]]
    return path


def finer(path: NDArray[np.int64], step: int, both: Mask) -> tuple[int, ...]:
    """The path found on every `step`-th pixel, for all rows of the canvas, where both see (`both`). Raises NoSeam."""
    if not both.any(axis=1).all():
        raise NoSeam(BROKEN)
    rows = np.arange(both.shape[0])
    columns = np.interp(rows, np.arange(path.size) * step + (step - 1) / 2, path * step + (step - 1) / 2)
    first = np.argmax(both, axis=1)
    last = both.shape[1] - 1 - np.argmax(both[:, ::-1], axis=1)
    return tuple(int(column) for column in np.clip(np.rint(columns), first, last))


def _apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Cost:
    return np.asarray(cv2.absdiff(one, other), np.uint8).mean(axis=2, dtype=np.float32)
