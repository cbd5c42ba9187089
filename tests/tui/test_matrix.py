"""Every screen in every state, in both languages, on terminals of all sizes and kinds: what must hold of each of them,
and what they say, kept as text for the two usual sizes. After a change that was meant: `pytest tests/tui
--snapshot-update`, and read what has changed.
"""

import re
import unicodedata
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.widgets import Static

from ezrec_tui.model import (
    Answer,
    Banner,
    CameraState,
    HealthItem,
    JobState,
    Level,
    MergeMethod,
    RecordingState,
    Snapshot,
)
from ezrec_tui.tui.act import EngineAct, ScreenAct
from ezrec_tui.tui.actions import ACT, ACTS, SETUP, here, key_name
from ezrec_tui.tui.look import Look, Place
from ezrec_tui.tui.profile import CONSOLE_PROFILE, PLAIN_CONSOLE, TRUECOLOR, Profile
from ezrec_tui.tui.screens.base import TALL, WIDE, PlaceScreen
from ezrec_tui.tui.screens.idle import IDLE_SECONDS, IdleScreen
from ezrec_tui.tui.texts import LANGUAGES
from ezrec_tui.tui.texts.spanish_phrases import PHRASES
from ezrec_tui.tui.widgets.picture import JoinedPicture
from tests.tui import states
from tests.tui.conftest import View, Viewer
from tests.tui.test_console_font import lacking
from tests.tui.test_words import said

Together = tuple[str, ...]
"""Texts that stand on one line."""


ALL = frozenset(Place)
MOST = ALL - {Place.IDENTIFY}


@dataclass(frozen=True)
class State:
    """A state of the venue, and how a screen without colours tells it."""

    snapshot: Callable[[], Snapshot]
    banner: Callable[[Look], Together]
    """On every screen."""
    home: Callable[[Look], tuple[Together, ...]] = lambda _: ()
    """On home."""
    setup: Callable[[Look], tuple[Together, ...]] = lambda _: ()
    """On setup."""
    places: frozenset[Place] = MOST
    """Where it is looked at: those that show more of it than the others."""


def banner(state: Banner, *more: str) -> Callable[[Look], Together]:
    def shown(look: Look) -> Together:
        shape = {
            Banner.IDLE: look.glyphs.idle,
            Banner.RECORDING: look.glyphs.recording,
            Banner.FINISHING: look.glyphs.finishing,
            Banner.ALERT: look.glyphs.alert,
        }.get(state, look.glyphs.armed)
        return (f"{shape} {look.texts.banner[state]}", *more)

    return shown


def stopped(look: Look) -> Together:
    return (f"{look.glyphs.stopped} {look.texts.stopped}", states.RUNNING.label)


def well(look: Look) -> tuple[Together, ...]:
    return ((f"{look.glyphs.good} {look.texts.all_well}",),)


def one_camera(look: Look) -> tuple[Together, ...]:
    texts, glyphs = look.texts, look.glyphs
    left = (texts.left_camera, f"{glyphs.recording} {texts.camera_state[CameraState.RECORDING]}")
    right = (texts.right_camera, f"{glyphs.lost} {texts.camera_state[CameraState.LOST]}")
    return ((*left, *right), (glyphs.alert, texts.not_growing), (glyphs.alert, "14:45", "F7"))


def little_room(look: Look) -> tuple[Together, ...]:
    return ((f"{look.glyphs.alert} {look.texts.health['disk']}: ",), (look.glyphs.alert, "14:38", "F7"))


def no_network(look: Look) -> tuple[Together, ...]:
    return (
        (f"{look.glyphs.lost} {look.texts.health['store']}: ",),
        (f"{look.glyphs.alert} {states.UPLOADING.label}", look.texts.tries_again_in.format(time="1:35")),
    )


def a_failed_video(look: Look) -> tuple[Together, ...]:
    again = look.texts.key_retries.format(key="F5")
    return ((f"{look.glyphs.lost} {states.FAILED.label}", look.texts.job_state[JobState.FAILED], again),)


def three_recordings(look: Look) -> tuple[Together, ...]:
    recording = f"{look.glyphs.recording} {look.texts.banner[Banner.RECORDING]}"
    return ((recording, "Torneo"), (f"{look.glyphs.stopped} {look.texts.stopped}", "Clase de Marta"))


