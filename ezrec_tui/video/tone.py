"""How the colours of two cameras are made equal: a factor for each of red, green and blue.

Exposure and white balance multiply light. A camera codes light by a curve that is nearly a power, so they multiply the
coded values too, by the same power of the factor; no curve has to be undone.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

DARKEST, BRIGHTEST = 20, 240
"""Coded values between which a camera neither clips nor drowns in noise."""
FEWEST = 100
LARGEST = 3.0

Bgr = NDArray[np.uint8]
Gains = tuple[float, float, float]


def match_tones(left: Bgr, right: Bgr) -> tuple[Gains, Gains]:
    """Factors for red, green, blue of the left and of the right picture, (n, 3) pixels of the same places each.

    They meet in the middle. 1 where too few pixels are neither dark nor clipped in both.
    """
    apart = tones_apart(left, right)
    if apart is None:
        return (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)
    red, green, blue = apart / 2
    return (
        (float(np.exp(-red)), float(np.exp(-green)), float(np.exp(-blue))),
        (float(np.exp(red)), float(np.exp(green)), float(np.exp(blue))),
    )


def tones_apart(left: Bgr, right: Bgr) -> NDArray[np.float64] | None:
    """Logarithms of the left picture's red, green, blue over the right one's; None where too few pixels tell."""
    usable = np.all((np.minimum(left, right) > DARKEST) & (np.maximum(left, right) < BRIGHTEST), axis=1)
    if np.count_nonzero(usable) < FEWEST:
        return None
    ratios = np.log(left[usable].astype(np.float64) / right[usable])
    return np.clip(np.median(ratios, axis=0), -np.log(LARGEST), np.log(LARGEST))[::-1]


def tone_table(gain: float) -> NDArray[np.uint8]:
    """What becomes of each of 256 levels. White stays white: what a camera has clipped it cannot have darker."""
    levels = np.interp(np.arange(256), (0, BRIGHTEST, 255), (0, BRIGHTEST * gain, 255 * max(1, gain)))
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def toned(picture: Bgr, gains: Gains) -> Bgr:
    """A picture (height, width, 3) with these gains."""
    red, green, blue = gains
    tables = np.stack([tone_table(gain) for gain in (blue, green, red)], axis=-1)
    return np.asarray(cv2.LUT(picture, tables[None]), np.uint8)
