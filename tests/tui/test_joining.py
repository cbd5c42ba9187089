"""How videos are joined, on the screen: what is said of it, and calibrating and the method as acts."""

from zoneinfo import ZoneInfo

import pytest

from ezrec_tui.model import Answer, CameraTest, JobState, JobStep, MergeMethod, RigStatus, Snapshot
from ezrec_tui.tui.act import Situation
from ezrec_tui.tui.actions import ACT
from ezrec_tui.tui.look import Look, Place
from ezrec_tui.tui.targets import cameras_to_calibrate, footage_to_calibrate_from
from ezrec_tui.tui.widgets.joining import joining_facts
from ezrec_tui.tui.widgets.picture import JoinedPicture
from tests.tui import states
from tests.tui.conftest import View, Viewer
from tests.tui.states import NOW

LOOK = Look(venue=ZoneInfo("Europe/Madrid"))
CALIBRATE = "/v1/cameras/calibrate"


def set_up(snapshot: Snapshot, **setup: object) -> Snapshot:
    return snapshot.model_copy(update={"setup": snapshot.setup.model_copy(update=setup)})


def facts(snapshot: Snapshot) -> str:
    return "\n".join(f"{fact.label}: {fact.value}" for fact in joining_facts(snapshot, NOW, LOOK))


def joined(viewer: Viewer) -> JoinedPicture:
    return viewer.app.screen.query_one(JoinedPicture)


# What is said


async def test_a_rig_is_told_with_all_its_numbers_on_the_smallest_screen(view: View) -> None:
    async with view(states.calibrated(), size=(80, 24)) as viewer:
        await viewer.press("7")
        for words in (
            "panorama: laid over each other as calibrated",
            "Thu 12 Jun · cylindrical · 212 of 260 points fit, to 0.62 px",
            "3456x1004, both cameras see 412 px",
            "the cameras have moved by 0.8 px",
        ):
            assert words in viewer.text, words
        assert not joined(viewer).display
        assert viewer.peer.joined_asked == 0


async def test_the_version_stays_however_much_there_is_to_say(view: View) -> None:
    async with view(states.not_calibrated(), size=(80, 24)) as viewer:
        await viewer.press("7")
        assert "EZREC 0.1.0" in "\n".join(line.text for line in viewer.lines)


def test_what_was_asked_for_and_why_it_is_not_had_are_said_once() -> None:
    said = facts(states.not_calibrated())
    assert "method: side by side" in said
    assert "asked for: ▲ panorama" in said
    assert said.count("the left picture has too little texture") == 1
    assert "✗ 14:43, from the cameras: the right picture has too little texture" in said


def test_a_calibration_that_went_well_is_said_without_its_numbers_twice() -> None:
    said = facts(states.calibrated())
    assert "calibration: ✓ 14:46, from the cameras" in said
    assert said.count("212 of 260") == 1


def test_a_rig_that_cannot_be_read_tells_its_problem_and_no_numbers() -> None:
    said = facts(set_up(states.idle(), rig=RigStatus(problem="not a rig file; calibrate again")))
    assert "▲ not a rig file; calibrate again" in said
    assert " px" not in said.replace("240 px", "")
    assert "never" not in said


def test_cameras_that_moved_are_told_by_a_shape_as_well() -> None:
    assert "▲ the cameras have moved by 23.4 px" in facts(states.moved())
    assert "since then: the cameras have moved by 0.8 px" in facts(states.calibrated())
    unknown = states.RIG.model_copy(update={"shift_px": None})
    assert "not looked at yet" in facts(set_up(states.calibrated(), rig=unknown))


async def test_a_calibration_is_followed_from_its_start_to_its_end(view: View) -> None:
    async with view(states.calibrating(), size=(80, 24)) as viewer:
        await viewer.press("7")
        assert "▶ looking at the footage of Equipo Azul, for 12 s" in viewer.text
        viewer.clock.advance(3)
        await viewer.until(lambda: "for 15 s" in viewer.text, "its time")
        await viewer.show(states.calibrated())
        assert "looking at" not in viewer.text


