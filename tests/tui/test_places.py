"""The other screens: how one gets there and back, what they list, and what their keys do to the chosen line."""

from datetime import timedelta

import pytest

from ezrec_tui.model import Answer, BookingStatus, JobState, WaitsFor
from ezrec_tui.tui.act import ScreenAct
from ezrec_tui.tui.actions import ACTS, here, key_name, there
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.screens.listed import ListScreen
from ezrec_tui.tui.texts import LANGUAGES
from ezrec_tui.tui.widgets.rows import Rows, window
from tests.tui import states
from tests.tui.conftest import View, Viewer
from tests.tui.states import HOSTILE, MINUTE, NOW


def place(viewer: Viewer) -> Place:
    return viewer.app.situation.place


def chosen_row(viewer: Viewer) -> str:
    """The line that the cursor is on."""
    assert isinstance(viewer.app.screen, ListScreen)
    lines = str(viewer.app.screen.query_one(Rows).render()).split("\n")
    return next(line for line in lines if line.startswith("›"))


async def go_to_bookings(viewer: Viewer) -> None:
    await viewer.press("3")
    await viewer.until(lambda: bool(viewer.app.records.bookings), "the bookings")
    await viewer.pilot.pause()


# Getting about


@pytest.mark.parametrize(
    ("key", "shown"), [("2", Place.JOBS), ("3", Place.BOOKINGS), ("4", Place.ALERTS), ("6", Place.CAMERAS)]
)
async def test_a_digit_shows_its_screen_and_escape_goes_home(view: View, key: str, shown: Place) -> None:
    async with view(states.trouble()) as viewer:
        await viewer.press(key)
        assert place(viewer) is shown
        await viewer.press("escape")
        assert viewer.app.screen is viewer.home


async def test_every_screen_names_all_screens_and_what_is_being_recorded(view: View) -> None:
    async with view(states.recording(), size=(80, 24)) as viewer:
        for key in ("1", "2", "3", "4", "5", "f6", "6", "7"):
            await viewer.press(key)
            for words in (
                "1 Home",
                "2 Videos",
                "3 Bookings",
                "4 Alerts",
                "5 Log",
                "6 Cameras",
                "7 Setup",
                "RECORDING",
                "14:47:12",
            ):
                assert words in viewer.text, (key, words)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_eighty_cells_name_every_key_that_does_something_now(view: View, language: str) -> None:
    everything = states.busy_jobs().model_copy(update={"recordings": states.overlapping().recordings})
    async with view(everything, size=(80, 24), language=language, bookings=states.bookings()) as viewer:
        for key in ("1", "2", "3", "4", "5", "f6", "6", "7", "f1"):
            await viewer.press(key)
            situation, texts = viewer.app.situation, viewer.app.look.texts
            footer = viewer.text.split("\n")[-1]
            for act in here(situation):
                named = not isinstance(act, ScreenAct) or not (act.spare or act.key.isdigit())
                if named and situation.refusal(act) is None:
                    assert f"{key_name(act, texts)}{act.label(texts)}" in footer.replace(" ", ""), (key, act.id)


async def test_from_any_screen_to_any_other_home_stays_one_step_away(view: View) -> None:
    async with view(states.trouble()) as viewer:
        depth = len(viewer.app.screen_stack)
        await viewer.press("2", "4", "5", "3", "f1", "2")
        assert len(viewer.app.screen_stack) == depth + 1
        await viewer.press("1")
        assert viewer.app.screen is viewer.home


async def test_stop_asks_and_stops_on_every_screen(view: View) -> None:
    async with view(states.recording()) as viewer:
        for count, key in enumerate(("1", "2", "3", "4", "5", "f6", "6", "7", "f1"), start=1):
            await viewer.press(key)
            await viewer.open("f8")
            await viewer.press("s")
            await viewer.settled()
            assert [act.path for act in viewer.peer.acts] == ["/v1/recordings/b%2F20%20%3F/stop"] * count


