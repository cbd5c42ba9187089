"""What went wrong and was not seen yet, newest first."""

from collections.abc import Sequence

from textual.content import Content

from ezrec_tui.model import Alert, Level
from ezrec_tui.tui.act import Chosen
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import line
from ezrec_tui.tui.wording import day, moment, time_of_day


def alert_tone(alert: Alert) -> str:
    return "$act-ink" if alert.level is Level.FAILED else "$look"


class AlertListing(Listing[Alert]):
    place = Place.ALERTS

    def title(self, texts: Texts) -> str:
        return texts.alerts_title

    def empty(self, texts: Texts) -> str:
        return texts.no_alerts

    def items(self, scene: Scene) -> Sequence[Alert] | None:
        return scene.snapshot.alerts if scene.snapshot else None

    def key(self, item: Alert) -> str:
        return str(item.id)

    def chosen(self, item: Alert) -> Chosen:
        return item

    def row(self, item: Alert, width: int, scene: Scene) -> Content:
        look = scene.look
        local, today = item.at.astimezone(look.venue).date(), scene.now.astimezone(look.venue).date()
        at = time_of_day(item.at, look.venue) if local == today else day(item.at, look.venue, look.texts)
        start = f"{look.glyphs.alert} {at}  "
        return line((start, alert_tone(item)), (look.cut(look.said(item.what), width - len(start)), "$ink"))

    def detail(self, item: Alert, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        at = moment(item.at, look.venue, texts, scene.now)
        facts = [Fact("", texts.alert_title.format(at=at)), Fact(texts.what, look.said(item.what), alert_tone(item))]
        if item.to_do:
            facts.append(Fact(texts.to_do, look.said(item.to_do)))
        if item.booking_id:
            facts.append(Fact(texts.about_booking, look.name(item.booking_id), "$muted"))
        return facts
