"""Help: what every key does and what the banner's words mean, from the tables that make them so."""

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ezrec_tui.tui.actions import Act, key_name
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import line

CLOSES = {"enter", "escape", "f1"}


class HelpScreen(ModalScreen[None]):
    CSS_PATH = "dialogs.tcss"

    def __init__(self, look: Look, acts: tuple[Act, ...]) -> None:
        super().__init__()
        self._look = look
        self._acts = acts

    def compose(self) -> ComposeResult:
        texts, strong = self._look.texts, self._look.profile.strong
        lines = [line((texts.help_keys, strong("$ink"))), Content("")]
        width = max(len(act.label(texts)) for act in self._acts)
        for act in self._acts:
            cap = line((f" {key_name(act):<3} ", strong("$on-calm on $calm")))
            label = line((f"  {act.label(texts):<{width}}  ", strong("$ink")))
            lines.append(line(cap, label, (act.does(texts), "$muted")))
        with Static(id="dialog"):
            yield Static(line((f" {texts.help_title} ", strong("$on-info on $info"))), id="title")
            yield Static(Content("\n").join(lines), classes="paragraph")
            yield Static(line((texts.help_close, "$muted")), id="options")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in CLOSES and self.is_current:
            self.dismiss(None)
