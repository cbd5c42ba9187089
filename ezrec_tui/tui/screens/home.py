"""Home: the whole state of the venue at a glance, from 80x24 cells up."""

from textual.app import ComposeResult
from textual.containers import Container

from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.base import TALL, WIDE, PlaceScreen
from ezrec_tui.tui.widgets.alerts import Alerts
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.beside import Beside
from ezrec_tui.tui.widgets.camera import CameraCard
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.jobs import Jobs
from ezrec_tui.tui.widgets.picture import Picture
from ezrec_tui.tui.widgets.upcoming import Upcoming


class HomeScreen(PlaceScreen):
    """Hands what the app knows on to its parts; knows nothing itself."""

    CSS_PATH = "home.tcss"

    pictures_every = 5.0

    def __init__(self, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.HOME, kiosk=kiosk, read_only=read_only)

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=HomeScreen.message))
        yield self.told(Banner())
        yield self.told(Beside())
        yield self.told(Alerts())
        with Container(id="cameras"):
            for index in (0, 1):
                yield self.told(Picture(index, every=self.pictures_every))
                yield self.told(CameraCard(index))
        with Container(id="work"):
            yield self.told(Upcoming())
            yield self.told(Jobs())
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=HomeScreen.busy))

    @property
    def has_room_for_pictures(self) -> bool:
        width, height = self.app.size
        return width >= WIDE and height >= TALL

    def on_screen_resume(self) -> None:
        self.watch_sights()

    def watch_sights(self) -> None:
        if not self.is_active:
            # Another screen lies over it: to paint below it would paint all of that again.
            return
        sights = {sight.picture.index: sight for sight in self.sights}
        for index, picture in enumerate(self.query(Picture)):
            picture.sight = sights.get(index)

    def watch_snapshot(self) -> None:
        cameras = self.snapshot.cameras if self.snapshot else ()
        for index, picture in enumerate(self.query(Picture)):
            picture.set_class(index >= len(cameras), "-without")
