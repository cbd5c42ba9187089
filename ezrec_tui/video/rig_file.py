"""The rig file: what is known of how two cameras make one picture, in JSON. What its numbers mean is told in `rig`.

It is read without NumPy, so that the engine can say what is in it.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from ezrec_tui.files import write_atomic
from ezrec_tui.model import RigPicture, Value
from ezrec_tui.video.errors import VideoError

VERSION = 1
LARGEST_BYTES = 4_000_000
SMALLEST_SIDE, LARGEST_SIDE = 16, 16_384
LARGEST_CANVAS = 4
"""Pixels of a canvas to one of both pictures together: more is no rig of these cameras."""
AGAIN = "calibrate again with `ezrec calibrate`"

Number = Annotated[float, Field(allow_inf_nan=False)]
Row = tuple[Number, Number, Number]
Matrix = tuple[Row, Row, Row]
Rest = tuple[Row, Row]
Sizes = tuple[tuple[int, int], tuple[int, int]]
Side = Annotated[int, Field(ge=SMALLEST_SIDE, le=LARGEST_SIDE)]
Gain = Annotated[float, Field(gt=0.05, lt=20)]


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
    rest: Rest = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    """Over the overlap, where the right camera has a place on the canvas, from where the left one has it: what the
    geometry leaves, parallax above all. Rows of an affine map. What differs from it later is a camera that moved."""
    picture: RigPicture | None = None
    """The joined picture as it was then."""

    @model_validator(mode="after")
    def _fits(self) -> "Rig":
        if len(self.seam) != self.canvas.height:
            raise ValueError(f"the seam has {len(self.seam)} rows, the canvas {self.canvas.height}")
        if not all(0 <= column <= self.canvas.width for column in self.seam):
            raise ValueError("the seam leaves the canvas")
        for camera in (self.left, self.right):
            if abs(_determinant(camera.matrix)) < 1e-9:
                raise ValueError("a camera's matrix cannot be inverted")
        return self


def save_rig(rig: Rig, path: Path) -> None:
    """Write the file, whole or not at all. Raises OSError."""
    write_atomic(path, rig.model_dump_json(indent=1) + "\n")


def load_rig(path: Path) -> Rig:
    """Read a rig file. Raises RigError when it is not there, broken, foreign, or newer than this program."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise RigError(f"{path}: the rig file cannot be read ({error.strerror}); {AGAIN}") from error
    if len(text) > LARGEST_BYTES:
        raise RigError(f"{path}: too large for a rig file; {AGAIN}")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RigError(f"{path}: not a rig file, or a damaged one (no JSON in it); {AGAIN}") from error
    version: Any = found.get("version") if isinstance(found, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise RigError(f"{path}: not a rig file (it has no version); {AGAIN}")
    if version > VERSION:
        raise RigError(
            f"{path}: made by a newer EZREC (version {version}, this one reads {VERSION}); update, or {AGAIN}"
        )
    try:
        return Rig.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        fault = f"{where}: {first['msg']}" if where else first["msg"]
        raise RigError(f"{path}: a damaged rig file ({fault}); {AGAIN}") from error


def fitting_rig(path: Path, sizes: Sizes, serials: tuple[str, str]) -> tuple[Rig, bool]:
    """The rig of this file, if it is of these cameras (see `check_rig`). Raises RigError."""
    rig = load_rig(path)
    return rig, check_rig(rig, path, sizes, serials)


def check_rig(rig: Rig, path: Path, sizes: Sizes, serials: tuple[str, str]) -> bool:
    """Whether a rig of these cameras has them the other way round; sizes (width, height) and serials are left, right.

    Left and right were swapped then, by the attendant, since it was found: its serials still say which camera is which,
    and both pictures have to change places for it. An empty serial is not known and fits any. Raises RigError, which
    names `path`, for a rig of other cameras.
    """
    made = rig.left.serial or "", rig.right.serial or ""
    swapped = all(made) and all(serials) and made == serials[::-1] != serials
    if swapped:
        sizes, serials = (sizes[1], sizes[0]), (serials[1], serials[0])
    for known, serial in zip(made, serials, strict=True):
        if known and serial and known != serial:
            raise RigError(f"{path}: the rig of another camera ({known}, this one is {serial}); {AGAIN}")
    for camera, (width, height) in zip((rig.left, rig.right), sizes, strict=True):
        if (camera.width, camera.height) != (width, height):
            was = f"{camera.width}x{camera.height}"
            raise RigError(f"{path}: the rig of pictures of {was}, these are {width}x{height}; {AGAIN}")
    canvas = rig.canvas
    if canvas.width * canvas.height > LARGEST_CANVAS * sum(width * height for width, height in sizes):
        raise RigError(f"{path}: its picture of {canvas.width}x{canvas.height} is too large; {AGAIN}")
    return swapped


def _determinant(matrix: Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