def not_tested(look: Look) -> tuple[Together, ...]:
    return ((look.texts.not_tested.format(key="F5")[:16],),)


def under_test(look: Look) -> tuple[Together, ...]:
    return ((f"{look.glyphs.armed} {look.texts.testing.format(seconds=5)}",),)


def joined_well(look: Look) -> tuple[Together, ...]:
    texts = look.texts
    fit = texts.rig_fit.format(inliers=212, matches=260, error=f"0{texts.decimal}62")
    return (
        (texts.merge_method[MergeMethod.PANORAMA],),
        *((part,) for part in (*fit.split()[:4], f"0{texts.decimal}62", "3456x1004", "412", f"0{texts.decimal}8")),
    )


def under_calibration(look: Look) -> tuple[Together, ...]:
    texts, glyphs = look.texts, look.glyphs
    return (
        (texts.asked_for, f"{glyphs.alert} {texts.method_name[MergeMethod.PANORAMA]}"),
        (texts.calibrated, texts.never, "F4"),
        (texts.calibration, glyphs.armed, states.DONE.label),
    )


def badly_joined(look: Look) -> tuple[Together, ...]:
    texts, glyphs = look.texts, look.glyphs
    return (
        (texts.merge_method[MergeMethod.SIDE_BY_SIDE],),
        (texts.asked_for, f"{glyphs.alert} {texts.method_name[MergeMethod.PANORAMA]}"),
        ("OVERLAP_PIXELS",),
        ("3456x1004", "412"),
        (texts.calibration, f"{glyphs.lost} 14:43"),
        ("EZREC 0.1.0",),
    )


def moved_away(look: Look) -> tuple[Together, ...]:
    return ((look.glyphs.alert, look.texts.rig_moved.format(shift=f"23{look.texts.decimal}4")),)


def after_test(look: Look) -> tuple[Together, ...]:
    texts, glyphs = look.texts, look.glyphs
    return (
        (f"{glyphs.good} {texts.test_good}", f"{glyphs.lost} {texts.test_bad}"),
        (texts.test_frames.format(written=141, expected=150, dropped=9),),
        (texts.pin_is_set,),
    )


STATES = {
    "idle": State(states.idle, banner(Banner.IDLE), well, not_tested, ALL),
    "cameras tested": State(states.testing, banner(Banner.IDLE), setup=under_test),
    "cameras were tested": State(states.tested, banner(Banner.IDLE), setup=after_test),
    "calibrated": State(states.calibrated, banner(Banner.IDLE), setup=joined_well, places=SETUP),
    "being calibrated": State(states.calibrating, banner(Banner.IDLE), setup=under_calibration, places=SETUP),
    "not calibrated": State(states.not_calibrated, banner(Banner.IDLE), setup=badly_joined, places=SETUP),
    "moved": State(states.moved, banner(Banner.IDLE), setup=moved_away, places=SETUP | {Place.ALERTS}),
    "armed": State(states.armed, banner(Banner.ARMED, "Lucía Fernández")),
    "starting": State(states.starting, banner(Banner.STARTING, states.RUNNING.label)),
    "recording": State(states.recording, banner(Banner.RECORDING, states.RUNNING.label), well, places=ALL),
    "stopped": State(states.stopped, stopped),
    "finishing": State(states.finishing, banner(Banner.FINISHING, states.RUNNING.label)),
    "one camera lost": State(states.camera_lost, banner(Banner.ALERT, states.RUNNING.label), one_camera, places=ALL),
    "disk low": State(states.disk_low, banner(Banner.RECORDING, states.RUNNING.label), little_room),
    "offline": State(states.offline, banner(Banner.RECORDING, states.RUNNING.label), no_network),
    "upload failing": State(states.upload_failing, banner(Banner.ALERT), a_failed_video),
    "all at once": State(states.busy_jobs, banner(Banner.ALERT, states.RUNNING.label), one_camera),
    "overlapping": State(states.overlapping, banner(Banner.RECORDING, states.RUNNING.label), three_recordings),
    "long names": State(states.long_names, banner(Banner.ALERT, "Campeonato Inter"), one_camera),
    "hostile names": State(states.hostile, banner(Banner.ALERT, "[red]x[/red] [link"), one_camera, places=ALL),
}

