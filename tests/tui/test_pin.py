"""The venue's PIN: what it guards, who ever sees it, and how long it is good for."""

import asyncio
from collections.abc import Sequence

import pytest

from ezrec_tui.model import Snapshot
from ezrec_tui.tui.act import EngineAct
from ezrec_tui.tui.actions import ACTS
from ezrec_tui.tui.app import PIN_SECONDS
from ezrec_tui.tui.screens.pin import PinDialog
from tests.tui import states
from tests.tui.conftest import View, Viewer

PIN = "4711"
SWAP, CANCEL_JOB, CANCEL_BOOKING = (
    ["/v1/cameras/swap"],
    ["/v1/jobs/b-11/cancel"],
    ["/v1/bookings/9f1c%2F6%20%3F"],
)


def guarded(snapshot: Snapshot) -> Snapshot:
    return snapshot.model_copy(update={"pin_set": True})


def is_asked(viewer: Viewer) -> bool:
    return isinstance(viewer.app.screen, PinDialog)


async def open_pin(viewer: Viewer, key: str) -> None:
    await viewer.open(key)
    assert is_asked(viewer)
    await viewer.until(lambda: "The venue's PIN" in viewer.text, "the dialog's words")


async def give(viewer: Viewer, pin: str) -> None:
    asked = len(viewer.peer.asked_pins)
    await viewer.press(*pin, "enter")
    await viewer.until(lambda: len(viewer.peer.asked_pins) > asked, "the PIN at the engine")


async def until_question(viewer: Viewer, words: str) -> None:
    await viewer.until(lambda: words in viewer.text, "the act's own question")
    viewer.clock.advance(1)


def test_setup_and_all_that_gives_something_up_is_guarded_and_nothing_that_has_to_be_quick() -> None:
    assert {act.id for act in ACTS if act.guarded} == {
        "swap",
        "test_cameras",
        "calibrate",
        "calibrate_from",
        "method",
        "cancel_job",
        "cancel_booking",
        "restart",
    }


@pytest.mark.parametrize(
    ("way", "key", "question", "paths"),
    [
        (("7",), "f6", "Swap the cameras?", SWAP),
        (("2", "down"), "delete", "Give up this video?", CANCEL_JOB),
        (("3", "down"), "delete", "Cancel this booking?", CANCEL_BOOKING),
    ],
)
async def test_the_pin_is_asked_first_and_then_the_question(
    view: View, way: Sequence[str], key: str, question: str, paths: Sequence[str]
) -> None:
    snapshot = guarded(states.busy_jobs().model_copy(update={"recordings": ()}))
    async with view(snapshot, bookings=states.bookings()) as viewer:
        await viewer.press(way[0])
        await viewer.until(lambda: way[0] != "3" or bool(viewer.app.records.bookings), "the list")
        await viewer.press(*way[1:])
        await open_pin(viewer, key)
        assert question not in viewer.text
        await give(viewer, PIN)
        await until_question(viewer, question)
        assert viewer.peer.acts == []
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == paths


