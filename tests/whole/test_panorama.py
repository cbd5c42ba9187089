"""The demo's panorama: calibrated, joined, and held against the court that its cameras look at."""

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.block_code import Area, code_area, read_code
from ezrec_tui.cameras.court import draw_figures, draw_ground, figures
from ezrec_tui.cameras.picture import Picture, Plane
from ezrec_tui.cameras.view import View
from ezrec_tui.video.rig import camera_map
from ezrec_tui.video.rig_file import Rig, load_rig
from tests.whole.house import start_demo
from tests.whole.numbers import FPS

WIDTH, HEIGHT = 640, 360
VIEWS = [View(right, WIDTH, HEIGHT, WIDTH // 8) for right in (False, True)]
MOVES = 30
"""Levels from the empty court: somebody is there."""
Mask = NDArray[np.bool_]


class Joined:
    """What should be in a picture that is joined by this rig."""

    def __init__(self, rig: Rig) -> None:
        self.maps = [np.stack(camera_map(rig, one), axis=-1).astype(np.float64) for one in (rig.left, rig.right)]
        self.both: Mask = np.all([table[..., 0] >= 0 for table in self.maps], axis=0)
        columns = np.flatnonzero(self.both.any(axis=0))
        self._part = slice(int(columns[0]), int(columns[-1]) + 1)
        places = VIEWS[0].places(*np.moveaxis(self.maps[0][:, self._part], -1, 0))
        self._at = places[0].astype(np.float32), places[1].astype(np.float32)
        self._ground = draw_ground(VIEWS[0].scene_width, HEIGHT)
        self.empty = self._seen(self._ground.y)
        self.seam = np.array(rig.seam) - self._part.start
        self.code_areas = [self._code_area(camera) for camera in (0, 1)]

    def misalignment(self) -> NDArray[np.float64]:
        """How far apart lies what the two cameras show at each pixel that both see."""
        one, other = (np.stack(view.places(*table[self.both].T)) for view, table in zip(VIEWS, self.maps, strict=True))
        return np.hypot(*(one - other))

    def _code_area(self, camera: int) -> Area:
        """Where a camera's code lies in the whole picture."""
        own = code_area(camera, WIDTH, HEIGHT)
        x, y = np.moveaxis(self.maps[camera], -1, 0)
        inside = (x >= own.x) & (x < own.x + own.width) & (y >= own.y) & (y < own.y + own.height)
        rows, columns = np.count_nonzero(inside, axis=0), np.count_nonzero(inside, axis=1)
        height, width = float(np.median(rows[rows > 0])), float(np.median(columns[columns > 0]))
        middle_y, middle_x = np.argwhere(inside).mean(axis=0) + 0.5
        return Area(middle_x - width / 2, middle_y - height / 2, width, height)

    def court(self, number: int) -> Plane:
        """Luma of what both cameras see in this frame."""
        scene = Picture(self._ground.width, self._ground.height, self._ground.i420.copy())
        draw_figures(scene, figures(number / FPS, scene.width, scene.height))
        return self._seen(scene.y)

    def part(self, y: Plane) -> Plane:
        """Where both cameras see, of a whole picture."""
        return y[:, self._part]

    def _seen(self, scene: Plane) -> Plane:
        return np.asarray(cv2.remap(scene, *self._at, cv2.INTER_CUBIC), np.uint8)


def lumas(video: Path) -> Iterator[Plane]:
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            plane = frame.planes[0]
            yield np.frombuffer(bytes(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def wide(mask: Mask) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)), bool)


def moves(y: Plane, ground: Plane) -> Mask:
    return np.abs(y.astype(int) - ground) > MOVES


def step_across(seam: NDArray[np.int64], error: NDArray[np.float64]) -> float:
    """By how many levels the right side of a seam is brighter than the left one, as (height, width) says."""
    rows, reach = np.arange(seam.size), range(12)
    left, right = ([error[rows, seam + side * (away + 1)] for away in reach] for side in (-1, 1))
    return float(np.median(right) - np.median(left))


def test_the_demos_panorama_shows_one_court_with_each_player_once(tmp_path: Path) -> None:
    run = start_demo(tmp_path / "demo", "--method", "panorama", "--seconds", "4", "--size", f"{WIDTH}x{HEIGHT}")
    told = list(run.lines())
    result = run.result()
    steps = [
        next(n for n, line in enumerate(told) if word in line) for word in ("calibrating", "calibrated: ", "booking")
    ]
    assert steps == sorted(steps), "first it calibrates, then it records"
    assert (result["method"], result["fallbacks"]) == ("panorama", [])
    rig = load_rig(run.data / "calibration" / "rig.json")
    assert (result["rig"]["inliers"], result["rig"]["rmse_px"]) == (rig.inliers, rig.rmse_px)
    assert rig.inliers >= 30
    assert rig.rmse_px <= 1.5
    joined = Joined(rig)
    assert joined.misalignment().mean() <= 0.5

    frames = [(y, [read_code(y, area) for area in joined.code_areas]) for y in lumas(Path(result["video"]))]
    recorded = frames[-result["frames"] :]
    assert {y.shape for y, _ in recorded} == {(rig.canvas.height, rig.canvas.width)}
    assert {tuple(code.camera for code in codes if code) for _, codes in recorded} == {(0, 1)}, "each code is read"
    # Where a camera was late, the picture before stands in.
    shown = [
        (joined.part(y), one.number) for y, (one, other) in recorded if one and other and one.number == other.number
    ]
    assert len(shown) > 60

    ground = np.asarray(np.median(np.stack([seen for seen, _ in shown]), axis=0), np.uint8)
    error = ground.astype(np.float64) - joined.empty.astype(np.float64)
    assert abs(step_across(joined.seam, error)) <= 2
    for moved in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        assert np.abs(error).mean() < np.abs(ground - np.roll(joined.empty, moved, axis=(0, 1)).astype(float)).mean()
    crossed = 0
    for seen, number in shown:
        is_there, should_be = moves(seen, ground), moves(joined.court(number), joined.empty)
        assert (is_there & ~wide(should_be)).sum() <= 12, f"frame {number}: nobody is there twice"
        assert (should_be & ~wide(is_there)).sum() <= 12, f"frame {number}: nobody is cut"
        crossed += np.count_nonzero(should_be) > 100
    assert crossed >= 10, "players walk across"
