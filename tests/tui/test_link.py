"""The screen and its engine: lost, back, another one, too fast."""

import pytest

from ezrec_tui.model import Banner
from tests.tui import states
from tests.tui.conftest import View
from tests.tui.states import HOSTILE


async def test_a_lost_engine_is_said_with_its_age_and_with_what_is_not_known(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.peer.stop()
        await viewer.until(lambda: viewer.app.link.failed, "the failure")
        assert "NO CONTACT" not in viewer.text, "a restart of two seconds frightens nobody"
        viewer.clock.advance(12)
        await viewer.until(lambda: "NO CONTACT" in viewer.text, "the loss on the screen")
        assert "has not answered for 12 s" in viewer.text
        assert "Last seen RECORDING: Carlos Ruiz Gómez. Whether it goes on is not known." in viewer.text
        assert "All is well" not in viewer.text


async def test_the_clock_ticks_without_an_engine(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.peer.stop()
        for seconds in (13, 14, 15):
            viewer.clock.advance(1)
            await viewer.until(lambda seconds=seconds: f"14:47:{seconds}" in viewer.text, "the next second")


async def test_a_second_that_passes_while_the_screen_closes_is_no_error(view: View) -> None:
    async with view(states.recording()) as viewer:
        pass
    assert viewer.app.screen_stack == []
    viewer.app._tick()  # pyright: ignore[reportPrivateUsage]


async def test_a_screen_finds_the_next_engine_by_itself(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.peer.stop()
        viewer.clock.advance(12)
        await viewer.until(lambda: "NO CONTACT" in viewer.text, "the loss on the screen")
        viewer.peer.snapshot = states.idle().model_copy(update={"engine_id": "engine-b"})
        await viewer.peer.start()
        await viewer.until(lambda: "IDLE" in viewer.text, "the next engine's word")
        await viewer.press("f8")
        assert "Nothing is being recorded." in viewer.text


async def test_a_screen_that_starts_before_its_engine_waits_for_it(view: View) -> None:
    async with view(states.idle(), engine=False) as viewer:
        await viewer.until(lambda: "NO CONTACT" in viewer.text, "that nobody answers")
        assert "Nothing is known yet" in viewer.text
        await viewer.press("f2")
        assert "the engine does not answer" in viewer.text
        await viewer.peer.start()
        await viewer.until(lambda: "IDLE" in viewer.text, "the engine's word")


async def test_an_engine_that_falls_silent_makes_the_picture_old(view: View) -> None:
    async with view(states.recording()) as viewer:
        viewer.clock.advance(4)
        await viewer.until(lambda: "what you see is 4 s old" in viewer.text, "the age")
        viewer.peer.show(states.recording().model_copy(update={"sequence": 3}))
        await viewer.until(lambda: "old" not in viewer.text, "news")


async def test_every_change_is_shown_as_it_comes(view: View) -> None:
    async with view(states.idle()) as viewer:
        assert "IDLE" in viewer.text
        viewer.peer.show(states.recording())
        await viewer.until(lambda: "● RECORDING   Carlos Ruiz Gómez" in viewer.text, "the recording")
        viewer.peer.show(states.trouble())
        await viewer.until(lambda: "▲ ALERT   RECORDING · Carlos Ruiz Gómez" in viewer.text, "the alert")
        assert "Supabase does not answer in time" in viewer.text
        viewer.peer.show(states.stopped())
        await viewer.until(lambda: "■ STOPPED" in viewer.text, "the stop")
        assert "camera 2 is missing" not in viewer.text


async def test_the_screen_speaks_the_engines_language_unless_told_otherwise(view: View) -> None:
    spanish = states.idle().model_copy(update={"language": "es"})
    async with view(spanish) as viewer:
        assert "No se está grabando nada" in viewer.text
    async with view(spanish, language="en") as viewer:
        assert "Nothing is being recorded" in viewer.text


@pytest.mark.parametrize("size", [(80, 24), (120, 33), (200, 60), (20, 5), (1, 1)])
async def test_names_from_outside_are_shown_as_they_are_and_steer_nothing(view: View, size: tuple[int, int]) -> None:
    async with view(states.hostile(), size=size) as viewer:
        steering = [character for character in viewer.text if not (character.isprintable() or character == "\n")]
        assert steering == []
        if size[0] >= 80:
            assert "[red]x[/red] [link=" in viewer.text
        await viewer.press("f8")
        if viewer.asked:
            assert not any(character in viewer.text for character in "\x1b\x07\x9d\u202e")
            assert HOSTILE.split("\x1b")[0].strip() in viewer.text


@pytest.mark.parametrize("banner", list(Banner))
async def test_every_state_has_a_word_of_its_own(view: View, banner: Banner) -> None:
    async with view(states.idle().model_copy(update={"banner": banner}), size=(80, 24)) as viewer:
        assert viewer.app.look.texts.banner[banner] in viewer.text


@pytest.mark.parametrize("size", [(80, 24), (120, 33)])
async def test_a_screen_that_went_through_everything_looks_like_one_just_opened(
    view: View, size: tuple[int, int]
) -> None:
    async with view(states.recording(), size=size) as viewer:
        fresh = viewer.app.export_screenshot()
    async with view(states.idle(), size=size) as viewer:
        for snapshot in (states.trouble(), states.hostile(), states.stopped(), states.recording()):
            viewer.peer.show(snapshot)
            await viewer.until(lambda shown=snapshot: viewer.app.snapshot == shown, "the snapshot")
            await viewer.pilot.resize_terminal(60, 20)
            await viewer.pilot.resize_terminal(*size)
            await viewer.pilot.pause()
        await viewer.until(lambda: viewer.app.export_screenshot() == fresh, "the same picture")


async def test_a_zone_that_this_machine_does_not_know_is_said_and_the_screen_lives_on(view: View) -> None:
    async with view(states.idle().model_copy(update={"timezone": "Mars/Olympus"})) as viewer:
        assert "time zone is not known here: Mars/Olympus" in viewer.text
        assert "IDLE" in viewer.text
