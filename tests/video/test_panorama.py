"""The panorama: against a scene whose every place is known, and what is used when it cannot be had."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.truth import Filming, Truth
from ezrec_tui.model import MergeMethod
from ezrec_tui.video.calibrate import calibrate
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.kernel import Kernel
from ezrec_tui.video.panorama import Panorama
from ezrec_tui.video.planes import Canvas, Planes, blank, planes_of
from ezrec_tui.video.probe import Colour
from ezrec_tui.video.render import RenderJob, RenderResult, render
from ezrec_tui.video.rig import camera_map, number_rows
from ezrec_tui.video.rig_file import Canvas as RigCanvas
from ezrec_tui.video.rig_file import Projection, Rig, RigCamera, save_rig
from ezrec_tui.video.stills import Scenes
from tests.video import clips

Bgr = NDArray[np.uint8]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRUTH = Truth(640, 360)
BT601 = Colour(matrix=6)
"""How `cv2.cvtColor` means YUV, the reach apart."""
ONES = (1.0, 1.0, 1.0)
FLAT = 320, 180


@cache
def shots(truth: Truth = TRUTH, moments: tuple[float, ...] = (0.0, 1.7, 3.4)) -> list[tuple[Bgr, Bgr]]:
    filming = Filming(truth)
    return [filming.shots(at) for at in moments]


@cache
def rig(truth: Truth = TRUTH) -> Rig:
    pairs = shots(truth)
    return calibrate(Scenes(tuple(left for left, _ in pairs), tuple(right for _, right in pairs)), NOW)


@cache
def scene(truth: Truth = TRUTH, seconds: float = 1.7) -> Bgr:
    return Filming(truth).scene(seconds)


def yuv(picture: Bgr) -> Planes:
    height, width = picture.shape[:2]
    flat = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
    u, v = flat[height:].reshape(2, height // 2, width // 2)
    return flat[:height], u, v


def bgr(picture: Planes) -> Bgr:
    flat = np.concatenate([plane.reshape(-1) for plane in picture]).reshape(-1, picture[0].shape[1])
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_YUV2BGR_I420), np.uint8)


def joined(composer: Composer | Panorama, left: Planes | None, right: Planes | None) -> Planes:
    canvas = Canvas(composer.width, composer.height)
    for plane in canvas.planes:
        plane[:] = 77
    composer.compose(left, right, canvas.planes)
    return canvas.planes


def flat(y: int, u: int = 128, v: int = 128, size: tuple[int, int] = FLAT) -> Planes:
    picture = blank(*size)
    for plane, level in zip(picture, (y, u, v), strict=True):
        plane[:] = level
    return picture


def planar(shift: int = 240, seam: int = 280, camera: tuple[int, int] = FLAT, **right: object) -> Rig:
    """A rig on a plane: the left camera lies as it is, the right one begins at column `shift`."""
    width, height = camera
    tall = height // 2 * 2
    middle = (width - 1) / 2, (height - 1) / 2
    shifted = np.array([[1, 0, -shift / width], [0, 1, 0], [0, 0, 1]], float)
    one = RigCamera(width=width, height=height, focal_px=width, matrix=number_rows(np.eye(3)), gains=ONES)
    wide = (shift + width) // 2 * 2
    return Rig(
        canvas=RigCanvas(
            method=Projection.PLANAR, width=wide, height=tall, origin_x=middle[0], origin_y=middle[1], scale=width
        ),
        left=one,
        right=one.model_copy(update={"matrix": number_rows(shifted), **right}),
        seam=(seam,) * tall,
        matches=100,
        inliers=90,
        rmse_px=0.1,
        overlap_px=width - shift,
        made=NOW,
    )


# What it shows


def psnr(one: Bgr, other: Bgr, where: NDArray[np.bool_]) -> float:
    apart = one[where].astype(np.float64) - other[where]
    return float(10 * np.log10(255**2 / np.mean(apart**2)))


def true_picture(truth: Truth, found: Rig) -> tuple[Bgr, NDArray[np.bool_]]:
    """What the scene looks like on the rig's canvas, as the left camera is turned, and where both cameras see it."""
    maps = [np.stack(camera_map(found, camera), axis=-1).astype(np.float64) for camera in (found.left, found.right)]
    left, right = (one[..., 0] >= 0 for one in maps)
    places = np.where(left[..., None], truth.place(0, maps[0]), truth.place(1, maps[1])).astype(np.float32)
    picture = cv2.remap(scene(truth), places[..., 0], places[..., 1], cv2.INTER_AREA)
    return np.asarray(picture, np.uint8), left & right


