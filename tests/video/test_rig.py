"""The rig file, and how a pixel of the canvas finds its place in a camera's picture."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from math import atan, cos, radians, sin, sqrt
from pathlib import Path

import numpy as np
import pytest

from ezrec_tui.video.lens import Lens
from ezrec_tui.video.rig import camera_map, canvas_places, canvas_rays
from ezrec_tui.video.rig_file import Canvas, Projection, Rig, RigCamera, RigError, load_rig, save_rig

ONES = (1.0, 1.0, 1.0)


def turned(yaw: float, **changes: float) -> RigCamera:
    """A camera of 64 x 36 px, turned to the right by so many degrees."""
    c, s = cos(radians(yaw)), sin(radians(yaw))
    matrix = ((c, 0.0, -s), (0.0, 1.0, 0.0), (s, 0.0, c))
    return RigCamera(width=64, height=36, focal_px=60.0, matrix=matrix, gains=ONES).model_copy(update=changes)


def a_rig(method: Projection = Projection.CYLINDRICAL, left: RigCamera | None = None) -> Rig:
    return Rig(
        canvas=Canvas(method=method, width=96, height=32, origin_x=47.5, origin_y=15.5, scale=60.0),
        left=left or turned(-16),
        right=turned(16),
        seam=(48,) * 32,
        matches=100,
        inliers=90,
        rmse_px=0.4,
        overlap_px=24,
        made=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_rig_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    rig = a_rig()
    save_rig(rig, tmp_path / "rig.json")
    assert load_rig(tmp_path / "rig.json") == rig


def test_the_engine_reads_it_without_the_memory_that_numpy_takes() -> None:
    script = (
        "import sys, ezrec_tui.engine.engine, ezrec_tui.engine.api.app;"
        " print([name for name in ('numpy', 'cv2', 'av') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


def test_the_optical_axis_meets_the_middle_of_the_picture_in_every_projection() -> None:
    for method in Projection:
        rig = a_rig(method, left=turned(0))
        map_x, map_y = camera_map(rig, rig.left)
        assert map_x.shape == map_y.shape == (32, 96)
        assert np.allclose([map_x[15:17, 47:49].mean(), map_y[15:17, 47:49].mean()], [31.5, 17.5], atol=1e-4)


def test_a_pixel_of_the_canvas_lies_where_the_file_says_by_the_formula() -> None:
    rig = a_rig(left=turned(-10, k1=-0.1, k2=0.02))
    map_x, map_y = camera_map(rig, rig.left)
    a, b = (30 - 47.5) / 60, (20 - 15.5) / 60
    x, y, z = sin(a), b, cos(a)
    c, s = cos(radians(-10)), sin(radians(-10))
    p, q = (c * x - s * z) / (s * x + c * z), y / (s * x + c * z)
    r = sqrt(p * p + q * q)
    stretch = 1 - 0.1 * r**2 + 0.02 * r**4
    assert map_x[20, 30] == pytest.approx(31.5 + 60 * p * stretch, abs=1e-3)
    assert map_y[20, 30] == pytest.approx(17.5 + 60 * q * stretch, abs=1e-3)


def test_what_a_camera_does_not_see_is_marked_and_all_else_lies_within_its_picture() -> None:
    rig = a_rig()
    map_x, map_y = camera_map(rig, rig.right)
    unseen = map_x < 0
    assert unseen[:, 0].all()
    assert not unseen[:, -20].any()
    assert (map_x[unseen] == -1).all()
    assert (map_y[unseen] == -1).all()
    assert map_x.max() <= 63
    assert map_y.max() <= 35
    assert map_y[~unseen].min() >= 0


def test_nothing_is_seen_behind_a_camera_or_where_its_lens_would_fold_the_picture() -> None:
    behind = a_rig(left=turned(180))
    assert (camera_map(behind, behind.left)[0] == -1).all()
    lens = Lens(64, 36, 20.0, k1=-0.3)
    assert lens.reach == pytest.approx(1 / sqrt(0.9))
    inside, outside = np.tan(atan(lens.reach) + np.array([-0.01, 0.01]))
    assert np.isfinite(lens.pixels(np.array([inside, 0, 1.0]))).all()
    assert np.isnan(lens.pixels(np.array([outside, 0, 1.0]))).all()


def test_a_canvas_finds_the_pixel_of_each_of_its_directions() -> None:
    rows, columns = np.mgrid[0:32, 0:96].astype(np.float64)
    for method in Projection:
        canvas = a_rig(method).canvas
        assert np.allclose(
            canvas_places(canvas, 3 * canvas_rays(canvas, columns, rows)), np.stack([columns, rows], axis=-1)
        )


def test_a_lens_finds_the_direction_of_each_pixel_that_it_shows() -> None:
    for k1, k2 in ((0.0, 0.0), (-0.2, 0.0), (0.15, 0.0), (-0.3, 0.08), (0.1, -0.02)):
        lens = Lens(64, 36, 50.0, k1, k2)
        pixels = np.array([(0.0, 0.0), (31.5, 17.5), (63.0, 35.0), (5.0, 30.0)])
        assert np.allclose(lens.pixels(lens.rays(pixels)), pixels)


def test_a_part_and_a_coarse_copy_of_a_canvas_look_into_the_same_directions() -> None:
    canvas = a_rig().canvas
    assert np.allclose(
        canvas_rays(canvas.part(10, 4, 40, 20), np.array(3.0), np.array(5.0)),
        canvas_rays(canvas, np.array(13.0), np.array(9.0)),
    )
    assert np.allclose(
        canvas_rays(canvas.coarse(4), np.array(2.0), np.array(1.0)), canvas_rays(canvas, np.array(9.5), np.array(5.5))
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "newer EZREC (version 2"),
        ({"version": 0}, "damaged"),
        ({"version": "1"}, "no version"),
        ({"seam": [48] * 31}, "the seam has 31 rows, the canvas 32"),
        ({"seam": [97] * 32}, "the seam leaves the canvas"),
        ({"rmse_px": None}, "rmse_px"),
        ({"stranger": 1}, "stranger"),
        ({"left": {}}, "left."),
        ({"made": "yesterday"}, "made"),
    ],
)
def test_a_rig_file_that_is_broken_foreign_or_newer_is_refused_with_one_line(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    path = tmp_path / "rig.json"
    save_rig(a_rig(), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RigError) as refused:
        load_rig(path)
    text = str(refused.value)
    assert says in text
    assert str(path) in text
    assert "ezrec calibrate" in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0 a picture", b"[1, 2]", b'{"name": "x"}', b"null", b"[" * 100_000]
)
def test_what_is_no_rig_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rig.json"
    path.write_bytes(content)
    with pytest.raises(RigError, match="not a rig file"):
        load_rig(path)
    with pytest.raises(RigError, match="cannot be read"):
        load_rig(tmp_path / "missing.json")
    with pytest.raises(RigError, match="cannot be read"):
        load_rig(tmp_path)


def test_a_camera_that_would_flatten_everything_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rig.json"
    flat = turned(0).model_copy(update={"matrix": ((0.0, 0.0, 0.0),) * 3})
    save_rig(a_rig().model_copy(update={"left": flat}), path)
    with pytest.raises(RigError, match="matrix cannot be inverted"):
        load_rig(path)


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rig.json"
    save_rig(a_rig(), path)
    whole = path.read_bytes().rstrip()
    for end in range(0, len(whole), 37):
        path.write_bytes(whole[:end])
        with pytest.raises(RigError):
            load_rig(path)
