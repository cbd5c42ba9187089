"""The code burnt into every frame of a test pattern: which camera, which frame, when; read by tests and checks.

13 bytes (mark and camera, frame number, milliseconds since the Unix epoch, CRC-16) as a grid of 13 x 8 black and
white blocks in luma, in a black frame within a white one. Blocks are a 120th of the picture's width, at least 8 px,
so that the code outlives H.264, the stitching and a scale to half size. It lies where only its own camera sees, and
no logo goes: a third of the width from the outer side, at three tenths of the height.
"""

import binascii
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.picture import Plane

COLUMNS, ROWS = 13, 8
BORDER = 2
"""Blocks around the grid: a black one inside, a white one outside."""
WIDTH, HEIGHT = COLUMNS + 2 * BORDER, ROWS + 2 * BORDER
BLACK, WHITE = 16, 235
MARK = 0xE0
"""Upper half of the first byte; the lower half is the camera."""

STRIDE = 0x35
"""From camera to camera, and so the second one's own: what its first byte is masked with."""

READ_BLOCK = 8
"""Pixels of a block in the picture that is read."""
SLACK = READ_BLOCK
"""How far off its place, in pixels of that picture, a code is still found: one block."""
CONTRAST = 50
"""Least difference in luma between the white and the black frame."""
TRIES = 5
"""Places whose CRC is tried."""


class Area(NamedTuple):
    """A rectangle in pixels; a scaled video puts its edges between them."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Code:
    camera: int
    """0 to 15"""
    number: int
    """The frame's number, modulo 2**32."""
    time_ms: int
    """Milliseconds since the Unix epoch."""


