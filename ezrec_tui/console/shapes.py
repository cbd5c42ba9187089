"""The signs that console fonts lack or draw wrongly, as areas of a cell.

A cell is one unit wide and two high, from (0, 0) at its upper left; an area says of a point whether it is in.
"""

from collections.abc import Callable
from itertools import pairwise
from math import hypot

from ezrec_tui.console.psf import Bitmap

Area = Callable[[float, float], bool]
Point = tuple[float, float]

HEAVY = 0.38
"""Width of a heavy line: twice that of the font's own."""
TICK = 0.22
MIDDLE = (0.5, 1.0)


def draw(area: Area, width: int, height: int) -> Bitmap:
    """The pixels whose middle is in the area."""
    rows = list[int]()
    for y in range(height):
        inside = (area((x + 0.5) / width, (y + 0.5) * 2 / height) for x in range(width))
        rows.append(sum(1 << (width - 1 - x) for x, it_is in enumerate(inside) if it_is))
    return tuple(rows)


def box(left: float, top: float, right: float, bottom: float) -> Area:
    return lambda x, y: left <= x < right and top <= y < bottom


def disc(radius: float, hole: float = 0.0) -> Area:
    """Around the middle; with a hole it is a ring."""
    return lambda x, y: hole <= hypot(x - MIDDLE[0], y - MIDDLE[1]) <= radius


def diamond(half: float) -> Area:
    return lambda x, y: abs(x - MIDDLE[0]) + abs(y - MIDDLE[1]) * 0.8 <= half


def triangle(a: Point, b: Point, c: Point) -> Area:
    def side(p: Point, q: Point, x: float, y: float) -> float:
        return (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0])

    def inside(x: float, y: float) -> bool:
        sides = (side(a, b, x, y), side(b, c, x, y), side(c, a, x, y))
        return min(sides) >= 0 or max(sides) <= 0

    return inside


def stroke(*points: Point, width: float = TICK) -> Area:
    """A line through the points, round at its ends."""

    def near(a: Point, b: Point, x: float, y: float) -> bool:
        along, down = b[0] - a[0], b[1] - a[1]
        part = ((x - a[0]) * along + (y - a[1]) * down) / (along**2 + down**2)
        part = min(1.0, max(0.0, part))
        return hypot(x - a[0] - part * along, y - a[1] - part * down) <= width / 2

    pairs = list(pairwise(points))
    return lambda x, y: any(near(a, b, x, y) for a, b in pairs)


def both(*areas: Area) -> Area:
    return lambda x, y: any(area(x, y) for area in areas)


def without(area: Area, hole: Area) -> Area:
    return lambda x, y: area(x, y) and not hole(x, y)


def lines(*arms: str, width: float = HEAVY) -> Area:
    """Box lines from the middle to those edges: `l`, `r`, `u`, `d`."""
    half = width / 2
    reach = {
        "l": box(0, 1 - half, 0.5 + half, 1 + half),
        "r": box(0.5 - half, 1 - half, 1, 1 + half),
        "u": box(0.5 - half, 0, 0.5 + half, 1 + half),
        "d": box(0.5 - half, 1 - half, 0.5 + half, 2),
    }
    return both(*(reach[arm] for arm in arms))


def _quadrants(*parts: Point) -> Area:
    return both(*(box(x, y, x + 0.5, y + 1) for x, y in parts))


_UPPER_LEFT, _UPPER_RIGHT, _LOWER_LEFT, _LOWER_RIGHT = (0.0, 0.0), (0.5, 0.0), (0.0, 1.0), (0.5, 1.0)

_BLOCKS = {
    "▀": box(0, 0, 1, 1),
    "▐": box(0.5, 0, 1, 2),
    "▔": box(0, 0, 1, 0.25),
    "▕": box(0.875, 0, 1, 2),
    **{chr(0x2580 + part): box(0, 2 - part / 4, 1, 2) for part in range(1, 8)},
    **{chr(0x2590 - part): box(0, 0, part / 8, 2) for part in range(1, 8)},
    "▖": _quadrants(_LOWER_LEFT),
    "▗": _quadrants(_LOWER_RIGHT),
    "▘": _quadrants(_UPPER_LEFT),
    "▝": _quadrants(_UPPER_RIGHT),
    "▙": _quadrants(_UPPER_LEFT, _LOWER_LEFT, _LOWER_RIGHT),
    "▚": _quadrants(_UPPER_LEFT, _LOWER_RIGHT),
    "▛": _quadrants(_UPPER_LEFT, _UPPER_RIGHT, _LOWER_LEFT),
    "▜": _quadrants(_UPPER_LEFT, _UPPER_RIGHT, _LOWER_RIGHT),
    "▞": _quadrants(_UPPER_RIGHT, _LOWER_LEFT),
    "▟": _quadrants(_UPPER_RIGHT, _LOWER_LEFT, _LOWER_RIGHT),
}

