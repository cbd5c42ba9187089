"""Two cameras made equally bright and white, in YUV, and kept so while their exposures drift apart slowly.

One camera stays as it is, the brighter one by the rig's gains, so that nothing is clipped and half of the work is
saved; the other follows it. A factor on red, green and blue becomes, near enough, a table for luma and a sum for each
of the chromas: with Y' = y * Y and B' = b * B, the coded U - 128 = s * (B - Y) becomes b * (U - 128) + s * (b - y) * Y.
What a gain does to luma by way of colours is left out: a level at most for the gains of real cameras.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.kernel import Kernel, Toning
from ezrec_tui.video.planes import Plane, Planes
from ezrec_tui.video.probe import BT709, Colour
from ezrec_tui.video.rig import Map
from ezrec_tui.video.rig_file import Gain, Rig
from ezrec_tui.video.tone import BRIGHTEST, tones_apart

EVERY = 30
"""Frames from one measurement to the next."""
STEP, SHARE = 0.01, 0.2
"""How far the gains go after a measurement: this share of the way, and at most so much (logarithm)."""
WHITE, BURNT = 0.9, 1.3
"""Of luma from black to white, after its gain: from the one to the other colours fade, as they do in a camera that
clips. Without it what is light and yellow would come out as glaring yellow."""
FADES_FROM = 1.05
"""The gain of luma; a smaller one burns nothing that could be seen."""
NEAR = 0.005
"""Gains this near (logarithm) to what was measured, or to 1, are left as they are: about a level."""
MOST_SAMPLES = 4000

Vector = NDArray[np.float64]
"""For red, green, blue."""


@dataclass(frozen=True, slots=True)
class _Code:
    """How light is coded."""

    colour: Colour

    @property
    def weights(self) -> Vector:
        """Of red, green, blue in luma."""
        return np.array([0.2126, 0.7152, 0.0722] if self.colour.matrix == BT709 else [0.299, 0.587, 0.114])

    @property
    def black(self) -> int:
        return 0 if self.colour.full_range else 16

    @property
    def reach(self) -> int:
        """Levels from black to white."""
        return 255 if self.colour.full_range else 219

    @property
    def chroma(self) -> Vector:
        """Levels of V to one of red - luma, 0, levels of U to one of blue - luma."""
        stretch = 1.0 if self.colour.full_range else 224 / 219
        return stretch / (2 * (1 - self.weights)) * np.array([1, 0, 1])

    def bgr(self, y: Plane, u: Plane, v: Plane) -> NDArray[np.uint8]:
        """Samples (n,) of each plane as (n, 3) from 0 to 255."""
        luma = (y.astype(np.float64) - self.black) * 255 / self.reach
        red_reach, _, blue_reach = self.chroma * self.reach / 255
        blue, red = luma + (u.astype(np.float64) - 128) / blue_reach, luma + (v.astype(np.float64) - 128) / red_reach
        red_part, green_part, blue_part = self.weights
        green = (luma - red_part * red - blue_part * blue) / green_part
        return np.clip(np.rint(np.stack([blue, green, red], axis=-1)), 0, 255).astype(np.uint8)


class Tone:
    """A camera's gains, ready to change a picture with."""

    def __init__(self, gains: Vector, colour: Colour, kernel: Kernel | None = None) -> None:
        """Without a kernel OpenCV does it, to the same result but for a level, in three times the time."""
        self._kernel = kernel
        code = _Code(colour)
        bright = BRIGHTEST / 255
        level = (np.arange(256) - code.black) / code.reach
        luma = float(code.weights @ gains)
        toned = np.minimum(np.interp(level, (0, bright, 1), (0, bright * luma, max(1.0, luma))), 1)
        toned += level - np.clip(level, 0, 1)  # what is blacker than black or whiter than white stays so
        self._luma = np.clip(np.rint(toned * code.reach + code.black), 0, 255).astype(np.uint8)
        # A tint fades where the camera clips: white stays white.
        tinted = np.interp(level, (0, bright, 1), (0, bright, 0)) * code.reach
        self._tinted = np.rint(tinted).astype(np.uint8)
        self._gains = float(gains[2]), float(gains[0])
        red, _, blue = code.chroma * (gains - luma)
        self._tints = float(blue), float(red)
        self._tints_show = max(abs(red), abs(blue)) * code.reach >= 0.5
        kept = np.interp(level * luma, (WHITE, BURNT), (255, 0))
        self._kept, self._grey = np.rint(kept).astype(np.uint8), np.rint((255 - kept) * 128 / 255).astype(np.uint8)
        self._burns = luma > FADES_FROM
        self._toning = Toning(
            black=code.black,
            reach=code.reach,
            falls=bright / (1 - bright),
            gain=luma,
            steep=max(1.0, (1 - bright * luma) / (1 - bright)),
            kept=BURNT / (BURNT - WHITE) if self._burns else 1.0,
            fade=luma / code.reach / (BURNT - WHITE) if self._burns else 0.0,
            gains=self._gains,
            tints=self._tints,
        )

    def apply(self, picture: Planes) -> None:
        """Change a picture in place."""
        if self._kernel is not None:
            self._kernel.tone(self._toning, picture)
            return
        y, *chromas = picture
        spare = np.empty_like(chromas[0])
        if self._burns:
            self._fade(y, chromas, spare)
        if self._tints_show:
            cv2.resize(y, (spare.shape[1], spare.shape[0]), spare, interpolation=cv2.INTER_AREA)
            cv2.LUT(spare, self._tinted, spare)
            for plane, gain, tint in zip(chromas, self._gains, self._tints, strict=True):
                cv2.addWeighted(plane, gain, spare, tint, 128 * (1 - gain), plane)
        else:
            for plane, gain in zip(chromas, self._gains, strict=True):
                cv2.addWeighted(plane, gain, plane, 0, 128 * (1 - gain), plane)
        cv2.LUT(y, self._luma, y)

    def _fade(self, y: Plane, chromas: list[Plane], spare: Plane) -> None:
        cv2.resize(y, (spare.shape[1], spare.shape[0]), spare, interpolation=cv2.INTER_AREA)
        kept, grey = cv2.LUT(spare, self._kept), cv2.LUT(spare, self._grey)
        for plane in chromas:
            cv2.multiply(plane, kept, plane, 1 / 255)
            cv2.add(plane, grey, plane)


