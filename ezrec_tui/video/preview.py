"""What a rig makes of two pictures, for people to look at."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.rig import Rig, camera_map
from ezrec_tui.video.tone import toned

SOFT = 24
"""Columns over which one picture fades into the other."""

Bgr = NDArray[np.uint8]


def preview(rig: Rig, left: Bgr, right: Bgr) -> Bgr:
    """The joined picture, (height, width, 3) of the canvas."""
    maps = [camera_map(rig, camera) for camera in (rig.left, rig.right)]
    here, there = (
        toned(np.asarray(cv2.remap(picture, *table, cv2.INTER_LINEAR), np.uint8), camera.gains)
        for picture, table, camera in zip((left, right), maps, (rig.left, rig.right), strict=True)
    )
    columns, seam = np.arange(rig.canvas.width), np.array(rig.seam)[:, None]
    share = np.clip((columns - seam) / SOFT + 0.5, 0, 1)
    share = np.where(maps[0][0] < 0, 1, np.where(maps[1][0] < 0, 0, share))[..., None]
    return np.rint(here * (1 - share) + there * share).astype(np.uint8)


def with_seam(rig: Rig, picture: Bgr) -> Bgr:
    """The same with the seam and the edges of the overlap drawn in faintly."""
    drawn = picture.copy()
    line = np.stack([np.array(rig.seam), np.arange(rig.canvas.height)], axis=-1).astype(np.int32)
    cv2.polylines(drawn, [line], isClosed=False, color=(0, 255, 255), thickness=max(1, rig.canvas.height // 360))
    both = np.all([camera_map(rig, camera)[0] >= 0 for camera in (rig.left, rig.right)], axis=0)
    edge = cv2.morphologyEx(both.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    drawn[edge] = (255, 255, 255)
    return np.asarray(cv2.addWeighted(picture, 0.5, drawn, 0.5, 0), np.uint8)
