"""Setup: what the cameras are and give when they are tested, and what the machine was set up with."""

from textual.app import ComposeResult
from textual.containers import Container

from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.setup import CameraSetup, Settled


class SetupScreen(PlaceScreen):
    """Shows; what can be changed is changed by its keys."""

    CSS_PATH = "setup.tcss"

    def __init__(self, viewer: str, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.SETUP, kiosk=kiosk, read_only=read_only)
        self._viewer = viewer

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=SetupScreen.message))
        yield self.told(Banner())
        with Container(id="cameras"):
            yield self.told(CameraSetup(0))
            yield self.told(CameraSetup(1))
        with Container(id="settled"):
            yield self.told(Settled(self._viewer, kiosk=self.kiosk, read_only=self.read_only))
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=SetupScreen.busy))
