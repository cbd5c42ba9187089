"""The benchmark of quality: what it measures is what was done to a picture."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from benchmarks.joiners import best_overlap
from benchmarks.judge import Way, judge, lay
from benchmarks.stitchers import Sphere
from benchmarks.truth import Filming, Truth
from ezrec_tui.video.lens import Points

TRUTH = Truth(640, 360)


def true_way(camera: int) -> Way:
    """The canvas is the scene itself."""
    return lambda canvas: TRUTH.pixels(camera, canvas)


def moved(way: Way, right: float) -> Way:
    return lambda canvas: way(canvas) + np.array([right, 0])


@pytest.mark.parametrize("apart", [0.0, 0.1])
@pytest.mark.parametrize("camera", [0, 1])
def test_what_a_camera_shows_of_a_place_is_where_that_place_is_seen(apart: float, camera: int) -> None:
    truth = replace(TRUTH, apart=apart)
    pixels = np.random.default_rng(4).uniform((0, 0), (639, 359), (500, 2))
    assert np.abs(truth.pixels(camera, truth.place(camera, pixels)) - pixels).max() < 1e-6


def test_who_stands_before_the_wall_is_seen_apart_by_cameras_apart_and_his_feet_are_not() -> None:
    truth = replace(TRUTH, apart=0.1)
    foot = np.array([truth.size[0] / 2, 0.85 * truth.size[1]])
    head = foot - (0, 0.3 * truth.size[1])
    for place, least, most in ((foot, 0.0, 1e-6), (head, 0.5, 5.0)):
        left, right = (truth.displaced(camera, place, foot) for camera in (0, 1))
        assert least <= left[0] - right[0] <= most


def test_pictures_that_lie_apart_are_measured_to_lie_so_far_apart() -> None:
    left, right = true_way(0), true_way(1)
    for by in (0.0, 1.0, 4.0):
        laid = lay(TRUTH, TRUTH.size, (left, moved(right, by)))
        assert laid.apart.mean() == pytest.approx(by, abs=0.02 + 0.15 * by)  # in pixels of the middle
        assert 0.1 < laid.both.sum() / laid.seen.sum() < 0.4


def test_side_by_side_what_both_see_is_shown_twice_and_counted_as_apart_by_all_of_it() -> None:
    overlap = best_overlap(TRUTH)
    laid = lay(TRUTH, (2 * TRUTH.width, TRUTH.height), (lambda canvas: canvas, moved(lambda canvas: canvas, -640)))
    assert laid.both.sum() / TRUTH.height == pytest.approx(2 * overlap, rel=0.25)
    assert laid.apart.mean() == pytest.approx(overlap, rel=0.25)


def test_a_true_picture_is_marked_high_whatever_its_brightness_and_a_step_is_seen() -> None:
    laid = lay(TRUTH, TRUTH.size, (true_way(0), true_way(1)))
    scene = Filming(TRUTH).soft(1.7)
    good = judge(laid.picture(scene), scene, laid)
    assert good.psnr_overlap > 45
    assert good.ssim_overlap > 0.99
    dark = judge((laid.picture(scene) * 0.7).astype(np.uint8), scene, laid)
    assert dark.psnr_all > 40
    step = np.where(np.arange(TRUTH.size[0]) < TRUTH.size[0] // 2, 0, 12)[:, None]
    marks = judge(np.clip(laid.picture(scene) + step, 0, 255).astype(np.uint8), scene, laid)
    assert marks.step == pytest.approx(12, abs=3)
    assert marks.step_around < marks.step / 2
    assert marks.psnr_all < 40


def test_a_sphere_is_laid_as_opencv_lays_it() -> None:
    inner = np.array([[500.0, 0, 320], [0, 500, 180], [0, 0, 1]])
    turn: Points = np.asarray(cv2.Rodrigues(np.array([0.05, 0.3, 0.02]))[0], np.float64)
    warper = cv2.PyRotationWarper("spherical", 500.0)
    small = inner.astype(np.float32), turn.astype(np.float32)
    left, top, _, _ = warper.warpRoi((640, 360), *small)
    _, map_x, map_y = warper.buildMaps((640, 360), *small)
    grid = np.stack(np.meshgrid(np.arange(map_x.shape[1]), np.arange(map_x.shape[0])), axis=-1).astype(np.float64)
    found = Sphere(inner, turn, 500.0, (left, top)).way(grid)
    inside = (map_x > 0) & (map_x < 639) & (map_y > 0) & (map_y < 359)
    assert np.abs(found - np.stack([map_x, map_y], axis=-1))[inside].max() < 0.05