async def test_help_names_every_screen_and_every_key(view: View) -> None:
    async with view(states.idle(), size=(80, 24)) as viewer:
        await viewer.press("f1")
        seen = set[str]()
        for _ in range(6):
            seen |= set(viewer.text.split("\n"))
            await viewer.press("pagedown")
        texts, all_seen = viewer.app.look.texts, "\n".join(seen)
        for act in there(viewer.app.situation):
            assert act.does(texts) in all_seen
            assert key_name(act, texts) in all_seen
        for meaning in texts.banner_means.values():
            assert meaning in all_seen
        await viewer.press("escape")
        assert viewer.app.screen is viewer.home


async def test_a_kiosk_says_nothing_of_leaving(view: View) -> None:
    async with view(states.idle(), kiosk=True, size=(120, 60)) as viewer:
        await viewer.press("f1")
        leave = next(act for act in ACTS if isinstance(act, ScreenAct) and act.id == "quit")
        assert leave.does(viewer.app.look.texts) not in viewer.text


# Lists


@pytest.mark.parametrize("count", [0, 1, 5, 40])
@pytest.mark.parametrize("room", [0, 1, 7, 60])
def test_the_chosen_line_is_always_in_the_window_and_no_room_is_wasted(count: int, room: int) -> None:
    for chosen in range(count):
        shown = window(count, chosen, room)
        assert len(shown) == min(count, room)
        assert chosen in shown or room == 0
        assert shown.start >= 0
        assert shown.stop <= count


async def test_the_arrows_move_and_the_list_says_where_it_is(view: View) -> None:
    async with view(states.busy_jobs(), size=(80, 24)) as viewer:
        await viewer.press("2")
        assert "Veteranos" in chosen_row(viewer)
        assert "1 of 8" in viewer.text
        await viewer.press("down", "down")
        assert "Liga de los jueves" in chosen_row(viewer)
        assert "3 of 8" in viewer.text
        await viewer.press("end", "down")
        assert "8 of 8" in viewer.text
        await viewer.press("home", "up")
        assert "1 of 8" in viewer.text


