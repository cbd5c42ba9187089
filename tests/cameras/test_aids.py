"""What helps to aim, focus and expose: small greys, a histogram, and a measure that follows the lens."""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import pytest

from ezrec_tui.cameras.aids import camera_picture, focus, full_range, shrunk
from ezrec_tui.cameras.court import draw_ground
from ezrec_tui.cameras.picture import Plane
from ezrec_tui.cameras.viewfinder import view_of

SIGMAS = (0.5, 0.6, 0.7, 0.8, 1.0, 1.3, 1.7, 2.2, 3.0, 4.5, 7.0)
"""Of the blur of a lens, in pixels of 1920x1080."""


def court() -> Plane:
    return draw_ground(1920, 1080).y


def trees() -> Plane:
    """Detail of all sizes, as outdoors: its amplitude falls with its frequency."""
    noise = np.random.default_rng(5).normal(size=(512, 768))
    frequency = np.hypot(np.fft.fftfreq(512)[:, None], np.fft.fftfreq(768))
    frequency[0, 0] = 1
    detail = np.fft.ifft2(np.fft.fft2(noise) / frequency).real
    return np.clip(120 + 35 * detail / detail.std(), 16, 235).astype(np.uint8)


def through_a_lens(scene: Plane, sigma: float, noise: float = 0.0) -> Plane:
    blurred = cv2.GaussianBlur(scene.astype(np.float64), (0, 0), sigma) if sigma else scene.astype(np.float64)
    sensor = np.random.default_rng(7).normal(0, noise, scene.shape) if noise else 0
    return np.clip(np.round(blurred + sensor), 0, 255).astype(np.uint8)


def measured(picture: Plane) -> float:
    value = focus(view_of(0, picture).middle)
    assert value is not None
    return value


def _scaled_down(picture: Plane) -> Plane:
    """As the Pi makes 320 of 1920 pixels."""
    scaled = cv2.resize(picture, None, fx=1 / 6, fy=1 / 6, interpolation=cv2.INTER_AREA)
    return scaled.astype(np.uint8)


@pytest.mark.parametrize("noise", [0.0, 2.0, 4.0], ids=["clean", "noisy", "very noisy"])
@pytest.mark.parametrize("scene", [court, trees])
def test_focus_falls_with_every_bit_of_blur(scene: Callable[[], Plane], noise: float) -> None:
    picture = scene()
    values = [measured(through_a_lens(picture, sigma, noise)) for sigma in (0, *SIGMAS)]
    assert all(later < earlier for earlier, later in pairwise(values)), values


def test_a_small_defocus_shows_that_the_small_picture_hides() -> None:
    sharp, soft = (through_a_lens(trees(), sigma) for sigma in (0.0, 0.5))
    assert measured(soft) < 0.9 * measured(sharp)
    small = [focus(_scaled_down(picture)) for picture in (sharp, soft)]
    assert small[0] is not None
    assert small[1] is not None
    assert small[1] > 0.98 * small[0]


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 0), (1.0, 40), (0.7, 60)])
def test_brightness_and_contrast_change_nothing_of_the_focus(gain: float, offset: float) -> None:
    picture = through_a_lens(trees(), 1.0)
    other = np.round(picture * gain + offset).clip(0, 255).astype(np.uint8)
    assert measured(other) == pytest.approx(measured(picture), rel=0.02)


def test_where_there_is_nothing_to_see_there_is_no_focus() -> None:
    assert focus(np.full((384, 512), 90, np.uint8)) is None
    assert focus(np.full((384, 512), 16, np.uint8)) is None


@pytest.mark.parametrize(("size", "small"), [((180, 320), (90, 160)), ((90, 160), (90, 160)), ((181, 250), (90, 125))])
def test_a_picture_for_a_screen_is_at_most_160_wide_and_each_pixel_a_mean(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    rows, columns = np.indices(size)
    picture = ((rows + columns) % 2 * 100 + 50).astype(np.uint8)
    got = shrunk(picture)
    assert got.shape == small
    if size != small:
        assert np.all(got == 100), "a fine chequer board is an even grey, not stripes"


def test_what_a_viewer_gets_tells_size_range_and_shares() -> None:
    luma: Plane = np.full((180, 320), 126, np.uint8)
    luma[:45] = 16
    luma[-18:] = 240
    seen = camera_picture(1, view_of(123, luma))
    assert (seen.index, seen.sensor_ns, seen.width, seen.height) == (1, 123, 160, 90)
    assert len(seen.grey) == 160 * 90
    assert (seen.grey[0], seen.grey[45 * 160], seen.grey[-1]) == (0, 128, 255)
    assert seen.dark == pytest.approx(0.25)
    assert seen.bright == pytest.approx(0.1)
    assert len(seen.histogram) == 16
    assert sum(seen.histogram) == pytest.approx(1)
    assert [round(share, 3) for share in (seen.histogram[0], seen.histogram[8], seen.histogram[15])] == [
        0.25,
        0.65,
        0.1,
    ]
    assert seen.focus is not None


def test_video_range_becomes_the_full_one() -> None:
    assert full_range(np.array([0, 16, 235, 255], np.uint8)).tolist() == [0, 0, 255, 255]
