"""What makes a calibration one that nobody should trust, and what to do about it. Every limit is here.

Each check raises CalibrationRefused: one line that says what is wrong, with numbers, and what to do.
"""

from math import atan2, degrees

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.plural import plural
from ezrec_tui.video.geometry import Estimate, Pair
from ezrec_tui.video.layout import Layout
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.matching import Matches
from ezrec_tui.video.probe import VideoError

FEWEST_FEATURES = 100
FEWEST_INLIERS = 30
LEAST_AGREEMENT = 0.25
"""Of the matches: with fewer, that they agree may be chance."""
LARGEST_RMSE_PX = 1.5
LARGEST_SPREAD_PX = 1.5
"""How uncertain a place in the overlap may be."""
LEAST_LIKENESS = 0.75
"""Correlation of what both see. A fence's mesh laid onto its other end has up to 0.65; two photographs taken by hand of
running water and leaves have 0.89."""
LIKENESS_WIDTH, DETAIL = 480, 25
"""Pixels across in which the pictures are compared, and to the side of what counts as detail."""
LEAST_OVERLAP, LEAST_SHIFT = 0.05, 0.15
"""Of the width of a picture: what both see, and how far the right one lies from the left one."""
LARGEST_ROLL = 25.0
"""Degrees that one camera may be tilted sideways against the other."""
LEAST_HEIGHT = 0.5
"""Of the left picture's height, that has to be left when the joined picture is cut to a rectangle."""

CLOSER = "turn the cameras so that both see a fifth of the same court"

Bgr = NDArray[np.uint8]


class CalibrationRefused(VideoError):
    """These pictures give no rig that could be trusted. The text is one line: what, with numbers, and what to do."""


def check_sizes(left: Bgr, right: Bgr) -> None:
    """One kind of camera has taken both; it may have been turned on its side."""
    (height, width), (tall, broad) = left.shape[:2], right.shape[:2]
    if sorted((width, height)) != sorted((broad, tall)):
        raise CalibrationRefused(
            f"the pictures are of different sizes (left {width}x{height}, right {broad}x{tall});"
            " set both cameras to one resolution"
        )


def check_texture(matches: Matches) -> None:
    for name, features in zip(("left", "right"), matches.features, strict=True):
        if features < FEWEST_FEATURES:
            raise CalibrationRefused(
                f"the {name} picture has too little texture"
                f" ({features} {plural(features, 'point', 'points')} to hold on to, at least"
                f" {FEWEST_FEATURES} are needed); light the court, focus, or take the lens cap off"
            )


def enough(agreeing: int, matches: int) -> bool:
    """Whether so many of the matches agree that it is no chance."""
    return agreeing >= max(FEWEST_INLIERS, LEAST_AGREEMENT * matches)


def check_agreement(agreeing: int, matches: int, mirrored: bool) -> None:
    """`mirrored`: enough of them agree when one picture is flipped."""
    if enough(agreeing, matches):
        return
    if mirrored:
        raise CalibrationRefused("one picture is mirrored; switch that camera's horizontal flip off")
    needed = max(FEWEST_INLIERS, round(LEAST_AGREEMENT * matches))
    raise CalibrationRefused(
        f"the pictures have too little in common ({agreeing} of {matches} matches agree, at least {needed} are needed);"
        f" {CLOSER}"
    )


def check_fit(found: Estimate) -> None:
    inliers, matches = int(np.count_nonzero(found.inliers)), found.inliers.size
    if inliers < FEWEST_INLIERS:
        raise CalibrationRefused(
            f"the pictures have too little in common ({inliers} of {matches} matches fit one geometry, at least"
            f" {FEWEST_INLIERS} are needed); {CLOSER}"
        )
    if found.rmse_px > LARGEST_RMSE_PX:
        raise CalibrationRefused(
            f"the pictures do not fit onto each other (rmse {found.rmse_px:.2f} px over {inliers} points, at most"
            f" {LARGEST_RMSE_PX} px is good); move the cameras closer together, and take both pictures at one moment"
        )


def check_likeness(pair: Pair, left: Bgr, right: Bgr) -> None:
    """What repeats (a fence, a row of windows) can be laid onto another part of itself; the rest tells."""
    alike = likeness(pair, left, right)
    if alike < LEAST_LIKENESS:
        raise CalibrationRefused(
            f"laid onto each other the pictures do not look alike (correlation {alike:.2f}, at least {LEAST_LIKENESS}"
            f" is needed), they may show different places; {CLOSER}"
        )