SMALL = [(20, 5), (40, 12)]
KEPT = [(80, 24), (120, 33)]
SIZES = [*SMALL, *KEPT, (160, 45), (240, 67)]
TERMINALS = [
    *((size, TRUECOLOR) for size in SIZES),
    *((size, CONSOLE_PROFILE) for size in KEPT),
    (KEPT[0], PLAIN_CONSOLE),
]
FEW_TERMINALS = [(SMALL[0], TRUECOLOR), *((size, TRUECOLOR) for size in KEPT), (KEPT[0], PLAIN_CONSOLE)]


def on(terminals: list[tuple[tuple[int, int], Profile]]) -> pytest.MarkDecorator:
    names = [f"{width}x{height}-{one.name}" for (width, height), one in terminals]
    return pytest.mark.parametrize(("size", "profile"), terminals, ids=names)


LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)

BLANK = re.compile(r"\{[a-z_]+(:\w+)?\}")
MARKUP = re.compile(r"\[/?[a-z$][a-z $#0-9-]*\]")
WORD = re.compile(r"[^\W\d_]{3,}")


class TextFile(SingleFileSnapshotExtension):
    """Kept as it reads."""

    _write_mode = WriteMode.TEXT
    _file_extension: ClassVar[str] = "txt"


def words(texts: Iterable[str]) -> set[str]:
    return {word.lower() for text in texts for word in WORD.findall(text)}


OUTSIDE = (
    states.LONG,
    states.HOSTILE,
    "s3.eu-west-1.amazonaws.com",
    "/var/lib/ezrec",
    "EZREC Mbit",
    "bookings.json end_time",
)
WRITTEN_DOWN = tuple(f"{one.level} {one.source} {one.text}" for one in states.log())
"""The log stays English, for the technician."""


def names() -> Iterable[str]:
    """What is called by people, and stays as it is in every language."""
    for state in STATES.values():
        snapshot = state.snapshot()
        for one in (*snapshot.recordings, *snapshot.upcoming, *snapshot.jobs):
            yield from (one.label, one.booking_id)
        for job in snapshot.jobs:
            yield from (job.video or "", job.url or "")
    for one in states.acts():
        yield one.by
    for one in states.bookings():
        yield from (one.label, one.id, one.user_id, one.email or "")


NAMES = words([*names(), *OUTSIDE, *WRITTEN_DOWN])


def of_other_language(language: str) -> set[str]:
    """Words that only the other language has."""
    spoken = {"en": PHRASES.keys(), "es": PHRASES.values()}
    (other,) = LANGUAGES.keys() - {language}
    theirs, ours = (
        words([*said(LANGUAGES[one]), *(BLANK.sub("", text) for text in spoken[one])]) for one in (other, language)
    )
    return theirs - ours - NAMES


FOREIGN = {language: of_other_language(language) for language in LANGUAGES}


def text_of(viewer: Viewer) -> list[str]:
    return [line.text for line in viewer.lines]


def holds_of_all(viewer: Viewer, size: tuple[int, int], language: str, profile: Profile, where: str) -> list[str]:
    """What must hold of whatever is drawn; its lines."""
    width, height = size
    drawn = viewer.lines
    lines = [line.text for line in drawn]
    text = "\n".join(lines)
    assert viewer.app.is_running, where
    assert len(lines) == height, where
    assert [line for line in lines if cell_len(line) != width] == [], where
    strange = {one for one in text if unicodedata.category(one).startswith("C") and one != "\n"}
    assert not strange, (where, strange)
    assert all(segment.style is None or not segment.style.link for line in drawn for segment in line), where
    if profile.is_console:
        assert not lacking(text, profile), where
    if "[red]" not in text:
        assert BLANK.findall(text) == [], where
        assert MARKUP.findall(text) == [], where
    # A word that was cut is no word.
    whole = re.sub(rf"\w*{re.escape(profile.glyphs.ellipsis)}", " ", text)
    if width >= KEPT[0][0]:
        foreign = words([whole]) & FOREIGN[language]
        assert not foreign, f"{where}: {foreign}\n{text}"
    return lines