async def test_no_digit_of_the_pin_is_ever_on_the_screen(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        before = viewer.text
        for count, digit in enumerate("98989", start=1):
            await viewer.press(digit)
            assert f" {'●' * count}_ " in viewer.text
            assert viewer.text.count(digit) == before.count(digit)
        assert "98" not in repr(viewer.app.screen)
        await viewer.press("backspace")
        assert " ●●●●_ " in viewer.text


async def test_only_digits_are_taken_and_no_more_than_a_pin_has(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        await viewer.press("s", "l", "space", "f5", "f8", "q", "enter")
        assert is_asked(viewer)
        assert viewer.peer.asked_pins == [], "nothing was typed: no try is lost"
        await give(viewer, "1" * 20)
        assert viewer.peer.asked_pins == ["1" * 12]


async def test_a_wrong_pin_is_said_in_the_dialog_and_may_be_typed_again(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        await give(viewer, "1234")
        await viewer.until(lambda: "▲ wrong PIN, 4 tries left" in viewer.text, "the refusal")
        assert " _ " in viewer.text, "the field is empty again"
        assert viewer.peer.acts == []
        await give(viewer, PIN)
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/test"]


async def test_escape_leaves_and_nothing_is_done(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f6")
        await viewer.press("4", "7", "escape")
        await viewer.settled()
        assert not viewer.asked
        assert (viewer.peer.asked_pins, viewer.peer.acts) == ([], [])


async def test_keys_are_dead_while_the_engine_is_asked(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        viewer.peer.hold = asyncio.Event()
        await give(viewer, "1234")
        await viewer.press("4", "enter", "escape", "enter")
        assert is_asked(viewer)
        assert len(viewer.peer.asked_pins) == 1
        viewer.peer.hold.set()
        await viewer.until(lambda: "tries left" in viewer.text, "the refusal")
        assert " _ " in viewer.text


async def test_an_engine_that_dies_over_it_is_said_and_the_dialog_can_be_left(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        await viewer.peer.stop()
        await viewer.press(*PIN, "enter")
        await viewer.until(lambda: "no engine answers" in viewer.text, "why")
        await viewer.press("escape")
        await viewer.settled()
        assert not viewer.asked


async def test_the_right_pin_is_good_for_a_while_and_then_asked_for_again(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        await give(viewer, PIN)
        await viewer.settled()
        viewer.clock.advance(PIN_SECONDS - 10)
        await viewer.press("f5")
        await viewer.settled()
        assert len(viewer.peer.acts) == 2
        viewer.clock.advance(10)
        await viewer.press("7")
        await open_pin(viewer, "f5")


async def test_another_engine_asks_anew(view: View) -> None:
    async with view(guarded(states.idle())) as viewer:
        await viewer.press("7")
        await open_pin(viewer, "f5")
        await give(viewer, PIN)
        await viewer.settled()
        viewer.peer.show(guarded(states.idle()).model_copy(update={"engine_id": "engine-b"}))
        await viewer.until(lambda: getattr(viewer.app.snapshot, "engine_id", "") == "engine-b", "the other engine")
        await open_pin(viewer, "f5")


async def test_without_a_pin_nothing_is_asked(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press("7", "f5")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/test"]
        assert viewer.peer.asked_pins == []


async def test_what_has_to_be_quick_needs_no_pin(view: View) -> None:
    async with view(guarded(states.recording())) as viewer:
        await viewer.press("f4")
        await viewer.settled()
        await viewer.open("f8")
        assert not is_asked(viewer)
        await viewer.press("s")
        await viewer.settled()
        assert len(viewer.peer.acts) == 2


async def test_a_kiosk_with_a_pin_is_started_anew_by_who_knows_it_alone(view: View) -> None:
    async with view(guarded(states.recording()), kiosk=True) as viewer:
        assert "Restart" in viewer.text
        await open_pin(viewer, "f10")
        await give(viewer, "1234")
        await viewer.until(lambda: "tries left" in viewer.text, "the refusal")
        await viewer.press("f10", "ctrl+q", "ctrl+c", "escape")
        await viewer.settled()
        assert viewer.app.is_running
        await open_pin(viewer, "f10")
        await give(viewer, PIN)
        await viewer.until(lambda: not viewer.app.is_running, "the end")
        assert not viewer.app.return_code


async def test_over_ssh_the_screen_is_left_without_a_pin(view: View) -> None:
    async with view(guarded(states.recording())) as viewer:
        await viewer.press("f10")
        await viewer.until(lambda: not viewer.app.is_running, "the end")
        assert viewer.peer.asked_pins == []


async def test_a_screen_that_only_looks_on_is_not_asked_for_a_pin(view: View) -> None:
    async with view(guarded(states.idle()), read_only=True) as viewer:
        for act in ACTS:
            if isinstance(act, EngineAct):
                await viewer.press("7", act.key)
                assert not viewer.asked
        assert (viewer.peer.asked_pins, viewer.peer.acts) == ([], [])
