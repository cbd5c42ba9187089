"""A grey picture in a terminal's cells: scaled to them, and put into the greys that there are. Pure.

With half blocks a cell is two pixels, one above the other: the one in the colour of the writing, the other in that of
the ground. Not every grey need be a ground; then the nearest ground stands in, where it errs less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import floordiv, itemgetter, sub

STEADY = 3
"""Luma by which a pixel has to go beyond the middle between two greys to change: a camera's noise repaints nothing."""

Row = bytes
"""Pixels of a line, left to right: their luma, or the places of their greys in a raster."""


@dataclass(frozen=True, slots=True)
class Grey:
    """A grey that the terminal has."""

    number: int
    """The colour's, in the terminal's palette."""
    luma: int
    ground: bool = True
    """Whether it can be the ground of a cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written into a cell, in which grey, on which; None where nothing is seen of it."""

    glyph: str
    ink: Grey | None
    ground: Grey | None
    mark: bool = False
    """Whether it is a mark upon the picture, in a colour of its own."""


class Raster:
    """The greys that a terminal has, in any order, and the shapes that it can draw with them.

    `halves` are its upper half, lower half and full block; where it has none, a cell is one pixel, drawn as `full`.
    `upright` is a line that marks a place.
    """

    def __init__(self, greys: Sequence[Grey], halves: str, full: str, upright: str) -> None:
        self.greys = sorted(greys, key=lambda grey: grey.luma)
        self.tall = 2 if halves else 1
        """Pixels of a cell, one above the other."""
        lumas = [grey.luma for grey in self.greys]
        self._grounds = [grey for grey in self.greys if grey.ground]
        self._nearest = bytes(min(range(len(lumas)), key=lambda at: abs(lumas[at] - luma)) for luma in range(256))
        self._kept = [bytes(self._keep(at, luma) for luma in range(256)) for at in range(len(lumas))]
        self._dimmed = bytes(self._nearest[luma // 2] for luma in lumas).ljust(256, b"\0")
        if halves:
            self.cells = [self._pair(top, bottom, halves) for top in self.greys for bottom in self.greys]
        else:
            self.cells = [Cell(full, grey, None) for grey in self.greys]
        self._first_mark = len(self.cells)
        self.cells += [Cell(upright, None, grey, mark=True) for grey in self._grounds]

    def _keep(self, at: int, luma: int) -> int:
        """The grey of a pixel that had the one at `at`."""
        nearest = self._nearest[luma]
        farther = abs(self.greys[at].luma - luma) - abs(self.greys[nearest].luma - luma)
        return at if farther <= 2 * STEADY else nearest

    def _pair(self, top: Grey, bottom: Grey, halves: str) -> Cell:
        """Both as they are, or one of them nearly so, or both in between: whichever errs least."""
        upper, lower, full = halves
        above, below = self.ground(top.luma), self.ground(bottom.luma)
        between = self.greys[self._nearest[(top.luma + bottom.luma) // 2]]
        whole = Cell(" ", None, between) if between.ground else Cell(full, between, None)
        cells = {
            whole: abs(between.luma - top.luma) + abs(between.luma - bottom.luma),
            Cell(upper, top, below): abs(below.luma - bottom.luma),
            Cell(lower, bottom, above): abs(above.luma - top.luma),
        }
        return min(cells, key=lambda cell: cells[cell])

    def ground(self, luma: int) -> Grey:
        """The nearest grey that can be a ground."""
        return min(self._grounds, key=lambda grey: abs(grey.luma - luma))

    def levels(self, rows: Sequence[Row], before: Sequence[Row] = ()) -> list[Row]:
        """The greys of pixels given by their luma. `before` are those of the same pixels in the picture before."""
        if [len(row) for row in rows] != [len(row) for row in before]:
            return [row.translate(self._nearest) for row in rows]
        kept = self._kept
        return [
            bytes([kept[was][luma] for was, luma in zip(old, row, strict=True)])
            for old, row in zip(before, rows, strict=True)
        ]

    def dimmed(self, levels: Sequence[Row]) -> list[Row]:
        """The same at half the light."""
        return [row.translate(self._dimmed) for row in levels]

    def codes(self, levels: Sequence[Row]) -> list[tuple[int, ...]]:
        """A line of cells each: their places in `cells`."""
        if self.tall == 1:
            return [tuple(row) for row in levels]
        count = len(self.greys)
        pairs = zip(levels[::2], levels[1::2], strict=True)
        return [tuple([top * count + bottom for top, bottom in zip(*pair, strict=True)]) for pair in pairs]

    def marked(self, code: int) -> int:
        """The cell with the upright line over it."""
        top, bottom = divmod(code, len(self.greys)) if self.tall == 2 else (code, code)
        middle = (self.greys[top].luma + self.greys[bottom].luma) // 2
        return self._first_mark + self._grounds.index(self.ground(middle))


def scale(grey: bytes, width: int, height: int, across: int, down: int) -> list[Row]:
    """A picture of `width` x `height` pixels as `down` rows of `across`: each the mean of those that it stands for."""
    if not across or not down:
        return []
    lefts, rights = _spans(width, across)
    # With one index an itemgetter gives a value and not a tuple of one: the last is taken twice, and dropped again.
    first, last = itemgetter(*lefts, 0), itemgetter(*rights, 0)
    widths = [right - left for left, right in zip(lefts, rights, strict=True)]
    rows = list[Row]()
    for top, bottom in zip(*_spans(height, down), strict=True):
        lines = [grey[y * width : (y + 1) * width] for y in range(top, bottom)]
        sums = accumulate(lines[0] if len(lines) == 1 else map(sum, zip(*lines, strict=True)), initial=0)
        counts = map(len(lines).__mul__, widths)
        so_far = list(sums)
        rows.append(bytes(map(floordiv, map(sub, last(so_far), first(so_far)), counts)))
    return rows


def _spans(pixels: int, parts: int) -> tuple[list[int], list[int]]:
    """Where each of `parts` begins and ends; each has a pixel at least."""
    edges = [part * pixels // parts for part in range(parts + 1)]
    return edges[:-1], [max(end, begin + 1) for begin, end in pairwise(edges)]


def fit(width: int, height: int, aspect: float) -> tuple[int, int]:
    """The largest picture of `aspect` (width / height) in so many cells, twice as high as wide: cells across, down."""
    across = min(width, int(2 * height * aspect))
    return max(0, across), min(height, max(1, round(across / (2 * aspect)))) if across > 0 else 0
