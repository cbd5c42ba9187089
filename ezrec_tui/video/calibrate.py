"""From pictures of two cameras to a rig; or a refusal that says with numbers what is missing, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import atan2, degrees

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.geometry import Estimate, Kind, Pair, agreeing, estimate
from ezrec_tui.video.layout import Layout, NoCanvas, lay_out
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.matching import Matches, find_matches
from ezrec_tui.video.probe import VideoError
from ezrec_tui.video.rig import Rig, RigCamera
from ezrec_tui.video.seam import NoSeam, find_seam, finer, seam_cost
from ezrec_tui.video.stills import Scenes
from ezrec_tui.video.tone import Gains, match_tones, toned
from ezrec_tui.video.upright import upright

FEWEST_FEATURES = 100
FEWEST_INLIERS = 30
FEWEST_AGREEING = 0.25
"""Of the matches: with fewer, that they agree may be chance."""
LARGEST_RMSE_PX = 1.5
LARGEST_SPREAD_PX = 1.5
"""How uncertain a place in the overlap may be."""
LEAST_OVERLAP, MOST_OVERLAP = 0.05, 0.85
"""Of the width of a picture."""
LARGEST_ROLL = 25.0
"""Degrees that one camera may be tilted sideways against the other."""
LEAST_HEIGHT = 0.5
"""Of the left picture's height, that has to be left when the joined picture is cut to a rectangle."""
LARGEST_STRETCH = 2.0
"""Of the right picture on the left one's plane; beyond it, only a rig that turns is looked for."""
LEAST_LIKENESS = 0.5
"""Correlation of the two warped pictures where both see."""
SEAM_STEP = 4
"""Canvas pixels to one in which the seam is looked for."""

Bgr = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class CalibrationRefused(VideoError):
    """These pictures give no rig that could be trusted. The text is one line: what, with numbers, and what to do."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is known before: `serials` of the left and the right camera, and the lenses' k1 and k2, if they are."""

    serials: tuple[str | None, str | None] = (None, None)
    distortion: tuple[float, float] | None = None


def calibrate(scenes: Scenes, made: datetime, setup: Setup = Setup()) -> Rig:  # noqa: B008 - frozen
    """The rig of the cameras that took these pictures. Raises CalibrationRefused."""
    left, right = scenes.still()
    _check_sizes(left, right)
    matches, count = _find_matches(left, right)
    found = _estimate(matches, left, right, setup)
    pair = found.pair
    _check_arrangement(pair)
    try:
        layout = lay_out(pair, None if found.kind.plane else upright(pair, left, right))
    except NoCanvas as error:
        raise CalibrationRefused(f"{error}; turn the cameras towards each other, and level") from error
    here, there = layout.seen(pair)
    overlap = round(float(np.count_nonzero(here & there)) / layout.canvas.height)
    _check_overlap(overlap, layout, found)
    both = here & there
    gains, seam = _join(scenes, (left, right), layout, pair, both)
    cameras = (
        RigCamera(
            serial=serial,
            width=lens.width,
            height=lens.height,
            focal_px=lens.focal,
            k1=lens.k1,
            k2=lens.k2,
            matrix=tuple(tuple(row) for row in matrix.tolist()),
            gains=gain,
        )
        for serial, lens, matrix, gain in zip(
            setup.serials, (pair.left, pair.right), (layout.left, layout.right), gains, strict=True
        )
    )
    one, other = cameras
    return Rig(
        canvas=layout.canvas,
        left=one,
        right=other,
        seam=seam,
        matches=count,
        inliers=int(np.count_nonzero(found.inliers)),
        rmse_px=round(found.rmse_px, 3),
        overlap_px=overlap,
        made=made,
    )


def _check_sizes(left: Bgr, right: Bgr) -> None:
    (height, width), (tall, broad) = left.shape[:2], right.shape[:2]
    if sorted((width, height)) != sorted((broad, tall)):
        raise CalibrationRefused(
            f"the pictures are of different sizes (left {width}x{height}, right {broad}x{tall});"
            " set both cameras to one resolution"
        )


