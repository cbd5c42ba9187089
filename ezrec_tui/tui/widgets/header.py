"""The top line: the screens there are, what was just done, and a clock that ticks as long as the screen lives."""

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.act import ScreenAct
from ezrec_tui.tui.actions import ACTS, UNDER
from ezrec_tui.tui.look import OLD_SECONDS, Message, Place
from ezrec_tui.tui.widgets.panel import Panel, apart, line
from ezrec_tui.tui.wording import day, short, time_of_day


class Header(Panel):
    shows_time = True

    message: var[Message] = var(Message(), init=False)
    """What was just done; it fades."""

    def watch_message(self) -> None:
        self.redraw()

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place

    def draw(self, width: int, height: int) -> Content:
        look, profile = self.look, self.look.profile
        clock = line((time_of_day(self.now, look.venue, seconds=True), profile.strong("$ink")), " ")
        right = line((f" {day(self.now, look.venue, look.texts)}", "$muted"), "  ", clock)
        name: Content = line((" EZREC ", profile.strong("$ink")))
        said = self._said()
        left = line(name, " ", said or self._tabs())
        if left.cell_length + right.cell_length > width:
            right = line(" ", clock)
        for spaces in (2, 1, 0):
            if left.cell_length + right.cell_length > width and not said:
                left = self._tabs(spaces)
        return apart(left, right, width)

    def _said(self) -> Content | None:
        """What was just done, or how old the picture is: for as long as it lasts in place of the tabs."""
        look = self.look
        if self.message.text:
            tone = "$ok" if self.message.good else "$look"
            shape = look.glyphs.good if self.message.good else look.glyphs.alert
            return line((f" {shape} {look.said(self.message.text)}", look.profile.strong(tone)))
        if self.link.live and self.link.age is not None and self.link.age > OLD_SECONDS:
            return line((f" {look.texts.old_data.format(age=short(self.link.age))}", "$look"))
        return None

    def _tabs(self, spaces: int = 2) -> Content:
        """The screens by their digits; the one that is shown is framed by colour and shape. `spaces`: around a name."""
        look, strong, parts = self.look, self.look.profile.strong, list[Content]()
        alerts = len(self.snapshot.alerts) if self.snapshot else 0
        for act in ACTS:
            if not isinstance(act, ScreenAct) or act.opens is None or not act.key.isdigit():
                continue
            label = act.label(look.texts)
            before, after = (" " * (spaces > space) for space in (0, 1))
            if act.opens is Place.ALERTS and alerts:
                label = f"{label}{after}{look.glyphs.alert}{alerts}"
            if act.opens is UNDER.get(self.place, self.place):
                parts.append(line((f" {act.key}{before}{label}{after}", strong("$on-calm on $calm"))))
                continue
            tone = "$look" if act.opens is Place.ALERTS and alerts else "$muted"
            parts.append(line((f" {act.key}", strong("$ink")), (f"{before}{label}{after}", tone)))
        return line(*parts)
