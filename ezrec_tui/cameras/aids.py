"""What helps to aim, focus and expose a camera, from one of its pictures. Pure.

Cameras give luma of video range: 16 is black, 235 white (BT.601, BT.709).
"""

import base64

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.picture import Plane
from ezrec_tui.cameras.viewfinder import View
from ezrec_tui.model import CameraPicture

SHOWN_WIDTH = 160
BINS = 16
BLACK, WHITE = 16, 235
NEAR = 4
"""Luma so near to black or white has no detail left."""
FLAT = 1.0
"""Variance of luma, below which there is nothing to focus on."""
COARSE = 8
"""Pixels to a side of the squares that make the coarse picture."""
SOBEL = 8
"""What the Sobel kernels make of a slope of one grey per pixel."""


def camera_picture(index: int, view: View) -> CameraPicture:
    """What a viewer gets to see of a view."""
    small = full_range(shrunk(view.grey))
    luma, count = view.grey, view.grey.size
    bins = np.bincount(full_range(luma).reshape(-1) // (256 // BINS), minlength=BINS)
    return CameraPicture(
        index=index,
        sensor_ns=view.sensor_ns,
        width=small.shape[1],
        height=small.shape[0],
        grey=base64.b64encode(small.tobytes()),
        focus=focus(view.middle),
        dark=np.count_nonzero(luma <= BLACK + NEAR) / count,
        bright=np.count_nonzero(luma >= WHITE - NEAR) / count,
        histogram=tuple((bins / count).tolist()),
    )


def shrunk(grey: Plane) -> Plane:
    """At most SHOWN_WIDTH wide: each pixel the mean of a square."""
    return (_means(grey, -(-grey.shape[1] // SHOWN_WIDTH)) + 0.5).astype(np.uint8)


def full_range(luma: Plane) -> Plane:
    """0 is black, 255 white."""
    table = (np.clip(np.arange(256), BLACK, WHITE) - BLACK) * 255 / (WHITE - BLACK)
    return np.round(table).astype(np.uint8)[luma]


def focus(luma: Plane) -> float | None:
    """How steep edges are, in percent of the picture's contrast per pixel; None where there is nothing to see.

    Tenengrad: the root of the mean squared gradient (Sobel), here by the variance of a coarse picture, from which
    brightness and contrast divide out, and which a lens out of focus and the sensor's noise hardly change. It has to
    be taken at full resolution: a blur of half a pixel shows there, and is gone in a small picture.
    """
    contrast = float(_means(luma, COARSE).var())
    if contrast < FLAT:
        return None
    pixels = luma.astype(np.int16)
    across, down = pixels[:, 2:] - pixels[:, :-2], pixels[2:] - pixels[:-2]
    across, down = across[:-2] + 2 * across[1:-1] + across[2:], down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    steep = float(sum(np.square(slopes.astype(np.float32)).mean() for slopes in (across, down))) / SOBEL**2
    return round(100 * (steep / contrast) ** 0.5, 2)


def _means(luma: Plane, step: int) -> NDArray[np.floating]:
    """Of squares of so many pixels a side."""
    height, width = luma.shape[0] // step * step, luma.shape[1] // step * step
    rows = np.add.reduceat(luma[:height, :width], range(0, height, step), axis=0, dtype=np.uint32)
    return np.add.reduceat(rows, range(0, width, step), axis=1) / np.float32(step**2)