def _find_matches(left: Bgr, right: Bgr) -> tuple[Matches, int]:
    """Matches that agree with each other, and how many there were in all."""
    matches, agree = _agreeing(left, right)
    for name, features in zip(("left", "right"), matches.features, strict=True):
        if features < FEWEST_FEATURES:
            raise CalibrationRefused(
                f"the {name} picture has too little texture ({features} points to hold on to, at least"
                f" {FEWEST_FEATURES} are needed); light the court, focus, or take the lens cap off"
            )
    share = agree.sum() / max(len(matches), 1)
    if agree.sum() < FEWEST_INLIERS or share < FEWEST_AGREEING:
        if _agreeing(left, np.ascontiguousarray(right[:, ::-1]))[1].sum() >= FEWEST_INLIERS:
            raise CalibrationRefused("one picture is mirrored; switch the camera's horizontal flip off")
        raise CalibrationRefused(
            f"the pictures have too little in common ({agree.sum()} of {len(matches)} matches agree, at least"
            f" {max(FEWEST_INLIERS, round(FEWEST_AGREEING * len(matches)))} are needed);"
            " turn the cameras so that both see a fifth of the same court"
        )
    kept = Matches(matches.left[agree], matches.right[agree], matches.features)
    return kept, len(matches)


def _agreeing(left: Bgr, right: Bgr) -> tuple[Matches, Mask]:
    matches = find_matches(left, right)
    return matches, agreeing(matches, left.shape[1])


def _estimate(matches: Matches, left: Bgr, right: Bgr, setup: Setup) -> Estimate:
    sizes = tuple((picture.shape[1], picture.shape[0]) for picture in (left, right))
    one, other = sizes
    found = estimate(matches, (one, other), setup.distortion, tuple(Kind))
    if found.kind.plane and _stretch(found.pair) > LARGEST_STRETCH:
        found = estimate(matches, (one, other), setup.distortion, tuple(kind for kind in Kind if not kind.plane))
    inliers = int(np.count_nonzero(found.inliers))
    if inliers < FEWEST_INLIERS:
        raise CalibrationRefused(
            f"the pictures have too little in common ({inliers} of {len(matches)} matches fit one geometry, at least"
            f" {FEWEST_INLIERS} are needed); turn the cameras so that both see a fifth of the same court"
        )
    if found.rmse_px > LARGEST_RMSE_PX:
        raise CalibrationRefused(
            f"the pictures do not fit onto each other (rmse {found.rmse_px:.2f} px over {inliers} points, at most"
            f" {LARGEST_RMSE_PX} px is good); move the cameras closer together, and take both pictures at one moment"
        )
    return found


def _stretch(pair: Pair) -> float:
    """How much larger than in the middle of the left picture the right one becomes on its plane, at the most."""
    width, height = pair.right.width - 1, pair.right.height - 1
    corners = np.array([(x, y) for x in (0, width / 2, width) for y in (0, height / 2, height)], np.float64)
    back = np.linalg.inv(pair.matrix)

    def places(pixels: Points) -> Points:
        rays = pair.right.rays(pixels) @ back.T
        return rays[:, :2] / np.where(rays[:, 2:] > 0, rays[:, 2:], np.nan) * pair.left.focal

    across = places(corners + [0.5, 0]) - places(corners - [0.5, 0])
    down = places(corners + [0, 0.5]) - places(corners - [0, 0.5])
    largest = np.linalg.norm(np.stack([across, down], axis=-1), ord=2, axis=(1, 2))
    return float(np.max(np.nan_to_num(largest, nan=np.inf)))


def _check_arrangement(pair: Pair) -> None:
    """Left is left, up is up, and the two do not show the same."""
    left, right = pair.left, pair.right
    middle = right.middle
    steps = np.array([middle, middle + (1, 0), middle + (0, 1)])
    rays = right.rays(steps) @ np.linalg.inv(pair.matrix).T
    places = rays[:, :2] / rays[:, 2:] * left.focal
    (x, y), along, down = places[0], places[1] - places[0], places[2] - places[0]
    if along[0] * down[1] - along[1] * down[0] <= 0:
        raise CalibrationRefused("one picture is mirrored; switch the camera's horizontal flip off")
    roll = degrees(atan2(along[1], along[0]))
    if abs(roll) > 180 - LARGEST_ROLL:
        raise CalibrationRefused(
            f"one camera is upside down (turned by {abs(roll):.0f} degrees against the other); turn it round"
        )
    if abs(roll) > LARGEST_ROLL:
        raise CalibrationRefused(
            f"one camera is tilted sideways by {abs(roll):.0f} degrees against the other; mount both upright"
        )
    shift_x, shift_y = x / left.width, y / left.height
    if max(abs(shift_x), abs(shift_y)) < 1 - MOST_OVERLAP:
        raise CalibrationRefused(
            f"both pictures show nearly the same (moved by {abs(shift_x) * 100:.0f} % of the width);"
            " give one of each camera, or turn the cameras apart"
        )
    if abs(y) > abs(x):
        raise CalibrationRefused(
            f"the right picture lies {'below' if y > 0 else 'above'} the left one (by {abs(shift_y) * 100:.0f} % of"
            " the height), not beside it; mount the cameras level, side by side"
        )
    if x < 0:
        raise CalibrationRefused(
            f"left and right are swapped (the right picture lies {-shift_x * 100:.0f} % of the width to the left);"
            " swap the two"
        )


