"""What the cameras see, live: to aim, focus and expose them, while recording as well."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import var

from ezrec_tui.model import CameraStatus
from ezrec_tui.tui.look import Place, Sight
from ezrec_tui.tui.raster import fit
from ezrec_tui.tui.screens.base import PlaceScreen
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.measures import LEAST_HEIGHT, Measures, SightTitle
from ezrec_tui.tui.widgets.picture import Picture

PICTURE_SECONDS = 0.2
"""From one picture to the next."""

REST_SECONDS = 3600
"""Without a key until the screen is left: who turns a lens on a ladder presses none, and then forgets to come back."""

GAP = 2
"""Cells between two pictures."""

USUAL_ASPECT = 16 / 9
"""Width to height, until a picture says otherwise."""


class CameraSight(Container):
    """A camera's picture with what is known of it above and below."""

    def __init__(self, index: int) -> None:
        super().__init__(id=f"sight-{index}")
        self.title = SightTitle(index)
        self.picture = Picture(index, every=PICTURE_SECONDS)
        self.measures = Measures(index)

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.picture
        yield self.measures


class PreviewScreen(PlaceScreen):
    """Both pictures, as large as there is room for. Keeps the best focus that it has seen."""

    CSS_PATH = "preview.tcss"

    pictures_every = PICTURE_SECONDS
    rests_after = REST_SECONDS

    guide: var[bool] = var(True, init=False)
    """Whether it is shown what both cameras see."""

    def __init__(self, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.CAMERAS, kiosk=kiosk, read_only=read_only)
        self._sights = (CameraSight(0), CameraSight(1))
        self._best = dict[str, float]()
        """By the camera's serial."""
        self._aspect = USUAL_ASPECT

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=PreviewScreen.message))
        yield self.told(Banner())
        with Container(id="sights"):
            for sight in self._sights:
                for panel in (sight.title, sight.picture, sight.measures):
                    self.told(panel)
                yield sight
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=PreviewScreen.busy))

    def watch_sights(self) -> None:
        cameras = self.snapshot.cameras if self.snapshot else ()
        for sight in self.sights:
            index, focus = sight.picture.index, sight.picture.focus
            if index >= len(self._sights):
                continue
            shown = self._sights[index]
            serial = _serial(cameras, index)
            self._best[serial] = max(self._best.get(serial, 0.0), focus or 0.0)
            shown.picture.sight = shown.measures.sight = sight
            shown.measures.best = self._best[serial]
        self._take_shape(self.sights)

    def watch_snapshot(self) -> None:
        self._show_guide()
        self._arrange()

    def watch_guide(self) -> None:
        self._show_guide()

    def _show_guide(self) -> None:
        overlap = self.snapshot.overlap if self.snapshot and self.guide and len(self.snapshot.cameras) > 1 else 0.0
        for sight in self._sights:
            sight.picture.overlap = sight.measures.overlap = overlap

    # Where things stand

    def on_mount(self) -> None:
        self._show_guide()

    def on_resize(self) -> None:
        self.call_after_refresh(self._arrange)

    def _take_shape(self, sights: Sequence[Sight]) -> None:
        """As the first camera's pictures are; both are alike."""
        aspect = sights[0].picture.width / sights[0].picture.height if sights else self._aspect
        if aspect != self._aspect:
            self._aspect = aspect
            self._arrange()

    def _arrange(self) -> None:
        """Side by side, or one below the other where that makes the pictures larger."""
        if not self.is_mounted:
            return
        room = self.query_one("#sights").content_size
        count = max(1, min(len(self._sights), len(self.snapshot.cameras) if self.snapshot else len(self._sights)))
        (across, down), stacked = picture_size(room.width, room.height, self._aspect, count)
        self.query_one("#sights").set_class(stacked, "-stacked")
        for index, sight in enumerate(self._sights):
            sight.display = index < count
            sight.styles.width = across
            sight.styles.height = (room.height - count + 1) // count if stacked else room.height
            sight.picture.styles.height = down


def picture_size(width: int, height: int, aspect: float, count: int) -> tuple[tuple[int, int], bool]:
    """Cells across and down of each of `count` pictures, and whether they stand one below the other."""
    above_and_below = 1 + LEAST_HEIGHT
    beside = fit((width - GAP * (count - 1)) // count, max(1, height - above_and_below), aspect)
    stacked = fit(width, max(1, (height - count + 1) // count - above_and_below), aspect)
    return (stacked, True) if stacked > beside else (beside, False)


def _serial(cameras: Sequence[CameraStatus], index: int) -> str:
    return cameras[index].serial if index < len(cameras) else ""
