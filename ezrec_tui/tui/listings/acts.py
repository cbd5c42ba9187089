"""Who did what, newest first."""

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from ezrec_tui.client import EngineClient
from ezrec_tui.model import DoneAct
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Place, Records
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import line
from ezrec_tui.tui.wording import brief_moment, moment

WHEN, WHAT = 12, 18
"""Cells of the columns; who and what became of it share what is left."""


class ActListing(Listing[DoneAct]):
    place = Place.ACTS
    asks_every = 5

    def title(self, texts: Texts) -> str:
        return texts.acts_title

    def empty(self, texts: Texts) -> str:
        return texts.no_acts

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        return replace(records, acts=tuple(await engine.acts()))

    def items(self, scene: Scene) -> Sequence[DoneAct] | None:
        return scene.records.acts

    def key(self, item: DoneAct) -> str:
        return f"{item.at.isoformat()} {item.act}"

    def row(self, item: DoneAct, width: int, scene: Scene) -> Content:
        look = scene.look
        shape, tone = (look.glyphs.good, "$ok") if item.ok else (look.glyphs.lost, "$look")
        when = look.fit(brief_moment(item.at, look.venue, look.texts, scene.now), WHEN)
        who = look.fit(look.name(item.by), max(14, min(36, (width - WHEN - WHAT) // 2)))
        what = look.fit(look.said(item.act), WHAT)
        start = line((f"{shape} ", tone), (when, "$muted"), (who, "$ink"), "  ", (what, "$ink"))
        return line(start, (look.cut(look.said(item.message), width - start.cell_length), "$muted"))

    def detail(self, item: DoneAct, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        became = Fact(texts.became, look.said(item.message), "$ink" if item.ok else "$look")
        facts = [
            Fact("", look.said(item.act)),
            Fact(texts.who, look.name(item.by)),
            Fact(texts.when, moment(item.at, look.venue, texts, scene.now)),
            became,
        ]
        if item.booking_id:
            facts.append(Fact(texts.about_booking, look.name(item.booking_id), "$muted"))
        return facts
