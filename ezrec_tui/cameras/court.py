"""The court that the test-pattern cameras look at: one scene, wider than either, the same for all who draw it.

The ground is drawn once, by a fixed seed; what moves is a pure function of time. Both lie on one surface, so that two
cameras at one place see the same wherever both look.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.picture import Picture

SEED = 20240615
Colour = tuple[int, int, int]
"""Blue, green, red, as OpenCV orders them; or Y, U, V, where said."""

SKY, FENCE, WALL, SURROUND, FLOOR, LINE = (
    (150, 128, 104), (70, 78, 70), (110, 96, 74), (92, 112, 60), (138, 104, 52), (228, 232, 232)
)  # fmt: skip
HORIZON, WALL_FOOT, COURT_TOP, COURT_FOOT = 0.30, 0.50, 0.56, 0.93
"""Of the height: where the fence ends, where the wall stands on the ground, where the court begins and ends."""


Points = NDArray[np.float64]
"""(..., 2) pixels; (0, 0) is the centre of the top left one."""

CORNERS = 24
"""Of the polygon that a figure is drawn as."""
DARK = 16, 128, 128
"""Y, U, V where there is no light."""
FINE_BITS = 4
"""Behind the point of a corner's place."""
_ANGLES = np.arange(CORNERS) * (2 * math.pi / CORNERS)
_ROUND = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)


class Figure(NamedTuple):
    """An ellipse that moves: centre and half axes in pixels of the scene, colour in Y, U, V."""

    x: float
    y: float
    half_width: float
    half_height: float
    colour: Colour


def draw_figures(
    picture: Picture,
    drawn: Sequence[Figure],
    pixels: Callable[[Points], Points] = lambda places: places,
    light: float = 1.0,
) -> None:
    """Draw them, back to front.

    `pixels` says where in the picture places of the scene lie; without it they are the same. `light` is a factor on the
    figures' levels.
    """
    if not drawn:
        return
    shapes = np.array([figure[:4] for figure in drawn])[:, None]
    luma = pixels(shapes[..., :2] + shapes[..., 2:] * _ROUND)
    fine = 2.0**FINE_BITS
    chroma = luma * (fine / 2) + (0.5 - fine / 4)  # a chroma sample stands in the middle of four pixels
    whole, half = (luma * fine + 0.5).astype(np.int32), chroma.astype(np.int32)
    for figure, corners, few in zip(drawn, whole, half, strict=True):
        y, u, v = (dark + (level - dark) * light for level, dark in zip(figure.colour, DARK, strict=True))
        cv2.fillConvexPoly(picture.y, corners, y, shift=FINE_BITS)
        cv2.fillConvexPoly(picture.u, few, u, shift=FINE_BITS)
        cv2.fillConvexPoly(picture.v, few, v, shift=FINE_BITS)


@dataclass(frozen=True, slots=True)
class Player:
    """How a player walks: across `reach` of the scene's width and back in `seconds`, feet at `feet` of its height."""

    reach: float
    seconds: float
    phase: float
    feet: float
    shirt: Colour


PLAYERS = (  # back to front
    Player(0.26, 7.0, 0.4, 0.62, (150, 60, 130)),
    Player(0.34, 11.0, 0.0, 0.66, (84, 110, 210)),
    Player(0.40, 13.0, 0.7, 0.82, (190, 90, 100)),
    Player(0.18, 5.0, 0.2, 0.88, (60, 150, 150)),
)
SKIN, SHORTS, SHADOW, BALL = (140, 112, 152), (40, 128, 128), (70, 138, 118), (210, 40, 148)
BALL_SECONDS, BOUNCE_SECONDS = 3.2, 0.8


def figures(seconds: float, width: int, height: int) -> list[Figure]:
    """What moves, back to front, at this time in a scene of width x height px."""
    drawn = list[Figure]()
    for player in PLAYERS:
        turn = 2 * math.pi * (seconds / player.seconds + player.phase)
        x, feet = width * (0.5 + player.reach * math.sin(turn)), height * player.feet
        size = height * 0.20 * player.feet
        step = 0.10 * size * math.sin(turn * 9)
        drawn += [
            Figure(x, feet, 0.30 * size, 0.06 * size, SHADOW),
            Figure(x - step, feet - 0.22 * size, 0.08 * size, 0.22 * size, SHORTS),
            Figure(x + step, feet - 0.22 * size, 0.08 * size, 0.22 * size, SHORTS),
            Figure(x, feet - 0.62 * size, 0.17 * size, 0.28 * size, player.shirt),
            Figure(x, feet - 0.98 * size, 0.10 * size, 0.12 * size, SKIN),
        ]
    across = abs(seconds / BALL_SECONDS % 2 - 1)
    fall = seconds / BOUNCE_SECONDS % 1 * 2 - 1
    ball_x, ground = width * (0.04 + 0.92 * across), height * 0.76
    drawn += [
        Figure(ball_x, ground, 0.010 * height, 0.004 * height, SHADOW),
        Figure(ball_x, ground - height * (0.01 + 0.22 * (1 - fall**2)), 0.011 * height, 0.011 * height, BALL),
    ]
    return drawn


