"""The compiled warp (`warp.c`): the same as `cv2.remap`, in less than half of the time.

It is built when the package is installed, if a C compiler is there; if not, OpenCV does the work: see `warp`. It is no
Python module but a plain library, so that building it needs no headers of Python.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.planes import Plane

CELL = 8
"""Pixels from knot to knot."""
UNIT = 1 << 16
"""Steps of a knot's coordinates to the pixel."""
FARTHEST = 30_000
"""Pixels that a knot may lie from the source's corner."""
WIDEST, TALLEST = 12, 16
"""Pixels of the source that a cell may reach over; beyond that it takes longer than OpenCV."""
TRUE = 1 / 16
"""Pixels that a place may be off between the knots."""

Knots = NDArray[np.int32]
"""(rows, columns, 2): x and y in the source of each knot, in UNITs."""


class _Grid(ctypes.Structure):
    _fields_ = (
        ("knots", ctypes.c_void_p),
        ("across", ctypes.c_int),
        ("least", ctypes.c_int),
        ("most_x", ctypes.c_int),
        ("most_y", ctypes.c_int),
    )


class _Plane(ctypes.Structure):
    _fields_ = (
        ("pixels", ctypes.c_void_p),
        ("stride", ctypes.c_ssize_t),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
    )


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the pixels of a target of `width` x `height` lie in the source."""

    width: int
    height: int
    knots: Knots
    least: float
    """Coordinates below this, or beyond the most, are outside of what the source shows; in pixels."""
    most: tuple[float, float]


class Kernel:
    """The library's way in. Free of Python's lock while it works."""

    def __init__(self, library: Path) -> None:
        loaded = ctypes.CDLL(str(library))
        self._ways = {1: loaded.warp_plane, 2: loaded.warp_two_planes}
        for way in self._ways.values():
            way.restype = None

    def warp(self, grid: Grid, source: tuple[Plane, ...], target: tuple[Plane, ...], dark: tuple[int, ...]) -> None:
        """Fill one or two targets from as many sources, which are equally large; `dark` is for what they lack."""
        if any(plane.shape != (grid.height, grid.width) for plane in target):
            raise ValueError(f"{target[0].shape} is not the grid's size, {grid.height} x {grid.width}")
        way = _Grid(
            grid.knots.ctypes.data,
            grid.knots.shape[1],
            round(grid.least * UNIT),
            *(round(most * UNIT) for most in grid.most),
        )
        self._ways[len(target)](
            ctypes.byref(way), _described(source), _described(target), (ctypes.c_uint8 * len(dark))(*dark)
        )


@cache
def installed() -> Kernel | None:
    """The one that was built with this package; None when there was no compiler."""
    library = Path(__file__).with_name("_warp" + EXTENSION_SUFFIXES[0])
    return Kernel(library) if library.exists() else None


def grid_knots(corners: NDArray[np.float64], middles: NDArray[np.float64], seen: NDArray[np.bool_]) -> Knots | None:
    """The knots of places in the source (rows, columns, 2), in pixels; None when the kernel is no good for them.

    `middles` are the true places of the cells' middles, `seen` which cells show anything; the others may be as bent as
    they like.
    """
    if not np.isfinite(corners).all() or np.abs(corners).max() > FARTHEST:
        return None
    cells = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]])[:, seen]
    off = np.abs(cells.mean(axis=0) - middles[seen]).max(initial=0)
    wide, tall = np.ptp(cells, axis=0).max(axis=0, initial=0)
    rightwards = (cells[[1, 3], :, 0] >= cells[[0, 2], :, 0]).all()
    if off > TRUE or wide > WIDEST or tall > TALLEST or not rightwards:
        return None
    return np.ascontiguousarray(np.rint(corners * UNIT), np.int32)


def _described(planes: tuple[Plane, ...]) -> "ctypes.Array[_Plane]":
    rows = [(plane.ctypes.data, plane.strides[0], plane.shape[1], plane.shape[0]) for plane in planes]
    return (_Plane * len(planes))(*(_Plane(*row) for row in rows))
