"""Whether a rig still fits: how far apart its cameras show the same place now, against how it was when calibrated.

What both pictures have in common is laid onto the canvas, each camera's points by its own way. Over the overlap a
camera that has moved lays them elsewhere: moved, turned or larger, which is a similarity. It is looked for from where
the points lay when the cameras were calibrated (`Rig.rest`): what most of them have kept is never given up for what
some players or a near fence have in common.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ezrec_tui.video import refusals
from ezrec_tui.video.errors import VideoError
from ezrec_tui.video.geometry import agreeing
from ezrec_tui.video.lens import Points
from ezrec_tui.video.matching import find_matches
from ezrec_tui.video.rig import canvas_places, lens_of
from ezrec_tui.video.rig_file import Rest, Rig, RigCamera
from ezrec_tui.video.stills import Bgr, Scenes, gather, narrowed

WIDEST = 960
"""Pixels of a picture that is looked at: a point is found to half a pixel of it, and fifty of them to a tenth."""
MOMENTS, LOOKS = 9, 3
"""Pictures of each camera, and into how many looks they are divided: players are in no place in most of three."""
MOVED_PX = 2 * refusals.LARGEST_RMSE_PX
"""Canvas pixels from which on a rig is said to fit no longer: twice what a new one may be off. A line of the court then
breaks visibly at the seam; a pole that sways, or heat, moves less."""
NEAR_PX = 4.0
"""How far a point may lie from where the others say."""
STEPS = 20


def shift(rig: Rig, scenes: Scenes, go_on: Callable[[], bool] = lambda: True) -> float | None:
    """How far apart the cameras have moved since they were calibrated, in canvas pixels where both see.

    The middle of several looks, so that one odd one says nothing. None where it is not known: too dark, or too little
    to hold on to; or when `go_on` says no. The pictures may be smaller than the rig's (see WIDEST).
    """
    cuts = np.linspace(0, len(scenes.left), LOOKS + 1).astype(int).tolist()
    shifts = list[float]()
    for first, last in pairwise(cuts):
        if not go_on():
            return None
        look = Scenes(scenes.left[first:last], scenes.right[first:last])
        found = _shift(rig, *look.still()) if look.left else None
        if found is not None:
            shifts.append(found)
    return sorted(shifts)[(len(shifts) - 1) // 2] if len(shifts) > LOOKS // 2 else None


def check_fit(rig: Rig, left: tuple[Path, ...], right: tuple[Path, ...], common_clock: bool) -> None:
    """The files' pictures have to show that the rig fits. Raises VideoError: they do not, with what they show."""
    found = shift(rig, gather(left, right, common_clock, MOMENTS, WIDEST))
    if found is None:
        raise VideoError("what both pictures have in common is too little to show that it fits")
    if found > MOVED_PX:
        raise VideoError(
            f"by it the pictures lie {found:.0f} px apart (at most {MOVED_PX:.0f} px is good), so it is of other"
            " cameras, or one has moved"
        )


def rest(rig: Rig, left: Bgr, right: Bgr) -> Rest:
    """How the points of these pictures, of which the rig was made, lie to each other on its canvas."""
    found = _lie(rig, narrowed(left, WIDEST), narrowed(right, WIDEST))
    if found is None:
        return rig.rest
    (a, b, c), (d, e, f) = found[0].tolist()
    return (a, b, c), (d, e, f)


def _shift(rig: Rig, left: Bgr, right: Bgr) -> float | None:
    found = _lie(rig, left, right)
    if found is None:
        return None
    now, points = found
    return float(np.mean(np.linalg.norm(_laid(now, points) - _laid(np.array(rig.rest), points), axis=1)))


def _lie(rig: Rig, left: Bgr, right: Bgr) -> tuple[Points, Points] | None:
    """The similarity (2, 3) from the left camera's places on the canvas to the right one's, and points that say so."""
    matches = find_matches(left, right)
    agree = agreeing(matches, left.shape[1])
    if not refusals.enough(int(np.count_nonzero(agree)), len(matches)):
        return None
    here, there = (
        _on_canvas(rig, camera, (pixels[agree] + 0.5) * (camera.width / picture.shape[1]) - 0.5)
        for camera, picture, pixels in ((rig.left, left, matches.left), (rig.right, right, matches.right))
    )
    seen = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
    here, there = here[seen], there[seen]
    found = _settled(np.array(rig.rest), here, there)
    if found is None and len(here) >= refusals.FEWEST_INLIERS:
        start = _any_similarity(here, there)
        found = None if start is None else _settled(start, here, there)
    return found


def _settled(start: Points, here: Points, there: Points) -> tuple[Points, Points] | None:
    """From a similarity to the one next to it that enough of the points agree on; None when there is none."""
    now, near = start, np.zeros(len(here), np.bool_)
    for _ in range(STEPS):
        before, near = near, np.linalg.norm(_laid(now, here) - there, axis=1) < NEAR_PX
        if not refusals.enough(int(np.count_nonzero(near)), len(here)):
            return None
        if (near == before).all():
            break
        now = _similarity(here[near], there[near])
    return now, here[near]


def _any_similarity(here: Points, there: Points) -> Points | None:
    """One that many of the points agree on, wherever it lies."""
    found: Any = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=NEAR_PX)[0]
    return None if found is None else np.asarray(found, np.float64)


def _similarity(here: Points, there: Points) -> Points:
    """The one that lays the first points nearest to the second ones."""
    middle, target = here.mean(axis=0), there.mean(axis=0)
    one, other = (points @ (1, 1j) for points in (here - middle, there - target))
    turn = np.vdot(one, other) / np.vdot(one, one)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, target - linear @ middle])


def _laid(similarity: Points, points: Points) -> Points:
    return points @ similarity[:, :2].T + similarity[:, 2]


def _on_canvas(rig: Rig, camera: RigCamera, pixels: Points) -> Points:
    return canvas_places(rig.canvas, lens_of(camera).rays(pixels) @ np.linalg.inv(np.array(camera.matrix)).T)
