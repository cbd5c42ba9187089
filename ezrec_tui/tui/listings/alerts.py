"""What went wrong: what nobody has seen yet first, then what was seen or is over; newest first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from textual.content import Content

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Alert, Level
from ezrec_tui.tui import wording
from ezrec_tui.tui.act import Chosen
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Look, Place, Records
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import apart, line
from ezrec_tui.tui.wording import brief_moment, moment

WHEN = 12
"""Cells of the column."""


def alert_tone(alert: Alert) -> str:
    return "$act-ink" if alert.level is Level.FAILED else "$look"


def alert_end(alert: Alert, look: Look, now: datetime) -> str:
    """Who saw it and when, or when it was over; empty while it is open."""
    texts = look.texts
    if alert.acknowledged_at is not None:
        when = brief_moment(alert.acknowledged_at, look.venue, texts, now)
        return texts.alert_seen_by.format(who=look.name(alert.acknowledged_by or ""), when=when)
    if alert.over_at is not None:
        return texts.alert_over.format(when=brief_moment(alert.over_at, look.venue, texts, now))
    return ""


class AlertListing(Listing[Alert]):
    place = Place.ALERTS
    asks_every = 5

    def title(self, texts: Texts) -> str:
        return texts.alerts_title

    def empty(self, texts: Texts) -> str:
        return texts.no_alerts

    def items(self, scene: Scene) -> Sequence[Alert] | None:
        if scene.snapshot is None:
            return None
        closed = [one for one in scene.records.alerts or () if one.acknowledged_at or one.over_at]
        opened = scene.snapshot.alerts
        return [*opened, *(one for one in closed if one.id not in {other.id for other in opened})]

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        return replace(records, alerts=tuple(await engine.alerts()))

    def key(self, item: Alert) -> str:
        return str(item.id)

    def chosen(self, item: Alert) -> Chosen:
        return item

    def row(self, item: Alert, width: int, scene: Scene) -> Content:
        look, end = scene.look, alert_end(item, scene.look, scene.now)
        when = look.fit(brief_moment(item.at, look.venue, look.texts, scene.now), WHEN)
        shape, tone = (look.glyphs.good, "$muted") if end else (look.glyphs.alert, alert_tone(item))
        right = f"  {look.cut(end, width // 3)}" if end else ""
        what = look.cut(look.said(item.what), width - WHEN - 2 - wording.width(right))
        left = line((f"{shape} ", tone), (when, tone), (what, "$muted" if end else "$ink"))
        return apart(left, line((right, "$muted")), width)

    def detail(self, item: Alert, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        at = moment(item.at, look.venue, texts, scene.now)
        end = alert_end(item, look, scene.now)
        tone = "$ink" if end else alert_tone(item)
        facts = [Fact("", texts.alert_title.format(at=at)), Fact(texts.what, look.said(item.what), tone)]
        if item.to_do:
            facts.append(Fact(texts.to_do, look.said(item.to_do)))
        if end:
            facts.append(Fact(texts.state, end))
        if item.booking_id:
            facts.append(Fact(texts.about_booking, look.name(item.booking_id), "$muted"))
        return facts
