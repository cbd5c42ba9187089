"""The rig: how two cameras on one pole make one picture. Found once by `ezrec calibrate`, kept in a file of JSON.

From a pixel of the canvas (the joined picture) to a camera's pixel, in three steps. Pixels are counted from the
centre of the top left one: (0, 0) is that pixel's centre, in the canvas and in the cameras' pictures alike.

1. Canvas pixel (x, y) to a direction d of the rig (x right, y down, z ahead), with a = (x - origin_x) / scale and
   b = (y - origin_y) / scale:
       cylindrical  d = (sin a, b, cos a)
       spherical    d = (sin a cos b, sin b, cos a cos b)
       planar       d = (a, b, 1)
2. To the camera's direction: v = matrix @ d. Nothing is seen where v.z <= 0.
3. Through its lens, with p = (v.x / v.z, v.y / v.z), r = |p| and s = 1 + k1 r^2 + k2 r^4:
       pixel = ((width - 1) / 2, (height - 1) / 2) + focal_px * s * p
   Nothing is seen beyond the r at which r * s stops growing.

`camera_map` does this for a whole canvas. For the quarter-size planes of 4:2:0 the chroma sample (i, j) stands in the
middle of its four pixels: canvas pixel (2 i + 0.5, 2 j + 0.5), and camera pixel (x, y) is chroma sample
((x - 0.5) / 2, (y - 0.5) / 2).

The canvas is cropped: each of its pixels is seen by a camera, in row y by the left one up to and including column
seam[y] - 1 and by the right one from column seam[y] on. `gains` are factors for the camera's red, green and blue as
they are coded (after the transfer curve, 0 the black level) that make both cameras equally bright and white;
`tone.tone_table` keeps what is white white.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AwareDatetime, Field, ValidationError, model_validator

from ezrec_tui.files import write_atomic
from ezrec_tui.model import Value
from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.probe import VideoError

VERSION = 1
LARGEST_BYTES = 4_000_000
SMALLEST_SIDE, LARGEST_SIDE = 16, 16_384
STRIP = 64
"""Rows of a map that are computed at a time: its floats take much more memory than the map."""

Number = Annotated[float, Field(allow_inf_nan=False)]
Row = tuple[Number, Number, Number]
Matrix = tuple[Row, Row, Row]
Side = Annotated[int, Field(ge=SMALLEST_SIDE, le=LARGEST_SIDE)]
Gain = Annotated[float, Field(gt=0.05, lt=20)]
Map = NDArray[np.float32]


class RigError(VideoError):
    """A rig file cannot be used. The text is one line: what, where, what to do."""


class Projection(StrEnum):
    """What the canvas is: a cylinder or a sphere around the cameras, or a plane before them."""

    CYLINDRICAL = "cylindrical"
    SPHERICAL = "spherical"
    PLANAR = "planar"


class RigCamera(Value):
    """One camera: its picture, its lens, how it is turned in the rig, and its colours."""

    serial: str | None = None
    width: Side
    height: Side
    focal_px: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    k1: Number = 0.0
    k2: Number = 0.0
    matrix: Matrix
    """From the rig's directions to the camera's; a rotation, or for a planar rig any homography."""
    gains: tuple[Gain, Gain, Gain]
    """For red, green and blue."""

    @property
    def lens(self) -> Lens:
        return Lens(self.width, self.height, self.focal_px, self.k1, self.k2)


class Canvas(Value):
    """The joined picture's place among the rig's directions."""

    method: Projection
    width: Annotated[Side, Field(multiple_of=2)]
    height: Annotated[Side, Field(multiple_of=2)]
    origin_x: Number
    """The pixel that looks straight ahead; may lie outside of the canvas."""
    origin_y: Number
    scale: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """Pixels to the radian; on a plane to its distance."""

    def rays(self, columns: Points, rows: Points) -> Points:
        """The directions (..., 3) of pixels; columns and rows are broadcast against each other."""
        across = (columns - self.origin_x) / self.scale
        down = (rows - self.origin_y) / self.scale
        match self.method:
            case Projection.CYLINDRICAL:
                found = (np.sin(across), down, np.cos(across))
            case Projection.SPHERICAL:
                found = (np.sin(across) * np.cos(down), np.sin(down), np.cos(across) * np.cos(down))
            case Projection.PLANAR:
                found = (across, down, np.ones(()))
        return np.stack(np.broadcast_arrays(*found), axis=-1)

    def places(self, rays: Points) -> Points:
        """The pixels (..., 2) of directions (..., 3): the way back. On a plane NaN for what lies behind it."""
        x, y, z = np.moveaxis(rays, -1, 0)
        match self.method:
            case Projection.CYLINDRICAL:
                across, down = np.arctan2(x, z), y / np.hypot(x, z)
            case Projection.SPHERICAL:
                across, down = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
            case Projection.PLANAR:
                ahead = np.where(z > 1e-9, z, np.nan)
                across, down = x / ahead, y / ahead
        return np.stack([across * self.scale + self.origin_x, down * self.scale + self.origin_y], axis=-1)

    def part(self, left: int, top: int, width: int, height: int) -> "Canvas":
        """A rectangle of it."""
        moved = {"origin_x": self.origin_x - left, "origin_y": self.origin_y - top}
        return self.model_copy(update={"width": width, "height": height, **moved})

    def coarse(self, step: int) -> "Canvas":
        """The same in pixels of step x step of its own; what is left over at the right and the foot is cut off."""
        return self.model_copy(
            update={
                "width": self.width // step,
                "height": self.height // step,
                "origin_x": (self.origin_x - (step - 1) / 2) / step,
                "origin_y": (self.origin_y - (step - 1) / 2) / step,
                "scale": self.scale / step,
            }
        )


class Rig(Value):
    """All that is needed to join two cameras' pictures. Numbers end in px where they are pixels."""

    version: Literal[1] = VERSION
    canvas: Canvas
    left: RigCamera
    right: RigCamera
    seam: tuple[int, ...]
    """For each row of the canvas, the first column that the right camera has."""
    matches: int
    inliers: int
    rmse_px: Number
    """Of the inliers, in a camera's pixels."""
    overlap_px: int
    """Columns of the canvas that both cameras see, on average over its rows."""
    made: AwareDatetime

    @model_validator(mode="after")
    def _fits(self) -> "Rig":
        if len(self.seam) != self.canvas.height:
            raise ValueError(f"the seam has {len(self.seam)} rows, the canvas {self.canvas.height}")
        if not all(0 <= column <= self.canvas.width for column in self.seam):
            raise ValueError("the seam leaves the canvas")
        for camera in (self.left, self.right):
            if abs(np.linalg.det(np.array(camera.matrix))) < 1e-9:
                raise ValueError("a camera's matrix cannot be inverted")
        return self


