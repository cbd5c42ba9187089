"""What all screens have in common: they hand what the app knows on to their parts, and know nothing themselves."""

from datetime import datetime
from typing import TypeVar

from textual.reactive import var
from textual.screen import Screen

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Snapshot
from ezrec_tui.tui.look import Link, Look, Message, Place, Records, Sight
from ezrec_tui.tui.widgets.panel import EPOCH, Panel

P = TypeVar("P", bound=Panel)


WIDE, TALL = 110, 30
"""Cells from which there is room for more than what is needed."""


class ToldScreen(Screen[None]):
    """A screen that is told of every change by the app (`data_bind`)."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (150, "-broad")]  # noqa: RUF012  as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall"), (50, "-grand")]  # noqa: RUF012

    snapshot: var[Snapshot | None] = var[Snapshot | None](None, init=False)
    link: var[Link] = var(Link(), init=False)
    now: var[datetime] = var(EPOCH, init=False)
    look: var[Look] = var(Look(), init=False)
    message: var[Message] = var(Message(), init=False)
    busy: var[str | None] = var[str | None](None, init=False)
    records: var[Records] = var(Records(), init=False)
    sights: var[tuple[Sight, ...]] = var[tuple[Sight, ...]]((), init=False)

    def told(self, panel: P) -> P:
        """The panel, told of every change."""
        panel.data_bind(snapshot=ToldScreen.snapshot, link=ToldScreen.link, look=ToldScreen.look)
        if panel.shows_time:
            panel.data_bind(now=ToldScreen.now)
        return panel


class PlaceScreen(ToldScreen):
    """One of the screens that the viewer goes to."""

    pictures_every: float = 0.0
    """Seconds from one picture of the cameras to the next, while nothing lies over the screen; 0: it shows none."""

    asks_every: int = 0
    """Seconds from one `ask` to the next; 0 where all is in the snapshot."""
    rests_after: float | None = None
    """Seconds without a key until it makes way for home and the idle clock; None: as usual."""
    back_to = Place.HOME
    """Where Esc leads."""

    @property
    def has_room_for_pictures(self) -> bool:
        return True

    @property
    def is_over(self) -> bool:
        """Whether it has done what it is there for, and goes back by itself."""
        return False

    def __init__(self, place: Place, *, kiosk: bool, read_only: bool) -> None:
        super().__init__()
        self.place = place
        self.kiosk = kiosk
        self.read_only = read_only

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        """The records with what it needs of the engine beyond the snapshot."""
        return records
