"""One wide, moving ground truth, and what two cameras on one pole see of it, to the exact pixel.

The scene lies on a cylinder around the pole: `scale` pixels to the radian, both ways. Two cameras look at it, turned
against each other, through a lens that bends, with an exposure, white balance and noise of their own. Which place of
the scene a camera's pixel shows is known exactly, so that the error of a calibration can be measured in pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import radians
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from cv2.typing import MatLike
from numpy.typing import NDArray

from ezrec_tui.cameras.court import SHADOW, Figure, draw_figures, draw_ground, figures
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.video.frames import ITU709
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.probe import BT709
from ezrec_tui.video.rig import camera_map
from ezrec_tui.video.rig_file import Rig

Bgr = NDArray[np.uint8]
GAMMA = 2.2
HEIGHT, WALL = 5.0, 20.0
"""Metres: the cameras above the ground, and from the pole to the wall behind the court."""
NOISES = 6
"""Pictures of sensor noise that take turns."""
FINER = 1.25
"""Of the scene: its pixels for each one of a camera, in the middle of the picture."""


@dataclass(frozen=True, slots=True)
class View:
    """A camera: turned by yaw (to the right), pitch (down) and roll (clockwise), in degrees."""

    yaw: float
    pitch: float = 0.0
    roll: float = 0.0
    exposure: float = 1.0
    """Factor on linear light."""
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Factors on linear blue, green and red."""
    zoom: float = 1.0
    """Factor on the focal length."""

    @property
    def rotation(self) -> Points:
        """From the pole's directions (x right, y down, z ahead) to the camera's."""

        def turn(degrees: float, first: int, second: int) -> Points:
            angle, matrix = radians(degrees), np.eye(3)
            matrix[first, first] = matrix[second, second] = np.cos(angle)
            matrix[first, second], matrix[second, first] = np.sin(angle), -np.sin(angle)
            return matrix

        return turn(self.roll, 0, 1) @ turn(-self.pitch, 1, 2) @ turn(-self.yaw, 0, 2)


@dataclass(frozen=True, slots=True)
class Truth:
    """The scene and its two cameras. Widths and heights in pixels; `noise` is in levels (standard deviation)."""

    width: int
    height: int
    left: View = View(-21, 4, 0.6)
    right: View = View(20, 4.5, -0.4, exposure=0.8, balance=(1.1, 1.0, 0.92), zoom=1.006)
    field: float = 56.0
    """Degrees that a camera sees from its left to its right edge, without distortion."""
    k1: float = -0.06
    k2: float = 0.0
    noise: float = 2.0
    apart: float = 0.0
    """Metres from one camera to the other: with any, near things lie elsewhere against far ones."""
    reach: tuple[float, float] = (110.0, 56.0)
    """Degrees of the scene, across and (on average) up and down."""

    @property
    def views(self) -> tuple[View, View]:
        return self.left, self.right

    @property
    def focal(self) -> float:
        return self.width / 2 / float(np.tan(radians(self.field) / 2))

    @property
    def lenses(self) -> tuple[Lens, Lens]:
        left, right = (Lens(self.width, self.height, self.focal * view.zoom, self.k1, self.k2) for view in self.views)
        return left, right

    @property
    def scale(self) -> float:
        return self.focal * FINER

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the scene's picture, even."""
        across, down = (radians(degrees) * self.scale for degrees in self.reach)
        return round(across) // 2 * 2, round(down) // 2 * 2

    def place(self, camera: int, pixels: Points) -> Points:
        """Where in the scene's picture lies what the camera (0 left, 1 right) shows at these pixels, (..., 2)."""
        return self._place(camera, self.lenses[camera].rays(pixels) @ self.views[camera].rotation)

    def pixels(self, camera: int, places: Points) -> Points:
        """Where the camera sees these places (..., 2) of the scene's picture: the way back. May lie beside its own."""
        rays = self.rays(places)
        if self.apart:
            rays = _from_pole(rays, 0) - (self.beside(camera), 0, 0)
        return self.lenses[camera].pixels(rays @ self.views[camera].rotation.T)

    def beside(self, camera: int) -> float:
        """How many metres to the right of the pole the camera is."""
        return (camera - 0.5) * self.apart

    def rays(self, places: Points) -> Points:
        """The pole's directions (..., 3) of places (..., 2); they end a metre from the pole, as far as it is across."""
        width, height = self.size
        turn = (places[..., 0] - (width - 1) / 2) / self.scale
        rise = (places[..., 1] - (height - 1) / 2) / self.scale
        return np.stack([np.sin(turn), rise, np.cos(turn)], axis=-1)

    def displaced(self, camera: int, place: Points, foot: Points) -> Points:
        """Behind which place of the ground or wall the camera sees what stands upright at `foot`, and at `place`."""
        rise = float(self.rays(foot)[1])
        away = min(HEIGHT / rise, WALL) if rise > 0 else WALL
        return self._place(camera, self.rays(place) * away - (self.beside(camera), 0, 0))

    def _place(self, camera: int, rays: Points) -> Points:
        """Where these directions of the camera, turned as the pole's are, meet the ground or the wall."""
        if self.apart:
            rays = _from_pole(rays, self.beside(camera))
        turn = np.arctan2(rays[..., 0], rays[..., 2])
        rise = rays[..., 1] / np.hypot(rays[..., 0], rays[..., 2])
        width, height = self.size
        return np.stack([turn * self.scale + (width - 1) / 2, rise * self.scale + (height - 1) / 2], axis=-1)


