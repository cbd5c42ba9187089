"""What keys do, with a real HTTP server on the other side of a real socket."""

import asyncio

import pytest

from ezrec_tui.model import Answer
from ezrec_tui.tui.act import EngineAct
from ezrec_tui.tui.actions import ACTS
from tests.tui import states
from tests.tui.conftest import View

STOP = "/v1/recordings/b%2F20%20%3F/stop"


async def test_stop_asks_and_its_own_key_stops_exactly_once(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.open("f8")
        assert "Carlos Ruiz Gómez is being recorded until 15:30" in viewer.text
        await viewer.press("s", "s", "s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == [STOP]
        assert not viewer.asked
        assert "Done." in viewer.text


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_enter_and_escape_never_stop_a_recording(view: View, key: str) -> None:
    async with view(states.recording()) as viewer:
        await viewer.open("f8")
        await viewer.press(key)
        await viewer.settled()
        assert not viewer.asked
        assert viewer.peer.acts == []


@pytest.mark.parametrize("key", ["f8", "space", "y", "x", "tab", "f2", "ctrl+s", "right"])
async def test_no_other_key_stops_a_recording_not_even_with_enter_after_it(view: View, key: str) -> None:
    async with view(states.recording()) as viewer:
        await viewer.open("f8")
        await viewer.press(key, key)
        assert viewer.asked
        assert viewer.peer.acts == []
        await viewer.press(key, "enter")
        await viewer.settled()
        assert viewer.peer.acts == []


async def test_keys_that_come_in_the_first_half_second_answer_nothing(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.press("f8", "f8", "s", "enter")
        await viewer.until(lambda: viewer.asked, "the question")
        viewer.clock.advance(0.49)
        await viewer.press("s", "enter", "escape")
        assert viewer.asked
        viewer.clock.advance(0.02)
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == [STOP]


async def test_a_stop_can_be_resumed_with_the_key_that_the_banner_names(view: View) -> None:
    async with view(states.stopped()) as viewer:
        assert "F9 resumes it within 9 s" in viewer.text
        await viewer.press("f9")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/recordings/b%2F20%20%3F/resume"]


async def test_extend_offers_minutes_and_sends_those_chosen(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.open("f3")
        await viewer.press("right", "enter")
        await viewer.settled()
        (act,) = viewer.peer.acts
        assert (act.path, act.body) == ("/v1/recordings/b%2F20%20%3F/extend", '{"minutes":30.0}')


async def test_an_ad_hoc_recording_is_an_hour_unless_told_otherwise(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.open("f2")
        await viewer.press("enter")
        await viewer.settled()
        (act,) = viewer.peer.acts
        assert act.path == "/v1/recordings"
        assert '"minutes":60.0' in act.body


async def test_a_highlight_is_marked_at_once(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.press("f4")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/recordings/b%2F20%20%3F/highlight"]


async def test_the_failed_job_is_retried_with_the_key_in_its_row(view: View) -> None:
    async with view(states.trouble()) as viewer:
        assert "F5 tries again" in viewer.text
        await viewer.press("f5")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/jobs/b%2F14%20%3F/retry"]


async def test_a_link_to_a_delivered_video_is_shown_to_who_asks_for_it(view: View) -> None:
    delivered = states.DONE.model_copy(update={"key": "u/2025-06-14/b-10.mp4"})
    async with view(states.idle().model_copy(update={"jobs": (delivered,)})) as viewer:
        await viewer.press("2")
        assert "X-Amz-Signature" not in viewer.text
        await viewer.press("f3")
        await viewer.settled()
        assert "X-Amz-Signature" in "".join(viewer.text.split())
        assert "works until" in viewer.text


async def test_of_a_video_that_is_not_delivered_there_is_no_link(view: View) -> None:
    async with view(states.idle().model_copy(update={"jobs": (states.RENDERING,)})) as viewer:
        await viewer.press("2", "f3")
        await viewer.settled()
        assert "not delivered yet" in viewer.text


async def test_of_several_failed_jobs_the_viewer_picks_one(view: View) -> None:
    second = states.FAILED.model_copy(update={"booking_id": "b-15", "label": "Juveniles"})
    snapshot = states.trouble().model_copy(update={"jobs": (states.FAILED, second)})
    async with view(snapshot) as viewer:
        await viewer.open("f5")
        assert "Juveniles" in viewer.text
        await viewer.press("right", "enter")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/jobs/b-15/retry"]


async def test_swapping_the_cameras_asks_first(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press("7")
        await viewer.open("f6")
        await viewer.press("enter")
        await viewer.settled()
        assert viewer.peer.acts == []
        await viewer.open("f6")
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/swap"]


async def test_an_alert_is_shown_whole_and_the_one_that_was_read_is_acknowledged(view: View) -> None:
    async with view(states.trouble(), size=(80, 24)) as viewer:
        await viewer.open("f7")
        assert "it goes on in the same recording by itself when it is back" in viewer.text
        newer = states.LOST_CAMERA.model_copy(update={"id": 8, "what": "Something else"})
        viewer.peer.show(states.trouble().model_copy(update={"alerts": (newer, states.LOST_CAMERA)}))
        await viewer.until(lambda: "Something else" in viewer.text, "the newer alert")
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/alerts/7/acknowledge"]


async def test_what_the_engine_refuses_stays_on_the_screen_until_it_is_closed(view: View) -> None:
    async with view(states.recording()) as viewer:
        viewer.peer.answer = Answer(ok=False, message="the disk is full")
        viewer.peer.status = 409
        await viewer.press("f4")
        await viewer.until(lambda: viewer.asked, "the refusal")
        viewer.clock.advance(3600)
        await viewer.press("x")
        assert "the disk is full" in viewer.text
        await viewer.press("enter")
        assert not viewer.asked


async def test_a_success_fades(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.press("f4")
        await viewer.settled()
        assert "Done." in viewer.text
        viewer.clock.advance(6)
        await viewer.until(lambda: "Done." not in viewer.text, "the message fades")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("f3", "Nothing is being recorded."),
        ("f4", "Nothing is being recorded."),
        ("f5", "No video has failed."),
        ("f7", "There is no open alert"),
        ("f8", "Nothing is being recorded."),
        ("f9", "Nothing was stopped"),
    ],
)
async def test_what_cannot_be_done_now_is_not_sent_and_the_screen_says_why(view: View, key: str, why: str) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press(key)
        assert not viewer.asked
        assert why in viewer.text
        assert viewer.peer.acts == []


async def test_a_stop_that_is_too_long_ago_cannot_be_resumed(view: View) -> None:
    snapshot = states.stopped()
    (stop,) = snapshot.recordings
    late = snapshot.model_copy(update={"at": stop.resume_until})
    async with view(late) as viewer:
        await viewer.press("f9")
        assert viewer.peer.acts == []


async def test_a_key_is_busy_until_the_engine_has_answered(view: View) -> None:
    async with view(states.recording()) as viewer:
        viewer.peer.hold = asyncio.Event()
        await viewer.press("f4", "f4", "f8")
        await viewer.until(lambda: len(viewer.peer.acts) == 1, "the act")
        assert "Mark…" in viewer.text
        assert "still at the last one" in viewer.text
        assert not viewer.asked
        viewer.peer.hold.set()
        await viewer.settled()
        assert len(viewer.peer.acts) == 1


async def test_an_engine_that_dies_over_an_act_leaves_no_doubt_that_it_is_in_doubt(view: View) -> None:
    async with view(states.recording()) as viewer:
        viewer.peer.hold = asyncio.Event()
        await viewer.press("f4")
        await viewer.until(lambda: len(viewer.peer.acts) == 1, "the act")
        await viewer.peer.stop()
        await viewer.until(lambda: viewer.asked, "the notice")
        assert "Not known whether it was done" in viewer.text


async def test_a_screen_that_only_looks_on_sends_nothing(view: View) -> None:
    async with view(states.trouble(), read_only=True) as viewer:
        for act in ACTS:
            if isinstance(act, EngineAct):
                await viewer.press(act.key)
                assert not viewer.asked
        assert "only looks on" in viewer.text
        assert viewer.peer.acts == []


async def test_a_screen_that_only_looks_on_offers_no_act_and_says_so(view: View) -> None:
    async with view(states.busy_jobs(), read_only=True, size=(80, 24)) as viewer:
        for key in ("1", "2", "4", "7"):
            await viewer.press(key)
            footer = viewer.text.split("\n")[-1]
            assert "This screen only looks on." in footer
            assert "Help" in footer
            assert not any(act.label(viewer.app.look.texts) in footer for act in ACTS if isinstance(act, EngineAct))


async def test_a_kiosk_cannot_be_left(view: View) -> None:
    async with view(states.recording(), kiosk=True) as viewer:
        await viewer.press("f10", "ctrl+q", "ctrl+c", "ctrl+z", "ctrl+p", "escape", "q")
        assert viewer.app.is_running
        assert "Quit" not in viewer.text
        await viewer.open("f8")
        await viewer.press("ctrl+q", "ctrl+c", "f10")
        assert viewer.app.is_running


async def test_any_other_screen_can_be_left(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.press("f10")
        await viewer.until(lambda: not viewer.app.is_running, "the end")
