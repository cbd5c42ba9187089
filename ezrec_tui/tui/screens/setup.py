"""Setup: what the cameras are and give when they are tested, how their pictures are joined, what else is settled."""

import logging
from dataclasses import replace
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Container

from ezrec_tui.client import EngineClient, EngineError, EngineUnreachable
from ezrec_tui.tui.look import Joined, Place, Records
from ezrec_tui.tui.raster import fit
from ezrec_tui.tui.screens.base import TALL, WIDE, PlaceScreen
from ezrec_tui.tui.widgets.banner import Banner
from ezrec_tui.tui.widgets.footer import Footer
from ezrec_tui.tui.widgets.header import Header
from ezrec_tui.tui.widgets.health import Health
from ezrec_tui.tui.widgets.joining import Joining
from ezrec_tui.tui.widgets.picture import JoinedPicture
from ezrec_tui.tui.widgets.setup import CameraSetup, Settled

_log = logging.getLogger(__name__)

GAP = 2
"""Cells between what is known of the joined picture and the picture."""


class SetupScreen(PlaceScreen):
    """Shows; what can be changed is changed by its keys."""

    CSS_PATH = "setup.tcss"

    asks_every = 1
    """It asks only when there was a calibration since."""

    def __init__(self, viewer: str, *, kiosk: bool, read_only: bool) -> None:
        super().__init__(Place.SETUP, kiosk=kiosk, read_only=read_only)
        self._viewer = viewer
        self._no_picture_of: datetime | None = None
        """The calibration that the engine has no picture of."""
        # Kept: what comes while the screen goes finds none of its parts any more.
        self._joined, self._joining = JoinedPicture(), Container(id="joining")

    def compose(self) -> ComposeResult:
        yield self.told(Header(self.place).data_bind(message=SetupScreen.message))
        yield self.told(Banner())
        with Container(id="cameras"):
            yield self.told(CameraSetup(0))
            yield self.told(CameraSetup(1))
        with self._joining:
            yield self.told(Joining())
            yield self.told(self._joined)
        with Container(id="settled"):
            yield self.told(Settled(self._viewer, kiosk=self.kiosk, read_only=self.read_only))
        yield self.told(Health())
        footer = Footer(self.place, kiosk=self.kiosk, read_only=self.read_only)
        yield self.told(footer.data_bind(busy=SetupScreen.busy))

    # The joined picture

    @property
    def _has_room(self) -> bool:
        width, height = self.app.size
        return width >= WIDE and height >= TALL

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        snapshot = self.snapshot
        made = snapshot.setup.rig.made if snapshot and snapshot.setup.rig else None
        if snapshot is None or made is None or not self._has_room or made == self._no_picture_of:
            return records
        if (records.joined and records.joined.made == made) or (snapshot.calibration and snapshot.calibration.running):
            return records
        try:
            picture = await engine.rig_picture()
        except EngineUnreachable:
            raise
        except EngineError as error:
            _log.warning("no picture of the calibration: %s", error)
            self._no_picture_of = made
            return records
        return replace(records, joined=Joined(made, picture))

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_picture)

    def watch_snapshot(self) -> None:
        self._show_picture()

    def watch_records(self) -> None:
        self._show_picture()

    def _show_picture(self) -> None:
        """The picture beside what is known of it, in its own shape; none where there is no room, or it is of another
        calibration."""
        shown, joined = self._joined, self.records.joined
        rig = self.snapshot.setup.rig if self.snapshot else None
        picture = joined.picture if joined and rig and joined.made == rig.made and self._has_room else None
        shown.display = picture is not None
        shown.picture = picture
        if picture is not None:
            room = self._joining.content_size.width // 2 - GAP
            shown.styles.width, shown.styles.height = fit(
                room, self.app.size.height // 3, picture.width / picture.height
            )
