"""How true a joined picture is: laid against the ground truth, whatever the canvas that it is on.

The truth is laid onto each canvas as the canvas itself would have it: outside of what both cameras see as the one
camera shows it, and across that from the left camera's place to the right one's, evenly. So nobody is charged for his
projection or for where his canvas begins, but only for cameras that contradict each other, and for what is shown twice
or not at all. Nor for brightness: each picture may have one factor for each colour.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.truth import FINER, Truth
from ezrec_tui.video.lens import Points

Bgr = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Way = Callable[[Points], Points]
"""From canvas pixels (..., 2) to a camera's, going on beyond its picture; NaN where there are none."""

COARSE = 8
"""Canvas pixels between those at which a way is asked for; between them it is nearly straight."""
RIM = 3
"""Pixels at the edge of what a canvas shows that are not judged."""
SHARPEST = 99
"""Percentile: the steps that are seen."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The truth on a canvas; all of (height, width)."""

    places: tuple[NDArray[np.float32], NDArray[np.float32]]
    """Column and row of the scene's picture."""
    seen: Mask
    both: Mask
    """What both cameras see, of what is seen."""
    apart: NDArray[np.float64]
    """Where both see: how far from each other lies what they show there, (n,), in pixels of a camera's middle."""

    def picture(self, scene: Bgr) -> Bgr:
        return np.asarray(cv2.remap(scene, *self.places, cv2.INTER_CUBIC), np.uint8)


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one picture: PSNR in dB, SSIM of luma, steps in levels."""

    psnr_overlap: float
    psnr_all: float
    ssim_overlap: float
    ssim_all: float
    step: float
    """From one side to the other of a column, in the overlap: what a seam looks like."""
    step_around: float
    """The same outside of it."""


def lay(truth: Truth, size: tuple[int, int], ways: tuple[Way, Way]) -> Laid:
    """The truth on a canvas of this width and height, whose pixels are the left and the right camera's by `ways`."""
    width, height = size
    coarse = np.stack(np.meshgrid(np.arange(0, width + COARSE, COARSE), np.arange(0, height + COARSE, COARSE)), axis=-1)
    shown, places, across = list[Mask](), list[Points](), list[Mask]()
    for camera, way in enumerate(ways):
        pixels = way(coarse.astype(np.float64))
        place = truth.place(camera, pixels)
        shown.append(_inside(truth, _finer(pixels, size)))
        across.append(_inside(truth, _finer(truth.pixels(1 - camera, place), size)))
        places.append(_finer(place, size))
    both = (shown[0] & across[0]) | (shown[1] & across[1])
    first = np.argmax(both, axis=1)[:, None]
    last = width - np.argmax(both[:, ::-1], axis=1)[:, None]
    columns = np.arange(width)
    share = np.clip((columns + 0.5 - first) / np.maximum(last - first, 1), 0, 1)[..., None]
    left, right = places
    place = np.where(share <= 0, left, np.where(share >= 1, right, (1 - share) * left + share * right))
    # Rows in which the cameras do not meet are no joined picture.
    seen = (shown[0] | shown[1]) & both.any(axis=1, keepdims=True) & np.isfinite(place).all(axis=-1)
    seen = cv2.erode(seen.astype(np.uint8), np.ones((2 * RIM + 1,) * 2, np.uint8), borderValue=0) > 0
    both = seen & (columns >= first) & (columns < last)
    column, row = np.nan_to_num(np.moveaxis(place, -1, 0), nan=-1).astype(np.float32)
    return Laid((column, row), seen, both, np.hypot(*(left - right)[both].T) / FINER)


def judge(shown: Bgr, scene: Bgr, laid: Laid) -> Marks:
    """A joined picture against the scene (`Filming.soft`) of its moment."""
    true = laid.picture(scene).astype(np.float32)
    picture = shown.astype(np.float32)
    factors = np.sum(picture[laid.seen] * true[laid.seen], axis=0) / np.sum(picture[laid.seen] ** 2, axis=0)
    error = np.clip(picture * factors, 0, 255) - true
    alike = _ssim(_luma(true + error), _luma(true))
    steps = _steps(error)
    around = laid.seen & ~laid.both
    return Marks(
        psnr_overlap=_psnr(error[laid.both]),
        psnr_all=_psnr(error[laid.seen]),
        ssim_overlap=float(alike[laid.both].mean()),
        ssim_all=float(alike[laid.seen].mean()),
        step=float(np.percentile(steps[laid.both], SHARPEST)),
        step_around=float(np.percentile(steps[around], SHARPEST)),
    )


def _inside(truth: Truth, pixels: Points) -> Mask:
    return np.all((pixels >= -0.5) & (pixels <= (truth.width - 0.5, truth.height - 0.5)), axis=-1)


def _finer(coarse: Points, size: tuple[int, int]) -> Points:
    """What is known of every COARSE-th pixel, for all of them."""
    width, height = size
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    fine = cv2.remap(coarse.astype(np.float32), columns / COARSE, rows / COARSE, cv2.INTER_LINEAR)
    return np.asarray(fine, np.float64)


def _luma(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)


def _psnr(error: NDArray[np.float32]) -> float:
    return float(10 * np.log10(255**2 / max(np.mean(np.square(error, dtype=np.float64)), 1e-6)))


def _ssim(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each pixel: Wang and others, "Image quality assessment: from error visibility to structural similarity"."""

    def near(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)

    mean, other_mean = near(one), near(other)
    spread, other_spread = near(one * one) - mean**2, near(other * other) - other_mean**2
    together = near(one * other) - mean * other_mean
    small, smaller = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean * other_mean + small) * (2 * together + smaller)
    return (above / ((mean**2 + other_mean**2 + small) * (spread + other_spread + smaller))).astype(np.float32)


def _steps(error: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much the error to the right of a pixel differs from that to its left, in the colour that shows it most."""
    side = max(3, error.shape[0] // 54)
    soft = np.asarray(cv2.blur(error, (side, side)))
    half = side // 2 + 1
    return np.abs(np.roll(soft, -half, axis=1) - np.roll(soft, half, axis=1)).max(axis=2)
