"""Whether a rig still fits: measured against a scene whose every place is known, and never guessed."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.truth import Filming, Truth, View
from ezrec_tui.model import MergeMethod
from ezrec_tui.video.calibrate import Known, calibrate
from ezrec_tui.video.fit import MOMENTS, MOVED_PX, rest, shift
from ezrec_tui.video.render import RenderJob, RenderResult, render
from ezrec_tui.video.rig_file import Rig, save_rig
from ezrec_tui.video.stills import Scenes

Bgr = NDArray[np.uint8]
TRUTH = Truth(640, 360)
DEGREE_PX = float(np.radians(1) * TRUTH.focal)


def turned(**changes: float) -> Truth:
    """The right camera, moved by so many degrees."""
    right = TRUTH.right
    return replace(TRUTH, right=replace(right, **{name: getattr(right, name) + by for name, by in changes.items()}))


@cache
def scenes(truth: Truth = TRUTH, start: float = 20.0) -> Scenes:
    """Players run through all of it."""
    filming = Filming(truth)
    shots = [filming.shots(start + 0.7 * number) for number in range(MOMENTS)]
    return Scenes(tuple(left for left, _ in shots), tuple(right for _, right in shots))


@cache
def rig(truth: Truth = TRUTH) -> Rig:
    return calibrate(scenes(truth, start=0.0), datetime(2026, 11, 23, 12, tzinfo=UTC), Known(serials=("a", "b")))


def shift_of(truth: Truth) -> float:
    found = shift(rig(), scenes(truth))
    assert found is not None
    return found


def test_cameras_that_stand_as_they_stood_are_off_by_nothing_whatever_runs_before_them() -> None:
    assert shift_of(TRUTH) < 0.3


@pytest.mark.parametrize("degrees", [0.2, 0.5, 2.0, 10.0, -10.0])
def test_a_camera_that_was_turned_is_off_by_as_many_pixels(degrees: float) -> None:
    assert abs(shift_of(turned(yaw=degrees)) - abs(degrees) * DEGREE_PX) < 0.3


def test_a_camera_that_sank_or_tilted_is_noticed() -> None:
    assert shift_of(turned(pitch=0.5)) > MOVED_PX
    assert shift_of(turned(roll=1.0)) > MOVED_PX


def test_a_low_sun_and_noise_move_nothing() -> None:
    dusk = replace(TRUTH, left=replace(TRUTH.left, exposure=0.1), right=replace(TRUTH.right, exposure=0.08), noise=4)
    assert shift_of(dusk) < 0.5


def test_cameras_apart_on_the_pole_are_measured_as_well() -> None:
    apart = replace(TRUTH, apart=0.06)
    made = rig(apart)
    well, moved = shift(made, scenes(apart)), shift(made, scenes(replace(apart, right=turned(yaw=1).right)))
    assert well is not None
    assert well < 0.7
    assert moved is not None
    assert abs(moved - DEGREE_PX) < 1


def test_what_the_geometry_left_when_they_were_calibrated_is_no_movement() -> None:
    left_over = turned(yaw=0.5)
    made = rig().model_copy(update={"rest": rest(rig(), *scenes(left_over).still())})
    well, moved = shift(made, scenes(left_over)), shift(made, scenes())
    assert well is not None
    assert well < 0.3
    assert moved is not None
    assert abs(moved - 0.5 * DEGREE_PX) < 0.3


def test_one_odd_look_of_three_says_nothing() -> None:
    well, moved = scenes(), scenes(turned(yaw=2.0))
    third = MOMENTS // 3
    mixed = Scenes(well.left[: 2 * third] + moved.left[-third:], well.right[: 2 * third] + moved.right[-third:])
    found = shift(rig(), mixed)
    assert found is not None
    assert found < 0.3
    mixed = Scenes(well.left[:third] + moved.left[third:], well.right[:third] + moved.right[third:])
    found = shift(rig(), mixed)
    assert found is not None
    assert found > MOVED_PX


def test_a_near_player_whom_both_cameras_see_elsewhere_moves_nothing() -> None:
    player = np.random.default_rng(3).integers(0, 255, (60, 24, 3), np.uint8)
    player = np.asarray(cv2.resize(player, (48, 120), interpolation=cv2.INTER_NEAREST), np.uint8)

    def with_player(picture: Bgr, column: int) -> Bgr:
        picture = picture.copy()
        picture[200:320, column : column + 48] = player
        return picture

    well = scenes()
    near = Scenes(
        tuple(with_player(picture, 540) for picture in well.left),
        tuple(with_player(picture, 60) for picture in well.right),
    )
    found = shift(rig(), near)
    assert found is not None
    assert found < 0.5


def wall(level: int) -> Scenes:
    noise = np.random.default_rng(1)

    def shots() -> tuple[Bgr, ...]:
        return tuple(np.clip(noise.normal(level, 2, (360, 640, 3)), 0, 255).astype(np.uint8) for _ in range(MOMENTS))

    return Scenes(shots(), shots())


def test_what_gives_nothing_to_hold_on_to_is_not_known() -> None:
    night = replace(TRUTH, left=replace(TRUTH.left, exposure=0.004), right=replace(TRUTH.right, exposure=0.004))
    elsewhere = replace(TRUTH, right=View(-21, 4, 0.6))
    assert shift(rig(), scenes(night)) is None
    assert shift(rig(), wall(120)) is None
    assert shift(rig(), Scenes(scenes(elsewhere).left, wall(120).right)) is None


# Left and right swapped by the attendant


def rendered(tmp_path: Path, sides: tuple[Path, Path], serials: tuple[str, str], name: str) -> RenderResult:
    save_rig(rig(), tmp_path / "rig.json")
    return render(
        RenderJob(
            left=sides[:1],
            right=sides[1:],
            output=tmp_path / f"{name}.mp4",
            fps=10,
            cache=tmp_path / "cache",
            method=MergeMethod.PANORAMA,
            overlap=80,
            rig=tmp_path / "rig.json",
            serials=serials,
        )
    )


def middle_frame(video: Path) -> Bgr:
    with av.open(str(video)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    return np.asarray(frames[len(frames) // 2], np.uint8)


def test_a_swapped_rig_follows_its_serials_and_the_picture_is_the_court_as_it_lies(tmp_path: Path) -> None:
    left, right = Filming(TRUTH).film(tmp_path, frames=20, fps=10)
    as_calibrated = rendered(tmp_path, (left, right), ("a", "b"), "one")
    swapped = rendered(tmp_path, (right, left), ("b", "a"), "other")
    assert (swapped.method, swapped.fallbacks) == (MergeMethod.PANORAMA, ())
    assert np.array_equal(middle_frame(as_calibrated.video), middle_frame(swapped.video))


def test_cameras_that_changed_places_and_were_swapped_back_on_the_screen_are_not_joined_by_the_old_rig(
    tmp_path: Path,
) -> None:
    left, right = Filming(TRUTH).film(tmp_path, frames=20, fps=10)
    changed = rendered(tmp_path, (left, right), ("b", "a"), "changed")
    assert changed.method is MergeMethod.FEATHER
    assert "left and right were swapped; by it the pictures lie " in changed.fallbacks[0]