async def test_the_chosen_line_stays_chosen_when_others_come_before_it(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", "down")
        assert "Ana García" in chosen_row(viewer)
        other = states.FAILED.model_copy(update={"booking_id": "b-99", "label": "Juveniles"})
        snapshot = states.busy_jobs()
        viewer.peer.show(snapshot.model_copy(update={"jobs": (other, *snapshot.jobs)}))
        await viewer.until(lambda: "Juveniles" in viewer.text, "the other job")
        assert "Ana García" in chosen_row(viewer)


async def test_a_line_that_went_away_leaves_the_cursor_where_it_was(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", "end")
        viewer.peer.show(states.busy_jobs().model_copy(update={"jobs": states.busy_jobs().jobs[:3]}))
        await viewer.until(lambda: "3 of 3" in viewer.text, "the last of those that are left")
        viewer.peer.show(states.busy_jobs().model_copy(update={"jobs": ()}))
        await viewer.until(lambda: "No video is being made." in viewer.text, "an empty list")
        await viewer.press("down", "delete", "plus", "f5")
        assert viewer.peer.acts == []


async def test_names_from_outside_are_only_text_on_every_screen(view: View) -> None:
    bookings = [one.model_copy(update={"title": HOSTILE, "user_id": HOSTILE}) for one in states.bookings()]
    log = [one.model_copy(update={"text": HOSTILE, "source": HOSTILE}) for one in states.log()]
    done = [one.model_copy(update={"by": HOSTILE, "message": HOSTILE}) for one in states.acts()]
    async with view(states.hostile(), bookings=bookings, log=log, done=done) as viewer:
        for key in ("2", "3", "4", "5", "f6"):
            await viewer.press(key)
            await viewer.until(lambda: "[red]x[/red]" in viewer.text, "the name as it is written")
            assert "\x1b" not in viewer.text
            assert "\u202e" not in viewer.text


async def test_a_screen_of_twenty_by_five_cells_still_answers(view: View) -> None:
    async with view(states.busy_jobs(), size=(20, 5), bookings=states.bookings(), log=states.log()) as viewer:
        for key in ("2", "3", "4", "5", "f6", "6", "7", "f1", "1"):
            await viewer.press(key, "down", "pagedown", "end", "home")
        assert viewer.app.is_running


# Videos


async def test_a_failed_video_says_why_and_what_to_do(view: View) -> None:
    async with view(states.busy_jobs(), size=(80, 24)) as viewer:
        await viewer.press("2")
        for words in ("uploading · tried 8", "does not accept the key", "then press F5"):
            assert words in viewer.text


async def test_a_video_that_is_done_says_where_it_is_and_what_it_did_without(view: View) -> None:
    async with view(states.busy_jobs(), size=(160, 45)) as viewer:
        await viewer.press("2", *["down"] * 5)
        assert "equipo-azul.mp4" in viewer.text
        assert "/var/lib/ezrec/processed" in viewer.text
        await viewer.press("down")
        assert "camera 2 gave no footage from" in viewer.text


async def test_a_video_whose_file_here_was_deleted_is_in_the_store_only(view: View) -> None:
    swept = states.DONE.model_copy(update={"footage_deleted_at": states.NOW, "video_deleted_at": states.NOW})
    async with view(states.busy_jobs().model_copy(update={"jobs": (swept,)}), size=(120, 33)) as viewer:
        await viewer.press("2")
        assert viewer.text.count("in the store only") == 2  # in the list, and of the chosen one
        assert "deleted here" in viewer.text
        assert "/var/lib/ezrec/processed" not in viewer.text


async def test_the_chosen_video_is_tried_again_and_no_other(view: View) -> None:
    second = states.FAILED.model_copy(update={"booking_id": "b-15", "label": "Juveniles"})
    async with view(states.trouble().model_copy(update={"jobs": (states.FAILED, second)})) as viewer:
        await viewer.press("2", "down", "f5")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/jobs/b-15/retry"]


async def test_only_a_failed_video_can_be_tried_again(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", "down", "f5")
        await viewer.settled()
        assert viewer.peer.acts == []
        assert "No video has failed." in viewer.text


async def test_giving_up_a_video_asks_first(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", "down")
        await viewer.open("delete")
        assert "No video of Ana García is made or delivered." in viewer.text
        await viewer.press("enter")
        await viewer.settled()
        assert viewer.peer.acts == []
        await viewer.open("delete")
        await viewer.press("delete", "s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/jobs/b-11/cancel"]


@pytest.mark.parametrize(("language", "words"), [("en", "kept here for 45 days"), ("es", "se conserva aquí 45 días")])
async def test_who_gives_a_video_up_is_told_first_how_long_its_footage_is_kept(
    view: View, language: str, words: str
) -> None:
    snapshot = states.busy_jobs().model_copy(update={"given_up_days": 45})
    async with view(snapshot, language=language) as viewer:
        await viewer.press("2", "down")
        await viewer.open("delete")
        assert words in " ".join(viewer.text.split())


@pytest.mark.parametrize(("language", "words"), [("en", "kept here until"), ("es", "se conservan aquí hasta")])
async def test_what_was_given_up_says_until_when_it_can_be_taken_back(view: View, language: str, words: str) -> None:
    until = states.NOW + timedelta(days=20)
    given_up = states.QUEUED.model_copy(update={"state": JobState.CANCELLED, "kept_until": until})
    gone = given_up.model_copy(update={"booking_id": "b-0", "footage_deleted_at": states.NOW})
    snapshot = states.idle().model_copy(update={"jobs": (given_up, gone)})
    async with view(snapshot, language=language) as viewer:
        await viewer.press("2")
        assert words in " ".join(viewer.text.split())
        await viewer.press("f5")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == [f"/v1/jobs/{given_up.booking_id}/retry"]
        await viewer.press("down")
        await viewer.until(lambda: words not in " ".join(viewer.text.split()), "the other one")
        await viewer.press("f5")
        await viewer.settled()
        assert len(viewer.peer.acts) == 1


async def test_the_question_is_about_the_line_that_was_chosen_when_it_was_asked(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", "down")
        await viewer.open("delete")
        viewer.peer.show(states.busy_jobs().model_copy(update={"jobs": (states.QUEUED,)}))
        await viewer.until(lambda: "1 of 1" in viewer.text, "the other list below")
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/jobs/b-11/cancel"]


async def test_a_video_that_waits_goes_sooner_and_later(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        await viewer.press("2", *["down"] * 4)
        assert "Escuela infantil" in chosen_row(viewer)
        await viewer.press("plus")
        await viewer.settled()
        await viewer.press("minus")
        await viewer.settled()
        sent = [(act.path, act.body) for act in viewer.peer.acts]
        assert sent == [("/v1/jobs/b-13/priority", '{"priority":9}'), ("/v1/jobs/b-13/priority", '{"priority":11}')]


async def test_a_video_is_paused_and_goes_on_with_the_same_key(view: View) -> None:
    async with view(states.idle().model_copy(update={"jobs": (states.QUEUED,)})) as viewer:
        await viewer.press("2", "p")
        await viewer.settled()
        paused = states.QUEUED.model_copy(update={"state": JobState.PAUSED, "waits_for": WaitsFor.RESUME})
        viewer.peer.show(states.idle().model_copy(update={"jobs": (paused,)}))
        await viewer.until(lambda: "paused" in viewer.text, "the video is shown as paused")
        await viewer.press("p")
        await viewer.settled()
        path = f"/v1/jobs/{states.QUEUED.booking_id}"
        assert [act.path for act in viewer.peer.acts] == [f"{path}/pause", f"{path}/resume"]


async def test_the_first_in_line_cannot_go_sooner(view: View) -> None:
    first = states.QUEUED.model_copy(update={"priority": 1})
    async with view(states.idle().model_copy(update={"jobs": (first,)})) as viewer:
        await viewer.press("2", "plus")
        await viewer.settled()
        assert viewer.peer.acts == []


async def test_nothing_can_be_done_to_a_video_that_is_over(view: View) -> None:
    done = states.DONE
    assert done.state is JobState.DONE
    async with view(states.idle().model_copy(update={"jobs": (done,)})) as viewer:
        await viewer.press("2", "delete", "plus", "minus", "f5")
        assert not viewer.asked
        assert viewer.peer.acts == []


# Bookings


async def test_bookings_open_at_what_is_on_now_with_the_past_above(view: View) -> None:
    async with view(states.recording(), bookings=states.bookings(), size=(80, 24)) as viewer:
        await go_to_bookings(viewer)
        assert "recording" in chosen_row(viewer)
        assert "FAILED" in viewer.text
        assert "delivered" in viewer.text
        assert "in 1 h 28 min" in viewer.text
        assert "comes from" in viewer.text


async def test_a_booking_that_is_coming_can_be_cancelled_and_is_asked_about(view: View) -> None:
    async with view(states.recording(), bookings=states.bookings()) as viewer:
        await go_to_bookings(viewer)
        await viewer.press("down")
        await viewer.open("delete")
        assert "Equipo Azul, Sat 14 Jun 16:15–17:15, will not be recorded." in viewer.text
        await viewer.press("escape")
        await viewer.settled()
        assert viewer.peer.acts == []
        await viewer.open("delete")
        viewer.peer.bookings[6] = viewer.peer.bookings[6].model_copy(update={"status": BookingStatus.CANCELLED})
        await viewer.press("s")
        await viewer.settled()
        assert [(act.method, act.path) for act in viewer.peer.acts] == [("DELETE", "/v1/bookings/9f1c%2F6%20%3F")]
        await viewer.until(lambda: "cancelled" in chosen_row(viewer), "the list as it is after the act")


@pytest.mark.parametrize("steps", [("up",), (), ("down", "down", "down")], ids=["over", "being recorded", "cancelled"])
async def test_no_other_booking_can_be_cancelled(view: View, steps: tuple[str, ...]) -> None:
    async with view(states.recording(), bookings=states.bookings()) as viewer:
        await go_to_bookings(viewer)
        await viewer.press(*steps, "delete")
        assert not viewer.asked
        assert "Only a booking that has not begun can be cancelled." in viewer.text


async def test_an_empty_list_of_bookings_is_told_from_one_that_is_not_known_yet(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press("3")
        await viewer.until(lambda: "No booking is coming." in viewer.text, "an empty list")


# Alerts


async def test_the_chosen_alert_is_seen_by_the_one_before_the_screen(view: View) -> None:
    async with view(states.trouble(), size=(80, 24), viewer="ana from 10.0.0.7") as viewer:
        await viewer.press("4", "down")
        assert "mend the cause, then try the job again" in viewer.text
        await viewer.open("f7")
        await viewer.press("s")
        await viewer.settled()
        (act,) = viewer.peer.acts
        assert (act.path, act.body) == ("/v1/alerts/6/acknowledge", '{"by":"ana from 10.0.0.7"}')


async def test_without_alerts_the_screen_says_that_all_is_seen(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press("4")
        assert "There is no alert." in viewer.text
        await viewer.press("f7")
        assert not viewer.asked


async def test_alerts_that_were_seen_or_are_over_come_after_the_open_ones(view: View) -> None:
    async with view(states.trouble(), alerts=states.alerts(), size=(120, 33)) as viewer:
        await viewer.press("4")
        await viewer.until(lambda: "1 of 4" in viewer.text, "all alerts")
        await viewer.press("down", "down")
        assert "seen by ana (from 10.0.0.7), 11:12" in viewer.text
        await viewer.press("end", "f7")
        assert "over since Fri 13 Jun" in viewer.text
        assert not viewer.asked
        assert "There is no open alert here." in viewer.text


async def test_an_alert_that_is_seen_stays_chosen_and_says_who_saw_it(view: View) -> None:
    async with view(states.trouble(), alerts=states.alerts()) as viewer:
        await viewer.press("4", "down")
        await viewer.until(lambda: "2 of 4" in viewer.text, "all alerts")
        seen = states.REFUSED_KEY.model_copy(update={"acknowledged_by": "marta", "acknowledged_at": NOW})
        viewer.peer.alerts = [states.LOST_CAMERA, seen]
        viewer.peer.show(states.trouble().model_copy(update={"alerts": (states.LOST_CAMERA,)}))
        await viewer.until(lambda: "seen by marta, 14:47" in chosen_row(viewer), "who saw it")


# Who did what


async def test_who_did_what_is_listed_newest_first_and_refusals_stand_out(view: View) -> None:
    async with view(states.idle(), done=states.acts()) as viewer:
        await viewer.press("5")
        await viewer.until(lambda: "1 of 6" in viewer.text, "the acts")
        assert "✓ 14:45" in chosen_row(viewer)
        assert "highlight" in chosen_row(viewer)
        await viewer.press("down", "down", "down")
        assert "✗ 12:16" in chosen_row(viewer)
        for words in ("ana (from 10.0.0.7)", "check PIN", "wrong PIN, 4 tries left"):
            assert words in chosen_row(viewer), words
        viewer.peer.done.insert(0, states.acts()[0].model_copy(update={"at": NOW, "act": "extend"}))
        await viewer.until(lambda: "5 of 7" in viewer.text, "the act that came")
        assert "check PIN" in chosen_row(viewer)


async def test_the_log_of_the_engine_is_one_key_from_who_did_what_and_back(view: View) -> None:
    async with view(states.idle(), log=states.log(), done=states.acts(), size=(80, 24)) as viewer:
        await viewer.press("5", "f6")
        assert place(viewer) is Place.LOG
        assert "F6  Acts" in viewer.text
        await viewer.press("f6")
        assert place(viewer) is Place.ACTS
        await viewer.press("f6", "escape")
        assert viewer.app.screen is viewer.home


# Log


async def test_the_log_is_shown_from_its_end_and_goes_on_at_its_end(view: View) -> None:
    async with view(states.idle(), log=states.log()) as viewer:
        await viewer.press("5", "f6")
        await viewer.until(lambda: "61 of 61" in viewer.text, "the end of the log")
        newer = states.log()[0].model_copy(update={"at": NOW, "text": "a booking was cancelled"})
        viewer.peer.log.append(newer)
        await viewer.until(lambda: "62 of 62" in viewer.text, "the line that came")
        await viewer.press("up", "up")
        viewer.peer.log.append(newer.model_copy(update={"text": "the last one"}))
        await viewer.until(lambda: "60 of 63" in viewer.text, "whoever reads is not carried away")


async def test_an_engine_without_a_log_is_said(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.press("5", "f6")
        await viewer.until(lambda: "Nothing is written there yet." in viewer.text, "an empty log")


# Acts with more to give


async def test_an_ad_hoc_recording_is_given_the_name_that_was_typed(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.open("f2")
        await viewer.press(*"Fin x", "backspace", "s", "left", "enter")
        await viewer.settled()
        (act,) = viewer.peer.acts
        assert '"title":"Fin s"' in act.body
        assert '"minutes":30.0' in act.body


async def test_a_name_ends_somewhere(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.open("f2")
        await viewer.press(*["a"] * 60, "enter")
        await viewer.settled()
        assert f'"title":"{"a" * 40}"' in viewer.peer.acts[0].body


async def test_without_a_name_none_is_sent(view: View) -> None:
    async with view(states.idle()) as viewer:
        await viewer.open("f2")
        await viewer.press("space", "enter")
        await viewer.settled()
        assert '"title":null' in viewer.peer.acts[0].body


async def test_a_recording_is_shortened(view: View) -> None:
    async with view(states.recording()) as viewer:
        await viewer.open("f3")
        await viewer.press("left", "left", "enter")
        await viewer.settled()
        assert viewer.peer.acts[0].body == '{"minutes":-5.0}'


async def test_shortening_that_ends_a_recording_at_once_asks_as_a_stop_does(view: View) -> None:
    (running,) = states.recording().recordings
    ending = running.model_copy(update={"end": NOW + 4 * MINUTE + timedelta(seconds=30)})
    async with view(states.recording().model_copy(update={"recordings": (ending,)})) as viewer:
        for keys, acts in ((("enter",), 0), (("escape",), 0), (("s",), 1)):
            await viewer.open("f3")
            await viewer.press("left", "left", "enter")
            await viewer.until(lambda: "would end at once" in viewer.text, "the second question")
            await viewer.press("s", "enter", "escape")
            assert viewer.asked, "deaf for half a second"
            viewer.clock.advance(1)
            await viewer.press(*keys)
            await viewer.settled()
            assert len(viewer.peer.acts) == acts


async def test_of_two_recordings_the_viewer_picks_the_one_to_stop(view: View) -> None:
    async with view(states.overlapping()) as viewer:
        await viewer.open("f8")
        await viewer.press("right", "enter")
        await viewer.until(lambda: "Torneo sub-16 (semifinal) is being recorded" in viewer.text, "the question")
        viewer.clock.advance(1)
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/recordings/b-21/stop"]


async def test_recordings_beside_each_other_are_each_shown_with_their_state(view: View) -> None:
    async with view(states.overlapping(), size=(80, 24)) as viewer:
        lines = viewer.text.split("\n")
        assert any("RECORDING" in one and "Carlos Ruiz Gómez" in one and "until 15:30" in one for one in lines)
        assert any("RECORDING" in one and "Torneo" in one and "until 16:05" in one for one in lines)
        assert any("STOPPED" in one and "Clase de Marta" in one and "F9 resumes it within 9 s" in one for one in lines)
        await viewer.press("f9")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/recordings/b-22/resume"]


async def test_the_language_changes_on_the_screen_and_stays_when_the_engine_speaks_another(view: View) -> None:
    async with view(states.recording(), bookings=states.bookings()) as viewer:
        await viewer.press("l")
        assert "GRABANDO" in viewer.text
        assert "hasta las 15:30" in viewer.text
        assert "Inicio" in viewer.text
        assert "30,0 fps" in viewer.text
        assert "sáb 14 jun" in viewer.text
        await go_to_bookings(viewer)
        assert "viene de" in viewer.text
        viewer.peer.show(states.idle())
        await viewer.until(lambda: "EN ESPERA" in viewer.text, "the next snapshot")
        await viewer.press("l")
        assert "Nothing is being recorded" in viewer.text


async def test_what_the_engine_refuses_on_a_list_is_said(view: View) -> None:
    async with view(states.busy_jobs()) as viewer:
        viewer.peer.answer, viewer.peer.status = Answer(ok=False, message="it was delivered already"), 409
        await viewer.press("2", "f5")
        await viewer.until(lambda: viewer.asked, "the refusal")
        assert "it was delivered already" in viewer.text
