"""What the viewer is asked before an act: each function shows its dialog and returns what he gave, or None."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from textual.app import App

from ezrec_tui.client import EngineClient
from ezrec_tui.clock import Clock
from ezrec_tui.model import Alert, Snapshot
from ezrec_tui.tui import wording
from ezrec_tui.tui.act import Given, Minutes, PickMethod, Question, ReadAlert, Target
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.methods import ways_to_join
from ezrec_tui.tui.screens.dialogs import Dialog, Field, Option, question
from ezrec_tui.tui.screens.pin import PinDialog

AT_ONCE = timedelta(minutes=1)
"""A new end that is no farther away ends the recording at once, as people see it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a dialog needs."""

    app: App[None]
    look: Look
    clock: Clock


async def choose(asking: Asking, targets: Sequence[Target]) -> Target | None:
    """The only one there is, or the one that the viewer picks; None when there is none or he picks none."""
    if len(targets) <= 1:
        return targets[0] if targets else None
    look, texts = asking.look, asking.look.texts
    options = [Option(target.label, target) for target in targets]
    dialog = Dialog(look, asking.clock, texts.which, (), options, hint=texts.hint_choose)
    return await asking.app.push_screen_wait(dialog)


async def ask(
    asking: Asking,
    what: Question | Minutes | PickMethod | ReadAlert | None,
    target: Target,
    snapshot: Snapshot | None,
) -> Given | None:
    """What the viewer gave, or None when he thought better of it."""
    match what:
        case None:
            return Given()
        case Question():
            return await _question(asking, what, target)
        case Minutes():
            return await _minutes(asking, what, target)
        case PickMethod():
            return await _method(asking, what, snapshot) if snapshot else None
        case ReadAlert():
            alerts = snapshot.alerts if snapshot else ()
            alert = next((one for one in alerts if str(one.id) == target.id), None)
            return await _alert(asking, what, alert) if alert else None


async def ask_pin(asking: Asking, engine: EngineClient) -> bool:
    """Whether the viewer knows the venue's PIN."""
    return bool(await asking.app.push_screen_wait(PinDialog(asking.look, asking.clock, engine)))


async def _question(asking: Asking, what: Question, target: Target) -> Given | None:
    look, texts = asking.look, asking.look.texts
    dialog = question(
        look,
        asking.clock,
        what.title(texts),
        [_fill(what.body(texts), target, look)],
        safe=what.safe(texts),
        confirm=what.confirm(texts),
        key=what.key,
    )
    return Given() if await asking.app.push_screen_wait(dialog) else None


async def _minutes(asking: Asking, what: Minutes, target: Target) -> Given | None:
    """For how long; a change that would end a recording at once is asked about once more."""
    look, clock, texts = asking.look, asking.clock, asking.look.texts
    options = [Option(f"{one:+}" if what.change else texts.minutes.format(minutes=one), one) for one in what.choices]
    field = Field(what.name(texts)) if what.name else None
    hint = texts.hint_name if field else texts.hint_choose
    dialog = Dialog(
        look,
        clock,
        what.title(texts),
        [_fill(what.body(texts), target, look)],
        options,
        focused=what.choices.index(what.first),
        hint=hint,
        field=field,
    )
    minutes = await asking.app.push_screen_wait(dialog)
    if minutes is None:
        return None
    if what.change and target.end is not None and target.end + timedelta(minutes=minutes) <= clock.now() + AT_ONCE:
        sure = question(
            look,
            clock,
            texts.shorten_title,
            [_fill(texts.shorten_body, target, look)],
            safe=texts.stop_safe,
            confirm=texts.stop_confirm,
            key=what.key,
        )
        if not await asking.app.push_screen_wait(sure):
            return None
    return Given(minutes=minutes, name=field.text.strip() if field else "")


async def _method(asking: Asking, what: PickMethod, snapshot: Snapshot) -> Given | None:
    """How to join; the way that was asked for before is marked and has the focus."""
    look, texts = asking.look, asking.look.texts
    ways = ways_to_join(snapshot, look)
    asked = next((at for at, way in enumerate(ways) if way.asked), 0)
    options = [Option(way.label, way.method.value) for way in ways]
    body = [what.body(texts), "\n".join(way.words for way in ways)]
    dialog = Dialog(look, asking.clock, what.title(texts), body, options, focused=asked, hint=texts.hint_choose)
    method = await asking.app.push_screen_wait(dialog)
    return Given(choice=method) if method else None


async def _alert(asking: Asking, what: ReadAlert, alert: Alert) -> Given | None:
    """The alert whole; it is seen when the viewer says so."""
    look, clock, texts = asking.look, asking.clock, asking.look.texts
    body = [look.said(alert.what)]
    if alert.to_do:
        body.append(texts.alert_to_do.format(to_do=look.said(alert.to_do)))
    title = texts.alert_title.format(at=wording.moment(alert.at, look.venue, texts, clock.now()))
    dialog = question(look, clock, title, body, safe=texts.close, confirm=texts.alert_confirm, key=what.key)
    return Given() if await asking.app.push_screen_wait(dialog) else None


def _fill(text: str, target: Target, look: Look) -> str:
    """A question's text with the name and the times of what it is about."""
    start, end = (wording.time_of_day(at, look.venue) if at else "" for at in (target.start, target.end))
    day = wording.day(target.start, look.venue, look.texts) if target.start else ""
    when = f"{day} {start}{look.glyphs.dash}{end}"
    return text.format(label=look.name(target.label), end=end, when=when, days=target.kept_days)
