"""A list that is moved through with the arrows, and all that is known of its chosen line."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.listing import Fact
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import Panel, apart, heading, line, page
from ezrec_tui.tui.wording import wrap

CURSOR = 2
"""Cells before a line, for the mark of the chosen one."""


def window(count: int, chosen: int, room: int) -> range:
    """Which of `count` lines are shown in `room`: the chosen one as near to the middle as there are others."""
    first = max(0, min(chosen - room // 2, count - room))
    return range(first, min(count, first + max(0, room)))


class Rows(Panel):
    """Draws the lines that there is room for, and says where in the list they are."""

    fades = True

    rows: var[Sequence[Content]] = var[Sequence[Content]]((), init=False)
    """Those in `shown`."""
    count: var[int] = var(0, init=False)
    """Of all lines."""
    chosen: var[int] = var(0, init=False)
    title: var[str] = var("", init=False)
    instead: var[str] = var("", init=False)
    """What is said when there are no lines."""

    @property
    def shown(self) -> range:
        """The lines that there is room for."""
        return window(self.count, self.chosen, self.size.height - 1)

    def draw(self, width: int, height: int) -> Content:
        look, strong = self.look, self.look.profile.strong
        lines = [self._title(self.count, self.shown, width)]
        if not self.count:
            lines += [line((part, "$muted")) for part in wrap(self.instead, width - CURSOR)]
        for index, whole in zip(self.shown, self.rows, strict=False):
            row = whole.truncate(width - CURSOR)
            if index != self.chosen:
                lines.append(line(" " * CURSOR, row))
                continue
            filled = line((f"{look.glyphs.cursor} ", strong("$ink")), row)
            filled = line(filled, " " * max(0, width - filled.cell_length))
            lines.append(filled.stylize_before("on $calm"))
        return page(lines, height)

    def _title(self, count: int, shown: range, width: int) -> Content:
        look, glyphs = self.look, self.look.glyphs
        title = line((self.title, look.profile.strong("$ink")))
        if not count:
            return heading(title, width, look)
        above = glyphs.above if shown.start > 0 else " "
        below = glyphs.below if shown.stop < count else " "
        place = look.texts.place.format(number=self.chosen + 1, count=count)
        right = line((f" {place} {above}{below}", "$muted"))
        return apart(heading(title, width - right.cell_length, look), right, width)


def fact_lines(facts: Sequence[Fact], width: int, look: Look) -> list[Content]:
    """Each under its label, over as many lines as it takes."""
    labels, lines = max((len(fact.label) for fact in facts), default=0) + 2, list[Content]()
    for fact in facts:
        for number, part in enumerate(wrap(fact.value, width - labels)):
            label = look.fit("" if number else fact.label, labels)
            lines.append(line((label, "$muted"), (part, fact.tone)))
    return lines


class Detail(Panel):
    """What is known, each under its label."""

    fades = True

    facts: var[Sequence[Fact]] = var[Sequence[Fact]]((), init=False)
    title: var[str] = var("", init=False)

    def draw(self, width: int, height: int) -> Content:
        look = self.look
        title = look.cut(self.title, width - 2)
        lines = [heading(line((title, look.profile.strong("$ink"))), width, look)]
        if not self.facts:
            lines.append(line((look.cut(look.texts.nothing_listed, width), "$muted")))
        return page([*lines, *fact_lines(self.facts, width, look)], height)
