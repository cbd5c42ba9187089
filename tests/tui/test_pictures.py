"""How the screens are coloured, kept as pictures; what they say is kept as text, see `test_matrix.py`.

After a change that was meant: `pytest tests/tui --snapshot-update`.
"""

from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from ezrec_tui.client import EngineClient
from ezrec_tui.model import NS, CameraPicture, Snapshot
from ezrec_tui.tui.app import ScreenApp
from ezrec_tui.tui.profile import PROFILES
from ezrec_tui.tui.screens.base import TALL, WIDE
from ezrec_tui.tui.screens.idle import IDLE_SECONDS, IdleScreen
from ezrec_tui.tui.widgets.identify import Answer
from ezrec_tui.tui.widgets.picture import JoinedPicture
from tests.tui import states
from tests.tui.conftest import LIMIT
from tests.tui.engine_peer import EnginePeer
from tests.tui.states import ScreenClock

PLACES = {
    "jobs": ("2",),
    "bookings": ("3",),
    "alerts": ("4",),
    "acts": ("5",),
    "log": ("5", "f6"),
    "setup": ("7",),
    "help": ("f1",),
}
CAMERAS = "6"
COVERED = ("7", "f3")
"""To the cameras told apart: there a hand covers the right one."""

SET_UP = {
    "testing": states.testing,
    "tested": states.tested,
    "calibrated": states.calibrated,
    "not_calibrated": states.not_calibrated,
}

ASKED = ("bookings", "alerts", "acts", "log")
"""Places that show records of the same name, which come a moment later."""

Before = Callable[[Pilot[None], ScreenApp, ScreenClock], Awaitable[None]]


async def until(pilot: Pilot[None], come: Callable[[], bool]) -> None:
    for _ in range(int(LIMIT / 0.01)):
        if come():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    pytest.fail("the screen never came so far")


@pytest.fixture
def picture(snap_compare: Callable[..., bool], socket: Path) -> Callable[..., None]:
    """Compares the screen at a snapshot with the picture kept of it."""

    def compare(
        snapshot: Snapshot,
        size: tuple[int, int],
        *,
        language: str = "en",
        profile: str = "truecolor",
        keys: tuple[str, ...] = (),
        lost: bool = False,
        idle: bool = False,
        seen: Callable[[int], list[CameraPicture]] = states.pictures,
    ) -> None:
        clock = ScreenClock()
        app = ScreenApp(EngineClient(socket), clock, PROFILES[profile], language=language)
        peer = EnginePeer(
            socket, snapshot, bookings=states.bookings(), log=states.log(), alerts=states.alerts(), done=states.acts()
        )
        peer.pictures = seen(clock.sensor_ns())
        peer.joined = states.joined_picture()
        with peer.in_a_thread() as over:

            async def before(pilot: Pilot[None]) -> None:
                await until(pilot, lambda: app.link.live)
                if app.size.width >= WIDE and app.size.height >= TALL:
                    await until(pilot, lambda: len(app.sights) == len(peer.pictures))
                if lost:
                    over.set()
                    await until(pilot, lambda: app.link.failed)
                    clock.advance(12)
                    await until(pilot, lambda: app.link.lost and app.now == clock.now())
                await pilot.press(*keys)
                await until(pilot, lambda: len(app.screen_stack) > 2 or not keys)
                for name in ASKED:
                    if keys[: len(PLACES[name])] == PLACES[name]:
                        await until(pilot, lambda name=name: bool(getattr(app.records, name)))
                if keys and keys[0] == CAMERAS:
                    await until(pilot, lambda: peer.previews > 1 and len(app.sights) == len(peer.pictures))
                if keys == ("7",) and snapshot.setup.rig and app.size.width >= WIDE:
                    await until(pilot, lambda: app.screen.query_one(JoinedPicture).size.height > 1)
                if keys == COVERED:
                    await until(pilot, lambda: len(app.sights) == len(peer.pictures))
                    left, right = states.pictures(clock.sensor_ns() + 1)
                    peer.pictures = [left, states.covered(right)]
                    await until(pilot, lambda: app.screen.query_one(Answer).finding.index == 1)
                if idle:
                    clock.advance(IDLE_SECONDS)
                    await until(pilot, lambda: isinstance(app.screen, IdleScreen) and app.now == clock.now())

            shown: Callable[[Pilot[None]], Coroutine[Any, Any, None]] = before
            assert snap_compare(app, terminal_size=size, run_before=shown)

    return compare


SIZES = [(80, 24), (120, 33), (160, 45), (240, 67)]
STATES = {"idle": states.idle, "recording": states.recording, "trouble": states.trouble}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", STATES)
def test_home(picture: Callable[..., None], state: str, size: tuple[int, int]) -> None:
    picture(STATES[state](), size)


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_home_without_its_engine(picture: Callable[..., None], size: tuple[int, int]) -> None:
    picture(states.recording(), size, lost=True)


@pytest.mark.parametrize("profile", ["console", "ansi256"])
def test_home_in_fewer_colours(picture: Callable[..., None], profile: str) -> None:
    picture(states.trouble(), (120, 33), profile=profile)


@pytest.mark.parametrize("key", ["f3", "f8"])
def test_dialogs(picture: Callable[..., None], key: str) -> None:
    picture(states.recording(), (80, 24), keys=(key,))


@pytest.mark.parametrize("place", PLACES)
def test_places(picture: Callable[..., None], place: str) -> None:
    picture(states.busy_jobs(), (120, 33), keys=(*PLACES[place], "down"))


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_idle_clock(picture: Callable[..., None], size: tuple[int, int]) -> None:
    picture(states.idle(), size, idle=True)


SEEN: dict[str, tuple[Callable[[], Snapshot], Callable[[int], list[CameraPicture]]]] = {
    "live": (states.idle, states.pictures),
    "recording": (states.recording, states.pictures),
    "one-lost": (states.trouble, lambda now: states.pictures(now)[:1]),
    "stale": (states.idle, lambda now: [states.pictures(now)[0], states.pictures(now - 12 * NS)[1]]),
    "none-yet": (states.idle, lambda _: []),
}


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("state", SEEN)
def test_the_cameras(picture: Callable[..., None], state: str, language: str, size: tuple[int, int]) -> None:
    snapshot, seen = SEEN[state]
    picture(snapshot(), size, language=language, keys=(CAMERAS,), seen=seen)


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", SET_UP)
def test_setup(picture: Callable[..., None], state: str, size: tuple[int, int]) -> None:
    picture(SET_UP[state](), size, keys=("7",))


@pytest.mark.parametrize("profile", ["truecolor", "console"])
@pytest.mark.parametrize(
    ("state", "size"), [("tested", SIZES[0]), ("calibrated", SIZES[1])], ids=["tested", "calibrated"]
)
def test_setup_in_spanish(picture: Callable[..., None], state: str, size: tuple[int, int], profile: str) -> None:
    picture(SET_UP[state](), size, keys=("7",), language="es", profile=profile)


@pytest.mark.parametrize(("language", "size"), [("en", SIZES[1]), ("es", SIZES[0])], ids=["en", "es"])
def test_which_camera_is_which(picture: Callable[..., None], language: str, size: tuple[int, int]) -> None:
    picture(states.idle(), size, keys=COVERED, language=language)


@pytest.mark.parametrize("key", ["f4", "f7"])
def test_questions_of_setup(picture: Callable[..., None], key: str) -> None:
    picture(states.calibrating() if key == "f7" else states.calibrated(), (80, 24), keys=("7", key))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pin(picture: Callable[..., None], language: str) -> None:
    picture(states.tested(), (80, 24), keys=("7", "f6"), language=language)