def code_area(camera: int, width: int, height: int) -> Area:
    """Where the code lies in its camera's own picture of width x height px."""
    block = max(8, width // 120)
    code_width, code_height = WIDTH * block, HEIGHT * block
    centre = width / 3 if camera == 0 else width * 2 / 3
    x = max(0.0, min(centre - code_width / 2, width - code_width))
    y = max(0.0, min(height * 0.3 - code_height / 2, height - code_height))
    return Area(x // 2 * 2, y // 2 * 2, code_width, code_height)


def code_area_in_video(camera: int, camera_size: tuple[int, int], video_size: tuple[int, int]) -> Area:
    """Where the code lies in a finished video: camera 0 at its left edge, another at its right, all scaled to fit.

    Sizes are (width, height). It holds for a single camera, for side by side, and for any overlap.
    """
    width, height = camera_size
    scale = video_size[1] / height
    area = code_area(camera, width, height)
    offset = 0.0 if camera == 0 else video_size[0] / scale - width
    return Area((area.x + offset) * scale, area.y * scale, area.width * scale, area.height * scale)


def draw_code(y: Plane, area: Area, code: Code) -> None:
    """Draw a code on a luma plane, in place. The area has to lie in it, on whole pixels."""
    block = int(area.width) // WIDTH
    cells = np.full((HEIGHT, WIDTH), WHITE, np.uint8)
    cells[1:-1, 1:-1] = BLACK
    bits = np.unpackbits(np.frombuffer(_payload(code), np.uint8)).reshape(ROWS, COLUMNS)
    cells[BORDER:-BORDER, BORDER:-BORDER] = np.where(bits, np.uint8(WHITE), np.uint8(BLACK))
    left, top = int(area.x), int(area.y)
    picture = cells.repeat(block, axis=0).repeat(block, axis=1)
    y[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def read_code(y: Plane, area: Area) -> Code | None:
    """The code in this area of a luma plane, up to a block off its place; None when there is none or it is damaged."""
    grid = _resampled(y, area)
    sums = np.asarray(cv2.integral(grid), np.int32)
    white, black = _frame_means(sums)
    contrast = white - black
    for place in np.argsort(contrast, axis=None)[: -TRIES - 1 : -1]:
        dy, dx = divmod(int(place), contrast.shape[1])
        if contrast[dy, dx] < CONTRAST:
            return None
        threshold = (white[dy, dx] + black[dy, dx]) / 2
        code = _decoded(_block_means(sums, dx, dy) > threshold)
        if code is not None:
            return code
    return None


def read_video_frame(y: Plane, camera: int, camera_size: tuple[int, int]) -> Code | None:
    """The code of a camera in a frame of a finished video (or of a camera's own, of any scale)."""
    return read_code(y, code_area_in_video(camera, camera_size, (y.shape[1], y.shape[0])))


def _payload(code: Code) -> bytes:
    body = (code.number % 2**32).to_bytes(4) + code.time_ms.to_bytes(6)
    data = bytes([MARK | code.camera]) + _masked(body, code.camera)
    return data + binascii.crc_hqx(data, 0xFFFF).to_bytes(2)


def _masked(body: bytes, camera: int) -> bytes:
    """And back. Codes of two cameras then look different, and are not taken for one thing that both see."""
    return bytes(byte ^ (camera * (STRIDE + 2 * place)) % 256 for place, byte in enumerate(body))


def _decoded(white_blocks: NDArray[np.bool_]) -> Code | None:
    data = np.packbits(white_blocks).tobytes()
    if binascii.crc_hqx(data, 0xFFFF) != 0 or data[0] & 0xF0 != MARK:
        return None
    camera = data[0] & 0x0F
    body = _masked(data[1:11], camera)
    return Code(camera, int.from_bytes(body[:4]), int.from_bytes(body[4:]))


def _resampled(y: Plane, area: Area) -> Plane:
    """The area with SLACK around it, scaled so that a block has READ_BLOCK pixels; black beyond the picture."""
    width, height = WIDTH * READ_BLOCK + 2 * SLACK, HEIGHT * READ_BLOCK + 2 * SLACK
    step_x, step_y = area.width / (WIDTH * READ_BLOCK), area.height / (HEIGHT * READ_BLOCK)
    left, top = area.x - SLACK * step_x, area.y - SLACK * step_y
    x0, y0 = max(0, int(left) - 1), max(0, int(top) - 1)
    x1 = max(x0 + 1, min(y.shape[1], int(left + width * step_x) + 2))
    y1 = max(y0 + 1, min(y.shape[0], int(top + height * step_y) + 2))
    near = y[y0:y1, x0:x1]
    if near.size == 0:
        return np.zeros((height, width), np.uint8)
    # Pixel centres: out + 0.5 = (in + 0.5 - left) / step.
    to_picture = np.array(
        [[step_x, 0, left + step_x / 2 - 0.5 - x0], [0, step_y, top + step_y / 2 - 0.5 - y0]], np.float64
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(near, to_picture, (width, height), flags=flags), np.uint8)


def _box(sums: NDArray[np.int32], x: int, y: int, width: int, height: int) -> NDArray[np.float64]:
    """Sums of a box at (x, y) off every place in the slack: (places down, places across)."""
    n = 2 * SLACK + 1
    return (
        sums[y + height : y + height + n, x + width : x + width + n]
        - sums[y : y + n, x + width : x + width + n]
        - sums[y + height : y + height + n, x : x + n]
        + sums[y : y + n, x : x + n]
    ).astype(np.float64)


def _frame_means(sums: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean luma of the white and of the black frame, for every place in the slack."""
    boxes, areas = list[NDArray[np.float64]](), list[int]()
    for inset in range(BORDER + 1):
        edge, width, height = inset * READ_BLOCK, (WIDTH - 2 * inset) * READ_BLOCK, (HEIGHT - 2 * inset) * READ_BLOCK
        boxes.append(_box(sums, edge, edge, width, height))
        areas.append(width * height)
    white = (boxes[0] - boxes[1]) / (areas[0] - areas[1])
    black = (boxes[1] - boxes[2]) / (areas[1] - areas[2])
    return white, black


def _block_means(sums: NDArray[np.int32], dx: int, dy: int) -> NDArray[np.float64]:
    """Mean luma of the middle of every block, the grid being (dx, dy) off: (ROWS, COLUMNS)."""
    inner = READ_BLOCK // 4
    size = READ_BLOCK - 2 * inner
    xs = (np.arange(COLUMNS) + BORDER) * READ_BLOCK + inner + dx
    ys = (np.arange(ROWS) + BORDER) * READ_BLOCK + inner + dy
    total = (
        sums[np.ix_(ys + size, xs + size)]
        - sums[np.ix_(ys, xs + size)]
        - sums[np.ix_(ys + size, xs)]
        + sums[np.ix_(ys, xs)]
    )
    return total / size**2