def holds_of_places(viewer: Viewer, lines: list[str], where: str, time: str = "14:47:12") -> None:
    """What must hold of every screen that a viewer goes to: the clock, and its keys, each with its name whole."""
    assert time in lines[0], where
    assert re.search(r"(^| )(F\d|Esc)", lines[-1]), (where, lines[-1])
    if len(lines[0]) < KEPT[0][0]:
        return
    situation, texts = viewer.app.situation, viewer.app.look.texts
    for act in here(situation):
        if isinstance(act, ScreenAct) and (act.key.isdigit() or act.spare):
            continue
        assert re.search(rf"(^| ){re.escape(key_name(act, texts))}(?!\d)", lines[-1]), (where, act.id, lines[-1])
        if situation.refusal(act) is None:
            assert re.search(rf"{re.escape(key_name(act, texts))} *{act.label(texts)}( |$)", lines[-1]), (
                where,
                act.id,
                lines[-1],
            )


def stand_there(lines: list[str], facts: Iterable[Together], where: str) -> None:
    for together in facts:
        assert any(all(part in line for part in together) for line in lines), (
            f"{where} lacks {together}:\n" + "\n".join(lines)
        )


def as_kept(shown: Mapping[str, list[str]]) -> str:
    """The states of a screen below each other: one that has most of its lines like the first has the others alone."""
    parts = list[str]()
    first = list[str]()
    for title, lines in shown.items():
        lines = [line.rstrip() for line in lines]
        other = [f"{number:3} {line}" for number, line in enumerate(lines, 1) if [line] != first[number - 1 : number]]
        parts += [f"=== {title}", *(lines if 2 * len(other) > len(lines) else other), ""]
        first = first or lines
    return "\n".join(parts)


async def go(viewer: Viewer, place: Place) -> None:
    """To a screen by its key, if it is not there; some have theirs on another screen alone. All is drawn then."""
    opens = next(act for act in ACTS if isinstance(act, ScreenAct) and act.opens is place)
    here = viewer.app.situation.place
    if here is not place and here not in opens.on:
        await go(viewer, next(iter(opens.on)))
    if here is not place:
        await viewer.strike(opens.key)
    await viewer.until(lambda: viewer.app.situation.place is place, f"the screen {place}")
    waits = LANGUAGES.values()
    await viewer.until(lambda: not any(texts.not_yet_known in viewer.text for texts in waits), "the engine's answer")
    screen = viewer.app.screen
    shows = isinstance(screen, PlaceScreen) and screen.pictures_every and screen.has_room_for_pictures
    if shows and viewer.app.link.live:
        await viewer.until(lambda: len(viewer.app.sights) == 2, "the cameras' pictures")
    await viewer.drawn()


@LANGUAGE
@on(TERMINALS)
async def test_every_screen_tells_every_state(
    view: View, size: tuple[int, int], profile: Profile, language: str, snapshot: SnapshotAssertion
) -> None:
    keeps = size in KEPT and profile is TRUECOLOR
    async with full_view(view, size=size, profile=profile, language=language) as viewer:
        await go(viewer, Place.HOME)
        at_first = text_of(viewer)
        for place in Place:
            await viewer.show(states.idle())
            await go(viewer, place)
            shown = dict[str, list[str]]()
            for name, state in STATES.items():
                if place not in state.places:
                    continue
                await viewer.show(state.snapshot())
                where = f"{place}, {name}"
                if place is Place.SETUP:
                    await joined_picture_shown(viewer)
                lines = shown[name] = holds_of_all(viewer, size, language, profile, where)
                holds_of_places(viewer, lines, where)
                look = viewer.app.look
                stand_there(lines, [state.banner(look)[: 1 if size in SMALL else None]], where)
                if size not in SMALL:
                    facts = {Place.HOME: state.home, Place.SETUP: state.setup}.get(place)
                    stand_there(lines, facts(look) if facts else (), where)
            if keeps:
                assert snapshot(name=place.value, extension_class=TextFile) == as_kept(shown)
        await viewer.show(states.idle())
        await go(viewer, Place.HOME)
        if size not in SMALL:
            assert text_of(viewer) == at_first, "home looks as it did before the other screens were seen"


async def joined_picture_shown(viewer: Viewer) -> None:
    """Wait for it on a screen that shows it: it comes a moment after the rest."""
    snapshot = viewer.app.snapshot
    if snapshot and snapshot.setup.rig and viewer.app.size.width >= WIDE and viewer.app.size.height >= TALL:
        picture = viewer.app.screen.query_one(JoinedPicture)
        await viewer.until(lambda: picture.display and picture.size.height > 0, "the joined picture")
        await viewer.drawn()