def draw_ground(width: int, height: int) -> Picture:
    """The scene without what moves, in YUV 4:2:0 of width x height px."""
    scene = np.empty((height, width, 3), np.uint8)
    rng = np.random.default_rng(SEED)
    _draw_backdrop(scene, rng)
    _draw_boards(scene, rng)
    _draw_court(scene)
    _add_grain(scene, rng)
    return Picture(width, height, np.asarray(cv2.cvtColor(scene, cv2.COLOR_BGR2YUV_I420), np.uint8))


def _draw_backdrop(scene: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Houses behind a wire fence: corners and edges at all sizes."""
    height, width = scene.shape[:2]
    horizon, foot = int(height * HORIZON), int(height * WALL_FOOT)
    scene[:horizon] = SKY
    scene[horizon:foot] = WALL
    scene[foot:] = SURROUND
    for _ in range(width * 40 // height):
        x, tall = int(rng.integers(0, width)), int(height * rng.uniform(0.05, 0.26))
        broad = int(height * rng.uniform(0.04, 0.16))
        shade = tuple(int(value) for value in rng.integers(70, 190, 3))
        cv2.rectangle(scene, (x, horizon - tall), (x + broad, horizon), shade, cv2.FILLED)
        for _ in range(6):
            at = (x + int(rng.integers(0, broad)), horizon - int(rng.integers(0, tall)))
            pane = max(2, height // 120)
            window = tuple(int(value) for value in rng.integers(40, 230, 3))
            cv2.rectangle(scene, at, (at[0] + pane, at[1] + pane * 2), window, cv2.FILLED)
    mesh, thin = max(8, height // 24), max(1, height // 540)
    for x in range(-horizon, width, mesh):
        cv2.line(scene, (x, 0), (x + horizon, horizon), FENCE, thin)
        cv2.line(scene, (x + horizon, 0), (x, horizon), FENCE, thin)
    for x in range(0, width, mesh * 6):
        cv2.rectangle(scene, (x, 0), (x + max(2, height // 120), foot), FENCE, cv2.FILLED)


def _draw_boards(scene: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Boards with lettering along the wall, none like another."""
    height, width = scene.shape[:2]
    top, foot, broad = int(height * 0.36), int(height * 0.47), max(24, height // 4)
    for number, x in enumerate(range(broad // 6, width, broad + broad // 4)):
        paper = tuple(int(value) for value in rng.integers(120, 235, 3))
        ink = tuple(int(value) for value in rng.integers(10, 90, 3))
        cv2.rectangle(scene, (x, top), (x + broad, foot), paper, cv2.FILLED)
        cv2.rectangle(scene, (x, top), (x + broad, foot), ink, max(1, height // 270))
        text = f"{['EZREC', 'PADEL', 'TENNIS', 'COURT'][number % 4]} {number}"
        at = (x + broad // 12, foot - (foot - top) // 3)
        cv2.putText(scene, text, at, cv2.FONT_HERSHEY_SIMPLEX, height / 800, ink, max(1, height // 360))
    for _ in range(width * 90 // height):
        x, y = int(rng.integers(0, width)), int(rng.integers(int(height * HORIZON), top))
        size = int(rng.integers(2, max(3, height // 60)))
        mark = tuple(int(value) for value in rng.integers(30, 230, 3))
        cv2.rectangle(scene, (x, y), (x + size, y + size), mark, cv2.FILLED)


def _draw_court(scene: NDArray[np.uint8]) -> None:
    height, width = scene.shape[:2]
    top, foot, middle = int(height * COURT_TOP), int(height * COURT_FOOT), width // 2
    far, near = int(width * 0.08), int(width * 0.015)
    corners = np.array([(far, top), (width - far, top), (width - near, foot), (near, foot)], np.int32)
    cv2.fillPoly(scene, [corners], FLOOR)
    broad = max(2, height // 180)
    cv2.polylines(scene, [corners], isClosed=True, color=LINE, thickness=broad)
    for share in (0.22, 0.78):
        at_top, at_foot = int(far + (width - 2 * far) * share), int(near + (width - 2 * near) * share)
        cv2.line(scene, (at_top, top), (at_foot, foot), LINE, broad)
    across = (top + foot) // 2
    cv2.line(scene, (int(width * 0.26), across), (int(width * 0.74), across), LINE, broad)
    net = max(4, height // 60)
    for y in range(top - net * 3, foot + 1, net):
        cv2.line(scene, (middle - net, y), (middle + net, y + net // 2), (50, 50, 50), max(1, height // 540))
    cv2.line(scene, (middle, top - net * 3), (middle, foot), LINE, broad)


def _add_grain(scene: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Patches and grain, as real ground has: something to match in every corner."""
    height, width = scene.shape[:2]
    for cells, strength in ((height // 4, 4.0), (height // 40, 7.0)):
        coarse = rng.normal(0, strength, (max(2, cells), max(2, cells * width // height))).astype(np.float32)
        grain = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
        for colour in range(3):  # one at a time, as a wide scene takes much memory in floats
            scene[:, :, colour] = cv2.add(scene[:, :, colour], grain, dtype=cv2.CV_8U)
