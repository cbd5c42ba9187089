"""The venue's PIN: typed unseen, asked of the engine, and asked for again for as long as it is wrong."""

from textual import work
from textual.content import Content
from textual.widgets import Static

from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.clock import Clock
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.screens.dialogs import Dialog, Field, Option
from ezrec_tui.tui.widgets.panel import line

LONGEST_PIN = 12
"""Digits that a PIN has at most."""


class PinDialog(Dialog[bool]):
    """Is dismissed with True once the PIN was right, and with None by Esc. Takes no key while the engine is asked."""

    def __init__(self, look: Look, clock: Clock, engine: EngineClient) -> None:
        texts = look.texts
        self._pin = Field(texts.pin_label, longest=LONGEST_PIN, secret=True)
        super().__init__(
            look,
            clock,
            texts.pin_title,
            [texts.pin_body],
            (Option(texts.pin_send, True),),
            tone="look",
            hint=texts.pin_hint,
            field=self._pin,
        )
        self._engine = engine

    def answer(self, value: bool | None) -> None:
        if not value:
            super().answer(None)
        elif self._pin.text:
            self.answered = True
            self._check(self._pin.text)

    @work
    async def _check(self, pin: str) -> None:
        self._tell(line((self._look.texts.pin_asked, "$muted")))
        try:
            answer = await self._engine.check_pin(pin)
        except EngineError as error:
            refusal = str(error)
        else:
            if answer.ok:
                super().answer(True)
                return
            refusal = answer.message
        self._pin.text = ""
        self.answered = False
        self.query_one("#field", Static).update(self._written(self._pin))
        said = f"{self._look.glyphs.alert} {self._look.said(refusal)}"
        self._tell(line((said, self._look.profile.strong("$act-ink"))))

    def _tell(self, content: Content) -> None:
        self.query_one("#hint", Static).update(content)
