"""Pictures in greys: what a camera sees, and what both make together.

Its lines are made straight from the pixels, past the markup that other parts are written in: there are thousands of
cells, several times a second. What did not change is not painted again.
"""

from functools import lru_cache
from itertools import groupby

from rich.color import Color as TerminalColour
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip

from ezrec_tui.model import CameraPicture, RigPicture
from ezrec_tui.tui.look import OLD_SECONDS, Sight
from ezrec_tui.tui.profile import Profile
from ezrec_tui.tui.raster import Grey, Raster, Row, scale
from ezrec_tui.tui.widgets.panel import Panel, line, page
from ezrec_tui.tui.wording import short, width

Codes = tuple[int, ...]
"""A line of cells, each by its place in the raster."""


class Greys(Panel):
    """Fills its cells with a grey picture, whatever its shape."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: list[Row] = []
        self._levels_of: tuple[CameraPicture | RigPicture, Size, Raster] | None = None
        """What they were made of: the same is not made twice."""
        self._lines: list[tuple[Codes, str]] = []
        """What each line shows: its cells, and what is written over them."""

    def line_up(self) -> list[tuple[Codes, str]]:
        """The lines as they are to be shown now; none where there is no picture, and then `draw` says so."""
        raise NotImplementedError

    def codes(self, picture: CameraPicture | RigPicture, *, dimmed: bool = False) -> list[Codes]:
        """The picture in this widget's cells."""
        across, down = self.size
        raster = _raster(self.look.profile)
        made_of = picture, self.size, raster
        if made_of != self._levels_of:
            rows = scale(picture.grey, picture.width, picture.height, across, down * raster.tall)
            self._levels, self._levels_of = raster.levels(rows, self._levels), made_of
        return raster.codes(raster.dimmed(self._levels) if dimmed else self._levels)

    def redraw(self) -> None:
        old = self._lines
        self._lines = self.line_up()
        if len(old) != len(self._lines):
            self.refresh()
        changed = [
            Region(0, y, _differs_to(was, now), 1)
            for y, (was, now) in enumerate(zip(old, self._lines, strict=False))
            if was != now
        ]
        if changed:
            self.refresh(*changed)
        if not self._lines:
            super().redraw()

    def draw(self, width: int, height: int) -> Content:
        """What is said when there is no picture."""
        text = self.look.cut(self.look.texts.no_picture, width)
        empty = line((" " * width, "on $calm"))
        lines = [empty] * height
        lines[(height - 1) // 2] = line((text.center(width), "$on-calm on $calm"))
        return page(lines, height)

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return super().render_line(y)
        codes, label = self._lines[y]
        cells, segments = _drawn(_raster(self.look.profile), self._colour("info")), list[Segment]()
        for code, run in groupby(codes):
            glyph, style = cells[code]
            segments.append(Segment(glyph * len(list(run)), style))
        strip = Strip(segments, len(codes))
        if not label:
            return strip
        begin, end = (len(codes) - width(label)) // 2, (len(codes) + width(label)) // 2
        style = Style(color=self._colour("on-look"), bgcolor=self._colour("look"), bold=self.look.profile.bold)
        return Strip.join([strip.crop(0, begin), Strip([Segment(label, style)]), strip.crop(end)])

    def _colour(self, name: str) -> TerminalColour:
        return Color.parse(self.app.theme_variables[name]).rich_color


class Picture(Greys):
    """What a camera sees now. A picture that is old is dimmed, and says how old it is."""

    sight: var[Sight | None] = var[Sight | None](None, init=False)
    overlap: var[float] = var(0.0, init=False)
    """Share of the width that the other camera sees as well: a line is drawn where it begins. 0 draws none."""

    def __init__(self, index: int, *, every: float) -> None:
        """Of the camera `index`; a new picture comes `every` so many seconds."""
        super().__init__()
        self._index = index
        self._old_after = OLD_SECONDS + every

    def watch_sight(self) -> None:
        self.redraw()

    def watch_overlap(self) -> None:
        self.redraw()

    def line_up(self) -> list[tuple[Codes, str]]:
        sight = self.sight
        if sight is None:
            return []
        across, down = self.size
        old = sight.age > self._old_after
        codes = self.codes(sight.picture, dimmed=old)
        if self.overlap:
            raster, cells = _raster(self.look.profile), overlap_cells(across, self.overlap)
            at = across - cells if self._index == 0 else cells - 1
            codes = [(*one[:at], raster.marked(one[at]), *one[at + 1 :]) for one in codes]
        lines = [(one, "") for one in codes]
        if old and lines:
            words = self.look.texts.picture_old.format(age=short(sight.age))
            middle = (down - 1) // 2
            label = self.look.cut(f" {self.look.glyphs.alert} {words} ", across)
            lines[middle] = (lines[middle][0], label)
        return lines


class JoinedPicture(Greys):
    """What both cameras' joined picture looked like when they were calibrated."""

    picture: var[RigPicture | None] = var[RigPicture | None](None, init=False)

    def watch_picture(self) -> None:
        self.redraw()

    def line_up(self) -> list[tuple[Codes, str]]:
        return [(one, "") for one in self.codes(self.picture)] if self.picture else []


def overlap_cells(across: int, share: float) -> int:
    """Cells of the overlap in a picture so wide."""
    return min(across, max(1, round(across * share)))


def _differs_to(was: tuple[Codes, str], now: tuple[Codes, str]) -> int:
    """Cells from the left that have to be painted again."""
    (before, label), (after, new_label) = was, now
    if label != new_label or len(before) != len(after):
        return len(after)
    return next(x + 1 for x in reversed(range(len(after))) if before[x] != after[x])


def _raster(profile: Profile) -> Raster:
    glyphs = profile.glyphs
    return _raster_of(profile.greys, glyphs.halves, glyphs.steps[-1], glyphs.upright)


@lru_cache(maxsize=4)
def _raster_of(greys: tuple[Grey, ...], halves: str, full: str, upright: str) -> Raster:
    return Raster(greys, halves, full, upright)


@lru_cache(maxsize=4)
def _drawn(raster: Raster, mark: TerminalColour) -> list[tuple[str, Style]]:
    """The raster's cells as they are written to the terminal."""
    return [
        (cell.glyph, Style(color=mark if cell.mark else _colour(cell.ink), bgcolor=_colour(cell.ground)))
        for cell in raster.cells
    ]


def _colour(grey: Grey | None) -> TerminalColour | None:
    """By its number: fewer bytes than its parts, and a console knows no other. With its parts it is left as it is."""
    if grey is None:
        return None
    return TerminalColour.from_ansi(grey.number)._replace(triplet=ColorTriplet(grey.luma, grey.luma, grey.luma))
