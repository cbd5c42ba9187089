"""Home: the whole state of the venue at a glance, from 80x24 cells up."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var
from textual.screen import Screen

from ezrec_tui.model import Snapshot
from ezrec_tui.tui.look import Link, Look, Message
from ezrec_tui.tui.widgets.alerts import Alerts
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.camera import CameraCard
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.jobs import Jobs
from ezrec_tui.tui.widgets.panel import EPOCH, Panel
from ezrec_tui.tui.widgets.upcoming import Upcoming


class HomeScreen(Screen[None]):
    """Hands what the app knows on to its parts; knows nothing itself."""

    CSS_PATH = "home.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (150, "-broad")]  # noqa: RUF012  as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (50, "-grand")]  # noqa: RUF012

    snapshot: var[Snapshot | None] = var[Snapshot | None](None, init=False)
    link: var[Link] = var(Link(), init=False)
    now: var[datetime] = var(EPOCH, init=False)
    look: var[Look] = var(Look(), init=False)
    message: var[Message] = var(Message(), init=False)
    busy: var[str | None] = var[str | None](None, init=False)

    def __init__(self, *, kiosk: bool, read_only: bool) -> None:
        super().__init__()
        self.kiosk = kiosk
        self.read_only = read_only

    def compose(self) -> ComposeResult:
        yield self._told(Header().data_bind(message=HomeScreen.message))
        yield self._told(Banner())
        yield self._told(Alerts())
        with Container(id="cameras"):
            yield self._told(CameraCard(0))
            yield self._told(CameraCard(1))
        with Container(id="work"):
            yield self._told(Upcoming())
            yield self._told(Jobs())
        yield self._told(Health())
        yield self._told(Footer(kiosk=self.kiosk, read_only=self.read_only).data_bind(busy=HomeScreen.busy))

    def _told(self, panel: Panel) -> Panel:
        """The panel, told of every change."""
        return panel.data_bind(
            snapshot=HomeScreen.snapshot, link=HomeScreen.link, now=HomeScreen.now, look=HomeScreen.look
        )
