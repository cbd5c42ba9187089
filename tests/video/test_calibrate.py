"""Calibration: against a scene whose every place is known, on photographs, and on pictures that give no rig."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from benchmarks.truth import Filming, Truth, View, misalignment
from ezrec_tui.video.calibrate import Known, calibrate
from ezrec_tui.video.layout import largest_rectangle
from ezrec_tui.video.probe import VideoError
from ezrec_tui.video.refusals import CalibrationRefused
from ezrec_tui.video.rig import camera_map
from ezrec_tui.video.rig_file import Projection, Rig
from ezrec_tui.video.seam import NoSeam, find_seam, seam_cost
from ezrec_tui.video.stills import Scenes, gather
from ezrec_tui.video.tone import match_tones, tone_table
from tests.video.clips import number_at, ticks, write

Bgr = NDArray[np.uint8]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PICTURES = Path(__file__).parent / "pictures"
TRUTH = Truth(640, 360)
MOMENTS = (0.0, 1.7, 3.4)


@cache
def scenes(truth: Truth = TRUTH, moments: tuple[float, ...] = MOMENTS) -> Scenes:
    """What both cameras see at some moments (seconds)."""
    filming = Filming(truth)
    shots = [filming.shots(at) for at in moments]
    return Scenes(tuple(left for left, _ in shots), tuple(right for _, right in shots))


@cache
def rig(truth: Truth = TRUTH) -> Rig:
    return calibrate(scenes(truth), NOW)


def each(pictures: tuple[Bgr, ...], change: Callable[[Bgr], Bgr]) -> tuple[Bgr, ...]:
    return tuple(np.ascontiguousarray(change(picture)) for picture in pictures)


def photographs(left: str, right: str) -> Scenes:
    return gather((PICTURES / left,), (PICTURES / right,), common_clock=False, count=1)


@cache
def rig_of_photographs(left: str, right: str) -> Rig:
    return calibrate(photographs(left, right), NOW)


SET_UPS = {
    "as they come": TRUTH,
    "lenses that bend much": replace(
        TRUTH, field=80.0, k1=-0.1, k2=0.02, left=View(-31, 8), right=View(31, 8), reach=(180.0, 110.0)
    ),
    "tilted far down": replace(TRUTH, left=View(-21, 20, 0.5), right=View(20, 20.5, -0.5), reach=(120.0, 110.0)),
    "an eighth of overlap": replace(TRUTH, left=View(-24, 2), right=View(25, 2), reach=(130.0, 56.0)),
    "one camera much darker": replace(TRUTH, right=replace(TRUTH.right, exposure=0.25)),
    "much noise": replace(TRUTH, noise=12.0),
    "ten centimetres apart": replace(TRUTH, apart=0.1),
}


@pytest.mark.parametrize("truth", SET_UPS.values(), ids=SET_UPS.keys())
def test_both_cameras_show_each_place_within_half_a_pixel_of_the_other(truth: Truth) -> None:
    found = rig(truth)
    apart = misalignment(truth, found)
    assert apart.mean() <= 0.5, f"{apart.mean():.3f} px in the mean, {apart.max():.3f} at the most"
    assert found.inliers >= 30
    assert found.rmse_px <= 1.5
    assert found.canvas.method is Projection.CYLINDRICAL


def test_a_known_lens_is_taken_as_it_is() -> None:
    found = calibrate(scenes(), NOW, Known(serials=("a", "b"), distortion=(-0.06, 0.0)))
    assert (found.left.k1, found.right.k1, found.left.k2) == (-0.06, -0.06, 0.0)
    assert (found.left.serial, found.right.serial) == ("a", "b")
    assert misalignment(TRUTH, found).mean() <= 0.5


def test_upright_stays_upright_however_the_cameras_are_mounted() -> None:
    for name in ("as they come", "tilted far down"):
        truth = SET_UPS[name]
        for camera, view in zip((rig(truth).left, rig(truth).right), truth.views, strict=True):
            down, real = np.array(camera.matrix)[:, 1], view.rotation[:, 1]
            assert np.degrees(np.arccos(down @ real)) < 1.0, name


@pytest.mark.parametrize("truth", SET_UPS.values(), ids=SET_UPS.keys())
def test_each_pixel_of_the_canvas_is_seen_by_the_camera_on_its_side_of_the_seam(truth: Truth) -> None:
    check_sides(rig(truth))


def check_sides(found: Rig) -> None:
    left, right = (camera_map(found, camera)[0] >= 0 for camera in (found.left, found.right))
    columns, seam = np.arange(found.canvas.width), np.array(found.seam)[:, None]
    assert left[columns < seam].all()
    assert right[columns >= seam].all()
    assert abs((left & right).sum() / found.canvas.height - found.overlap_px) <= 1


def test_exposure_and_white_balance_are_evened_out() -> None:
    found = rig()
    ratios = np.array(found.left.gains) / found.right.gains
    blue, green, red = (TRUTH.right.exposure * np.array(TRUTH.right.balance)) ** (1 / 2.2)
    assert ratios == pytest.approx([red, green, blue], rel=0.02)


def test_where_too_little_is_neither_dark_nor_clipped_colours_stay_as_they_are() -> None:
    dark, light = np.full((500, 3), 5, np.uint8), np.full((500, 3), 255, np.uint8)
    assert match_tones(dark, light) == ((1, 1, 1), (1, 1, 1))


def test_white_stays_white_and_nothing_turns_over_whatever_the_gain() -> None:
    for gain in (0.4, 0.9, 1.0, 1.7):
        table = tone_table(gain).astype(int)
        assert (table[0], table[255]) == (0, 255)
        assert (np.diff(table) >= 0).all()
        assert table[100] == round(100 * gain)


def test_cameras_that_see_one_plane_leave_the_left_picture_as_it_is() -> None:
    filming = Filming(TRUTH)
    wides = [filming.scene(at)[100:468] for at in MOMENTS]
    left = tuple(wide[:360, :640] for wide in wides)
    right = tuple(wide[8:368, 560:1200] for wide in wides)
    found = calibrate(Scenes(left, right), NOW)
    assert found.canvas.method is Projection.PLANAR
    check_sides(found)
    maps = [np.stack(camera_map(found, camera), axis=-1) for camera in (found.left, found.right)]
    both = np.all([table[..., 0] >= 0 for table in maps], axis=0)
    assert maps[0][20, 20] == pytest.approx(np.rint(maps[0][20, 20]), abs=1e-4), "pixel on pixel"
    apart = maps[0][both] - maps[1][both] - (560, 8)
    assert np.hypot(*apart.T).mean() <= 0.5


@pytest.mark.parametrize("pair", [("weir_1.jpg", "weir_2.jpg"), ("roof_2.jpg", "roof_1.jpg")], ids=["weir", "roof"])
def test_photographs_taken_by_hand_give_a_rig(pair: tuple[str, str]) -> None:
    found = rig_of_photographs(*pair)
    assert found.inliers >= 30
    assert found.rmse_px <= 1.5
    check_sides(found)


def test_the_longer_exposed_photograph_is_darkened_and_the_other_one_brightened() -> None:
    found = rig_of_photographs("roof_2.jpg", "roof_1.jpg")
    assert max(found.left.gains) < 0.95
    assert min(found.right.gains) > 1.05


def upside_down(picture: Bgr) -> Bgr:
    return picture[::-1, ::-1]


def wall(picture: Bgr) -> Bgr:
    return np.clip(120 + np.random.default_rng(3).normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def apart(left: View, right: View, reach: tuple[float, float]) -> Callable[[], Scenes]:
    return lambda: scenes(replace(TRUTH, left=left, right=right, reach=reach))


NO_RIG: dict[str, tuple[Callable[[], Scenes], str]] = {
    "left and right swapped": (
        lambda: Scenes(scenes().right, scenes().left),
        r"left and right are swapped \(the right picture lies to the left, by \d+ % of the width\)",
    ),
    "the same picture twice": (
        lambda: Scenes(scenes().left, scenes().left),
        r"both pictures show nearly the same \(moved by 0 %",
    ),
    "one of a blank wall": (
        lambda: Scenes(scenes().left, each(scenes().right, wall)),
        r"the right picture has too little texture \(\d+ points",
    ),
    "one upside down": (
        lambda: Scenes(scenes().left, each(scenes().right, upside_down)),
        r"one camera is upside down \(turned by 17\d degrees",
    ),
    "one mirrored": (
        lambda: Scenes(each(scenes().left, lambda picture: picture[:, ::-1]), scenes().right),
        "one picture is mirrored",
    ),
    "one smaller": (
        lambda: Scenes(scenes().left, each(scenes().right, lambda picture: picture[::2, ::2])),
        r"different sizes \(left 640x360, right 320x180\)",
    ),
    "one above the other": (
        apart(View(0, -8), View(0, 10), (110.0, 80.0)),
        r"the right picture lies below the left one, not beside it \(by \d+ %",
    ),
    "one tilted sideways": (
        apart(View(-20, 2), View(20, 2, 40.0), (130.0, 90.0)),
        r"one camera is tilted sideways by \d+ degrees",
    ),
    "of different scenes": (
        lambda: Scenes(scenes().left[:1], each(photographs("weir_1.jpg", "weir_2.jpg").left, resized)),
        r"too little in common \(\d+ of \d+ matches agree, at least \d+ are needed\)",
    ),
    "of two ends of one fence": (
        apart(View(-60, 2), View(60, 2), (200.0, 56.0)),
        r"do not look alike \(correlation 0\.\d+, at least 0.75 is needed\)",
    ),
    "of two ends of one fence, the other way round": (
        apart(View(60, 2), View(-60, 2), (200.0, 56.0)),
        r"do not look alike \(correlation 0\.\d+, at least 0.75 is needed\)",
    ),
    "photographs the wrong way round": (
        lambda: photographs("roof_1.jpg", "roof_2.jpg"),
        r"left and right are swapped",
    ),
}


def resized(picture: Bgr) -> Bgr:
    return np.asarray(cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize("name", NO_RIG.keys())
def test_pictures_that_give_no_rig_are_refused_with_numbers_and_what_to_do(name: str) -> None:
    make, says = NO_RIG[name]
    with pytest.raises(CalibrationRefused, match=says) as refused:
        calibrate(make(), NOW)
    assert "; " in str(refused.value), "what to do"
    assert "\n" not in str(refused.value)


def test_nobody_who_walks_about_is_left_when_many_moments_are_seen_together() -> None:
    quiet = replace(TRUTH, noise=0.0)
    filming = Filming(quiet)
    moments = [filming.shots(at) for at in np.arange(9) * 1.7]
    still, _ = Scenes(tuple(left for left, _ in moments), tuple(right for _, right in moments)).still()
    one, other = (np.abs(shot.astype(int) - still).max(axis=2) > 40 for shot in (moments[0][0], moments[4][0]))
    assert one.sum() > 500, "somebody is in each of the pictures"
    assert other.sum() > 500
    assert not (one & other).sum() > 50, "and not in what they have in common"


def test_the_seam_goes_round_who_stands_in_the_overlap_and_stays_within() -> None:
    both = np.zeros((60, 100), bool)
    both[:, 20:80] = True
    left = [np.full((60, 100, 3), 100, np.uint8) for _ in range(5)]
    right = [picture.copy() for picture in left]
    for number in range(5):
        for pictures in (left, right):
            pictures[number][20:40, 40 + 4 * number : 48 + 4 * number] = 220  # a player, equal in both
    path = find_seam(seam_cost(left, right, both), both)
    assert ((path >= 20) & (path < 80)).all()
    assert not ((path[20:40] >= 40) & (path[20:40] < 64)).any()
    assert abs(path[0] - 50) < 10, "elsewhere in the middle"
    assert np.abs(np.diff(path)).max() <= 2


def test_an_overlap_that_ends_halfway_has_no_seam() -> None:
    both = np.zeros((60, 100), bool)
    both[:30, 20:80] = True
    with pytest.raises(NoSeam):
        find_seam(np.zeros((60, 100), np.float32), both)


@given(arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_no_rectangle_without_a_hole_is_larger_than_the_one_found(mask: NDArray[np.bool_]) -> None:
    x, y, width, height = largest_rectangle(mask)
    assert mask[y : y + height, x : x + width].all()
    rows, columns = mask.shape
    areas = [
        (foot - top) * (right - left)
        for top in range(rows)
        for foot in range(top + 1, rows + 1)
        for left in range(columns)
        for right in range(left + 1, columns + 1)
        if mask[top:foot, left:right].all()
    ]
    assert width * height == max(areas, default=0)


def test_pictures_of_two_videos_are_of_the_same_moments_whatever_their_rates(tmp_path: Path) -> None:
    left = write(tmp_path / "left.mp4", ticks(90, 30), rate=30)
    right = write(tmp_path / "right.mp4", ticks(50, 25), rate=25)
    found = gather((left,), (right,), common_clock=False, count=5)
    assert len(found.left) == len(found.right) == 5
    seconds = [
        (number_at(np.asarray(one[..., 1]), 8) / 30, number_at(np.asarray(other[..., 1]), 8) / 25)
        for one, other in zip(found.left, found.right, strict=True)
    ]
    assert all(abs(one - other) < 1 / 15 for one, other in seconds)
    assert [one for one, _ in seconds] == sorted(one for one, _ in seconds)
    assert seconds[-1][0] - seconds[0][0] > 1.4, "spread over the time that both have"


def test_pictures_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    left = write(tmp_path / "left.ts", ticks(30, 30))
    right = write(tmp_path / "right.ts", ticks(30, 30, 60 * 10**9))
    with pytest.raises(VideoError, match="no moment in common"):
        gather((left,), (right,), common_clock=True, count=3)
    with pytest.raises(VideoError, match="one is a still, the other a video"):
        gather((left,), (PICTURES / "weir_1.jpg",), common_clock=False, count=3)


def test_segments_are_laid_onto_each_other_by_their_clock(tmp_path: Path) -> None:
    lefts = tuple(write(tmp_path / f"left{part}.ts", ticks(30, 30, part * 10**9), first=part * 30) for part in range(3))
    right = write(tmp_path / "right.ts", ticks(60, 30, 10**9), first=30)
    found = gather(lefts, (right,), common_clock=True, count=4)
    assert len(found.left) == 4
    for one, other in zip(found.left, found.right, strict=True):
        assert number_at(np.asarray(one[..., 1]), 8) == number_at(np.asarray(other[..., 1]), 8) >= 30
