"""The compiled kernel mixes, lays on and tones as OpenCV does, and touches nothing else. Its warp: test_warp.py."""

import numpy as np
import pytest

from ezrec_tui.model import MergeMethod
from ezrec_tui.video import planes
from ezrec_tui.video.balance import Tone
from ezrec_tui.video.brand import Overlay
from ezrec_tui.video.compose import Blend, Composer
from ezrec_tui.video.kernel import Fixed, Kernel
from ezrec_tui.video.planes import Plane, Planes, blank
from ezrec_tui.video.probe import Colour

RANDOM = np.random.default_rng(11)
WIDTH, HEIGHT = 1102, 34
"""No number of pixels that a vector holds."""


def noise(low: int = 0, high: int = 255) -> Planes:
    y, u, v = (RANDOM.integers(low, high, plane.shape, np.uint8, endpoint=True) for plane in blank(WIDTH, HEIGHT))
    return y, u, v


def inside(number: int) -> tuple[Planes, Planes]:
    """A picture full of one number, and a rectangle in it of the size of `noise`."""
    whole = blank(WIDTH + 80, HEIGHT + 20)
    for plane in whole:
        plane[:] = number
    return whole, planes.part(whole, 30, 10, WIDTH, HEIGHT)


def rest(whole: Planes, rectangle: Planes) -> list[Plane]:
    """What is there when the rectangle is cleared."""
    for plane in rectangle:
        plane[:] = 7
    return list(whole)


def test_blending_is_rounded_from_the_exact_and_the_same_without_a_kernel(compiled: Kernel) -> None:
    here, there, shares = noise(), noise(), noise()
    whole, out = inside(7)
    plain = blank(WIDTH, HEIGHT)
    Blend(Fixed(shares), compiled).mix(here, there, out)
    Blend(Fixed(shares), None).mix(here, there, plain)
    for one, other, share, mixed, slow in zip(here, there, shares, out, plain, strict=True):
        exact = (one * (share / 255) + other * (1 - share / 255)).round()
        assert (mixed == exact).all()
        assert (mixed == slow).all()
    assert all((plane == 7).all() for plane in rest(whole, out)), "nothing around the rectangle is touched"


def test_a_picture_can_be_blended_where_it_is(compiled: Kernel) -> None:
    here, there, shares = noise(), noise(), noise()
    elsewhere = blank(WIDTH, HEIGHT)
    blend = Blend(Fixed(shares), compiled)
    blend.mix(here, there, elsewhere)
    blend.mix(here, there, here)
    assert all((one == other).all() for one, other in zip(here, elsewhere, strict=True))


def test_a_logo_is_laid_on_the_same_with_the_kernel_and_without(compiled: Kernel) -> None:
    colours, through, picture = noise(), noise(), noise()
    results: list[Planes] = []
    for kernel in (compiled, None):
        whole, out = inside(7)
        planes.copy(picture, out)
        Overlay(30, 10, Fixed(colours), Fixed(through), kernel).apply(whole)
        results.append(blank(WIDTH, HEIGHT))
        planes.copy(out, results[-1])
        assert all((plane == 7).all() for plane in rest(whole, out))
    assert max(plane.max() for plane in results[0]) == 255, "what is too bright is white"
    assert all((one == other).all() for one, other in zip(*results, strict=True))


def test_pictures_are_joined_the_same_with_the_kernel_and_without(compiled: Kernel) -> None:
    pictures, results = (noise(), noise()), list[Planes]()
    for kernel in (compiled, None):
        composer = Composer(MergeMethod.FEATHER, WIDTH, HEIGHT, 118, kernel=kernel)
        results.append(blank(composer.width, composer.height))
        composer.compose(*pictures, results[-1])
    assert all((one == other).all() for one, other in zip(*results, strict=True))


@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize(
    "gains",
    [(1.0, 1.0, 1.04), (1.15, 1.11, 1.06), (1.6, 1.5, 1.8), (3.0, 3.0, 3.0), (0.97, 0.95, 0.99), (0.5, 0.7, 0.6)],
)
def test_a_camera_is_toned_the_same_to_a_level_with_the_kernel_and_without(
    compiled: Kernel, gains: tuple[float, float, float], full_range: bool
) -> None:
    picture, (whole, fast) = noise(), inside(7)
    planes.copy(picture, fast)
    slow = blank(WIDTH, HEIGHT)
    planes.copy(picture, slow)
    colour = Colour(full_range=full_range)
    Tone(np.array(gains), colour, compiled).apply(fast)
    Tone(np.array(gains), colour).apply(slow)
    luma, *chromas = (np.abs(one.astype(int) - other) for one, other in zip(fast, slow, strict=True))
    assert luma.max() <= 1
    assert luma.mean() < 0.1
    for apart in chromas:
        assert apart.max() <= 1.3 * max(gains) + 1, "OpenCV rounds between the steps, before the gain"
        assert apart.mean() < 0.5
    assert all((plane == 7).all() for plane in rest(whole, fast))


@pytest.mark.parametrize("gain", [0.01, 300.0])
def test_a_rig_with_gains_beyond_all_sense_still_gives_a_picture(compiled: Kernel, gain: float) -> None:
    picture = noise()
    Tone(np.full(3, gain), Colour(), compiled).apply(picture)
    assert picture[0].max() == 255 if gain > 1 else picture[0].min() == 0


def test_pictures_of_different_sizes_are_refused(compiled: Kernel) -> None:
    with pytest.raises(ValueError, match="different sizes"):
        compiled.blend(noise(), noise(), Fixed(noise()), blank(WIDTH, HEIGHT + 2))
    with pytest.raises(ValueError, match="118 columns shared"):
        compiled.join(noise(), noise(), Fixed(blank(118, HEIGHT)), blank(2 * WIDTH, HEIGHT))
    with pytest.raises(ValueError, match="different sizes"):
        compiled.lay(Fixed(noise()), Fixed(blank(WIDTH + 2, HEIGHT)), noise())
