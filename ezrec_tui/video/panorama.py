"""The panorama: both cameras' pictures warped onto the rig's canvas, plane by plane, and joined along its seam.

Each camera is warped (`warp`) on its own side of the seam alone, straight into the canvas, and a little beyond, where
one fades into the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video import planes
from ezrec_tui.video.balance import Balance, Tone
from ezrec_tui.video.compose import Blend
from ezrec_tui.video.kernel import Fixed, Kernel
from ezrec_tui.video.planes import Plane, Planes, even
from ezrec_tui.video.probe import Colour
from ezrec_tui.video.rig_file import Rig
from ezrec_tui.video.warp import Maps, Warp, even_camera_map

SOFT_SHARE = 120
"""One picture fades into the other over this part of the canvas's width: wider, and who crosses the seam is seen twice
in it, as two cameras never stand in quite one place ..."""
SOFT_LEAST = 8
"""... and over so many pixels at least, where both see as much."""
BAND_SPREAD = 64
"""Columns that the seam wanders in the rows that are joined at a time; the warp beyond it is for nothing."""

Shares = NDArray[np.float32]


class Panorama:
    """Joins two pictures on a rig's canvas. The pictures are as large as the rig says, rounded down to even sizes."""

    def __init__(self, rig: Rig, colour: Colour, kernel: Kernel | None = None) -> None:
        """Without a kernel OpenCV warps, in more than twice the time."""
        self.width, self.height = rig.canvas.width, rig.canvas.height
        self._rig, self._kernel = rig, kernel
        self._dark = (0 if colour.full_range else 16, 128, 128)
        left, right = (even_camera_map(rig, camera) for camera in (rig.left, rig.right))
        self.balance = Balance(rig, (left, right), colour, kernel)
        shares = _shares(np.array(rig.seam), left[0] >= 0, right[0] >= 0)
        self._bands = tuple(_bands(rig, shares, (left, right), kernel))
        widest = max(band.width for band in self._bands)
        self._spare = planes.blank(widest, self.height)
        self._whole: list[Warp | None] = [None, None]
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
            whole = slice(0, self.width), slice(0, self.height)
            maps = even_camera_map(self._rig, camera)
            warp = self._whole[number] = Warp(self._rig, camera, maps, *whole, self._kernel)
        self._fill(warp, picture, self.balance.tones[number], out)

    def _join(self, band: "_Band", left: Planes, right: Planes, out: Planes) -> None:
        tone, other_tone = self.balance.tones
        there = planes.part(self._spare, 0, 0, band.width, band.height)
        self._fill(band.left, left, tone, planes.part(out, 0, band.top, band.stop, band.height))
        self._fill(band.soft, right, other_tone, there)
        if band.right is not None:
            rest = planes.part(out, band.stop, band.top, self.width - band.stop, band.height)
            self._fill(band.right, right, other_tone, rest)
        here = planes.part(out, band.start, band.top, band.width, band.height)
        band.blend.mix(here, there, here)

    def _fill(self, warp: Warp, picture: Planes, tone: Tone | None, out: Planes) -> None:
        warp.fill(picture, out, self._dark)
        if tone is not None:
            tone.apply(out)


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows that are joined at a time. All numbers are even."""

    top: int
    height: int
    start: int
    stop: int
    """From the one column up to the other, both cameras have a share."""
    blend: Blend
    """By the left camera's shares."""
    left: Warp
    """The left camera's picture, from the canvas's left edge to `stop`."""
    soft: Warp
    """The right one's, from `start` to `stop`."""
    right: Warp | None
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
    half = max(width / SOFT_SHARE, SOFT_LEAST) / 2
    first, last = max(0, int(seam.min() - half) - 2), min(width, int(seam.max() + half) + 2)
    shares = left.astype(np.float32)
    shares[:, last:] = left[:, last:] & ~right[:, last:]
    shares[:, first:last] = _soft_shares(seam - first, left[:, first:last], right[:, first:last], half)
    return shares


def _soft_shares(seam: NDArray[np.int64], left: NDArray[np.bool_], right: NDArray[np.bool_], half: float) -> Shares:
    """The same for the columns around the seam; `half` is the most on either side of it."""
    width = left.shape[1]
    columns = np.arange(width, dtype=np.int32)
    both = left & right
    nearest = np.where(both, -1, columns)
    before = np.take_along_axis(np.maximum.accumulate(nearest, axis=1), np.clip(seam, 1, width)[:, None] - 1, axis=1)
    nearest = np.where(both, width, columns)
    after = np.minimum.accumulate(nearest[:, ::-1], axis=1)[:, ::-1]
    after = np.take_along_axis(after, np.minimum(seam, width - 1)[:, None], axis=1)
    room = np.maximum(np.minimum(seam - before[:, 0] - 1, after[:, 0] - seam), 0).astype(np.float32)
    around = np.ones((2 * int(half) + 1, 1), np.uint8)
    least = np.asarray(cv2.erode(np.minimum(room, half)[:, None], around)).reshape(-1)
    soft = np.maximum(np.asarray(cv2.blur(least[:, None], (1, int(half)))).reshape(-1), 0.5)
    share = np.clip(0.5 - (columns + 0.5 - seam[:, None]) / (2 * soft[:, None]), 0, 1)
    return np.where(left, np.where(right, share, 1), 0).astype(np.float32)


def _bands(rig: Rig, shares: Shares, maps: tuple[Maps, Maps], kernel: Kernel | None) -> Iterator[_Band]:
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

        def warp(number: int, first: int, last: int, rows: slice = slice(top, foot)) -> Warp:
            camera = (rig.left, rig.right)[number]
            return Warp(rig, camera, maps[number], slice(first, last), rows, kernel)

        yield _Band(
            top=top,
            height=foot - top,
            start=start,
            stop=stop,
            blend=Blend(Fixed((_bytes(share), _bytes(quarter), _bytes(quarter))), kernel),
            left=warp(0, 0, stop),
            soft=warp(1, start, stop),
            right=warp(1, stop, width) if stop < width else None,
        )
        top = foot


def _bytes(share: NDArray[np.float32]) -> Plane:
    return np.rint(share * 255).astype(np.uint8)