class Balance:
    """The tones of both cameras; `follow` measures them now and then where both see the same."""

    def __init__(
        self, rig: Rig, maps: tuple[tuple[Map, Map], tuple[Map, Map]], colour: Colour, kernel: Kernel | None = None
    ) -> None:
        """`maps` are the cameras' for the whole canvas (`rig.camera_map`). Without a kernel OpenCV does the work."""
        self._kernel = kernel
        self._colour, self._code = colour, _Code(colour)
        self._apart = _logs(rig.right.gains) - _logs(rig.left.gains)
        """Logarithms of what the right camera's colours are to be multiplied by to be as the left one's."""
        self._left_stays = bool(self._code.weights @ self._apart >= 0)
        self._places = _places(maps)
        self._count = 0
        self.tones: tuple[Tone | None, Tone | None] = self._tones()
        """Of the left and the right camera; None: it stays as it is."""

    @property
    def apart(self) -> Vector:
        """Logarithms of the factors by which the left camera's red, green, blue are now taken to be brighter."""
        return self._apart.copy()

    def follow(self, left: Planes, right: Planes) -> None:
        """To be called with the pictures of each frame. Looks at the first one and at every 30th."""
        number, self._count = self._count, self._count + 1
        if number % EVERY:
            return
        here, there = (self._code.bgr(*_samples(one, at)) for one, at in zip((left, right), self._places, strict=True))
        found = tones_apart(here, there)
        if found is None:
            return
        missed = found - self._apart
        if number:
            missed = np.clip(missed * SHARE, -STEP, STEP) * (np.abs(missed) > NEAR)
        if missed.any():
            self._apart = self._apart + missed
            self.tones = self._tones()

    def _tones(self) -> tuple[Tone | None, Tone | None]:
        if np.abs(self._apart).max() <= NEAR:
            return None, None
        if self._left_stays:
            return None, Tone(np.exp(self._apart), self._colour, self._kernel)
        return Tone(np.exp(-self._apart), self._colour, self._kernel), None


def _logs(gains: tuple[Gain, Gain, Gain]) -> Vector:
    return np.log(np.array(gains))


def _places(maps: tuple[tuple[Map, Map], tuple[Map, Map]]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows and columns of the left and of the right picture that show the same places, evenly over the overlap."""
    both = (maps[0][0] >= 0) & (maps[1][0] >= 0)
    step = max(1, int(np.sqrt(np.count_nonzero(both) / MOST_SAMPLES)))
    both = both[::step, ::step]
    return [
        (np.rint(map_y[::step, ::step][both]).astype(np.intp), np.rint(map_x[::step, ::step][both]).astype(np.intp))
        for map_x, map_y in maps
    ]


def _samples(picture: Planes, at: tuple[NDArray[np.intp], NDArray[np.intp]]) -> tuple[Plane, Plane, Plane]:
    (rows, columns), (y, u, v) = at, picture
    return y[rows, columns], u[rows // 2, columns // 2], v[rows // 2, columns // 2]