def likeness(pair: Pair, left: Bgr, right: Bgr) -> float:
    """How alike the details of both pictures are where both see: the correlation of what is finer than DETAIL."""
    step = max(1, left.shape[1] // LIKENESS_WIDTH)
    columns, rows = np.meshgrid(np.arange(0, left.shape[1], step), np.arange(0, left.shape[0], step))
    grid = np.stack([columns, rows], axis=-1).astype(np.float64)
    there = np.nan_to_num(pair.right.pixels(pair.left.rays(grid) @ pair.matrix.T), nan=-1)
    both = np.all((there >= 0) & (there <= (right.shape[1] - 1, right.shape[0] - 1)), axis=-1)
    window = (DETAIL, DETAIL)
    seen = np.maximum(cv2.blur(both.astype(np.float32), window), 1e-3)
    details = list[Points]()
    for picture, table in ((left, grid), (right, there)):
        soft = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32), (2 * step, 2 * step))
        map_x, map_y = np.moveaxis(table.astype(np.float32), -1, 0)
        warped = np.where(both, cv2.remap(soft, map_x, map_y, cv2.INTER_LINEAR), 0)
        details.append((warped - cv2.blur(warped, window) / seen)[both].astype(np.float64))
    norm = np.linalg.norm(details[0]) * np.linalg.norm(details[1])
    return float(details[0] @ details[1] / norm) if norm > 0 else 0.0


def check_arrangement(pair: Pair) -> None:
    """Left is left, up is up, and the two do not show the same: judged in the middle of the right picture."""
    left = pair.left
    steps = pair.right.middle + np.array([(0, 0), (1, 0), (0, 1)])
    rays = pair.right.rays(steps) @ np.linalg.inv(pair.matrix).T
    if (rays[:, 2] <= 0).any():
        raise CalibrationRefused("the cameras look away from each other; turn them towards the same court")
    places = rays[:, :2] / rays[:, 2:] * left.focal
    (x, y), along, down = places[0], places[1] - places[0], places[2] - places[0]
    if along[0] * down[1] - along[1] * down[0] <= 0:
        raise CalibrationRefused("one picture is mirrored; switch that camera's horizontal flip off")
    roll = abs(degrees(atan2(along[1], along[0])))
    if roll > 180 - LARGEST_ROLL:
        raise CalibrationRefused(
            f"one camera is upside down (turned by {roll:.0f} degrees against the other); turn it round"
        )
    if roll > LARGEST_ROLL:
        raise CalibrationRefused(
            f"one camera is tilted sideways by {roll:.0f} degrees against the other; mount both upright"
        )
    across, up = x / left.width * 100, abs(y) / left.height * 100
    if max(abs(across), up) < LEAST_SHIFT * 100:
        raise CalibrationRefused(
            f"both pictures show nearly the same (moved by {max(abs(across), up):.0f} %, at least"
            f" {LEAST_SHIFT * 100:.0f} % is needed); give one of each camera, or turn the cameras apart"
        )
    if abs(y) > abs(x):
        raise CalibrationRefused(
            f"the right picture lies {'below' if y > 0 else 'above'} the left one, not beside it (by {up:.0f} % of the"
            " height); mount the cameras level, side by side"
        )
    if x < 0:
        raise CalibrationRefused(
            f"left and right are swapped (the right picture lies to the left, by {-across:.0f} % of the width);"
            " give them the other way round"
        )


def check_overlap(overlap: int, layout: Layout, found: Estimate) -> None:
    """`overlap`: columns of the canvas that both see."""
    lens = found.pair.left
    share = overlap / (lens.width * layout.canvas.scale / lens.focal)
    if share < LEAST_OVERLAP:
        raise CalibrationRefused(
            f"the pictures overlap too little ({overlap} px, {share * 100:.1f} % of the width, at least"
            f" {LEAST_OVERLAP * 100:.0f} % are needed); {CLOSER}"
        )
    if layout.canvas.height < LEAST_HEIGHT * lens.height * layout.canvas.scale / lens.focal:
        raise CalibrationRefused(
            f"only {layout.canvas.height} of {lens.height} px of the height are left when the joined picture is cut to"
            " a rectangle; mount the cameras level, at one height"
        )
    left, right = layout.coarse(max(1, overlap // 20)).maps()
    both = (left[0] >= 0) & (right[0] >= 0)
    spreads = found.spread(np.stack([left[0][both], left[1][both]], axis=-1).astype(np.float64))
    spread = float(np.sqrt(np.mean(spreads**2)))
    if not spread <= LARGEST_SPREAD_PX:
        raise CalibrationRefused(
            f"the matches lie too close together: elsewhere in the overlap the pictures fit to {spread:.1f} px only, at"
            f" most {LARGEST_SPREAD_PX} px is good; show more texture where both cameras see"
        )


def stretch(pair: Pair) -> float:
    """How much larger the right picture becomes on the left one's plane, at the most, along either of its sides."""

    def places(lens: Lens, pixels: Points) -> Points:
        rays = lens.rays(pixels) @ np.linalg.inv(pair.matrix).T
        return rays[:, :2] / np.where(rays[:, 2:] > 0, rays[:, 2:], np.nan) * pair.left.focal

    right = pair.right
    grid = np.meshgrid(np.linspace(0, right.width - 1, 3), np.linspace(0, right.height - 1, 3))
    corners = np.stack(grid, axis=-1).reshape(-1, 2)
    sides = [places(right, corners + half) - places(right, corners - half) for half in ((0.5, 0), (0, 0.5))]
    return float(np.nan_to_num(np.max(np.linalg.norm(sides, axis=-1)), nan=np.inf))
