"""Which camera is which: a hand before a lens is told from a change of the light, and the screen says whose it was."""

from base64 import b64encode
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from ezrec_tui.model import CameraPicture
from ezrec_tui.tui.covering import Covering
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.identify import WATCH_SECONDS
from ezrec_tui.tui.widgets.identify import Answer
from tests.tui import states
from tests.tui.conftest import View, Viewer

STEP_NS = 200_000_000


def seen(index: int, luma: float, number: int) -> CameraPicture:
    grey = b64encode(bytes([round(min(255.0, luma))]) * 16)
    return CameraPicture(index=index, sensor_ns=number * STEP_NS, width=4, height=4, grey=grey)


def watched(covering: Covering, lumas: Iterable[tuple[float, float]], start: int = 0) -> list[frozenset[int]]:
    """Which lenses are covered after each pair of pictures, left and right."""
    found = list[frozenset[int]]()
    for number, (left, right) in enumerate(lumas, start):
        covering.look({0: seen(0, left, number), 1: seen(1, right, number)})
        found.append(covering.covered)
    return found


# What is a hand


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("light", [30.0, 110.0, 240.0])
def test_a_hand_before_a_lens_is_seen_when_it_comes_and_when_it_goes(index: int, light: float) -> None:
    hand = (light / 9, light) if index == 0 else (light, light / 9)
    found = watched(Covering(), [*[(light, light)] * 10, *[hand] * 10, *[(light, light)] * 10])
    assert found == [*[frozenset()] * 10, *[frozenset({index})] * 10, *[frozenset()] * 10]


def test_an_exposure_that_answers_the_hand_names_no_other_camera() -> None:
    """The left one leads: its exposure grows while it is covered and is passed on to the right one, which gets too
    bright, and too bright both are for a moment when the hand goes."""
    covered = [(8.0 + number, min(255.0, 110.0 * 1.06**number)) for number in range(25)]
    after = [(min(255.0, 300.0 * 0.85**number + 110), 255.0 * 0.85**number + 90) for number in range(20)]
    found = watched(Covering(), [*[(110.0, 110.0)] * 10, *covered, *after])
    assert set(found) == {frozenset(), frozenset({0})}
    assert found[34] == frozenset({0})
    assert found[-1] == frozenset()


@given(any_.lists(any_.floats(-0.04, 0.04), min_size=1, max_size=80), any_.floats(40, 200))
def test_an_evening_or_clouds_are_no_hand(steps: list[float], light: float) -> None:
    lumas = list[tuple[float, float]]()
    for step in steps:
        light = min(240.0, max(40.0, light * (1 + step)))
        lumas.append((light, light * 0.9))
    assert not any(watched(Covering(), lumas)), lumas


def test_a_light_that_goes_off_is_no_hand_before_one_of_them() -> None:
    covering = Covering()
    found = watched(covering, [*[(110.0, 90.0)] * 5, *[(9.0, 8.0)] * 5])
    assert found[-1] == frozenset({0, 1})


def test_in_the_dark_nothing_is_said_of_a_hand() -> None:
    covering = Covering()
    assert not any(watched(covering, [*[(9.0, 110.0)] * 5, *[(0.0, 110.0)] * 5]))
    assert covering.dark == frozenset({0})


def test_the_same_picture_over_and_over_teaches_nothing() -> None:
    covering = Covering()
    watched(covering, [(110.0, 110.0)] * 3)
    for _ in range(500):
        covering.look({0: seen(0, 60.0, 7), 1: seen(1, 110.0, 7)})
    assert watched(covering, [(42.0, 110.0)], 8) == [frozenset({0})]


# On the screen


def answer(viewer: Viewer) -> str:
    return str(viewer.app.screen.query_one(Answer).render())


async def identify(viewer: Viewer, key: str) -> None:
    show(viewer)
    await viewer.press(key, "f3")
    assert viewer.app.situation.place is Place.IDENTIFY
    await viewer.until(lambda: len(viewer.app.sights) == 2, "the pictures")
    await viewer.pilot.pause()


def show(viewer: Viewer, covered: int | None = None) -> None:
    """What the cameras see from now on."""
    viewer.clock.advance(0.2)
    pictures = states.pictures(viewer.clock.sensor_ns())
    viewer.peer.pictures = [states.covered(one) if one.index == covered else one for one in pictures]