async def step_to(viewer: Viewer, act: EngineAct) -> bool:
    """Choose the first line of the list that the act can be done to; whether there is one."""
    for _ in range(20):
        if act.targets(viewer.app.situation):
            return True
        await viewer.strike("down")
    return False


async def read_dialog(viewer: Viewer, act: EngineAct) -> str | None:
    """Press the act's key on the first screen and in the first state that take it; the place, once it asks."""
    for place in sorted(act.on, key=list(Place).index):
        await go(viewer, place)
        for state in ASKED_IN:
            await viewer.show(state())
            if await step_to(viewer, act):
                await open_dialog(viewer, act.key)
                return place.value
    return None


async def open_dialog(viewer: Viewer, key: str) -> None:
    await viewer.strike(key)
    await viewer.until(lambda: viewer.asked and bool(viewer.app.screen.query("#hint")), f"{key} opens a dialog")
    await viewer.drawn()


async def close_dialog(viewer: Viewer) -> None:
    """Once it listens; the time of day stays the same."""
    viewer.clock.advance(1)
    viewer.clock.step(-1)
    await viewer.strike("escape")
    await viewer.settled()


@LANGUAGE
@on(FEW_TERMINALS)
async def test_every_question_can_be_read_whole(
    view: View, size: tuple[int, int], profile: Profile, language: str, snapshot: SnapshotAssertion
) -> None:
    keeps = size in KEPT and profile is TRUECOLOR
    asking = [act for act in ACTS if isinstance(act, EngineAct) and act.ask is not None]
    shown = dict[str, list[str]]()
    async with full_view(view, size=size, profile=profile, language=language) as viewer:

        async def look_at(title: str) -> None:
            lines = shown[title] = holds_of_all(viewer, size, language, profile, title)
            if size not in SMALL:
                stand_there(lines, [(part,) for part in parts_of(viewer)], title)
            await close_dialog(viewer)

        for act in asking:
            where = await read_dialog(viewer, act)
            assert where is not None, f"no state lets anybody {act.id}"
            await look_at(f"{act.id}, on {where}")

        await go(viewer, Place.SETUP)
        await viewer.show(states.tested())
        await open_dialog(viewer, ACT["swap"].key)
        await look_at("PIN")
        await go(viewer, Place.HOME)
        await viewer.show(states.overlapping())
        await open_dialog(viewer, "f8")
        await look_at("which one")
        await viewer.show(states.recording())
        viewer.peer.answer = Answer(ok=False, message="b/20 ? is not being recorded")
        await open_dialog(viewer, "f4")
        await look_at("refused")
        viewer.peer.status = 500
        await open_dialog(viewer, "f4")
        await look_at("not known whether it was done")
    if keeps:
        assert snapshot(extension_class=TextFile) == as_kept(shown)


ASKED_IN = (states.recording, states.busy_jobs, states.idle, states.calibrated)


def parts_of(viewer: Viewer) -> list[str]:
    """What a dialog says that has to be read in one piece: its title, its answers, what the keys do."""
    statics = viewer.app.screen.query("#title, #options, #hint").results(Static)
    return [str(static.render()).strip() for static in statics if static.region.width]


@LANGUAGE
@on(FEW_TERMINALS)
async def test_a_lost_engine_is_said_on_every_screen_and_the_clock_ticks_on(
    view: View, size: tuple[int, int], profile: Profile, language: str, snapshot: SnapshotAssertion
) -> None:
    shown = dict[str, list[str]]()
    async with full_view(view, size=size, profile=profile, language=language) as viewer:
        await viewer.show(states.recording())
        await go(viewer, Place.HOME)
        await viewer.peer.stop()
        await viewer.until(lambda: viewer.app.link.failed, "the engine is gone")
        viewer.clock.advance(12)
        await viewer.until(lambda: viewer.app.link.lost, "nothing new for long")
        look = viewer.app.look
        for place in Place:
            await go(viewer, place)
            await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
            await viewer.drawn()
            lines = shown[place.value] = holds_of_all(viewer, size, language, profile, f"{place}, lost")
            holds_of_places(viewer, lines, f"{place}, lost", time="14:47:24")
            word = f"{look.glyphs.lost} {look.texts.no_contact}"
            stand_there(lines, [(word,) if size in SMALL else (word, "12 s")], f"{place}, lost")
            if place is Place.HOME and size not in SMALL:
                recording = look.texts.lost_recording.format(
                    state=look.texts.banner[Banner.RECORDING], label=states.RUNNING.label
                )
                stand_there(lines, [(recording,), (look.texts.lost_retry,)], f"{place}, lost")
    if size in KEPT and profile is TRUECOLOR:
        assert snapshot(extension_class=TextFile) == as_kept(shown)


