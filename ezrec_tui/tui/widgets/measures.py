"""What helps to aim, focus and expose a camera: above its picture who it is, below it what is measured."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

from textual.content import Content
from textual.reactive import var

from ezrec_tui.model import CameraPicture
from ezrec_tui.tui.look import Look, Sight
from ezrec_tui.tui.widgets.camera import camera_title
from ezrec_tui.tui.widgets.panel import Panel, apart, bar, heading, line, page
from ezrec_tui.tui.widgets.picture import overlap_cells
from ezrec_tui.tui.wording import number

BINS = 16
"""Columns of the histogram."""

TOO_DARK, TOO_BRIGHT = 0.4, 0.1
"""Share of the pixels at an end of the range from which a picture is called so: white is lost sooner than black, as a
hall has dark corners and a court has none that are burnt out."""

SHARP = 0.97
"""Of the best focus seen: as near to it as the measure tells."""

LEAST_HEIGHT, AIRY_HEIGHT, MOST_CHART = 6, 10, 12
"""Lines: of what is below a picture, from where on it is spread out, and of its histogram."""


class SightTitle(Panel):
    """One line: which camera, its state and, where there is room, its pictures per second."""

    fades = True

    def __init__(self, index: int) -> None:
        super().__init__()
        self._index = index

    def draw(self, width: int, height: int) -> Content:
        look, cameras = self.look, self.snapshot.cameras if self.snapshot else ()
        if self._index >= len(cameras):
            return line((look.cut(look.texts.no_cameras, width), "$muted"))
        camera = cameras[self._index]
        title = camera_title(camera, self.snapshot, look)
        rate = line((f" {number(camera.fps, 1, look.texts)} fps", "$muted"))
        room = width - rate.cell_length
        if title.cell_length > room:
            return title.truncate(width)
        return apart(heading(title, room, look).truncate(room), rate, width)


class Measures(Panel):
    """The overlap's name, the focus against the best one seen, and how the light is spread."""

    fades = True

    sight: var[Sight | None] = var[Sight | None](None, init=False)
    best: var[float] = var(0.0, init=False)
    """The best focus seen of this camera."""
    overlap: var[float] = var(0.0, init=False)
    """Share of the width that both cameras see; 0 where it is not shown."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self._index = index

    def watch_sight(self) -> None:
        self.redraw()

    def watch_best(self) -> None:
        self.redraw()

    def watch_overlap(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        picture = self.sight.picture if self.sight else None
        airy = [Content("")] if height >= AIRY_HEIGHT else []
        lines = [self._overlap(width), *airy, self._focus(picture, width), self._light(picture, width)]
        room = min(MOST_CHART, height - len(lines) - 1)
        if picture and room >= 1:
            lines += histogram(picture, room, width, self.look)
        return page(lines, height)

    def _overlap(self, width: int) -> Content:
        """A bracket under what both see, and its name towards the middle of the picture."""
        if not self.overlap or self.sight is None:
            return Content("")
        look, glyphs, cells = self.look, self.look.glyphs, overlap_cells(width, self.overlap)
        span = glyphs.begins + glyphs.rule * (cells - 2) + glyphs.ends if cells > 1 else glyphs.upright
        words = look.cut(look.texts.both_see, max(0, width - cells - 1))
        if self._index:
            return line((span, "$info"), (f" {words}", "$muted"))
        return line((f"{words} ".rjust(width - cells), "$muted"), (span, "$info"))

    def _focus(self, picture: CameraPicture | None, width: int) -> Content:
        look, texts = self.look, self.look.texts
        label = line((f"{texts.focus}  ", "$muted"))
        if picture is None or picture.focus is None:
            return line(label, (look.glyphs.dash, "$muted"))
        share = picture.focus / self.best if self.best > 0 else 1.0
        tone = "$ok" if share >= SHARP else "$info"
        value = line((f"{_measure(picture.focus, look):>5}  ", look.profile.strong("$ink")))
        best = line((f"  {texts.best_focus.format(value=_measure(self.best, look))}", "$muted"))
        room = width - label.cell_length - value.cell_length - best.cell_length
        return line(label, value, bar(share, max(0, room), look, tone), best).truncate(width)

    def _light(self, picture: CameraPicture | None, width: int) -> Content:
        look, texts, glyphs = self.look, self.look.texts, self.look.glyphs
        label = line((f"{texts.light}  ", "$muted"))
        if picture is None:
            return line(label, (glyphs.dash, "$muted"))
        wrong = [
            word
            for word, much in (
                (texts.too_dark, picture.dark >= TOO_DARK),
                (texts.too_bright, picture.bright >= TOO_BRIGHT),
            )
            if much
        ]
        said = f"{glyphs.alert} {', '.join(wrong)}" if wrong else f"{glyphs.good} {texts.light_good}"
        tone = look.profile.strong("$look") if wrong else "$ok"
        shares = texts.light_shares.format(dark=round(100 * picture.dark), bright=round(100 * picture.bright))
        left = line(label, (said, tone))
        if left.cell_length + len(shares) + 2 > width:
            return left.truncate(width)
        return apart(left, line((shares, "$muted")), width)


def histogram(picture: CameraPicture, height: int, width: int, look: Look) -> list[Content]:
    """How many pixels are how bright, dark ones on the left: `height` lines of columns, and a line that names the ends.

    Columns grow with the root of the share, so that few pixels are seen beside many.
    """
    shares = grouped(picture.histogram, BINS)
    across = max(1, width // BINS)
    most, steps = max(shares, default=0.0), len(look.glyphs.steps)
    filled = [max(1, round(sqrt(share / most) * height * steps)) if share > 0 else 0 for share in shares]
    lines = list[Content]()
    for row in reversed(range(height)):
        partly = [min(steps, max(0, count - row * steps)) for count in filled]
        columns = "".join((look.glyphs.steps[step - 1] if step else " ") * across for step in partly)
        first, last = columns[:across], columns[across:][-across:]
        middle = columns[across : len(columns) - len(last)]
        lines.append(
            line(
                (first, "$look" if picture.dark >= TOO_DARK else "$faint"),
                (middle, "$faint"),
                (last, "$look" if picture.bright >= TOO_BRIGHT else "$faint"),
            )
        )
    ends = apart(line((look.texts.dark, "$muted")), line((look.texts.bright, "$muted")), across * len(shares))
    return [*lines, ends]


def grouped(shares: Sequence[float], count: int) -> list[float]:
    """Neighbours added up, so that there are at most `count`."""
    if len(shares) <= count:
        return list(shares)
    edges = [at * len(shares) // count for at in range(count + 1)]
    return [sum(shares[begin:end]) for begin, end in pairwise(edges)]


def _measure(value: float, look: Look) -> str:
    """A focus has no unit: three digits tell."""
    return number(value, 0 if value >= 100 else 1, look.texts)
