"""The strip of alerts: there only when there are some, and it stays until somebody has seen them."""

from textual.content import Content

from ezrec_tui.model import Level
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.widgets.panel import Panel, apart, line, page
from ezrec_tui.tui.wording import time_of_day


class Alerts(Panel):
    """Two lines for the newest alert (what, and what to do), one for each other as far as there is room."""

    fades = True

    def redraw(self) -> None:
        alerts = self.snapshot.alerts if self.snapshot else ()
        self.display = bool(alerts)
        room = max(2, self.screen.size.height // 10)
        self.styles.height = min(room, len(alerts) + 1)
        super().redraw()

    def draw(self, width: int, height: int) -> Content:
        alerts = self.snapshot.alerts if self.snapshot else ()
        if not alerts:
            return Content("")
        texts = self.look.texts
        shown = max(1, height - 1)
        lines = list[Content]()
        for index, alert in enumerate(alerts[:shown]):
            wide = "$act-ink" if alert.level is Level.FAILED else "$look"
            strong = self.look.profile.strong(wide)
            text = f"  {self.look.glyphs.alert} {time_of_day(alert.at, self.look.venue)}  {self.look.said(alert.what)}"
            right = Content("")
            if index == 0:
                more = f"{texts.alert_more.format(count=len(alerts) - shown)}   " if len(alerts) > shown else ""
                key = texts.alert_seen.format(key=key_name(ACT["acknowledge"], texts))
                right = line((f" {more}", "$muted"), ("" if self.look.read_only else f"{key}  ", strong))
            lines.append(apart(line((self.look.cut(text, width - right.cell_length - 1), strong)), right, width))
            if index == 0:
                lines.append(line((self.look.cut(f"    {self.look.said(alert.to_do)}", width), "$ink")))
        return page(lines, height)
