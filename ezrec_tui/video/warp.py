"""A camera's way onto a rectangle of the canvas, for the planes of 4:2:0.

A map says for each pixel where in the camera's picture it lies, a grid says so for every eighth one: both are made
once. The compiled kernel takes the grid, if it is there and the grid is true enough; else `cv2.remap` takes the map,
of floats, which is faster there than fixed point. A plane that only has to be moved is copied.

A chroma sample stands in the middle of its four pixels, in the canvas and in the cameras (see `rig`).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.kernel import CELL, TRUE, Grid, Kernel, grid_knots
from ezrec_tui.video.planes import Plane, Planes, even
from ezrec_tui.video.rig import Map, camera_map, canvas_rays, lens_of
from ezrec_tui.video.rig_file import Rig, RigCamera

STILL = 1 / 64
"""A warp that differs from a plain move by less than this, in pixels, is one."""

Maps = tuple[Map, Map]


def even_camera_map(rig: Rig, camera: RigCamera) -> Maps:
    """As `camera_map`, for the picture rounded down to an even size."""
    map_x, map_y = camera_map(rig, camera)
    return np.minimum(map_x, even(camera.width) - 1), np.minimum(map_y, even(camera.height) - 1)


class Warp:
    """Fills a rectangle of the canvas."""

    def __init__(
        self, rig: Rig, camera: RigCamera, maps: Maps, columns: slice, rows: slice, kernel: Kernel | None
    ) -> None:
        """`maps` are `even_camera_map`; the rectangle's bounds are even numbers. Without a kernel OpenCV does it."""
        left, top = columns.start, rows.start
        luma = maps[0][rows, columns], maps[1][rows, columns]
        move = _plain_move(*luma)
        cells = None
        if move is None and kernel is not None:
            grids = (_grid(rig, camera, left, top, luma[0] >= 0, step) for step in (1, 2))
            cells = tuple(_Cells(kernel, grid) for grid in grids if grid is not None)
        if cells is not None and len(cells) == 2:
            self._luma, self._chroma = cells
            return
        chroma = _chroma_map(luma[0], camera.width), _chroma_map(luma[1], camera.height)
        self._luma = move or _Table(luma)
        self._chroma = _plain_move(*chroma) or _Table(chroma)

    @property
    def by_cells(self) -> bool:
        """The compiled kernel does it."""
        return isinstance(self._luma, _Cells)

    def fill(self, picture: Planes, out: Planes, dark: tuple[int, int, int]) -> None:
        """Fill `out`, which has the rectangle's size, and is `dark` where the camera sees nothing."""
        self._luma.fill(picture[:1], out[:1], dark[:1])
        self._chroma.fill(picture[1:], out[1:], dark[1:])


Some = tuple[Plane, ...]
"""Planes of one size."""


@dataclass(frozen=True, slots=True)
class _Move:
    left: int
    top: int

    def fill(self, source: Some, target: Some, dark: tuple[int, ...]) -> None:
        height, width = target[0].shape
        for here, there in zip(source, target, strict=True):
            np.copyto(there, here[self.top : self.top + height, self.left : self.left + width])


@dataclass(frozen=True, slots=True)
class _Cells:
    kernel: Kernel
    grid: Grid

    def fill(self, source: Some, target: Some, dark: tuple[int, ...]) -> None:
        self.kernel.warp(self.grid, source, target, dark)


class _Table:
    def __init__(self, maps: Maps) -> None:
        # What lies in one piece is read a quarter faster.
        self._map_x, self._map_y = (np.ascontiguousarray(table) for table in maps)

    def fill(self, source: Some, target: Some, dark: tuple[int, ...]) -> None:
        for here, there, level in zip(source, target, dark, strict=True):
            cv2.remap(here, self._map_x, self._map_y, cv2.INTER_LINEAR, there, cv2.BORDER_CONSTANT, (level,))


def _grid(rig: Rig, camera: RigCamera, left: int, top: int, seen: NDArray[np.bool_], step: int) -> Grid | None:
    """For the rectangle at `left`, `top` of the canvas of which the camera sees `seen`; its pixels are `step` apart.

    `step` is 1 for luma, 2 for chroma. None when the way between the knots is too bent for it.
    """
    side = CELL * step
    down, along = (-(-length // side) for length in seen.shape)
    cells = np.zeros((down * side, along * side), np.bool_)
    cells[: seen.shape[0], : seen.shape[1]] = seen

    def places(offset: float, more: int) -> NDArray[np.float64]:
        """Of every eighth pixel, `offset` pixels in, and `more` of them beyond the last one."""
        columns, rows = (
            start + (step - 1) / 2 + step * (offset + CELL * np.arange(count + more, dtype=np.float64))
            for start, count in ((left, along), (top, down))
        )
        pixels = lens_of(camera).pixels(canvas_rays(rig.canvas, columns, rows[:, None]) @ np.array(camera.matrix).T)
        return pixels if step == 1 else (pixels - 0.5) / 2

    seen_cells = np.asarray(cells.reshape(down, side, along, side).any(axis=(1, 3)))
    knots = grid_knots(places(0, 1), places(CELL / 2, 0), seen_cells)
    if knots is None:
        return None
    # Chroma is seen where one of its four pixels is, which stand a quarter of it away. Where the picture ends, nothing
    # that the map has may be dark for being a little off.
    edge = TRUE + (0.5 if step == 1 else 0.75)
    most_x, most_y = (
        (length if step == 1 else length / 2 - 0.5) - 1 + edge for length in (camera.width, camera.height)
    )
    return Grid(seen.shape[1] // step, seen.shape[0] // step, knots, -edge, (most_x, most_y))


def _chroma_map(table: Map, side: int) -> Map:
    """From luma's map, x or y, to chroma's: the mean of those of its four pixels that are seen, at chroma's siting.

    `side` is the picture's width or height.
    """
    height, width = table.shape
    seen = table >= 0

    def gathered(values: Map) -> Map:
        return values.reshape(height // 2, 2, width // 2, 2).sum(axis=(1, 3), dtype=np.float32)

    count = gathered(seen.astype(np.float32))
    mean = gathered(np.where(seen, table, 0).astype(np.float32)) / np.maximum(count, 1)
    # The outermost samples stand half a pixel in; no interpolation may reach beyond them.
    return np.where(count > 0, np.clip((mean - 0.5) / 2, 0, side // 2 - 1), -1).astype(np.float32)


def _plain_move(map_x: Map, map_y: Map) -> _Move | None:
    """How many pixels to the right and down the plane has to be read, if that is all that the map does."""
    height, width = map_x.shape
    if not map_x.size or abs(map_x[0, -1] - map_x[0, 0] - width + 1) > 2 * STILL or (map_x < 0).any():
        return None
    right = map_x - np.arange(width, dtype=np.float32)
    down = map_y - np.arange(height, dtype=np.float32)[:, None]
    left, top = round(float(np.median(right))), round(float(np.median(down)))
    if max(np.abs(right - left).max(), np.abs(down - top).max()) > STILL:
        return None
    return _Move(left, top)
