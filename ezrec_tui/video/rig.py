"""The rig: how two cameras on one pole make one picture. Found once by `ezrec calibrate`, kept in a file (`rig_file`).

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

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.video.lens import Lens, Points
from ezrec_tui.video.rig_file import Canvas, Matrix, Projection, Rig, RigCamera

STRIP = 16
"""Rows of a map that are computed at a time: its floats take much more memory than the map, and caches are small."""

Map = NDArray[np.float32]


def canvas_rays(canvas: Canvas, columns: Points, rows: Points) -> Points:
    """The directions (..., 3) of a canvas's pixels; columns and rows are broadcast against each other."""
    return np.stack(np.broadcast_arrays(*_directions(canvas, columns, rows)), axis=-1)


def _directions(canvas: Canvas, columns: Points, rows: Points) -> tuple[Points, Points, Points]:
    """The same, x, y and z, still to be broadcast."""
    across = (columns - canvas.origin_x) / canvas.scale
    down = (rows - canvas.origin_y) / canvas.scale
    match canvas.method:
        case Projection.CYLINDRICAL:
            return np.sin(across), down, np.cos(across)
        case Projection.SPHERICAL:
            return np.sin(across) * np.cos(down), np.sin(down), np.cos(across) * np.cos(down)
        case Projection.PLANAR:
            return across, down, np.ones(())


def canvas_places(canvas: Canvas, directions: Points) -> Points:
    """A canvas's pixels (..., 2) of directions (..., 3): the way back. On a plane NaN for what lies behind it."""
    x, y, z = np.moveaxis(directions, -1, 0)
    match canvas.method:
        case Projection.CYLINDRICAL:
            across, down = np.arctan2(x, z), y / np.hypot(x, z)
        case Projection.SPHERICAL:
            across, down = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
        case Projection.PLANAR:
            ahead = np.where(z > 1e-9, z, np.nan)
            across, down = x / ahead, y / ahead
    return np.stack([across * canvas.scale + canvas.origin_x, down * canvas.scale + canvas.origin_y], axis=-1)


def lens_of(camera: RigCamera) -> Lens:
    return Lens(camera.width, camera.height, camera.focal_px, camera.k1, camera.k2)


def camera_map(rig: Rig, camera: RigCamera) -> tuple[Map, Map]:
    """Which pixel of the camera's picture each canvas pixel shows: map_x, map_y, (height, width) of the canvas.

    Made for `cv2.remap`. Where the camera sees nothing both are -1; elsewhere they lie from 0 to width - 1 and
    height - 1, so that no interpolation reaches out of the picture: in the outer half of its outermost pixels they
    stand still.
    """
    return canvas_map(rig.canvas, lens_of(camera), np.array(camera.matrix))


def canvas_map(canvas: Canvas, lens: Lens, matrix: Points) -> tuple[Map, Map]:
    """As `camera_map`, for any canvas and any camera."""
    map_x = np.empty((canvas.height, canvas.width), np.float32)
    map_y = np.empty_like(map_x)
    columns = np.arange(canvas.width, dtype=np.float64)
    for top in range(0, canvas.height, STRIP):
        rows = np.arange(top, min(top + STRIP, canvas.height), dtype=np.float64)[:, None]
        across, down, ahead = _directions(canvas, columns, rows)
        x, y = lens.places(*(line[0] * across + line[2] * ahead + line[1] * down for line in matrix))
        inside = (x >= -0.5) & (x <= lens.width - 0.5) & (y >= -0.5) & (y <= lens.height - 0.5)
        map_x[top : top + STRIP] = np.where(inside, np.clip(x, 0, lens.width - 1), -1)
        map_y[top : top + STRIP] = np.where(inside, np.clip(y, 0, lens.height - 1), -1)
    return map_x, map_y


def number_rows(matrix: Points) -> Matrix:
    """A matrix (3, 3) as the file has it."""
    first, second, third = ((float(x), float(y), float(z)) for x, y, z in matrix)
    return first, second, third
