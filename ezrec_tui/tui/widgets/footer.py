"""The F-keys, always there and always in the same order; what cannot be done now has no key cap."""

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.actions import Act, Situation, key_name
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import Panel, line


class Footer(Panel):
    busy: var[str | None] = var[str | None](None, init=False)
    """The act that the engine has not answered yet."""

    def __init__(self, *, kiosk: bool, read_only: bool) -> None:
        super().__init__()
        self.kiosk = kiosk
        self.read_only = read_only

    def watch_busy(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        situation = Situation(self.snapshot, self.link.live, self.kiosk, self.read_only, self.busy)
        for roomy, every in ((True, True), (False, True), (True, False), (False, False)):
            keys = [_key(act, situation, self.look, roomy=roomy, named=every) for act in situation.acts]
            if sum(key.cell_length for key in keys) <= width:
                break
        return line(*keys).truncate(width)


def _key(act: Act, situation: Situation, look: Look, *, roomy: bool, named: bool) -> Content:
    """A key and its name; without `named`, keys that do nothing now lose their name."""
    room = " " if roomy else ""
    cap, label = f"{room}{key_name(act)}{room}", f"{room}{act.label(look.texts)}{room} "
    if situation.busy == act.id:
        return line((cap, "$on-info on $info"), (label.rstrip() + look.glyphs.ellipsis + " ", "$ink"))
    if situation.refusal(act) is not None:
        return line((cap + (label if named else " "), "$faint"))
    return line((cap, look.profile.strong("$on-calm on $calm")), (label, "$ink"))
