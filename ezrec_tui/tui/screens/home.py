"""Home: the whole state of the venue at a glance, from 80x24 cells up."""

from textual.app import ComposeResult
from textual.containers import Container

from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.widgets.alerts import Alerts
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.beside import Beside
from ezrec_tui.tui.widgets.camera import CameraCard
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.jobs import Jobs
from ezrec_tui.tui.widgets.upcoming import Upcoming


class HomeScreen(PlaceScreen):
    """Hands what the app knows on to its parts; knows nothing itself."""

    CSS_PATH = "home.tcss"

    def __init__(self, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.HOME, kiosk=kiosk, read_only=read_only)

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=HomeScreen.message))
        yield self.told(Banner())
        yield self.told(Beside())
        yield self.told(Alerts())
        with Container(id="cameras"):
            yield self.told(CameraCard(0))
            yield self.told(CameraCard(1))
        with Container(id="work"):
            yield self.told(Upcoming())
            yield self.told(Jobs())
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=HomeScreen.busy))