_up = triangle((0.5, 0.45), (0.02, 1.5), (0.98, 1.5))
_HEAVY_LINES = {
    "━": lines("l", "r"),
    "┃": lines("u", "d"),
    "┏": lines("r", "d"),
    "┓": lines("l", "d"),
    "┗": lines("r", "u"),
    "┛": lines("l", "u"),
    "╸": box(0, 1 - HEAVY / 2, 0.5, 1 + HEAVY / 2),
    "╺": box(0.5, 1 - HEAVY / 2, 1, 1 + HEAVY / 2),
}

_SHAPES = {
    "●": disc(0.44),
    "○": disc(0.46, 0.32),
    "◆": diamond(0.5),
    "◇": without(diamond(0.5), diamond(0.32)),
    "■": box(0.06, 0.56, 0.94, 1.44),
    "□": without(box(0.06, 0.56, 0.94, 1.44), box(0.2, 0.7, 0.8, 1.3)),
    "▲": _up,
    "▼": triangle((0.5, 1.55), (0.02, 0.5), (0.98, 0.5)),
    "▶": triangle((0.06, 0.46), (0.06, 1.54), (0.98, 1.0)),
    "◀": triangle((0.94, 0.46), (0.94, 1.54), (0.02, 1.0)),
    "⏸": both(box(0.1, 0.55, 0.38, 1.45), box(0.62, 0.55, 0.9, 1.45)),
    "⚠": without(_up, both(box(0.44, 0.86, 0.57, 1.17), box(0.44, 1.26, 0.57, 1.4))),
    "✓": stroke((0.12, 1.05), (0.38, 1.42), (0.9, 0.56)),
    "✗": both(stroke((0.125, 0.625), (0.875, 1.375)), stroke((0.875, 0.625), (0.125, 1.375))),
}

AREAS: dict[str, Area] = _BLOCKS | _HEAVY_LINES | _SHAPES
"""What is drawn whatever the font: one area a sign."""


def shade(width: int, height: int) -> Bitmap:
    """Three quarters of the pixels: ▓."""
    return tuple(sum(1 << x for x in range(width) if y % 2 or x % 2 != y // 2 % 2) for y in range(height))


def thin_lines(across: Bitmap, down: Bitmap, width: int) -> dict[str, Bitmap]:
    """Round corners and half lines that meet the font's own ─ and │, given here."""
    rows = [y for y, row in enumerate(across) if row]
    columns = [x for x in range(width) if down[0] >> (width - 1 - x) & 1]
    middle_x, middle_y = sum(columns) / len(columns), sum(rows) / len(rows)
    thick, radius = len(columns), min(middle_x, width - 1 - middle_x)

    def corner(right: int, below: int) -> Bitmap:
        def drawn(x: int, y: int) -> bool:
            along, under = (x - middle_x) * right, (y - middle_y) * below
            if along > radius:
                return y in rows
            if under > radius:
                return x in columns
            return abs(hypot(along - radius, under - radius) - radius) <= thick / 2

        return tuple(sum(1 << (width - 1 - x) for x in range(width) if drawn(x, y)) for y in range(len(across)))

    left_half = (1 << width) - (1 << (width - 1 - columns[-1]))
    right_half = (1 << (width - columns[0])) - 1
    return {
        "╭": corner(1, 1),
        "╮": corner(-1, 1),
        "╰": corner(1, -1),
        "╯": corner(-1, -1),
        "╴": tuple(row & left_half for row in across),
        "╶": tuple(row & right_half for row in across),
        "╵": tuple(row if y <= rows[-1] else 0 for y, row in enumerate(down)),
        "╷": tuple(row if y >= rows[0] else 0 for y, row in enumerate(down)),
    }
