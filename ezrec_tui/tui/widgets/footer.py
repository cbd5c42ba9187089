"""The F-keys, always there and always in the same order; what cannot be done now has no key cap."""

from textual.content import Content
from textual.reactive import var

from ezrec_tui.tui.act import Act, Chosen, ScreenAct, Situation
from ezrec_tui.tui.actions import here, key_name, offered
from ezrec_tui.tui.look import Look, Place
from ezrec_tui.tui.widgets.panel import Panel, apart, line


class Footer(Panel):
    busy: var[str | None] = var[str | None](None, init=False)
    """The act that the engine has not answered yet."""

    chosen: var[Chosen] = var[Chosen](None, init=False)
    """The line of a list that acts are done to."""

    def __init__(self, place: Place, *, kiosk: bool, read_only: bool) -> None:
        super().__init__()
        self.place = place
        self.kiosk = kiosk
        self.read_only = read_only

    def watch_busy(self) -> None:
        self.redraw()

    def watch_chosen(self) -> None:
        self.redraw()

    def draw(self, width: int, height: int) -> Content:
        situation = Situation(
            self.snapshot, self.link.live, self.kiosk, self.read_only, self.busy, self.place, self.chosen
        )
        may = offered(situation)
        acts = [act for act in here(situation) if act in may and not act.key.isdigit()]
        needed = [act for act in acts if not (isinstance(act, ScreenAct) and act.spare)]
        layouts = [(acts, 2, True), (acts, 1, True), (needed, 2, True), (needed, 1, True)]
        if self.place is not Place.HOME:
            layouts.append((needed, 1, False))
        keys = list[Content]()
        possible = [act for act in needed if situation.refusal(act) is None]
        for shown, room, every in (*layouts, (needed, 0, True), (needed, 0, False), (possible, 0, True)):
            keys = [_key(act, situation, self.look, room=room, named=every) for act in shown]
            if sum(key.cell_length for key in keys) <= width + 1:  # the last one ends in a space
                break
        else:
            keys = [line((key_name(act, self.look.texts), "$ink"), " ") for act in reversed(possible)]
        if self.read_only:
            return apart(line(*keys), line((f"{self.look.texts.read_only} ", "$muted")), width)
        return line(*keys).truncate(width)


def _key(act: Act, situation: Situation, look: Look, *, room: int, named: bool) -> Content:
    """A key and its name, with more or less room; without `named`, keys that do nothing now lose their name."""
    before, after = " " * min(room, 1), " " * max(room, 1)
    cap, label = f"{before}{key_name(act, look.texts)}{before}", f"{before}{act.label(look.texts)}{after}"
    if situation.busy == act.id:
        return line((cap, "$on-info on $info"), (f"{label.rstrip()}{look.glyphs.ellipsis}{after}", "$ink"))
    if situation.refusal(act) is not None:
        return line((cap + (label if named else " "), "$faint"))
    return line((cap, look.profile.strong("$on-calm on $calm")), (label, "$ink"))