@pytest.fixture(params=["compiled", "OpenCV"])
def kernel(request: pytest.FixtureRequest, compiled: Kernel) -> Kernel | None:
    """Both ways to warp."""
    return compiled if request.param == "compiled" else None


def test_panorama_shows_the_overlap_six_decibels_truer_than_feather_and_side_by_side(kernel: Kernel | None) -> None:
    found = rig()
    truth, both = true_picture(TRUTH, found)
    left, right = (yuv(shot) for shot in shots()[1])
    ours = psnr(bgr(joined(Panorama(found, BT601, kernel), left, right)), truth, both)
    for method in (MergeMethod.FEATHER, MergeMethod.SIDE_BY_SIDE):
        theirs = bgr(joined(Composer(method, TRUTH.width, TRUTH.height, 208), left, right))
        stretched = np.asarray(cv2.resize(theirs, truth.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
        assert ours >= psnr(stretched, truth, both) + 6, method
    assert ours >= 25


@pytest.mark.parametrize("alike", [True, False], ids=["cameras alike", "one darker and bluer"])
def test_no_step_shows_across_the_seam_that_the_scene_does_not_have(alike: bool) -> None:
    found = rig()
    same = replace(TRUTH, right=replace(TRUTH.right, exposure=TRUTH.left.exposure, balance=TRUTH.left.balance))
    picture = bgr(joined(Panorama(found, BT601), *(yuv(shot) for shot in shots(same if alike else TRUTH)[1])))
    truth, _ = true_picture(TRUTH, found)
    error = picture.astype(np.float64) - truth
    rows, seam, reach = np.arange(found.canvas.height), np.array(found.seam), 20
    left = np.mean([error[rows, seam - 1 - away] for away in range(reach)], axis=0)
    right = np.mean([error[rows, seam + away] for away in range(reach)], axis=0)
    step = right - left
    assert np.abs(step.mean(axis=0)).max() <= 1.5, "levels, over the whole seam"
    stretches = np.array([stretch.mean(axis=0) for stretch in np.array_split(step, 8)])
    assert np.abs(stretches).max() <= 4, "levels, over an eighth of it"


def test_a_picture_that_only_has_to_be_moved_is_moved_to_the_pixel() -> None:
    noise = np.random.default_rng(3)
    left, right = flat(0), flat(0)
    for plane in (*left, *right):
        plane[:] = noise.integers(16, 235, plane.shape)
    for here, there in zip(left, right, strict=True):
        there[:, : there.shape[1] // 4] = here[:, -here.shape[1] // 4 :]
    y, u, v = joined(Panorama(planar(), Colour()), left, right)
    assert y.shape == (180, 560)
    soft = 16
    for number, out in enumerate((y, u, v)):
        seam, shift = (280, 240) if number == 0 else (140, 120)
        assert (out[:, : seam - soft] == left[number][:, : seam - soft]).all()
        assert (out[:, seam + soft :] == right[number][:, seam + soft - shift :]).all()


def test_one_picture_fades_into_the_other_across_the_seam_and_nowhere_else() -> None:
    y, u, _ = joined(Panorama(planar(), Colour()), flat(20, 90), flat(80, 150))  # too dark for the tones to be told
    assert (y[:, :274] == 20).all()
    assert (y[:, 286:] == 80).all()
    assert (np.diff(y[:, 270:290].astype(int), axis=1) >= 0).all()
    assert (np.abs(y[:, 279:281].mean(axis=1) - 50) <= 1).all()
    assert (u[:, :136] == 90).all()
    assert (u[:, 144:] == 150).all()


def test_where_one_camera_alone_sees_the_fade_makes_way() -> None:
    narrow = planar(seam=242)
    composer = Panorama(narrow, Colour())
    y, _, _ = joined(composer, flat(100), flat(100))
    assert (y == 100).all()


@pytest.mark.parametrize("size", [(321, 181), (322, 182), (319, 179)])
def test_pictures_of_odd_sizes_fill_the_canvas(size: tuple[int, int], kernel: Kernel | None) -> None:
    even = size[0] // 2 * 2, size[1] // 2 * 2
    out = joined(Panorama(planar(camera=size), Colour(), kernel), flat(100, 90, 160, even), flat(100, 90, 160, even))
    for plane, level in zip(out, (100, 90, 160), strict=True):
        assert (plane == level).all()


def test_every_pixel_of_the_canvas_comes_from_a_camera(kernel: Kernel | None) -> None:
    for one in (rig(), planar(), planar(k1=-0.02)):
        same = {
            side: camera.model_copy(update={"gains": ONES})
            for side, camera in (("left", one.left), ("right", one.right))
        }
        found = one.model_copy(update=same)
        size = found.left.width, found.left.height
        out = joined(Panorama(found, Colour(), kernel), flat(100, 90, 160, size), flat(100, 90, 160, size))
        for plane, level in zip(out, (100, 90, 160), strict=True):
            assert np.abs(plane.astype(int) - level).max() <= 2


def test_a_camera_without_a_picture_leaves_its_part_dark_and_the_other_whole() -> None:
    for number, columns in ((0, slice(0, 320)), (1, slice(240, 560))):
        pictures: list[Planes | None] = [None, None]
        pictures[number] = flat(100, 90, 160)
        y, u, v = joined(Panorama(planar(), Colour()), *pictures)
        seen = np.zeros(560, bool)
        seen[columns] = True
        assert (y[:, seen] == 100).all()
        assert (y[:, ~seen] == 16).all()
        assert (u == np.where(seen[::2], 90, 128)).all()
        assert (v == np.where(seen[::2], 160, 128)).all()
    y, u, _ = joined(Panorama(planar(), Colour(full_range=True)), None, None)
    assert (y == 0).all()
    assert (u == 128).all()


# Both cameras equally bright


def textured(factor: float, seed: int = 1) -> Planes:
    """A grey court of many brightnesses, as bright as `factor` says, with black at 16."""
    picture = flat(0)
    grey = np.random.default_rng(seed).uniform(60, 140, (6, 8)).astype(np.float32)
    smooth = np.asarray(cv2.resize(grey, FLAT, interpolation=cv2.INTER_LINEAR))
    picture[0][:] = np.rint(16 + smooth * factor)
    return picture


def overlapping(factor: float) -> tuple[Planes, Planes]:
    """Two pictures of one court, the right one `factor` times as bright."""
    wide = textured(1.0)[0]
    left, right = flat(0), flat(0)
    left[0][:] = wide
    moved = np.roll(wide, -240, axis=1).astype(np.float64)
    right[0][:] = np.rint(16 + (moved - 16) * factor)
    return left, right


def test_equal_cameras_are_left_as_they_are() -> None:
    composer = Panorama(planar(), Colour())
    joined(composer, *overlapping(1.0))
    assert composer.balance.tones == (None, None)


def test_the_darker_camera_is_made_as_bright_as_the_other_from_the_first_frame_on() -> None:
    left, right = overlapping(0.8)
    composer = Panorama(planar(gains=(1.2, 1.2, 1.2)), Colour())
    y, u, v = joined(composer, left, right)
    assert np.abs(y[:, :320].astype(int) - left[0]).max() <= 3
    assert np.abs(u.astype(int) - 128).max() <= 1
    assert np.abs(v.astype(int) - 128).max() <= 1


def test_the_rigs_gains_are_used_while_too_little_light_tells_better() -> None:
    composer = Panorama(planar(gains=(1.25, 1.25, 1.25)), Colour())
    y, _, _ = joined(composer, flat(20), flat(20))
    assert y[90, 100] == 20
    assert y[90, 500] == 21
    y, _, _ = joined(composer, flat(20), flat(235))
    assert y[90, 500] == 235


def test_what_is_light_and_coloured_turns_white_and_not_glaring_when_its_camera_is_brightened() -> None:
    def brightened(y: int) -> tuple[int, int]:
        out = joined(Panorama(planar(gains=(1.5, 1.5, 1.5)), Colour()), flat(20), flat(y, 108, 138))
        return int(out[1][45, 250]), int(out[2][45, 250])

    assert brightened(100) == (98, 143), "what does not clip has its colours brightened with it"
    assert brightened(210) == (128, 128)
    assert 105 < brightened(165)[0] < 120, "and there is no edge between the two"


def test_a_tint_is_taken_from_what_is_grey_and_white_stays_white() -> None:
    left, right = overlapping(1.0)
    tinted = (1.0, 1.0, 1.06)
    composer = Panorama(planar(gains=tinted), Colour())
    cool = right[0].astype(np.float64) - 16
    blue_less = cool * (1 / 1.06 - 1)
    right[0][:] = np.rint(right[0] + 0.0722 * blue_less)
    small = np.asarray(cv2.resize(blue_less * (1 - 0.0722), (160, 90), interpolation=cv2.INTER_AREA))
    right[1][:] = np.rint(128 + small * 224 / 219 / (2 * (1 - 0.0722)))
    assert right[1].min() <= 125
    _, u, v = joined(composer, left, right)
    assert np.abs(u[:, :156].astype(int) - 128).max() <= 1
    assert np.abs(v[:, :156].astype(int) - 128).max() <= 1
    _, u, _ = joined(composer, flat(235), flat(235))
    assert np.abs(u.astype(int) - 128).max() <= 1


def test_a_slow_drift_is_followed_by_steps_that_nobody_sees() -> None:
    composer = Panorama(planar(), Colour())
    canvas = Canvas(composer.width, composer.height).planes
    composer.compose(*overlapping(1.0), canvas)
    left, right = overlapping(0.9)
    before, steps = composer.balance.apart, list[float]()
    for _ in range(30 * 40):
        composer.compose(left, right, canvas)
        steps.append(float(np.abs(composer.balance.apart - before).max()))
        before = composer.balance.apart
    assert max(steps) <= 0.0101
    assert np.abs(np.exp(before) * 0.9 - 1).max() < 0.02


def test_somebody_in_white_before_one_camera_changes_nothing() -> None:
    composer = Panorama(planar(), Colour())
    canvas = Canvas(composer.width, composer.height).planes
    left, right = overlapping(1.0)
    composer.compose(left, right, canvas)
    before = composer.balance.apart
    right[0][:, 10:40] = 200
    for _ in range(60):
        composer.compose(left, right, canvas)
    assert np.abs(composer.balance.apart - before).max() < 0.02


# The whole way


def job(folder: Path, rig_file: Path | None, **more: object) -> RenderJob:
    times = clips.ticks(12)
    left = clips.write(folder / "left.mp4", times, FLAT, code_left=8)
    right = clips.write(folder / "right.mp4", times, FLAT, code_left=FLAT[0] - clips.INK - 8)
    settings: dict[str, object] = {"fps": 30, "cache": folder / "cache", "overlap": 80, "common_clock": False}
    settings |= {"method": MergeMethod.PANORAMA, "rig": rig_file, "bitrate": 4_000_000}
    return RenderJob(left=(left,), right=(right,), output=folder / "out.mp4", **(settings | more))  # pyright: ignore[reportArgumentType]


def written(folder: Path, found: Rig) -> Path:
    path = folder / "rig.json"
    save_rig(found, path)
    return path


def test_every_frame_is_there_once_in_order_in_both_halves(tmp_path: Path) -> None:
    result = render(job(tmp_path, written(tmp_path, planar())))
    assert (result.method, result.fallbacks) == (MergeMethod.PANORAMA, ())
    assert (result.width, result.height, result.frames) == (560, 180, 12)
    assert clips.numbers(result.video, 8) == list(range(12))
    assert clips.numbers(result.video, 560 - clips.INK - 8) == list(range(12))


def test_a_canvas_of_any_even_height_is_encoded_as_it_was_composed(tmp_path: Path) -> None:
    size = 322, 182
    times = clips.ticks(3)
    left, right = (clips.write(tmp_path / f"{side}.ts", times, size) for side in ("left", "right"))
    asked = job(tmp_path, written(tmp_path, planar(camera=size)))
    result = render(replace(asked, left=(left,), right=(right,)))
    assert (result.method, result.height) == (MergeMethod.PANORAMA, 182)
    with av.open(str(result.video)) as container:
        frame = next(container.decode(container.streams.video[0]))
    y, u, v = planes_of(frame)
    assert np.abs(y[20:, :270].astype(int) - clips.texture(*size)[20:, :270]).mean() < 3
    for plane in (u, v):
        assert np.abs(plane.astype(int) - 128).max() <= 2, "the cameras' pictures are grey"


def test_a_panorama_is_as_wide_as_asked_for(tmp_path: Path) -> None:
    result = render(job(tmp_path, written(tmp_path, planar()), output_width=280))
    assert (result.method, result.width, result.height) == (MergeMethod.PANORAMA, 280, 90)
    with av.open(str(result.video)) as container:
        assert container.streams.video[0].width == 280


def fell_back(result: RenderResult, why: str, to: MergeMethod = MergeMethod.FEATHER) -> None:
    assert result.method is to
    assert result.frames == 12
    assert len(result.fallbacks) == 1, result.fallbacks
    assert why in result.fallbacks[0]
    assert f"{to} is used" in result.fallbacks[0] or to is MergeMethod.SINGLE


def test_without_a_rig_feather_is_used_with_the_reason(tmp_path: Path) -> None:
    fell_back(render(job(tmp_path, None)), "the cameras are not calibrated")
    fell_back(render(job(tmp_path, tmp_path / "none.json")), "the cameras are not calibrated")


def test_with_a_broken_foreign_or_newer_rig_feather_is_used_with_the_reason(tmp_path: Path) -> None:
    path = written(tmp_path, planar())
    good = path.read_text()
    for text, why in (
        ("{", "no JSON in it"),
        ("[]", "it has no version"),
        (good.replace('"version": 1', '"version": 2'), "made by a newer EZREC"),
        (good.replace('"focal_px": 320.0', '"focal_px": -1.0'), "a damaged rig file"),
    ):
        assert text != good
        path.write_text(text)
        fell_back(render(job(tmp_path, path)), why)


def test_with_a_rig_of_other_cameras_feather_is_used_with_the_reason(tmp_path: Path) -> None:
    found = planar(serial="b")
    found = found.model_copy(update={"left": found.left.model_copy(update={"serial": "a"})})
    path = written(tmp_path, found)
    fell_back(render(job(tmp_path, path, serials=("a", "c"))), "the rig of another camera (b, this one is c)")
    fell_back(render(job(tmp_path, path, serials=("b", "a"))), "left and right were swapped")
    for serials in (("a", "b"), ("", ""), ("a", "")):
        assert render(job(tmp_path, path, serials=serials)).method is MergeMethod.PANORAMA


def test_with_a_rig_of_another_size_feather_is_used_with_the_reason(tmp_path: Path) -> None:
    path = written(tmp_path, planar(camera=(640, 360)))
    fell_back(render(job(tmp_path, path)), "the rig of pictures of 640x360, these are 320x180")
    small = planar()
    path = written(tmp_path, small.model_copy(update={"canvas": small.canvas.model_copy(update={"width": 8000})}))
    fell_back(render(job(tmp_path, path)), "its picture of 8000x180 is too large")


def test_with_one_camera_its_picture_alone_is_used_with_the_reason(tmp_path: Path) -> None:
    alone = replace(job(tmp_path, written(tmp_path, planar())), right=())
    fell_back(render(alone), "only one camera has footage", MergeMethod.SINGLE)


def test_without_a_rig_and_without_an_overlap_two_reasons_lead_to_side_by_side(tmp_path: Path) -> None:
    result = render(job(tmp_path, None, overlap=0))
    assert result.method is MergeMethod.SIDE_BY_SIDE
    assert len(result.fallbacks) == 2


def test_a_camera_that_ends_early_leaves_its_part_of_the_panorama_dark(tmp_path: Path) -> None:
    asked = job(tmp_path, written(tmp_path, planar()))
    long = clips.write(tmp_path / "long.mp4", clips.ticks(60), FLAT, code_left=8)
    result = render(replace(asked, left=(long,)))
    assert result.frames == 60
    assert result.dark[1] > 0
    last = clips.lumas(result.video)[-1]
    assert last[:, 330:].max() < 24
    assert clips.number_at(last, 8) == 59
