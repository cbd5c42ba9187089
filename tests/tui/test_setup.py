"""The setup screen: what the machine has, what its cameras gave when they were tested, and what is settled."""

from datetime import timedelta

import pytest

from ezrec_tui.model import Answer, CameraTest, MergeMethod
from tests.tui import states
from tests.tui.conftest import View
from tests.tui.states import NOW


async def test_it_says_what_the_machine_has_and_is_set_up_with(view: View) -> None:
    async with view(states.idle(), viewer="ana from 10.0.0.7") as viewer:
        await viewer.press("7")
        for words in (
            "Left camera",
            "/base/soc/i2c0mux/i2c@0/imx477@1a",
            "Right camera",
            "1920x1080, 30 fps, 6.0 Mbit/s",
            "blended over the 240 px that both cameras see",
            "English",
            "Europe/Madrid",
            "0.1.0",
            "none: everybody may do everything",
            "ana from 10.0.0.7 · may act",
        ):
            assert words in viewer.text, words


async def test_a_stitching_method_that_cannot_be_had_says_why(view: View) -> None:
    why = "panorama: the cameras are not calibrated; feather is used"
    setup = states.SETUP.model_copy(update={"method": MergeMethod.SIDE_BY_SIDE, "fallbacks": (why,)})
    async with view(states.idle().model_copy(update={"setup": setup}), size=(80, 24)) as viewer:
        await viewer.press("7")
        assert "side by side, nothing blended" in viewer.text
        assert why in viewer.text


async def test_the_cameras_are_tested_by_a_key_and_what_came_is_shown_as_it_comes(view: View) -> None:
    async with view(states.idle(), size=(80, 24)) as viewer:
        await viewer.press("7")
        assert "not yet; F5 tests the cameras" in viewer.text
        viewer.peer.answer = Answer(ok=True, message="recording 5 s of each camera")
        await viewer.press("f5")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/test"]
        viewer.peer.show(states.testing())
        await viewer.until(lambda: "Recording 5 s of each camera" in viewer.text, "the test")
        assert "about 7 s left" in viewer.text
        viewer.clock.advance(2)
        await viewer.until(lambda: "about 5 s left" in viewer.text, "the countdown")
        viewer.clock.advance(20)
        await viewer.until(lambda: "what came is being looked at" in viewer.text, "its end")
        await viewer.press("f5")
        assert "Not now: something is recorded, or a test runs." in viewer.text
        viewer.peer.show(states.tested())
        await viewer.until(lambda: "NOT IN ORDER" in viewer.text, "the verdict")
        for words in ("✓ in order", "150 of 150, 0 dropped", "30.0 fps, 6.0 Mbit/s", "✗ NOT IN ORDER"):
            assert words in viewer.text, words
        for words in ("141 of 150, 9 dropped", "9 of 150 frames are missing: check", "then test again"):
            assert words in viewer.text, words
        assert len(viewer.peer.acts) == 1


async def test_no_camera_is_tested_while_something_is_recorded(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.press("7", "f5")
        assert "Not now: something is recorded" in viewer.text
        assert viewer.peer.acts == []


async def test_what_the_engine_says_against_a_test_is_shown(view: View) -> None:
    async with view(states.idle()) as viewer:
        viewer.peer.answer = Answer(ok=False, message="the disk is full: make room on it first")
        viewer.peer.status = 409
        await viewer.press("7", "f5")
        await viewer.until(lambda: viewer.asked, "the refusal")
        assert "the disk is full: make room on it first" in viewer.text


@pytest.mark.parametrize("key", ["f6", "f5"])
async def test_home_neither_swaps_nor_tests_cameras(view: View, key: str) -> None:
    async with view(states.idle()) as viewer:
        assert "Swap" not in viewer.text
        await viewer.press(key)
        assert not viewer.asked
        assert viewer.peer.acts == []


async def test_a_machine_with_one_camera_has_nothing_to_swap(view: View) -> None:
    snapshot = states.idle()
    async with view(snapshot.model_copy(update={"cameras": snapshot.cameras[:1]})) as viewer:
        await viewer.press("7", "f6")
        assert "There are no two cameras to swap." in viewer.text
        assert "Camera 1" in viewer.text
        assert "Right camera" not in viewer.text


async def test_a_test_without_results_leaves_the_screen_whole(view: View) -> None:
    test = CameraTest(at=NOW - timedelta(minutes=1), seconds=5, running=False)
    async with view(states.idle().model_copy(update={"camera_test": test})) as viewer:
        await viewer.press("7")
        assert "Left camera" in viewer.text
