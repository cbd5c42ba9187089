"""A screen with a list: what the venue does stays on top, the list below it, the chosen line's detail beside it."""

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import var

from ezrec_tui.client import EngineClient
from ezrec_tui.tui.act import Chosen, Situation
from ezrec_tui.tui.listing import Listing, Scene
from ezrec_tui.tui.look import Records
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.rows import Detail, Rows

FAR = 1_000_000
"""More lines than any list has."""


class ListScreen(PlaceScreen):
    """Shows a listing. Which line is chosen is its own; all else it is told."""

    CSS_PATH = "listed.tcss"
    BINDINGS = [  # noqa: RUF012  as Textual declares it
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "turn(-1)", show=False),
        Binding("pagedown", "turn(1)", show=False),
        Binding("home", f"move({-FAR})", show=False),
        Binding("end", f"move({FAR})", show=False),
    ]

    chosen: var[Chosen] = var[Chosen](None, init=False)
    """The chosen line, where acts can be done to it."""

    def __init__(self, listing: Listing[Any], *, kiosk: bool, read_only: bool) -> None:
        super().__init__(listing.place, kiosk=kiosk, read_only=read_only)
        self.listing = listing
        self.asks_every = listing.asks_every
        self.add_class(f"-{listing.place}")
        self._items: Sequence[Any] | None = None
        self._key: str | None = None
        self._index = 0

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=ListScreen.message))
        yield self.told(Banner())
        with Container(id="listed"):
            yield self.told(Rows())
            yield self.told(Detail())
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=ListScreen.busy, chosen=ListScreen.chosen))

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        return await self.listing.ask(engine, records)

    def on_mount(self) -> None:
        detail = self.query_one(Detail)
        detail.display = self.listing.has_detail
        self.redraw()

    # What it shows

    @property
    def scene(self) -> Scene:
        situation = Situation(
            self.snapshot, self.link.live, self.kiosk, self.read_only, self.busy, self.place, self.chosen
        )
        return Scene(self.snapshot, self.records, self.now, self.look, situation)

    def redraw(self) -> None:
        """Take up the list as it is now; the chosen line stays chosen wherever it has gone."""
        if not self.is_mounted:
            return
        scene, listing = self.scene, self.listing
        new = listing.items(scene)
        before, self._items = self._items, new
        items = new or ()
        if before is None and new is not None:
            self._index = listing.first(items, scene)
        elif listing.stays_at_end and before and self._index == len(before) - 1:
            self._index = len(items) - 1
        elif not (self._index < len(items) and listing.key(items[self._index]) == self._key):
            moved = (index for index, item in enumerate(items) if listing.key(item) == self._key)
            self._index = next(moved, self._index)
        self._choose(self._index)

    def _choose(self, index: int) -> None:
        items, listing = self._items or (), self.listing
        self._index = max(0, min(index, len(items) - 1))
        item = items[self._index] if items else None
        self._key = listing.key(item) if items else None
        self.chosen = listing.chosen(item) if items else None
        self._draw(item)

    def _draw(self, item: Any) -> None:
        scene, listing, texts = self.scene, self.listing, self.look.texts
        rows, detail = self.query_one(Rows), self.query_one(Detail)
        width = max(0, rows.size.width - 2)
        rows.title = listing.title(texts)
        rows.instead = listing.empty(texts) if self._items is not None else texts.not_yet_known
        items = self._items or ()
        rows.count, rows.chosen = len(items), self._index
        rows.rows = tuple(listing.row(items[index], width, scene) for index in rows.shown)
        rows.redraw()
        if detail.display:
            facts = listing.detail(item, scene) if item is not None else ()
            detail.title, *_ = [fact.value for fact in facts] or [""]
            detail.facts = tuple(facts[1:])
            detail.redraw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.redraw)

    def watch_snapshot(self) -> None:
        self.redraw()

    def watch_records(self) -> None:
        self.redraw()

    def watch_now(self) -> None:
        self.redraw()

    def watch_look(self) -> None:
        self.redraw()

    def watch_link(self) -> None:
        self.redraw()

    # Moving in it

    def action_move(self, by: int) -> None:
        self._choose(self._index + by)

    def action_turn(self, by: int) -> None:
        """A page."""
        self._choose(self._index + by * max(1, self.query_one(Rows).size.height - 2))
