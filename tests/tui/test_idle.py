"""The idle clock: when it comes, when it never does, and what the key that wakes it does not do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from ezrec_tui.model import Banner, Snapshot
from ezrec_tui.tui.look import Link, Look
from ezrec_tui.tui.screens.idle import BEFORE_BOOKING, IDLE_SECONDS, IdleScreen, idle_lines, may_idle
from tests.tui import states
from tests.tui.conftest import View, Viewer
from tests.tui.states import MINUTE, NOW

LIVE = Link(live=True)


def idles(viewer: Viewer) -> bool:
    return isinstance(viewer.app.screen, IdleScreen)


async def rest(viewer: Viewer) -> None:
    viewer.clock.advance(IDLE_SECONDS)
    await viewer.until(lambda: idles(viewer), "the idle clock")


async def test_the_clock_comes_after_five_minutes_without_a_key(view: View) -> None:
    async with view(states.idle()) as viewer:
        viewer.clock.advance(IDLE_SECONDS - 60)
        await viewer.press("up")
        viewer.clock.advance(IDLE_SECONDS - 1)
        ticked = viewer.app.now
        await viewer.until(lambda: viewer.app.now != ticked, "a tick")
        assert not idles(viewer)
        viewer.clock.advance(1)
        await viewer.until(lambda: idles(viewer), "the idle clock")
        await viewer.until(lambda: "Next: 15:30  Lucía Fernández" in viewer.text, "what is coming")


@pytest.mark.parametrize("key", ["f2", "f6", "f10", "ctrl+q", "ctrl+c", "2", "l", "enter", "s"])
async def test_the_key_that_wakes_it_only_wakes_it(view: View, key: str) -> None:
    async with view(states.idle()) as viewer:
        await rest(viewer)
        await viewer.press(key, key)
        assert viewer.app.is_running
        assert viewer.app.screen is viewer.home
        assert viewer.peer.acts == []
        viewer.clock.advance(1)
        await viewer.press("2")
        assert viewer.app.screen is not viewer.home, "the next key is a key again"


async def test_it_goes_by_itself_when_something_is_recorded(view: View) -> None:
    async with view(states.idle()) as viewer:
        await rest(viewer)
        viewer.peer.show(states.recording())
        await viewer.until(lambda: not idles(viewer), "home")
        assert "RECORDING" in viewer.text


async def test_it_goes_by_itself_when_the_engine_is_lost(view: View) -> None:
    async with view(states.idle()) as viewer:
        await rest(viewer)
        await viewer.peer.stop()
        await viewer.until(lambda: not idles(viewer), "home")


async def test_it_does_not_cover_a_question(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.open("f2")
        viewer.clock.advance(IDLE_SECONDS)
        ticked = viewer.app.now
        await viewer.until(lambda: viewer.app.now != ticked, "a tick")
        assert viewer.asked


SOON = states.idle().model_copy(update={"upcoming": states.upcoming(from_now=18 * MINUTE)})


@pytest.mark.parametrize(
    ("snapshot", "link", "may"),
    [
        (states.idle, LIVE, True),
        (states.recording, LIVE, False),
        (states.stopped, LIVE, False),
        (states.trouble, LIVE, False),
        (lambda: states.idle().model_copy(update={"banner": Banner.ARMED}), LIVE, False),
        (lambda: states.idle().model_copy(update={"upcoming": ()}), LIVE, True),
        (lambda: states.idle().model_copy(update={"alerts": (states.REFUSED_KEY,)}), LIVE, False),
        (states.idle, Link(failed=True), False),
    ],
)
def test_it_never_hides_anything_that_somebody_has_to_see(
    snapshot: Callable[[], Snapshot], link: Link, may: bool
) -> None:
    assert may_idle(snapshot(), link, NOW) is may


def test_it_is_never_shown_within_five_minutes_of_a_booking() -> None:
    first = SOON.upcoming[0].start
    assert may_idle(SOON, LIVE, first - BEFORE_BOOKING - timedelta(seconds=1))
    assert not may_idle(SOON, LIVE, first - BEFORE_BOOKING)
    assert not may_idle(SOON, LIVE, first)
    assert not may_idle(None, LIVE, NOW)


@pytest.mark.parametrize("size", [(20, 5), (80, 24), (120, 33), (240, 67)])
def test_it_stands_elsewhere_each_minute_and_always_on_the_screen(size: tuple[int, int]) -> None:
    width, height = size
    places = set[str]()
    for minute in range(30):
        now = NOW.replace(second=0) + minute * MINUTE
        pictures = [idle_lines(states.idle(), at, Look(), width, height) for at in (now, now + timedelta(seconds=59))]
        assert [str(one) for one in pictures[0]] == [str(one) for one in pictures[1]]
        assert all(one.cell_length <= max(width, 40) for one in pictures[0])
        lines = [str(one) for one in pictures[0]]
        hint = next(one for one in lines if "Any key" in one or "…" in one) if width >= 40 else lines[-1]
        places.add(f"{lines.index(hint)} {len(hint) - len(hint.lstrip())}")
        assert len(lines) <= max(height, 8)
    assert width < 80 or len(places) > 15
