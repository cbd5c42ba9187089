"""A screen that is looked at: the app on its peer, with a clock of the test's."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from ezrec_tui.client import EngineClient
from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import Alert, Booking, DoneAct, Snapshot
from ezrec_tui.tui.app import ScreenApp
from ezrec_tui.tui.profile import TRUECOLOR, Profile
from ezrec_tui.tui.screens.base import ToldScreen
from ezrec_tui.tui.screens.dialogs import Dialog
from ezrec_tui.tui.screens.home import HomeScreen
from ezrec_tui.tui.widgets.panel import Panel
from tests.tui.attendant import LIMIT, strike
from tests.tui.engine_peer import EnginePeer
from tests.tui.states import ScreenClock


@dataclass
class Viewer:
    """Somebody in front of a screen."""

    app: ScreenApp
    pilot: Pilot[None]
    peer: EnginePeer
    clock: ScreenClock

    @property
    def text(self) -> str:
        """All that is written on the screen and, if one is open, on the dialog over it."""
        place = next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, ToldScreen))
        parts = [str(panel.render()) for panel in place.query(Panel) if panel.display]
        if self.app.screen is not place:
            parts += [str(static.render()) for static in self.app.screen.query(Static)]
        return "\n".join(parts)

    @property
    def lines(self) -> list[Strip]:
        """The lines as the terminal gets them, whatever is on top."""
        # What is drawn can be had from the compositor alone; it has no public name.
        return self.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]

    @property
    def home(self) -> HomeScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, HomeScreen))

    @property
    def asked(self) -> bool:
        """Whether a dialog is open."""
        return isinstance(self.app.screen, Dialog)

    async def show(self, snapshot: Snapshot) -> None:
        """Have the engine say this, and wait until the screen does."""
        self.peer.show(snapshot.model_copy(update={"sequence": self.peer.snapshot.sequence + 1}))
        await self.until(lambda: self.app.snapshot == self.peer.snapshot, "the snapshot")
        await self.drawn()

    async def drawn(self) -> None:
        """Until what is to be drawn is drawn: a part that comes or goes moves the others."""
        for _ in range(2):
            await self.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def strike(self, key: str) -> None:
        """Press a key and wait until it is dealt with, and no longer."""
        await strike(self.app, key)

    async def open(self, key: str) -> None:
        """Press a key that asks, and wait until the dialog listens."""
        await self.press(key)
        await self.until(lambda: self.asked, f"{key} opens a dialog")
        self.clock.advance(1.0)

    async def until(self, come: Callable[[], bool], what: str) -> None:
        for _ in range(int(LIMIT / 0.01)):
            if come():
                return
            await self.pilot.pause(0.01)
        pytest.fail(f"never: {what}\n{self.text}")

    async def settled(self) -> None:
        """Until every act that was begun is over."""
        await self.until(lambda: self.app.busy is None, "the engine answered")
        await self.pilot.pause()


View = Callable[..., AbstractAsyncContextManager[Viewer]]


@pytest.fixture
def socket() -> Iterator[Path]:
    """A path short enough for a Unix socket, whatever the test's name."""
    with tempfile.TemporaryDirectory(prefix="ezrec") as folder:
        yield Path(folder) / "engine.sock"


@pytest.fixture
def view(socket: Path) -> View:
    """Opens a screen on a peer that shows the snapshot given."""

    @asynccontextmanager
    async def opened(
        snapshot: Snapshot,
        *,
        size: tuple[int, int] = (120, 33),
        kiosk: bool = False,
        read_only: bool = False,
        language: str | None = None,
        engine: bool = True,
        bookings: Sequence[Booking] = (),
        log: Sequence[LogLine] = (),
        alerts: Sequence[Alert] = (),
        done: Sequence[DoneAct] = (),
        viewer: str = "",
        profile: Profile = TRUECOLOR,
        beat: Callable[[], None] = lambda: None,
    ) -> AsyncGenerator[Viewer]:
        clock, peer = (
            ScreenClock(),
            EnginePeer(socket, snapshot, bookings=list(bookings), log=list(log), alerts=list(alerts), done=list(done)),
        )
        if engine:
            await peer.start()
        app = ScreenApp(
            EngineClient(socket),
            clock,
            profile,
            kiosk=kiosk,
            read_only=read_only,
            language=language,
            viewer=viewer,
            beat=beat,
        )
        try:
            async with app.run_test(size=size) as pilot:
                somebody = Viewer(app, pilot, peer, clock)
                if engine:
                    await somebody.until(lambda: app.link.live, "the engine's first snapshot")
                    await pilot.pause()
                yield somebody
        finally:
            if peer.hold:
                peer.hold.set()
            await asyncio.wait_for(peer.stop(), LIMIT)

    return opened
