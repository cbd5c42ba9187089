"""The two views of the court: what both cameras see lies at one place of it, to a part of a pixel."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.court import draw_figures, figures
from ezrec_tui.cameras.picture import Picture, Plane
from ezrec_tui.cameras.test_pattern import DIMMER, TestPattern
from ezrec_tui.cameras.view import View

WIDTH, HEIGHT, OVERLAP = 640, 360, 80
LEFT, RIGHT = (View(right, WIDTH, HEIGHT, OVERLAP) for right in (False, True))
BLACK = 16


def grid() -> NDArray[np.float64]:
    columns, rows = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))
    return np.stack([columns, rows], axis=-1)


NOBODY, SOMEBODY = 3100, 3040
"""Frames in which nobody, and somebody, is where both cameras see."""


def court_picture(index: int, number: int) -> Plane:
    """Luma of a camera's picture, dimmed as the right one is."""
    scene = TestPattern(CameraSpec(index, "testpattern", WIDTH, HEIGHT, 30, 10**6, overlap=OVERLAP))
    picture = Picture(WIDTH, HEIGHT)
    scene.open(0)
    scene.draw(picture, number, number * 10**9 // 30)
    if index == 1:
        return picture.y
    return np.rint(BLACK + (picture.y.astype(np.float64) - BLACK) * DIMMER).astype(np.uint8)


def left_as_seen_from_the_right(y: Plane, moved: tuple[int, int] = (0, 0)) -> tuple[Plane, NDArray[np.bool_]]:
    """The left picture laid onto the right one, and where both see something."""
    x_there, y_there = np.moveaxis(LEFT.pixels(np.stack(RIGHT.places(*np.moveaxis(grid(), -1, 0)), axis=-1)), -1, 0)
    both = (x_there >= 2) & (x_there <= WIDTH - 3) & (y_there >= 2) & (y_there <= HEIGHT - 3)
    at = (x_there + moved[0]).astype(np.float32), (y_there + moved[1]).astype(np.float32)
    return np.asarray(cv2.remap(y, *at, cv2.INTER_CUBIC), np.uint8), both


@pytest.mark.parametrize("view", [LEFT, RIGHT], ids=["left", "right"])
def test_a_pixels_place_is_seen_at_that_pixel(view: View) -> None:
    back = view.pixels(np.stack(view.places(*np.moveaxis(grid(), -1, 0)), axis=-1))
    assert np.abs(back - grid()).max() < 1e-6


@pytest.mark.parametrize("overlap", [0, 80, 200, 640])
def test_both_see_about_as_many_columns_as_asked_for_and_the_middle_of_them_is_the_courts(overlap: int) -> None:
    left, right = (View(side, WIDTH, HEIGHT, overlap) for side in (False, True))
    edge = left.pixels(np.array(right.places(np.array(-0.5), np.array(HEIGHT / 2))))
    assert WIDTH - 0.5 - edge[0] == pytest.approx(overlap, abs=0.06 * overlap + 0.5)
    middle = (left.scene_width - 1) / 2
    assert left.places(np.array(WIDTH - overlap / 2 - 0.5), np.array(0.0))[0] == pytest.approx(middle)
    assert right.places(np.array(overlap / 2 - 0.5), np.array(0.0))[0] == pytest.approx(middle)


def test_the_court_lies_at_one_place_in_both_pictures() -> None:
    left, right = (court_picture(index, NOBODY) for index in (0, 1))

    def apart(moved: tuple[int, int]) -> float:
        seen, both = left_as_seen_from_the_right(left, moved)
        return float(np.abs(seen.astype(int) - right)[both].mean())

    assert apart((0, 0)) < 4
    assert all(apart(moved) > 1.7 * apart((0, 0)) for moved in ((1, 0), (-1, 0), (0, 1), (0, -1)))


def test_the_court_and_the_players_are_dimmer_to_the_right_camera_alike() -> None:
    seen, both = left_as_seen_from_the_right(court_picture(0, SOMEBODY))
    right = court_picture(1, SOMEBODY)
    moving = both & (np.abs(right.astype(int) - court_picture(1, NOBODY)) > 30)
    assert moving.sum() > 200
    for where in (moving, both & ~moving):
        assert abs(float(np.median((seen.astype(int) - right)[where]))) <= 1


def test_players_in_the_overlap_are_at_one_place_in_both_pictures() -> None:
    """Drawn white on black, so that all of the difference is theirs."""
    seen, crossed = 0, 0
    for number in range(0, 900, 15):
        drawn = [figure._replace(colour=(235, 128, 128)) for figure in figures(number / 30, LEFT.scene_width, HEIGHT)]
        pictures = list[Plane]()
        for view in (LEFT, RIGHT):
            picture = Picture(WIDTH, HEIGHT)
            picture.i420[:] = BLACK
            draw_figures(picture, view.seen(drawn), view.pixels)
            pictures.append(picture.y)
        there, both = left_as_seen_from_the_right(pictures[0])
        area, wrong = (pictures[1] > 128)[both].sum(), ((pictures[1] > 128) != (there > 128))[both].sum()
        assert wrong <= 8 + 0.05 * area, f"frame {number}: {wrong} of {area} pixels"
        seen, crossed = seen + int(area), crossed + (area > 200)
    assert crossed >= 10, "players do cross it"
