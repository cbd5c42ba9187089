"""The health line: quiet when all is well; only what is wrong stands out, and comes first."""

from textual.content import Content

from ezrec_tui.model import HealthItem, Level
from ezrec_tui.tui.widgets.panel import Panel, line
from ezrec_tui.tui.wording import number, short


class Health(Panel):
    def draw(self, width: int, height: int) -> Content:
        look, texts, glyphs = self.look, self.look.texts, self.look.glyphs
        items = self.snapshot.health if self.snapshot else ()
        if not items:
            return Content("")
        if self.link.lost:
            return line((f"  {glyphs.alert} {texts.old_data.format(age=short(self.link.age or 0))}", "$look"))
        wrong = sorted(
            (item for item in items if item.level is not Level.OK), key=lambda item: item.level is Level.WARNING
        )
        parts = list[Content]()
        for item in wrong:
            tone = "$on-act on $act" if item.level is Level.FAILED else "$on-look on $look"
            detail = look.said(item.detail) or self._value(item) or texts.health_wrong
            shape = glyphs.lost if item.level is Level.FAILED else glyphs.alert
            words = f" {shape} {self._called(item)}: {detail} "
            parts += [line((words, look.profile.strong(tone))), Content("  ")]
        if not wrong:
            parts.append(line((f"{glyphs.good} {texts.all_well}  ", "$ok")))
        well = [item for item in items if item.level is Level.OK]
        measured = [f"{self._called(item)} {self._value(item)}" for item in well if item.value is not None]
        others = ", ".join(self._called(item) for item in well if item.value is None)
        words = [*measured, f"{others} {texts.in_order}"] if others else measured
        parts.append(line(("  ".join(words), "$muted")))
        return line("  ", *parts).truncate(width, ellipsis=True)

    def _called(self, item: HealthItem) -> str:
        return self.look.texts.health.get(item.key) or self.look.name(item.key)

    def _value(self, item: HealthItem) -> str:
        if item.value is None:
            return ""
        decimals = 0 if abs(item.value) >= 10 or item.value == int(item.value) else 1
        return f"{number(item.value, decimals, self.look.texts)} {self.look.name(item.unit)}".strip()
