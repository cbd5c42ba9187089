"""The recordings beside the one in the banner: a second one that overlaps, one that was stopped, one that ends."""

from textual.content import Content

from ezrec_tui.model import RecordingState, RecordingStatus
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.targets import can_resume
from ezrec_tui.tui.widgets.banner import in_order, state_word
from ezrec_tui.tui.widgets.panel import Panel, apart, bar, line, page
from ezrec_tui.tui.wording import digits, time_of_day

BAR = 12


class Beside(Panel):
    """A line each, and there only when there are some."""

    fades = True
    shows_time = True

    def redraw(self) -> None:
        others = self._others()
        self.display = bool(others)
        self.styles.height = min(max(1, self.screen.size.height // 12), len(others)) if others else 1
        super().redraw()

    def _others(self) -> list[RecordingStatus]:
        return in_order(self.snapshot)[1:]

    def draw(self, width: int, height: int) -> Content:
        others = self._others()
        room = height if len(others) <= height else height - 1
        lines = [self._row(one, width) for one in others[: max(1, room)]]
        if len(others) > len(lines):
            more = self.look.texts.more.format(count=len(others) - len(lines))
            lines = (
                [*lines, line((f"  {more}", "$muted"))]
                if len(lines) < height
                else [apart(lines[0], line((more, "$muted")), width)]
            )
        return page(lines, height)

    def _row(self, one: RecordingStatus, width: int) -> Content:
        look, glyphs = self.look, self.look.glyphs
        shape, tone = {
            RecordingState.RECORDING: (glyphs.recording, "ok"),
            RecordingState.STOPPED: (glyphs.stopped, "look"),
            RecordingState.FINISHING: (glyphs.finishing, "info"),
        }.get(one.state, (glyphs.armed, "info"))
        word = line((f"  {shape} {state_word(one.state, look)}", look.profile.strong(f"${tone}")), "   ")
        right = self._right(one)
        name = look.cut(look.name(one.label), max(0, width - word.cell_length - right.cell_length - 1))
        return apart(line(word, (name, "$ink")), right, width)

    def _right(self, one: RecordingStatus) -> Content:
        look, texts = self.look, self.look.texts
        if one.state is RecordingState.STOPPED:
            if one.resume_until is None or not can_resume(one, self.snapshot) or one.resume_until <= self.now:
                return line((f"{texts.resume_gone}  ", "$muted"))
            seconds = int((one.resume_until - self.now).total_seconds())
            words = texts.resume_within.format(key=key_name(ACT["resume"], texts))
            words = texts.resumable if look.read_only else words
            return line((f"{words} {seconds} s  ", look.profile.strong("$look")))
        until = texts.until.format(end=time_of_day(one.end, look.venue))
        if one.state is not RecordingState.RECORDING:
            return line((f"{until}  ", "$muted"))
        gone = (self.now - one.start) / (one.end - one.start)
        left = f"  {texts.left} {digits(one.end - self.now)}   "
        return line(bar(gone, BAR, look), (left, "$muted"), (f"{until}  ", "$ink"))
