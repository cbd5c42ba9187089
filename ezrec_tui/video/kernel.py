"""The compiled kernel (`kernel.c`): in one pass over the pixels what takes OpenCV several, and half the time or less.

It is built when the package is installed, if a C compiler is there; if not, OpenCV does the work: see `warp`,
`compose`, `brand`, `balance`. It is no Python module but a plain library, so that building it needs no headers of
Python.
"""

import ctypes
import struct
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.planes import Plane, Planes

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

_LAYOUTS = {count: struct.Struct("@" + "Pnii" * count) for count in (1, 2, 3)}
"""Of so many `struct plane` (kernel.h)."""

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


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the pixels of a target of `width` x `height` lie in the source."""

    width: int
    height: int
    knots: Knots
    least: float
    """Coordinates below this, or beyond the most, are outside of what the source shows; in pixels."""
    most: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Toning:
    """What becomes of luma and of colours; levels count from black on, up to `reach`, which is white."""

    black: int
    reach: int
    falls: float
    """A tint grows with luma, and goes down to none at white so many times as fast."""
    gain: float
    """Of luma, at most 16 ..."""
    steep: float
    """... and how steeply it goes up to white where the gain alone would not come to it."""
    kept: float
    """Of its colour a pixel keeps this, and less by `fade` for each level of its luma; all, where that is above 1."""
    fade: float
    gains: tuple[float, float]
    """Of U and of V, at most 4."""
    tints: tuple[float, float]
    """Levels added to U and to V for each level of luma, at most 4."""

    def packed(self) -> bytes:
        """In the steps that the kernel counts in; what is more than it can count is as much as it can."""
        luma = (self.gain * 2048, self.steep * 2048, self.kept * 2048, self.fade * 256 * 2048)
        colours = (factor * 4096 for factor in (*self.gains, *self.tints))
        return struct.pack(
            "11h",
            *(self.black, self.reach, round(self.falls)),
            *(round(min(number, 32767)) for number in luma),
            *(round(max(-16384, min(number, 16384))) for number in colours),
        )


class Fixed:
    """Planes that keep their place in memory, so that they are described once and not at every frame."""

    def __init__(self, planes: Planes) -> None:
        self.planes = planes
        self.described = _described(planes)


class Kernel:
    """The library's way in. Free of Python's lock while it works. Planes of one call are equally large in each."""

    def __init__(self, library: Path, avx2: bool = True) -> None:
        """`avx2` may be used where the processor has it."""
        loaded = ctypes.CDLL(str(library))
        suffix = "_avx2" if avx2 and loaded.has_avx2() else ""
        names = "warp_plane", "warp_two_planes", "join", "blend", "lay", "tone"
        ways = [loaded[name + suffix] for name in names]
        for way in ways:
            way.restype = None
        self._warp, self._warp_two, self._join, self._blend, self._lay, self._tone = ways

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
        warp = self._warp if len(target) == 1 else self._warp_two
        warp(ctypes.byref(way), _described(source), _described(target), bytes(dark))

    def join(self, left: Planes, right: Planes, share: Fixed, out: Planes) -> None:
        """Lay both side by side, the one's last columns blended with the other's first, as `blend` does."""
        for one, other, mixed, whole in zip(left, right, share.planes, out, strict=True):
            height, overlap = mixed.shape
            if not one.shape == other.shape == (height, (whole.shape[1] + overlap) // 2) or whole.shape[0] != height:
                raise ValueError(
                    f"{one.shape} and {other.shape} do not make {whole.shape} with {overlap} columns shared"
                )
        self._join(len(out), _described(left), _described(right), share.described, _described(out))

    def blend(self, here: Planes, there: Planes, share: Fixed, out: Planes) -> None:
        """out = there + share / 255 * (here - there), rounded; `out` may be `here` itself."""
        _same_size(here, there, share.planes, out)
        self._blend(len(out), _described(here), _described(there), share.described, _described(out))

    def lay(self, colours: Fixed, through: Fixed, picture: Planes) -> None:
        """picture = picture * through / 255 + colours, rounded and no more than 255."""
        _same_size(colours.planes, through.planes, picture)
        self._lay(len(picture), colours.described, through.described, _described(picture))

    def tone(self, toning: Toning, picture: Planes) -> None:
        """Change a picture in place."""
        self._tone(toning.packed(), _described(picture))


@cache
def installed() -> Kernel | None:
    """The one that was built with this package; None when there was no compiler."""
    library = Path(__file__).with_name("_kernel" + EXTENSION_SUFFIXES[0])
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


def _same_size(*pictures: Planes) -> None:
    sizes = [[plane.shape for plane in picture] for picture in pictures]
    if any(size != sizes[0] for size in sizes):
        raise ValueError(f"pictures of different sizes: {sizes}")


def _described(planes: tuple[Plane, ...]) -> bytes:
    """Where they lie in memory, for the library."""
    numbers: list[int] = []
    for plane in planes:
        numbers += plane.ctypes.data, plane.strides[0], *plane.shape
    return _LAYOUTS[len(planes)].pack(*numbers)
