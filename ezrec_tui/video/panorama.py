"""The panorama: both cameras' pictures warped onto the rig's canvas, plane by plane, and joined along its seam.

A map says for each pixel of the canvas where in the camera's picture it lies; it is made once, of floats, which
`cv2.remap` takes faster than fixed point. Each camera is warped on its own side of the seam alone, straight into the
canvas, and a little beyond, where one fades into the other. A plane that only has to be moved is copied.

4:2:0: a chroma sample stands in the middle of its four pixels, in the canvas and in the cameras (see `rig`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video import planes
from ezrec_tui.video.balance import Balance, Tone
from ezrec_tui.video.compose import blend
from ezrec_tui.video.planes import Plane, Planes, even
from ezrec_tui.video.probe import Colour
from ezrec_tui.video.rig import Map, camera_map
from ezrec_tui.video.rig_file import Rig, RigCamera

SOFT_SHARE = 120
"""One picture fades into the other over this part of the canvas's width: wider, and who crosses the seam is seen twice
in it, as two cameras never stand in quite one place ..."""
SOFT_LEAST = 8
"""... and over so many pixels at least, where both see as much."""
BAND_SPREAD = 64
"""Columns that the seam wanders in the rows that are joined at a time; the warp beyond it is for nothing."""
STILL = 1 / 64
"""A warp that differs from a plain move by less than this, in pixels, is one."""

Shares = NDArray[np.float32]


class Panorama:
    """Joins two pictures on a rig's canvas. The pictures are as large as the rig says, rounded down to even sizes."""

    def __init__(self, rig: Rig, colour: Colour) -> None:
        self.width, self.height = rig.canvas.width, rig.canvas.height
        self._rig = rig
        self._dark = (0 if colour.full_range else 16, 128, 128)
        left, right = (_camera_map(rig, camera) for camera in (rig.left, rig.right))
        self.balance = Balance(rig, (left, right), colour)
        shares = _shares(np.array(rig.seam), left[0] >= 0, right[0] >= 0)
        self._bands = tuple(_bands(rig, shares, (left, right)))
        widest = max(band.width for band in self._bands)
        self._spares = [planes.blank(widest, self.height) for _ in range(3)]
        self._half = np.empty((self.height // 2, self.width // 2), np.uint8)
        self._whole: list[_Warp | None] = [None, None]
        """Of each camera for the whole canvas; made when the other one has no picture."""

    def compose(self, left: Planes | None, right: Planes | None, out: Planes) -> None:
        """Fill `out`. A missing picture leaves its part dark; the other then has the whole overlap."""
        if left is not None and right is not None:
            self.balance.follow(left, right)
            for band in self._bands:
                self._join(band, left, right, out)
        elif left is not None:
            self._alone(0, left, out)
        elif right is not None:
            self._alone(1, right, out)
        else:
            for plane, level in zip(out, self._dark, strict=True):
                plane[:] = level

    def _alone(self, number: int, picture: Planes, out: Planes) -> None:
        warp = self._whole[number]
        if warp is None:
            camera = (self._rig.left, self._rig.right)[number]
            warp = self._whole[number] = _Warp(camera, _camera_map(self._rig, camera))
        self._fill(warp, picture, self.balance.tones[number], out)

    def _join(self, band: "_Band", left: Planes, right: Planes, out: Planes) -> None:
        tone, other_tone = self.balance.tones
        there, above, below = (planes.part(spare, 0, 0, band.width, band.height) for spare in self._spares)
        self._fill(band.left, left, tone, planes.part(out, 0, band.top, band.stop, band.height))
        self._fill(band.soft, right, other_tone, there)
        if band.right is not None:
            rest = planes.part(out, band.stop, band.top, self.width - band.stop, band.height)
            self._fill(band.right, right, other_tone, rest)
        here = planes.part(out, band.start, band.top, band.width, band.height)
        for number in range(3):
            share = band.shares[min(number, 1)]
            blend(here[number], there[number], share, here[number], (above[number], below[number]))

    def _fill(self, warp: "_Warp", picture: Planes, tone: Tone | None, out: Planes) -> None:
        warp.fill(picture, out, self._dark)
        if tone is not None:
            height, width = out[1].shape
            tone.apply(out, self._half[:height, :width])


def _camera_map(rig: Rig, camera: RigCamera) -> tuple[Map, Map]:
    """As `camera_map`, for the picture rounded down to an even size."""
    map_x, map_y = camera_map(rig, camera)
    return np.minimum(map_x, even(camera.width) - 1), np.minimum(map_y, even(camera.height) - 1)


class _Warp:
    """A camera's way onto a rectangle of the canvas. Maps that lie in one piece are read a quarter faster."""

    def __init__(self, camera: RigCamera, maps: tuple[Map, Map]) -> None:
        """`maps` are the rectangle's part of `_camera_map`."""
        map_x, map_y = maps
        chroma = _chroma_map(map_x, camera.width), _chroma_map(map_y, camera.height)
        self._luma = np.ascontiguousarray(map_x), np.ascontiguousarray(map_y)
        self._chroma = chroma
        self._moves = _plain_move(*maps), _plain_move(*chroma)

    def fill(self, picture: Planes, out: Planes, dark: tuple[int, int, int]) -> None:
        """Fill `out`, which has the rectangle's size, and is `dark` where the camera sees nothing."""
        for number in range(3):
            plane, target = picture[number], out[number]
            move = self._moves[min(number, 1)]
            if move is not None:
                left, top = move
                np.copyto(target, plane[top : top + target.shape[0], left : left + target.shape[1]])
                continue
            table = self._chroma if number else self._luma
            cv2.remap(plane, *table, cv2.INTER_LINEAR, target, cv2.BORDER_CONSTANT, (dark[number],))


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


def _plain_move(map_x: Map, map_y: Map) -> tuple[int, int] | None:
    """How many pixels to the right and down the plane has to be read, if that is all that the map does."""
    height, width = map_x.shape
    if not map_x.size or (map_x < 0).any():
        return None
    right = map_x - np.arange(width, dtype=np.float32)
    down = map_y - np.arange(height, dtype=np.float32)[:, None]
    move = round(float(np.median(right))), round(float(np.median(down)))
    if max(np.abs(right - move[0]).max(), np.abs(down - move[1]).max()) > STILL:
        return None
    return move


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows that are joined at a time. All numbers are even."""

    top: int
    height: int
    start: int
    stop: int
    """From the one column up to the other, both cameras have a share."""
    shares: tuple[Plane, Plane]
    """The left camera's, 255 is all, for luma and for chroma."""
    left: _Warp
    """The left camera's picture, from the canvas's left edge to `stop`."""
    soft: _Warp
    """The right one's, from `start` to `stop`."""
    right: _Warp | None
    """The right one's, from `stop` to the canvas's right edge, if there is anything between."""

    @property
    def width(self) -> int:
        return self.stop - self.start


def _shares(seam: NDArray[np.int64], left: NDArray[np.bool_], right: NDArray[np.bool_]) -> Shares:
    """The left camera's share of each canvas pixel, 0 to 1: straight from one to the other across the seam.

    As wide as what both see around the seam has room for, no wider than SOFT_SHARE says; from row to row the width
    changes slowly, so that no edge shows.
    """
    width = left.shape[1]
    columns = np.arange(width)
    both = left & right
    nearest = np.where(both, -1, columns)
    before = np.take_along_axis(np.maximum.accumulate(nearest, axis=1), np.clip(seam, 1, width)[:, None] - 1, axis=1)
    nearest = np.where(both, width, columns)
    after = np.minimum.accumulate(nearest[:, ::-1], axis=1)[:, ::-1]
    after = np.take_along_axis(after, np.minimum(seam, width - 1)[:, None], axis=1)
    room = np.maximum(np.minimum(seam - before[:, 0] - 1, after[:, 0] - seam), 0).astype(np.float32)
    half = max(width / SOFT_SHARE, SOFT_LEAST) / 2
    around = np.ones((2 * int(half) + 1, 1), np.uint8)
    least = np.asarray(cv2.erode(np.minimum(room, half)[:, None], around)).reshape(-1)
    soft = np.maximum(np.asarray(cv2.blur(least[:, None], (1, int(half)))).reshape(-1), 0.5)
    share = np.clip(0.5 - (columns + 0.5 - seam[:, None]) / (2 * soft[:, None]), 0, 1)
    return np.where(left, np.where(right, share, 1), 0).astype(np.float32)


def _bands(rig: Rig, shares: Shares, maps: tuple[tuple[Map, Map], tuple[Map, Map]]) -> Iterator[_Band]:
    height, width = shares.shape
    seam = np.array(rig.seam)
    # Mixed, or not the camera's of that side.
    soft = np.where(np.arange(width) < seam[:, None], shares < 1, shares > 0)
    some = soft.any(axis=1)
    lows = np.where(some, soft.argmax(axis=1), seam)
    highs = np.where(some, width - soft[:, ::-1].argmax(axis=1), seam)
    top = 0
    while top < height:
        foot = top + 2
        while foot < height and np.ptp(seam[top : foot + 2]) <= BAND_SPREAD:
            foot += 2
        start = min(even(int(lows[top:foot].min())), width - 2)
        stop = max(even(int(highs[top:foot].max()) + 1), start + 2)
        share = shares[top:foot, start:stop]
        quarter = share.reshape((foot - top) // 2, 2, (stop - start) // 2, 2).mean(axis=(1, 3), dtype=np.float32)

        def warp(number: int, first: int, last: int, rows: slice = slice(top, foot)) -> _Warp:
            camera = (rig.left, rig.right)[number]
            map_x, map_y = maps[number]
            return _Warp(camera, (map_x[rows, first:last], map_y[rows, first:last]))

        yield _Band(
            top=top,
            height=foot - top,
            start=start,
            stop=stop,
            shares=(_bytes(share), _bytes(quarter)),
            left=warp(0, 0, stop),
            soft=warp(1, start, stop),
            right=warp(1, stop, width) if stop < width else None,
        )
        top = foot


def _bytes(share: NDArray[np.float32]) -> Plane:
    return np.rint(share * 255).astype(np.uint8)
