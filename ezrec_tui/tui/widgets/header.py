"""The top line: whose screen this is, what was just done, and a clock that ticks as long as the screen lives."""

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.look import OLD_SECONDS, Message
from ezrec_tui.tui.widgets.panel import Panel, apart, line
from ezrec_tui.tui.wording import day, short, time_of_day


class Header(Panel):
    message: var[Message] = var(Message(), init=False)
    """What was just done; it fades."""

    def watch_message(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        look, profile = self.look, self.look.profile
        left: Content = line((" EZREC", profile.strong("$ink")))
        if self.message.text:
            tone = "$ok" if self.message.good else "$look"
            shape = look.glyphs.good if self.message.good else look.glyphs.alert
            left = line(left, (f"   {shape} {look.name(self.message.text)}", profile.strong(tone)))
        elif self.link.live and self.link.age is not None and self.link.age > OLD_SECONDS:
            left = line(left, (f"   {look.texts.old_data.format(age=short(self.link.age))}", "$look"))
        clock = (time_of_day(self.now, look.venue, seconds=True), profile.strong("$ink"))
        right = line((day(self.now, look.venue, look.texts), "$muted"), "  ", clock, " ")
        return apart(left, right, width)