@LANGUAGE
@on(FEW_TERMINALS)
async def test_the_idle_clock_says_the_time_and_what_is_next(
    view: View, size: tuple[int, int], profile: Profile, language: str, snapshot: SnapshotAssertion
) -> None:
    async with full_view(view, size=size, profile=profile, language=language) as viewer:
        viewer.clock.advance(IDLE_SECONDS)
        await viewer.until(lambda: isinstance(viewer.app.screen, IdleScreen), "the idle clock")
        await viewer.drawn()
        lines = holds_of_all(viewer, size, language, profile, "idle clock")
        texts = viewer.app.look.texts
        if size not in SMALL:
            stand_there(lines, [("15:30", "Lucía Fernández"), (texts.idle_hint,)], "idle clock")
    if size in KEPT and profile is TRUECOLOR:
        assert snapshot(extension_class=TextFile) == as_kept({"idle clock": lines})


@LANGUAGE
@on(FEW_TERMINALS)
async def test_an_engine_that_was_never_there_is_said_to_be_missing(
    view: View, size: tuple[int, int], profile: Profile, language: str
) -> None:
    async with view(states.idle(), engine=False, size=size, profile=profile, language=language) as viewer:
        await viewer.until(lambda: viewer.app.link.failed, "a try that failed")
        await viewer.drawn()
        lines = [line.text for line in viewer.lines]
        look = viewer.app.look
        stand_there(lines, [(f"{look.glyphs.lost} {look.texts.no_contact}",)], "connecting")
        if size not in SMALL:
            stand_there(lines, [(look.texts.lost_first,), (look.texts.lost_retry,)], "connecting")


def changed(snapshot: Snapshot, **fields: object) -> Snapshot:
    return snapshot.model_copy(update=fields)


IN_GREY = {
    "banner": [changed(states.idle(), upcoming=(), banner=one) for one in Banner],
    "recording": [
        changed(states.recording(), recordings=(states.RUNNING.model_copy(update={"state": one}),))
        for one in RecordingState
        if one is not RecordingState.FINISHED
    ],
    "camera": [
        changed(states.recording(), cameras=(states.camera(0), states.camera(1).model_copy(update={"state": one})))
        for one in CameraState
    ],
    "job": [changed(states.idle(), jobs=(states.QUEUED.model_copy(update={"state": one}),)) for one in JobState],
    "health": [changed(states.idle(), health=(HealthItem(key="disk", level=one), *states.HEALTH[1:])) for one in Level],
}
"""Snapshots that differ in one state alone."""


@pytest.mark.parametrize("profile", [TRUECOLOR, PLAIN_CONSOLE], ids=lambda one: one.name)
@pytest.mark.parametrize("kind", IN_GREY)
async def test_no_two_states_differ_in_colour_alone(view: View, kind: str, profile: Profile) -> None:
    async with full_view(view, size=KEPT[0], profile=profile, language="en") as viewer:
        shown = list[str]()
        for snapshot in IN_GREY[kind]:
            await viewer.show(snapshot)
            shown.append("\n".join(text_of(viewer)))
    assert len(set(shown)) == len(shown)


@asynccontextmanager
async def full_view(view: View, size: tuple[int, int], profile: Profile, language: str) -> AsyncGenerator[Viewer]:
    """A viewer of an engine that has something to tell on every screen."""
    records = {"bookings": states.bookings(), "log": states.log(), "alerts": states.alerts(), "done": states.acts()}
    async with view(
        states.idle(), size=size, profile=profile, language=language, kiosk=profile.is_console, viewer="ana", **records
    ) as viewer:
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.joined = states.joined_picture()
        yield viewer
