"""What all parts of a screen have in common: they draw the newest snapshot, and repaint only the
lines that look different.

A part never keeps state of its own: what it draws follows from the snapshot, the link, the time and the look alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import zip_longest

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.reactive import var
from textual.widget import Widget

from ezrec_tui.model import Snapshot
from ezrec_tui.tui.look import Link, Look

EPOCH = datetime.fromtimestamp(0, UTC)

Part = str | Content | tuple[str, str]
"""Text, or text with a style."""


class Panel(Widget, inherit_css=False):
    """Draws `draw(width, height)` and is told of every change by its screen (`data_bind`)."""

    snapshot: var[Snapshot | None] = var[Snapshot | None](None, init=False)
    link: var[Link] = var(Link(), init=False)
    now: var[datetime] = var(EPOCH, init=False)
    look: var[Look] = var(Look(), init=False)

    fades = False
    """Whether what it shows loses its colours, and with them its claim, when the engine is lost."""

    shows_time = False
    """Whether what it shows changes while time passes: all others are not told of it."""

    _drawn: Content = Content("")

    def draw(self, width: int, height: int) -> Content:
        """The whole panel, in cells."""
        raise NotImplementedError

    def redraw(self) -> None:
        width, height = self.size
        drawn = self.draw(width, height) if width and height else Content("")
        if self.fades and self.link.lost:
            drawn = Content.styled(drawn.plain, "$faint")
        old, new = self._drawn.split("\n", allow_blank=True), drawn.split("\n", allow_blank=True)
        pairs = enumerate(zip_longest(old, new, fillvalue=Content("")))
        changed = [Region(0, y, width, 1) for y, (was, now) in pairs if not now.is_same(was)]
        if changed:
            self._drawn = drawn
            self.refresh(*changed)

    def render(self) -> Content:
        return self._drawn

    def on_resize(self, _event: events.Resize) -> None:
        self.redraw()
        # The lines that stayed the same were painted with the old size.
        self.refresh()

    def watch_snapshot(self) -> None:
        self.redraw()

    def watch_link(self) -> None:
        self.redraw()

    def watch_now(self) -> None:
        self.redraw()

    def watch_look(self) -> None:
        self.redraw()


def line(*parts: Part) -> Content:
    """One line."""
    return Content.assemble(*parts)


def page(lines: Sequence[Content], height: int) -> Content:
    """Lines one below the other, as many as there is room for."""
    return Content("\n").join(lines[:height])


def apart(left: Content, right: Content, width: int, style: str = "") -> Content:
    """One line with something at both ends; where there is no room for both, the left one is cut."""
    room = max(0, width - right.cell_length)
    if left.cell_length > room:
        left = left.truncate(max(0, room - 1), ellipsis=True)
    gap = " " * max(0, width - left.cell_length - right.cell_length)
    return line(left, (gap, style) if style else gap, right)


def heading(title: Content, width: int, look: Look) -> Content:
    """A title with a rule to the end of the line."""
    title = title.truncate(width)
    rule = look.glyphs.rule * max(0, width - title.cell_length - 1)
    return line(title, " ", (rule, "$line"))


def bar(fraction: float, width: int, look: Look, style: str = "$ok") -> Content:
    """How much of something is done."""
    full = round(min(1.0, max(0.0, fraction)) * width)
    return line((look.glyphs.bar_full * full, style), (look.glyphs.bar_empty * (width - full), "$line"))