async def test_the_joined_picture_is_shown_where_there_is_room_and_asked_for_once(view: View) -> None:
    async with view(states.calibrated(), size=(120, 33)) as viewer:
        viewer.peer.joined = states.joined_picture()
        await viewer.press("7")
        await viewer.until(lambda: joined(viewer).size.height > 3, "the picture")
        across, down = joined(viewer).size
        assert abs(across / (2 * down) / (300 / 90) - 1) < 0.1
        await viewer.until(lambda: "▀" in joined(viewer).render_line(3).text, "its cells")
        viewer.clock.advance(5)
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        assert viewer.peer.joined_asked == 1
        again = states.RIG.model_copy(update={"made": NOW})
        await viewer.show(set_up(states.calibrated(), rig=again))
        await viewer.until(lambda: viewer.peer.joined_asked == 2, "that of the new calibration")
        await viewer.show(states.idle())
        assert not joined(viewer).display


async def test_the_picture_is_not_asked_for_before_the_calibration_is_over(view: View) -> None:
    done = states.calibrated()
    assert done.calibration
    running = done.model_copy(update={"calibration": done.calibration.model_copy(update={"running": True})})
    async with view(running, size=(120, 33)) as viewer:
        await viewer.press("7")
        viewer.clock.advance(5)
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        assert viewer.peer.joined_asked == 0
        viewer.peer.joined = states.joined_picture()
        await viewer.show(done)
        await viewer.until(lambda: joined(viewer).size.height > 3, "the picture")


async def test_without_a_picture_the_numbers_have_the_room(view: View) -> None:
    async with view(states.calibrated(), size=(120, 33)) as viewer:
        await viewer.press("7")
        await viewer.until(lambda: viewer.peer.joined_asked == 1, "the engine's answer")
        viewer.clock.advance(5)
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        assert viewer.peer.joined_asked == 1
        assert not joined(viewer).display
        assert "212 of 260 points fit" in viewer.text
        assert not viewer.asked


# Calibrating


async def test_calibrating_asks_and_then_has_the_engine_do_it(view: View) -> None:
    async with view(states.idle(), size=(80, 24)) as viewer:
        await viewer.press("7")
        await viewer.open("f4")
        assert "all stays as it is" in " ".join(viewer.text.split())
        await viewer.press("enter")
        await viewer.settled()
        assert viewer.peer.acts == []
        await viewer.open("f4")
        await viewer.press("s")
        await viewer.settled()
        assert [(act.path, act.body) for act in viewer.peer.acts] == [(CALIBRATE, '{"booking_id":null}')]


async def test_a_chosen_videos_footage_is_calibrated_from(view: View) -> None:
    async with view(states.idle(), size=(80, 24)) as viewer:
        await viewer.press("2", "end")
        await viewer.open("f4")
        assert "The footage of Equipo Azul" in viewer.text
        await viewer.press("s")
        await viewer.settled()
        assert [(act.path, act.body) for act in viewer.peer.acts] == [(CALIBRATE, '{"booking_id":"b-10"}')]


async def test_the_alert_of_cameras_that_moved_offers_the_footage_that_shows_it(view: View) -> None:
    snapshot = states.moved().model_copy(update={"alerts": (states.MOVED, states.REFUSED_KEY)})
    async with view(snapshot, size=(80, 24)) as viewer:
        await viewer.press("4", "down")
        await viewer.press("f4")
        assert not viewer.asked
        assert "no footage here to calibrate from" in viewer.text
        await viewer.press("up")
        await viewer.open("f4")
        assert "The footage of Equipo Azul" in viewer.text
        await viewer.press("s")
        await viewer.settled()
        assert [act.body for act in viewer.peer.acts] == ['{"booking_id":"b-10"}']


