"""The bookings, in the order of time: what was, and what is coming."""

from collections.abc import Sequence
from dataclasses import replace

from textual.content import Content

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Booking, BookingStatus, RecordingState
from ezrec_tui.tui.act import Chosen
from ezrec_tui.tui.listing import Fact, Listing, Scene
from ezrec_tui.tui.look import Place, Records
from ezrec_tui.tui.targets import TO_COME
from ezrec_tui.tui.texts import Texts
from ezrec_tui.tui.widgets.panel import apart, line
from ezrec_tui.tui.wording import day, starts_in, time_of_day

BAD = (BookingStatus.FAILED, BookingStatus.SKIPPED_MISSING_FILE)


def booking_state(booking: Booking, scene: Scene) -> tuple[str, str]:
    """What is with a booking, as a word and its colour: as it runs, as its row says, or by the clock."""
    texts = scene.look.texts
    running = [one for one in scene.situation.recordings if one.booking_id == booking.id]
    if running and running[0].state in (RecordingState.STARTING, RecordingState.RECORDING):
        return texts.booking_state[BookingStatus.RECORDING], "$ok"
    if booking.status in TO_COME and booking.end <= scene.now:
        return texts.booking_over, "$muted"
    if booking.status in BAD:
        return texts.booking_state[booking.status], "$act-ink"
    quiet = booking.status in (BookingStatus.CANCELLED, BookingStatus.COMPLETED)
    return texts.booking_state[booking.status], "$muted" if quiet else "$ink"


class BookingListing(Listing[Booking]):
    place = Place.BOOKINGS
    asks_every = 5

    def title(self, texts: Texts) -> str:
        return texts.bookings_title

    def empty(self, texts: Texts) -> str:
        return texts.no_bookings

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        return replace(records, bookings=tuple(await engine.bookings()))

    def items(self, scene: Scene) -> Sequence[Booking] | None:
        return scene.records.bookings

    def first(self, items: Sequence[Booking], scene: Scene) -> int:
        """The next one that is not over."""
        return next((index for index, one in enumerate(items) if one.end > scene.now), max(0, len(items) - 1))

    def key(self, item: Booking) -> str:
        return item.id

    def chosen(self, item: Booking) -> Chosen:
        return item

    def row(self, item: Booking, width: int, scene: Scene) -> Content:
        look, texts = scene.look, scene.look.texts
        word, tone = booking_state(item, scene)
        over = item.end <= scene.now or item.status is BookingStatus.CANCELLED
        ink = "$muted" if over else "$ink"
        when = f"{look.fit(day(item.start, look.venue, texts), 11)} {self._span(item, scene)}  "
        coming = item.start > scene.now and item.status in TO_COME
        soon = f"  {starts_in(item.start - scene.now, texts)}" if coming else ""
        states = max(map(len, texts.booking_state.values())) + 2
        name = max(8, width - len(when) - states - 16)
        left = line((when, ink), (look.fit(look.name(item.label), name), ink), "  ", (word, tone))
        return apart(left, line((soon, "$muted")), width)

    def detail(self, item: Booking, scene: Scene) -> Sequence[Fact]:
        look, texts = scene.look, scene.look.texts
        word, tone = booking_state(item, scene)
        when = f"{day(item.start, look.venue, texts)}  {self._span(item, scene)}"
        facts = [
            Fact("", look.name(item.label)),
            Fact(texts.when, when),
            Fact(texts.state, word, tone),
            Fact(texts.source, texts.booking_source[item.source]),
        ]
        if item.user_id:
            facts.append(Fact(texts.whose, look.name(item.user_id)))
        if item.email:
            facts.append(Fact(texts.email, look.name(item.email)))
        facts.append(Fact(texts.booking_id, look.name(item.id), "$muted"))
        return facts

    def _span(self, item: Booking, scene: Scene) -> str:
        look = scene.look
        start, end = (time_of_day(at, look.venue) for at in (item.start, item.end))
        return f"{start}{look.glyphs.dash}{end}"
