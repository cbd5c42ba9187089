"""Which camera is which: somebody covers a lens with a hand, and the screen says whose picture goes dark."""

from textual.app import ComposeResult
from textual.containers import Container

from ezrec_tui.clock import Clock
from ezrec_tui.model import NS, CameraPicture
from ezrec_tui.tui.covering import Covering
from ezrec_tui.tui.look import OLD_SECONDS, Place
from ezrec_tui.tui.raster import fit
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.screens.preview import GAP, PICTURE_SECONDS, REST_SECONDS, USUAL_ASPECT
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.identify import Answer, Finding, SeenTitle
from ezrec_tui.tui.widgets.picture import Picture

WATCH_SECONDS = 180
"""So long it waits for a hand, and keeps an answer for who has to come back from the camera."""


class IdentifyScreen(PlaceScreen):
    """Watches both pictures, and goes back by itself when nothing has happened for a while."""

    CSS_PATH = "identify.tcss"

    pictures_every = PICTURE_SECONDS
    rests_after = REST_SECONDS

    def __init__(self, came_from: Place, clock: Clock, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.IDENTIFY, kiosk=kiosk, read_only=read_only)
        self.back_to = came_from
        self._clock = clock
        self._seen = Container(id="seen")
        self._since_ns = clock.sensor_ns()
        self._serials: tuple[str, ...] = ()
        self._covering = Covering()
        self._finding = Finding()

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=IdentifyScreen.message))
        yield self.told(Banner())
        yield self.told(Answer())
        with self._seen:
            for index in (0, 1):
                with Container(classes="one"):
                    yield self.told(SeenTitle(index))
                    yield self.told(Picture(index, every=PICTURE_SECONDS))
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=IdentifyScreen.busy))

    @property
    def is_over(self) -> bool:
        return self._clock.sensor_ns() - self._since_ns >= WATCH_SECONDS * NS

    def on_resize(self) -> None:
        self.call_after_refresh(self._arrange)

    def watch_sights(self) -> None:
        sights = {sight.picture.index: sight for sight in self.sights}
        for index, picture in enumerate(self.query(Picture)):
            picture.sight = sights.get(index)
        self._arrange()
        self._judge()

    def watch_snapshot(self) -> None:
        serials = tuple(camera.serial for camera in self.snapshot.cameras) if self.snapshot else ()
        if serials != self._serials:
            # They stand on other sides now: what was seen of a side is of another camera.
            self._serials, self._covering, self._finding = serials, Covering(), Finding()
        self._judge()

    def watch_look(self) -> None:
        self._judge()

    def _judge(self) -> None:
        """Say what the newest pictures show."""
        live = {sight.picture.index: sight.picture for sight in self.sights if sight.age <= OLD_SECONDS}
        covering, before = self._covering, self._finding
        covering.look(live)
        if len(covering.covered) == 1:
            self._since_ns = self._clock.sensor_ns()
            self._finding = Finding(next(iter(covering.covered)))
        else:
            until = before.until or (self.now if before.index is not None else None)
            self._finding = Finding(before.index, until, self._problem(live))
        for panel in (*self.query(Answer), *self.query(SeenTitle)):
            panel.finding = self._finding

    def _problem(self, live: dict[int, CameraPicture]) -> str:
        """Why nothing can be told; empty when a hand would be seen."""
        texts, covering = self.look.texts, self._covering
        cameras = (texts.left_camera, texts.right_camera)
        if len(covering.covered) > 1:
            return texts.identify_both
        blind = [name for index, name in enumerate(cameras) if self.sights and index not in live]
        if blind:
            return texts.identify_blind.format(camera=blind[0])
        dark = [name for index, name in enumerate(cameras) if index in covering.dark]
        return texts.identify_dark.format(camera=dark[0]) if dark else ""

    def _arrange(self) -> None:
        """Both pictures in their own shape, as large as there is room for."""
        room = self._seen.content_size
        picture = self.sights[0].picture if self.sights else None
        aspect = picture.width / picture.height if picture else USUAL_ASPECT
        across, down = fit((room.width - GAP) // 2, room.height - 1, aspect)
        for one, shown in zip(self.query(".one"), self.query(Picture), strict=False):
            one.styles.width = across
            shown.styles.height = down
