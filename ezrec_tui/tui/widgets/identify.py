"""Which camera is which: what to do, and the answer; and above each picture whose it is."""

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.widgets.panel import Panel, apart, heading, line, page
from ezrec_tui.tui.wording import time_of_day, wrap


@dataclass(frozen=True, slots=True)
class Finding:
    """What the pictures show."""

    index: int | None = None
    """The camera whose lens is covered, or was covered last."""
    until: datetime | None = None
    """When it was uncovered; None while it is covered."""
    problem: str = ""
    """Why nothing can be told now."""


class Answer(Panel):
    """What to do, and whose lens it was."""

    fades = True

    finding: var[Finding] = var(Finding(), init=False)

    def watch_finding(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        look, texts = self.look, self.look.texts
        title = heading(line((texts.identify_title, look.profile.strong("$ink"))), width, look)
        what_to_do = [line((part, "$ink")) for part in wrap(texts.identify_do, width)]
        answer = self._answer(width)
        room = height - 1 - len(answer)
        return page([title, *what_to_do[: max(0, room)], *answer], height)

    def _answer(self, width: int) -> list[Content]:
        look, texts, glyphs, finding = self.look, self.look.texts, self.look.glyphs, self.finding
        cameras = self.snapshot.cameras if self.snapshot else ()
        if finding.problem:
            return [line((look.cut(f"{glyphs.alert} {finding.problem}", width), look.profile.strong("$look")))]
        if finding.index is None or finding.index >= len(cameras):
            return [line((look.cut(f"{glyphs.pending} {texts.identify_waits}", width), "$info"))]
        shape, words = glyphs.recording, texts.identify_now
        if finding.until is not None:
            at = time_of_day(finding.until, look.venue, seconds=True)
            shape, words = glyphs.good, texts.identify_last.format(time=at)
        side = (texts.identify_left, texts.identify_right)[finding.index]
        found = line((f" {shape} {side} ", look.profile.strong("$on-ok on $ok")), (f"  {words}", "$ink"))
        serial = line((f"{texts.serial}  ", "$muted"), (look.name(cameras[finding.index].serial), "$ink"))
        lines = [found.truncate(width), serial.truncate(width, ellipsis=True)]
        if not look.read_only:
            hint = texts.identify_wrong.format(key=key_name(ACT["swap"], texts))
            lines.append(line((look.cut(hint, width), "$muted")))
        return lines


class SeenTitle(Panel):
    """Which camera's picture stands below, and whether its lens is covered now."""

    fades = True

    finding: var[Finding] = var(Finding(), init=False)

    def __init__(self, index: int) -> None:
        super().__init__()
        self._index = index

    def watch_finding(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        look, texts = self.look, self.look.texts
        name = line(((texts.left_camera, texts.right_camera)[self._index], look.profile.strong("$ink")))
        if self.finding.index != self._index or self.finding.until is not None:
            return heading(name, width, look)
        mark = f" {look.glyphs.recording} {texts.identify_covered} "
        return apart(name, line((mark, look.profile.strong("$on-ok on $ok"))), width)