@pytest.mark.parametrize("size", [(80, 24), (120, 33), (40, 12)])
@pytest.mark.parametrize("key", ["6", "7"])
async def test_the_camera_whose_lens_is_covered_is_named_and_stays_named(
    view: View, size: tuple[int, int], key: str
) -> None:
    async with view(states.recording(), size=size) as viewer:
        await identify(viewer, key)
        assert "Waiting for a hand" in answer(viewer)
        show(viewer, covered=1)
        await viewer.until(lambda: "● RIGHT CAMERA   is covered now" in answer(viewer), "the answer")
        assert "i2c@1/imx477@1a"[:9] in answer(viewer)
        assert size == (40, 12) or "● covered" in viewer.text
        show(viewer)
        await viewer.until(lambda: "✓ RIGHT CAMERA   was covered" in answer(viewer), "the hand goes")
        assert "● covered" not in viewer.text
        show(viewer, covered=0)
        await viewer.until(lambda: "● LEFT CAMERA" in answer(viewer), "the other one")
        assert "i2c@0" in answer(viewer)


@pytest.mark.parametrize(("key", "place"), [("6", Place.CAMERAS), ("7", Place.SETUP)])
async def test_escape_leads_back_to_where_one_came_from(view: View, key: str, place: Place) -> None:
    async with view(states.idle()) as viewer:
        await identify(viewer, key)
        await viewer.press("escape")
        assert viewer.app.situation.place is place


async def test_it_ends_by_itself_a_while_after_the_last_hand(view: View) -> None:
    async with view(states.recording()) as viewer:
        await identify(viewer, "7")
        viewer.clock.advance(WATCH_SECONDS - 5)
        show(viewer, covered=0)
        await viewer.until(lambda: "LEFT CAMERA" in answer(viewer), "the answer")
        show(viewer)
        await viewer.until(lambda: "was covered" in answer(viewer), "the hand goes")
        viewer.clock.advance(WATCH_SECONDS - 5)
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        await viewer.drawn()
        assert viewer.app.situation.place is Place.IDENTIFY, "whoever comes back from the camera reads the answer"
        viewer.clock.advance(10)
        await viewer.until(lambda: viewer.app.situation.place is Place.SETUP, "setup again")


async def test_a_question_that_is_open_is_not_taken_away(view: View) -> None:
    async with view(states.idle()) as viewer:
        await identify(viewer, "7")
        await viewer.open("f6")
        viewer.clock.advance(WATCH_SECONDS + 5)
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        await viewer.drawn()
        assert viewer.asked


async def test_when_nothing_can_be_told_it_is_said_why(view: View) -> None:
    async with view(states.idle()) as viewer:
        await identify(viewer, "7")
        viewer.clock.advance(0.2)
        both = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.pictures = [states.covered(one) for one in both]
        await viewer.until(lambda: "Both pictures are dark. Cover one lens alone." in answer(viewer), "both")
        viewer.clock.advance(5)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())[:1]
        await viewer.until(lambda: "Right camera: no picture" in answer(viewer), "the one that gives none")
    async with view(states.idle()) as viewer:
        left, right = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.pictures = [left.model_copy(update={"grey": bytes(len(left.grey))}), right]
        await viewer.press("7", "f3")
        await viewer.until(lambda: "Left camera: too dark to tell. Turn the light on." in answer(viewer), "the dark")


async def test_after_the_sides_are_swapped_it_looks_anew(view: View) -> None:
    async with view(states.idle()) as viewer:
        await identify(viewer, "6")
        show(viewer, covered=1)
        await viewer.until(lambda: "RIGHT CAMERA" in answer(viewer), "the answer")
        show(viewer)
        await viewer.until(lambda: "was covered" in answer(viewer), "the hand goes")
        await viewer.open("f6")
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/swap"]
        first, second = states.idle().cameras
        swapped = (second.model_copy(update={"index": 0}), first.model_copy(update={"index": 1}))
        await viewer.show(states.idle().model_copy(update={"cameras": swapped}))
        await viewer.until(lambda: "Waiting for a hand" in answer(viewer), "another start")
        show(viewer, covered=0)
        await viewer.until(lambda: "i2c@1" in answer(viewer), "the same camera on its new side")
        assert "LEFT CAMERA" in answer(viewer)


async def test_with_one_camera_there_is_nothing_to_tell_apart(view: View) -> None:
    alone = states.idle().model_copy(update={"cameras": states.idle().cameras[:1]})
    async with view(alone) as viewer:
        await viewer.press("7", "f3")
        assert viewer.app.situation.place is Place.SETUP
        assert "There are no two cameras." in viewer.text


async def test_who_only_looks_on_may_see_it_and_is_told_of_no_swap(view: View) -> None:
    async with view(states.idle(), read_only=True) as viewer:
        await identify(viewer, "7")
        show(viewer, covered=0)
        await viewer.until(lambda: "LEFT CAMERA" in answer(viewer), "the answer")
        assert "F6" not in answer(viewer)
        await viewer.press("f6")
        assert not viewer.asked