async def test_what_the_engine_says_against_a_calibration_is_shown(view: View) -> None:
    async with view(states.idle()) as viewer:
        viewer.peer.answer = Answer(ok=False, message="the disk is full: make room on it first")
        viewer.peer.status = 409
        await viewer.press("7")
        await viewer.open("f4")
        await viewer.press("s")
        await viewer.until(lambda: "make room on it first" in viewer.text, "the refusal")


def test_nothing_is_calibrated_while_it_would_be_in_the_way() -> None:
    testing = CameraTest(at=NOW, seconds=5, running=True)
    alone = states.idle().model_copy(update={"cameras": states.idle().cameras[:1]})
    for snapshot, may in (
        (states.idle(), True),
        (states.recording(), False),
        (states.calibrating(), False),
        (states.idle().model_copy(update={"camera_test": testing}), False),
        (alone, False),
    ):
        assert bool(cameras_to_calibrate(Situation(snapshot, live=True, place=Place.SETUP))) is may


def test_footage_is_taken_while_something_is_recorded_but_not_before_its_recording_is_closed() -> None:
    closing = states.QUEUED.model_copy(update={"step": JobStep.FINALISE, "state": JobState.RUNNING})
    for snapshot, job, may in (
        (states.recording(), states.DONE, True),
        (states.recording(), states.FAILED, True),
        (states.idle(), states.DONE.model_copy(update={"footage_deleted_at": NOW}), False),
        (states.idle(), closing, False),
        (states.calibrating(), states.DONE, False),
    ):
        situation = Situation(snapshot, live=True, place=Place.JOBS, chosen=job)
        assert bool(footage_to_calibrate_from(situation)) is may


# The method


async def test_the_method_is_chosen_among_three_with_the_present_one_marked(view: View) -> None:
    async with view(states.calibrated(), size=(80, 24)) as viewer:
        await viewer.press("7")
        await viewer.open("f7")
        assert "[ panorama (now) ]" in viewer.text
        assert "one camera" not in str(viewer.app.screen.query_one("#options").render())
        await viewer.press("right", "enter")
        await viewer.settled()
        assert [(act.path, act.body) for act in viewer.peer.acts] == [("/v1/method", '{"method":"feather"}')]
        await viewer.open("f7")
        await viewer.press("escape")
        await viewer.settled()
        assert len(viewer.peer.acts) == 1


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        ({}, "panorama: cannot be had now: the cameras are not calibrated"),
        ({"rig": RigStatus(problem="the rig is of other cameras")}, "cannot be had now: the rig is of other cameras"),
        (
            {"asked": MergeMethod.FEATHER, "fallbacks": ("feather: no overlap is set; side_by_side is used",)},
            "feather: no overlap is set; side_by_side is used",
        ),
    ],
)
async def test_a_method_that_cannot_be_had_says_why_and_can_be_asked_for(
    view: View, setup: dict[str, object], why: str
) -> None:
    async with view(set_up(states.idle(), **setup), size=(80, 24)) as viewer:
        await viewer.press("7")
        await viewer.open("f7")
        assert why in " ".join(viewer.text.split())
        await viewer.press("left", "enter")
        await viewer.settled()
        assert [act.body for act in viewer.peer.acts] == ['{"method":"panorama"}']


# Who may


@pytest.mark.parametrize("act", ["calibrate", "calibrate_from", "method"])
def test_each_of_them_asks_for_the_pin(act: str) -> None:
    assert ACT[act].guarded


async def test_who_only_looks_on_is_told_of_no_key_that_acts(view: View) -> None:
    trouble = set_up(states.busy_jobs())
    for size in ((80, 24), (120, 33)):
        async with view(trouble, size=size, read_only=True) as viewer:
            for key in ("1", "2", "7"):
                await viewer.press(key)
                body = "\n".join(line.text for line in viewer.lines[1:-1])
                assert not [f"F{number}" for number in range(2, 10) if f"F{number}" in body], (key, body)
        async with view(states.stopped(), size=size, read_only=True) as viewer:
            body = "\n".join(line.text for line in viewer.lines[1:-1])
            assert "can be resumed for" in body
            assert "F9" not in body
