"""The compiled warp shows what OpenCV's shows, whatever the rig, and touches nothing else."""

from dataclasses import dataclass
from math import radians

import cv2
import numpy as np
import pytest

from ezrec_tui.video import planes
from ezrec_tui.video.kernel import Grid, Kernel
from ezrec_tui.video.planes import Planes, blank
from ezrec_tui.video.rig import number_rows
from ezrec_tui.video.rig_file import Canvas, Projection, Rig, RigCamera
from ezrec_tui.video.warp import Warp, even_camera_map
from tests.video.test_panorama import NOW, ONES

SIZE = 960, 540
DARK = 16, 120, 130


@dataclass(frozen=True)
class Case:
    yaw: float = 20.0
    pitch: float = 5.0
    roll: float = 1.0
    k1: float = -0.06
    zoom: float = 1.0
    """Of the camera against the canvas: the larger, the farther apart the canvas's pixels lie in the picture."""
    projection: Projection = Projection.CYLINDRICAL
    size: tuple[int, int] = SIZE
    by_cells: bool = True


CASES = {
    "as on a pole": Case(),
    "straight lens": Case(k1=0.0),
    "on a sphere": Case(projection=Projection.SPHERICAL, pitch=15),
    "on a plane": Case(projection=Projection.PLANAR, yaw=8),
    "rolled": Case(roll=-10),
    "looking up": Case(pitch=-15),
    "seen from afar": Case(zoom=0.7),
    "seen from near": Case(zoom=1.15),
    "odd size": Case(size=(961, 539)),
    "too near for cells": Case(zoom=2.5, by_cells=False),
    "upside down": Case(roll=180, by_cells=False),
}


def turned(case: Case) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    yaw, pitch, roll = (cv2.Rodrigues(np.array(turn))[0] for turn in (
        (0, radians(-case.yaw), 0), (radians(case.pitch), 0, 0), (0, 0, radians(case.roll))))  # fmt: skip
    return np.asarray(roll @ pitch @ yaw, np.float64)


def rig(case: Case) -> Rig:
    focal = 900.0
    camera = RigCamera(
        width=case.size[0],
        height=case.size[1],
        focal_px=focal * case.zoom,
        k1=case.k1,
        matrix=number_rows(turned(case)),
        gains=ONES,
    )
    canvas = Canvas(method=case.projection, width=1100, height=618, origin_x=310.3, origin_y=270.7, scale=focal)
    return Rig(
        canvas=canvas,
        left=camera,
        right=camera,
        seam=(550,) * 618,
        matches=100,
        inliers=90,
        rmse_px=0.1,
        overlap_px=100,
        made=NOW,
    )


def scene(size: tuple[int, int]) -> Planes:
    """Busy, but not so that 1 / 64 of a pixel would be many levels."""
    random = np.random.default_rng(5)
    picture = blank(size[0] // 2 * 2, size[1] // 2 * 2)
    for plane in picture:
        noise = cv2.GaussianBlur(random.uniform(-1, 1, plane.shape).astype(np.float32), (0, 0), 1.5)
        plane[:] = np.clip(128 + 400 * noise, 0, 255)
    return picture


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_compiled_warp_shows_what_opencvs_shows(compiled: Kernel, case: Case) -> None:
    found, picture = rig(case), scene(case.size)
    maps = even_camera_map(found, found.left)
    columns, rows = slice(6, 1094), slice(2, 618)
    outs = blank(1088, 616), blank(1088, 616)
    for kernel, out in zip((compiled, None), outs, strict=True):
        warp = Warp(found, found.left, maps, columns, rows, kernel)
        assert warp.by_cells == (kernel is not None and case.by_cells)
        warp.fill(picture, out, DARK)
    seen = maps[0][rows, columns] >= 0
    assert 0.1 < seen.mean() < 1
    # Where the picture ends its last chroma samples are half a pixel more or less.
    inner = cv2.erode(seen.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    outer = cv2.dilate(seen.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0
    for number, (fast, slow) in enumerate(zip(*outs, strict=True)):
        apart = np.abs(fast.astype(int) - slow)
        step = 2 if number else 1
        there = inner[::step, ::step]
        assert apart[there].max() <= 4
        assert apart[there].mean() <= 0.3
        assert (fast[outer[::step, ::step]] == DARK[number]).all()
        if number == 0:
            assert (apart[seen] <= 4).all()
            assert (fast[~seen] == DARK[0]).mean() >= 0.99


def test_the_compiled_warp_writes_into_its_rectangle_alone(compiled: Kernel) -> None:
    found, picture = rig(Case()), scene(SIZE)
    whole = blank(1200, 700)
    for plane in whole:
        plane[:] = 7
    out = planes.part(whole, 30, 20, 1100, 618)
    warp = Warp(found, found.left, even_camera_map(found, found.left), slice(0, 1100), slice(0, 618), compiled)
    assert warp.by_cells
    warp.fill(picture, out, DARK)
    for plane, part in zip(whole, out, strict=True):
        assert not (part == 7).all()
        part[:] = 7
        assert (plane == 7).all()


def test_a_target_of_another_size_than_the_grids_is_refused(compiled: Kernel) -> None:
    grid = Grid(16, 16, np.zeros((3, 3, 2), np.int32), -0.5, (15.5, 15.5))
    plane = np.zeros((16, 16), np.uint8)
    with pytest.raises(ValueError, match="not the grid's size"):
        compiled.warp(grid, (plane,), (np.zeros((16, 24), np.uint8),), (0,))
