"""The end of the engine's log, as it grows."""

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from ezrec_tui.client import EngineClient
from ezrec_tui.log_lines import LogLine
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Place, Records
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import line
from ezrec_tui.tui.wording import day, time_of_day

TONES = {"DEBUG": "$faint", "INFO": "$muted", "WARNING": "$look", "ERROR": "$act-ink", "CRITICAL": "$act-ink"}
LEVEL = 9


class LogListing(Listing[LogLine]):
    place = Place.LOG
    asks_every = 2
    stays_at_end = True

    def title(self, texts: Texts) -> str:
        return texts.log_title

    def empty(self, texts: Texts) -> str:
        return texts.no_log

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        return replace(records, log=tuple(await engine.log()))

    def items(self, scene: Scene) -> Sequence[LogLine] | None:
        return scene.records.log

    def first(self, items: Sequence[LogLine], scene: Scene) -> int:
        return max(0, len(items) - 1)

    def key(self, item: LogLine) -> str:
        return f"{item.at} {item.source} {item.text}"

    def row(self, item: LogLine, width: int, scene: Scene) -> Content:
        look, tone = scene.look, TONES.get(item.level, "$ink")
        at = time_of_day(item.at, look.venue, seconds=True) if item.at else ""
        head = f"{at:<10}"
        level = f"{item.level if item.at else '':<{LEVEL}}"
        text = look.cut(look.name(item.text), width - len(head) - LEVEL)
        quiet = item.level in ("DEBUG", "INFO")
        return line((head, "$muted"), (level, tone), (text, "$ink" if quiet else tone))

    def detail(self, item: LogLine, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        at = f"{day(item.at, look.venue, texts)}  {time_of_day(item.at, look.venue, seconds=True)}" if item.at else ""
        facts = [Fact("", f"{item.level}  {at}".rstrip())]
        if item.source:
            facts.append(Fact(texts.log_source, look.name(item.source), "$muted"))
        return [*facts, Fact(texts.what, look.name(item.text), TONES.get(item.level, "$ink").replace("$muted", "$ink"))]