def _check_overlap(overlap: int, layout: Layout, found: Estimate) -> None:
    lens = found.pair.left
    if overlap < LEAST_OVERLAP * lens.width:
        raise CalibrationRefused(
            f"the pictures overlap too little ({overlap} px, {overlap / lens.width * 100:.1f} % of the width, at least"
            f" {LEAST_OVERLAP * 100:.0f} % are needed); turn the cameras towards each other"
        )
    if layout.canvas.height < LEAST_HEIGHT * lens.height * layout.canvas.scale / lens.focal:
        raise CalibrationRefused(
            f"only {layout.canvas.height} of {lens.height} px of the height are left when the joined picture is cut to"
            " a rectangle; mount the cameras level, at one height"
        )
    coarse = layout.coarse(16)
    left, right = coarse.maps(found.pair)
    both = (left[0] >= 0) & (right[0] >= 0)
    spread = found.spread(np.stack([left[0][both], left[1][both]], axis=-1).astype(np.float64))
    if spread.size and (worst := float(np.sqrt(np.mean(spread**2)))) > LARGEST_SPREAD_PX:
        raise CalibrationRefused(
            f"the matches lie too close together: elsewhere in the overlap the pictures fit to {worst:.1f} px only, at"
            f" most {LARGEST_SPREAD_PX} px is good; show more texture where both cameras see"
        )


def _join(
    scenes: Scenes, stills: tuple[Bgr, Bgr], layout: Layout, pair: Pair, both: Mask
) -> tuple[tuple[Gains, Gains], tuple[int, ...]]:
    """Gains of both cameras, and the seam."""
    coarse = layout.coarse(SEAM_STEP)
    here, there = coarse.maps(pair)
    overlap = (here[0] >= 0) & (there[0] >= 0)
    columns = np.flatnonzero(overlap.any(axis=0))
    first, last = int(columns[0]), int(columns[-1]) + 1
    warps = [_warper(table, first, last) for table in (here, there)]
    overlap = overlap[:, first:last]
    warped = [warp(still) for warp, still in zip(warps, stills, strict=True)]
    gains = match_tones(warped[0][overlap], warped[1][overlap])
    toned_stills = [toned(picture, gain) for picture, gain in zip(warped, gains, strict=True)]
    alike = _likeness(*(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[overlap] for picture in toned_stills))
    if alike < LEAST_LIKENESS:
        raise CalibrationRefused(
            f"laid onto each other the pictures do not look alike (correlation {alike:.2f}, at least {LEAST_LIKENESS}"
            " is needed); take both at one moment, and show more texture where both cameras see"
        )
    lefts = [toned(warps[0](picture), gains[0]) for picture in scenes.left]
    rights = [toned(warps[1](picture), gains[1]) for picture in scenes.right]
    try:
        path = find_seam(seam_cost(lefts, rights, overlap), overlap) + first
        return gains, finer(path, SEAM_STEP, layout.canvas.height, both)
    except NoSeam as error:
        raise CalibrationRefused(
            "the overlap does not reach from the top of the joined picture to its foot; mount the cameras level"
        ) from error


def _warper(table: tuple[NDArray[np.float32], NDArray[np.float32]], first: int, last: int) -> Callable[[Bgr], Bgr]:
    map_x, map_y = (np.ascontiguousarray(plane[:, first:last]) for plane in table)

    def warp(picture: Bgr) -> Bgr:
        soft = cv2.blur(picture, (SEAM_STEP, SEAM_STEP))
        return np.asarray(cv2.remap(soft, map_x, map_y, cv2.INTER_LINEAR), np.uint8)

    return warp


def _likeness(left: Bgr, right: Bgr) -> float:
    """Correlation of two rows of brightness; 0 where there is nothing to compare."""
    here, there = left.astype(np.float64) - left.mean(), right.astype(np.float64) - right.mean()
    norm = np.sqrt(np.sum(here**2) * np.sum(there**2))
    return float(np.sum(here * there) / norm) if norm > 0 else 0.0