def _from_pole(rays: Points, right: float) -> Points:
    """Where what a camera `right` metres beside the pole sees lies, seen from the pole: on the ground or the wall."""
    x, y, z = np.moveaxis(rays, -1, 0)
    square, along = x * x + z * z, x * right
    to_wall = (-along + np.sqrt(along**2 + square * (WALL**2 - right**2))) / square
    to_ground = np.where(y > 0, HEIGHT / np.where(y > 0, y, 1), np.inf)
    return rays * np.minimum(to_wall, to_ground)[..., None] + (right, 0, 0)


class Filming:
    """Draws the scene at any time, and both cameras' pictures of it."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        width, height = truth.size
        self._ground = draw_ground(width, height)
        columns, rows = np.meshgrid(np.arange(truth.width), np.arange(truth.height))
        grid = np.stack([columns, rows], axis=-1).astype(np.float64)
        self._maps = [np.moveaxis(truth.place(camera, grid).astype(np.float32), -1, 0) for camera in (0, 1)]
        self._tones = [_tones(view) for view in truth.views]
        random = np.random.default_rng(11)
        shape = (truth.height, truth.width, 3)
        self._noises = [random.normal(0, truth.noise, shape).astype(np.float32) for _ in range(2 * NOISES)]

    def scene(self, seconds: float) -> Bgr:
        """The ground truth, (height, width, 3) as `Truth.size` says."""
        return self._drawn(figures(seconds, *self.truth.size))

    def soft(self, seconds: float) -> Bgr:
        """The ground truth as sharp as a lens shows it."""
        return _soft(self.scene(seconds))

    def shots(self, seconds: float) -> tuple[Bgr, Bgr]:
        """What the left and the right camera see."""
        if self.truth.apart:
            scenes = [_soft(self._drawn([*self._seen_by(camera, seconds)])) for camera in (0, 1)]
        else:
            scenes = [self.soft(seconds)] * 2
        number = round(seconds * 30)
        left, right = (
            cv2.LUT(cv2.remap(scene, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT), tone)
            for scene, (map_x, map_y), tone in zip(scenes, self._maps, self._tones, strict=True)
        )
        return self._grainy(left, number), self._grainy(right, number + NOISES // 2)

    def _drawn(self, moving: Sequence[Figure]) -> Bgr:
        picture = Picture(*self.truth.size, self._ground.i420.copy())
        draw_figures(picture, moving)
        return np.asarray(cv2.cvtColor(picture.i420, cv2.COLOR_YUV2BGR_I420), np.uint8)

    def _seen_by(self, camera: int, seconds: float) -> Iterator[Figure]:
        """What moves, before the part of the ground and wall that a camera beside the pole sees behind it."""
        foot = np.zeros(2)
        for figure in figures(seconds, *self.truth.size):
            place = np.array([figure.x, figure.y])
            if figure.colour == SHADOW:  # it lies on the ground; what is drawn next stands there
                foot = place
                yield figure
            else:
                x, y = self.truth.displaced(camera, place, foot)
                yield figure._replace(x=float(x), y=float(y))

    def film(self, folder: Path, frames: int, fps: int = 30, every: float | None = None) -> tuple[Path, Path]:
        """`left.mp4` and `right.mp4`; `every` is the scene's time from frame to frame, without it as fps says."""
        paths = folder / "left.mp4", folder / "right.mp4"
        outputs = [av.open(str(path), "w") for path in paths]
        streams = [output.add_stream("libx264", rate=fps) for output in outputs]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = self.truth.width, self.truth.height, "yuv420p"
            stream.codec_context.gop_size = fps
            stream.codec_context.colorspace = BT709
            stream.codec_context.options = {"preset": "ultrafast", "crf": "20"}
        for number in range(frames):
            for stream, output, shot in zip(streams, outputs, self.shots(number * (every or 1 / fps)), strict=True):
                frame = VideoFrame.from_ndarray(shot, format="bgr24").reformat(format="yuv420p", dst_colorspace=ITU709)
                frame.pts, frame.time_base = number, Fraction(1, fps)
                output.mux(stream.encode(frame))
        for stream, output in zip(streams, outputs, strict=True):
            output.mux(stream.encode(None))
            output.close()
        return paths

    def _grainy(self, picture: MatLike, number: int) -> Bgr:
        return np.asarray(cv2.add(picture, self._noises[number % len(self._noises)], dtype=cv2.CV_8U), np.uint8)


def _soft(scene: Bgr) -> Bgr:
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), 0.4 * FINER), np.uint8)


def _tones(view: View) -> Bgr:
    """A table of 256 levels for each of blue, green and red: exposure and white balance, on linear light."""
    light = (np.arange(256) / 255) ** GAMMA
    factors = view.exposure * np.array(view.balance)
    bright = np.clip(light[:, None] * factors, 0, 1) ** (1 / GAMMA) * 255
    return np.rint(bright).astype(np.uint8)[None]


def misalignment(truth: Truth, rig: Rig) -> NDArray[np.float64]:
    """How far apart, in a camera's pixels, lies what the two cameras show at each canvas pixel that both see, (n,)."""
    left, right = (np.stack(camera_map(rig, camera), axis=-1) for camera in (rig.left, rig.right))
    both = (left[..., 0] >= 0) & (right[..., 0] >= 0)
    apart = truth.place(0, left[both].astype(np.float64)) - truth.place(1, right[both].astype(np.float64))
    return np.hypot(apart[:, 0], apart[:, 1]) / FINER
