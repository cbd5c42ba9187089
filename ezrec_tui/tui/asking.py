"""What the viewer is asked before an act: each function shows its dialog and returns what he gave, or None."""

from datetime import timedelta

from textual.app import App

from ezrec_tui.client import EngineClient
from ezrec_tui.clock import Clock
from ezrec_tui.model import Alert
from ezrec_tui.tui import wording
from ezrec_tui.tui.act import Given, Minutes, Question, ReadAlert, Target
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.screens.dialogs import Dialog, Field, Option, question
from ezrec_tui.tui.screens.pin import PinDialog

AT_ONCE = timedelta(minutes=1)
"""A new end that is no farther away ends the recording at once, as people see it."""


async def ask_question(app: App[None], look: Look, clock: Clock, ask: Question, target: Target) -> Given | None:
    texts = look.texts
    dialog = question(
        look,
        clock,
        ask.title(texts),
        [_fill(ask.body(texts), target, look)],
        safe=ask.safe(texts),
        confirm=ask.confirm(texts),
        key=ask.key,
    )
    return Given() if await app.push_screen_wait(dialog) else None


async def ask_minutes(app: App[None], look: Look, clock: Clock, ask: Minutes, target: Target) -> Given | None:
    """For how long; a change that would end a recording at once is asked about once more."""
    texts = look.texts
    options = [Option(f"{one:+}" if ask.change else texts.minutes.format(minutes=one), one) for one in ask.choices]
    field = Field(ask.name(texts)) if ask.name else None
    hint = texts.hint_name if field else texts.hint_choose
    dialog = Dialog(
        look,
        clock,
        ask.title(texts),
        [_fill(ask.body(texts), target, look)],
        options,
        focused=ask.choices.index(ask.first),
        hint=hint,
        field=field,
    )
    minutes = await app.push_screen_wait(dialog)
    if minutes is None:
        return None
    if ask.change and target.end is not None and target.end + timedelta(minutes=minutes) <= clock.now() + AT_ONCE:
        sure = question(
            look,
            clock,
            texts.shorten_title,
            [_fill(texts.shorten_body, target, look)],
            safe=texts.stop_safe,
            confirm=texts.stop_confirm,
            key=ask.key,
        )
        if not await app.push_screen_wait(sure):
            return None
    return Given(minutes=minutes, name=field.text.strip() if field else "")


async def show_alert(app: App[None], look: Look, clock: Clock, ask: ReadAlert, alert: Alert | None) -> Given | None:
    """The alert whole; it is seen when the viewer says so."""
    if alert is None:
        return None
    texts = look.texts
    body = [look.said(alert.what)]
    if alert.to_do:
        body.append(texts.alert_to_do.format(to_do=look.said(alert.to_do)))
    title = texts.alert_title.format(at=wording.moment(alert.at, look.venue, texts, clock.now()))
    dialog = question(look, clock, title, body, safe=texts.close, confirm=texts.alert_confirm, key=ask.key)
    return Given() if await app.push_screen_wait(dialog) else None


async def ask_pin(app: App[None], look: Look, clock: Clock, engine: EngineClient) -> bool:
    """Whether the viewer knows the venue's PIN."""
    return bool(await app.push_screen_wait(PinDialog(look, clock, engine)))


def _fill(text: str, target: Target, look: Look) -> str:
    """A question's text with the name and the times of what it is about."""
    start, end = (wording.time_of_day(at, look.venue) if at else "" for at in (target.start, target.end))
    day = wording.day(target.start, look.venue, look.texts) if target.start else ""
    when = f"{day} {start}{look.glyphs.dash}{end}"
    return text.format(label=look.name(target.label), end=end, when=when)
