"""What a rig makes of two pictures, for people to look at."""

import base64
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.files import write_atomic
from ezrec_tui.model import RigPicture
from ezrec_tui.video.rig import Map, camera_map
from ezrec_tui.video.rig_file import Rig
from ezrec_tui.video.stills import Scenes
from ezrec_tui.video.tone import toned

SOFT_SHARE = 120
"""One picture fades into the other over this part of the canvas's width."""
SMALL = 320
"""Pixels across."""
SEAM, EDGE = (0, 255, 255), (255, 255, 255)
FAINT = 0.5

Bgr = NDArray[np.uint8]


def write_preview(rig: Rig, scenes: Scenes, path: Path) -> None:
    """Write a picture: the two joined, and below it the same with the seam and the overlap drawn in. Raises OSError.

    What kind of picture is said by the name's end.
    """
    maps = camera_map(rig, rig.left), camera_map(rig, rig.right)
    middle = len(scenes.left) // 2
    picture = joined(rig, maps, scenes.left[middle], scenes.right[middle])
    _, data = cv2.imencode(path.suffix.lower(), np.vstack([picture, _marked(rig, maps, picture)]))
    write_atomic(path, data.tobytes())


def joined(rig: Rig, maps: tuple[tuple[Map, Map], tuple[Map, Map]], left: Bgr, right: Bgr) -> Bgr:
    """The joined picture, (height, width, 3) of the canvas. `maps` are the cameras' (`rig.camera_map`)."""
    here, there = (
        toned(np.asarray(cv2.remap(picture, *table, cv2.INTER_LINEAR), np.uint8), camera.gains)
        for picture, table, camera in zip((left, right), maps, (rig.left, rig.right), strict=True)
    )
    columns, seam = np.arange(rig.canvas.width), np.array(rig.seam)[:, None]
    share = np.clip((columns + 0.5 - seam) / (rig.canvas.width / SOFT_SHARE) + 0.5, 0, 1)
    share = np.where(maps[0][0] < 0, 1, np.where(maps[1][0] < 0, 0, share)).astype(np.float32)
    return np.asarray(cv2.blendLinear(here, there, 1 - share, share), np.uint8)


def small_picture(rig: Rig, left: Bgr, right: Bgr) -> RigPicture:
    """The two joined, grey, at most SMALL wide."""
    step = -(-rig.canvas.width // SMALL)
    canvas = rig.canvas.coarse(step)
    seam = tuple(column // step for column in rig.seam[step // 2 :: step][: canvas.height])
    small = rig.model_copy(update={"canvas": canvas, "seam": seam})
    maps = camera_map(small, rig.left), camera_map(small, rig.right)
    here, there = (np.asarray(cv2.blur(picture, (step, step)), np.uint8) for picture in (left, right))
    grey = cv2.cvtColor(joined(small, maps, here, there), cv2.COLOR_BGR2GRAY)
    return RigPicture(width=canvas.width, height=canvas.height, grey=base64.b64encode(grey.tobytes()))


def _marked(rig: Rig, maps: tuple[tuple[Map, Map], tuple[Map, Map]], picture: Bgr) -> Bgr:
    marked = picture.copy()
    both = np.all([map_x >= 0 for map_x, _ in maps], axis=0).astype(np.uint8)
    marked[cv2.morphologyEx(both, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0] = EDGE
    path = np.stack([np.array(rig.seam), np.arange(rig.canvas.height)], axis=-1).astype(np.int32)
    cv2.polylines(marked, [path], isClosed=False, color=SEAM, thickness=max(1, rig.canvas.height // 360))
    return np.asarray(cv2.addWeighted(picture, 1 - FAINT, marked, FAINT, 0), np.uint8)
