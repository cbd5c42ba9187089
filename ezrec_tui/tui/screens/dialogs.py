"""Questions. A dialog takes keys alone, and none at all in the first half second: a hand that slipped, or a key held
down too long, answers nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import digits
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ezrec_tui.clock import Clock
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import line

DEAF_NS = 500_000_000
"""How long after it opens a dialog ignores all keys, in nanoseconds."""

LONGEST_NAME = 40
"""Characters."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One answer. With a `key`, that key alone gives it; without, it can have the focus and Enter gives it."""

    label: str
    value: T
    key: str | None = None


@dataclass(slots=True)
class Field:
    """A line that is written in the dialog: every key that writes goes there."""

    label: str
    text: str = field(default="", repr=False)
    longest: int = LONGEST_NAME
    """Characters."""
    secret: bool = False
    """Takes digits alone, and shows none of them."""

    def takes(self, character: str) -> bool:
        return not self.secret or character in digits


class Dialog(ModalScreen[T | None]):
    """Asks, and is dismissed with the value of an option; Esc gives None."""

    CSS_PATH = "dialogs.tcss"

    def __init__(
        self,
        look: Look,
        clock: Clock,
        title: str,
        body: Sequence[str],
        options: Sequence[Option[T]],
        *,
        focused: int = 0,
        tone: str = "info",
        hint: str = "",
        field: Field | None = None,
    ) -> None:
        super().__init__()
        self._look = look
        self._clock = clock
        self._title = title
        self._body = body
        self._options = options
        self._focusable = [option for option in options if option.key is None]
        self._focused = focused
        self._tone = tone
        self._hint = hint
        self._field = field
        self._opened = clock.sensor_ns()
        self.answered = False

    def compose(self) -> ComposeResult:
        title = line(
            (f" {self._look.name(self._title)} ", self._look.profile.strong(f"$on-{self._tone} on ${self._tone}"))
        )
        with Static(id="dialog"):
            yield Static(title, id="title")
            for paragraph in self._body:
                lines = [line((self._look.name(one), "$ink")) for one in paragraph.split("\n")]
                yield Static(Content("\n").join(lines), classes="paragraph")
            if self._field is not None:
                yield Static(self._written(self._field), id="field")
            yield Static(self._choices(), id="options")
            yield Static(line((self._hint, "$muted")), id="hint")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self.answered or self._clock.sensor_ns() - self._opened < DEAF_NS:
            return
        if self._field is not None and self._write(self._field, event):
            return
        match event.key.lower():
            case "escape":
                self.answer(None)
            case "enter":
                self.answer(self._focusable[self._focused].value)
            case "left" | "up" | "shift+tab":
                self._move(-1)
            case "right" | "down" | "tab":
                self._move(1)
            case key:
                for option in self._options:
                    if option.key == key:
                        self.answer(option.value)

    def _write(self, field: Field, event: events.Key) -> bool:
        """Whether the key wrote something, or took it back."""
        if event.key in ("backspace", "ctrl+h"):
            field.text = field.text[:-1]
        elif event.character is not None and event.is_printable and field.takes(event.character):
            field.text = (field.text + event.character)[: field.longest]
        else:
            return False
        self.query_one("#field", Static).update(self._written(field))
        return True

    def _written(self, field: Field) -> Content:
        """What was written, and a mark for what comes next."""
        text = self._look.glyphs.recording * len(field.text) if field.secret else self._look.name(field.text)
        return line((f"{field.label}  ", "$muted"), (f" {text}_ ", self._look.profile.strong("$on-calm on $calm")))

    def answer(self, value: T | None) -> None:
        self.answered = True
        self.dismiss(value)

    def _move(self, by: int) -> None:
        self._focused = (self._focused + by) % len(self._focusable)
        self.query_one("#options", Static).update(self._choices())

    def _choices(self) -> Content:
        """What has the focus is framed as well as coloured, so that it reads in grey."""
        strong, parts = self._look.profile.strong, list[Content]()
        for option in self._options:
            label = self._look.name(option.label)
            if option.key is not None:
                parts.append(line((f" {option.key.upper()} ", strong("$on-calm on $calm")), (f" {label}", "$ink")))
            elif option is self._focusable[self._focused]:
                parts.append(line((f"[ {label} ]", strong("$on-info on $info"))))
            else:
                parts.append(line((f"  {label}  ", "$ink")))
        return Content("  ").join(parts)


def question(
    look: Look, clock: Clock, title: str, body: Sequence[str], *, safe: str, confirm: str, key: str
) -> Dialog[bool]:
    """Asks before something dangerous: Enter and Esc are safe, only `key` confirms."""
    options = (Option(safe, False), Option(confirm, True, key))
    return Dialog(look, clock, title, body, options, tone="look", hint=look.texts.hint_question)


def notice(look: Look, clock: Clock, title: str, body: Sequence[str]) -> Dialog[bool]:
    """Says what went wrong, and stays until somebody has read it."""
    return Dialog(look, clock, title, body, (Option(look.texts.close, True),), tone="act")
