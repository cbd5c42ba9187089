"""From pictures of two cameras to a rig; or a refusal that says with numbers what is missing, and what to do."""

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video import refusals
from ezrec_tui.video.fit import rest
from ezrec_tui.video.geometry import Estimate, Kind, agreeing, estimate
from ezrec_tui.video.layout import Layout, NoCanvas, lay_out
from ezrec_tui.video.matching import Matches, find_matches
from ezrec_tui.video.preview import small_picture
from ezrec_tui.video.refusals import CalibrationRefused
from ezrec_tui.video.rig import Map, number_rows
from ezrec_tui.video.rig_file import Rig, RigCamera
from ezrec_tui.video.seam import NoSeam, find_seam, finer, seam_cost
from ezrec_tui.video.stills import Scenes
from ezrec_tui.video.tone import Gains, match_tones, toned
from ezrec_tui.video.upright import upright

LARGEST_STRETCH = 2.0
"""Of the right picture on the left one's plane; beyond it, only cameras that are turned are thought of."""
SEAM_STEP = 4
"""Canvas pixels to one in which the seam is looked for."""

Bgr = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before: `serials` of the left and the right camera, and k1 and k2 of their lenses."""

    serials: tuple[str | None, str | None] = (None, None)
    distortion: tuple[float, float] | None = None


NOTHING = Known()


def calibrate(scenes: Scenes, made: datetime, known: Known = NOTHING) -> Rig:
    """The rig of the cameras that took these pictures. Raises CalibrationRefused."""
    left, right = scenes.still()
    refusals.check_sizes(left, right)
    matches, count = _matches(left, right)
    found = _geometry(matches, left, right, known)
    refusals.check_fit(found)
    refusals.check_likeness(found.pair, left, right)
    refusals.check_arrangement(found.pair)
    try:
        layout = lay_out(found.pair, None if found.kind.plane else upright(found.pair, left, right))
        here, there = layout.seen()
        overlap = round(np.count_nonzero(here & there) / layout.canvas.height)
        refusals.check_overlap(overlap, layout, found)
        gains, seam = _join(scenes, (left, right), layout)
        seam = finer(seam, SEAM_STEP, here & there)
    except NoCanvas as error:
        raise CalibrationRefused(f"{error}; turn the cameras towards each other, and level") from error
    except NoSeam as error:
        raise CalibrationRefused(f"{error}; mount the cameras level, at one height") from error
    one, other = (
        RigCamera(
            serial=serial,
            width=lens.width,
            height=lens.height,
            focal_px=lens.focal,
            k1=lens.k1,
            k2=lens.k2,
            matrix=number_rows(matrix),
            gains=gain,
        )
        for serial, lens, matrix, gain in zip(known.serials, layout.lenses, layout.matrices, gains, strict=True)
    )
    rig = Rig(
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
    return rig.model_copy(update={"rest": rest(rig, left, right), "picture": small_picture(rig, left, right)})


def numbers(rig: Rig) -> str:
    """What was found, in a line."""
    canvas = rig.canvas
    return (
        f"{canvas.method.value}, {canvas.width}x{canvas.height}, {rig.inliers} of {rig.matches} matches fit to"
        f" {rig.rmse_px:.2f} px, {rig.overlap_px} px of overlap"
    )


def _matches(left: Bgr, right: Bgr) -> tuple[Matches, int]:
    """The matches that agree with each other, and how many there were in all."""
    matches = find_matches(left, right)
    refusals.check_texture(matches)
    agree = agreeing(matches, left.shape[1])
    agreed = int(np.count_nonzero(agree))
    mirrored = False
    if not refusals.enough(agreed, len(matches)):
        flipped = find_matches(left, np.ascontiguousarray(right[:, ::-1]))
        mirrored = refusals.enough(int(np.count_nonzero(agreeing(flipped, left.shape[1]))), len(flipped))
    refusals.check_agreement(agreed, len(matches), mirrored)
    return matches.some(agree), len(matches)


def _geometry(matches: Matches, left: Bgr, right: Bgr, known: Known) -> Estimate:
    sizes = (left.shape[1], left.shape[0]), (right.shape[1], right.shape[0])
    found = estimate(matches, sizes, known.distortion, tuple(Kind))
    if found.kind.plane and refusals.stretch(found.pair) > LARGEST_STRETCH:
        found = estimate(matches, sizes, known.distortion, tuple(kind for kind in Kind if not kind.plane))
    return found


def _join(scenes: Scenes, stills: tuple[Bgr, Bgr], layout: Layout) -> tuple[tuple[Gains, Gains], NDArray[np.int64]]:
    """Gains of both cameras, and the seam, in steps of SEAM_STEP. Looks at the overlap alone. Raises NoSeam."""
    maps = layout.coarse(SEAM_STEP).maps()
    both = np.all([map_x >= 0 for map_x, _ in maps], axis=0)
    columns = np.flatnonzero(both.any(axis=0))
    if not columns.size:
        raise NoSeam("the pictures do not overlap in what is left of them")
    first, last = int(columns[0]), int(columns[-1]) + 1
    both = both[:, first:last]
    tables = [(map_x[:, first:last], map_y[:, first:last]) for map_x, map_y in maps]
    here, there = (_warped(still, table) for still, table in zip(stills, tables, strict=True))
    gains = match_tones(here[both], there[both])
    lefts, rights = (
        [toned(_warped(picture, table), gain) for picture in pictures]
        for pictures, table, gain in zip((scenes.left, scenes.right), tables, gains, strict=True)
    )
    return gains, find_seam(seam_cost(lefts, rights, both), both) + first


def _warped(picture: Bgr, table: tuple[Map, Map]) -> Bgr:
    soft = cv2.blur(picture, (SEAM_STEP, SEAM_STEP))
    return np.asarray(cv2.remap(soft, *table, cv2.INTER_LINEAR), np.uint8)