def camera_map(rig: Rig, camera: RigCamera) -> tuple[Map, Map]:
    """Which pixel of the camera's picture each canvas pixel shows: map_x, map_y, (height, width) of the canvas.

    Made for `cv2.remap`. Where the camera sees nothing both are -1; elsewhere they lie from 0 to width - 1 and
    height - 1, so that no interpolation reaches out of the picture: in the outer half of its outermost pixels they
    stand still.
    """
    return canvas_map(rig.canvas, camera.lens, np.array(camera.matrix))


def canvas_map(canvas: Canvas, lens: Lens, matrix: Points) -> tuple[Map, Map]:
    """As `camera_map`, for any canvas and any camera."""
    map_x = np.empty((canvas.height, canvas.width), np.float32)
    map_y = np.empty_like(map_x)
    columns = np.arange(canvas.width, dtype=np.float64)
    for top in range(0, canvas.height, STRIP):
        rows = np.arange(top, min(top + STRIP, canvas.height), dtype=np.float64)[:, None]
        pixels = lens.pixels(canvas.rays(columns, rows) @ matrix.T)
        last = np.array([lens.width - 1, lens.height - 1])
        inside = np.all((pixels >= -0.5) & (pixels <= last + 0.5), axis=-1)
        pixels = np.where(inside[..., None], np.clip(pixels, 0, last), -1)
        map_x[top : top + STRIP], map_y[top : top + STRIP] = pixels[..., 0], pixels[..., 1]
    return map_x, map_y


def number_rows(matrix: Points) -> Matrix:
    """A matrix (3, 3) as the file has it."""
    first, second, third = ((float(x), float(y), float(z)) for x, y, z in matrix)
    return first, second, third


def save_rig(rig: Rig, path: Path) -> None:
    """Write the file, whole or not at all. Raises OSError."""
    write_atomic(path, rig.model_dump_json(indent=1) + "\n")


def load_rig(path: Path) -> Rig:
    """Read a rig file. Raises RigError when it is not there, broken, foreign, or newer than this program."""
    again = "calibrate again with `ezrec calibrate`"
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise RigError(f"{path}: the rig file cannot be read ({error.strerror}); {again}") from error
    if len(text) > LARGEST_BYTES:
        raise RigError(f"{path}: too large for a rig file; {again}")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RigError(f"{path}: not a rig file, or a damaged one (no JSON in it); {again}") from error
    version: Any = found.get("version") if isinstance(found, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise RigError(f"{path}: not a rig file (it has no version); {again}")
    if version > VERSION:
        raise RigError(
            f"{path}: made by a newer EZREC (version {version}, this one reads {VERSION}); update, or {again}"
        )
    try:
        return Rig.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        fault = f"{where}: {first['msg']}" if where else first["msg"]
        raise RigError(f"{path}: a damaged rig file ({fault}); {again}") from error
