"""What the cameras see, on the screen: live or said to be old, asked for only while somebody looks, one at a time."""

import asyncio
from datetime import timedelta

import pytest

from ezrec_tui.model import CameraPicture
from ezrec_tui.tui.look import Look, Place
from ezrec_tui.tui.screens.idle import IDLE_SECONDS, IdleScreen
from ezrec_tui.tui.screens.preview import REST_SECONDS, CameraSight, PreviewScreen, picture_size
from ezrec_tui.tui.widgets.measures import histogram
from ezrec_tui.tui.widgets.picture import Picture
from tests.tui import states
from tests.tui.conftest import View, Viewer


def sight(viewer: Viewer, index: int) -> CameraSight:
    return viewer.app.screen.query_one(f"#sight-{index}", CameraSight)


def cells(viewer: Viewer, index: int) -> list[str]:
    """What is written in the cells of a picture."""
    picture = sight(viewer, index).picture
    return [picture.render_line(y).text for y in range(picture.size.height)]


def below(viewer: Viewer, index: int) -> str:
    return str(sight(viewer, index).measures.render())


def changed(picture: CameraPicture, **values: object) -> CameraPicture:
    return picture.model_copy(update=values)


async def look(viewer: Viewer) -> None:
    """Open the screen, and wait for the pictures."""
    viewer.peer.pictures = viewer.peer.pictures or states.pictures(viewer.clock.sensor_ns())
    await viewer.press("6")
    await viewer.until(lambda: bool(viewer.app.sights), "the pictures")
    await viewer.pilot.pause()


async def while_time_passes(viewer: Viewer, snapshots: int = 5) -> int:
    """How many pictures are asked for while the screen takes up some snapshots."""
    before = viewer.peer.previews
    for _ in range(snapshots):
        shown = viewer.peer.snapshot.model_copy(update={"sequence": viewer.peer.snapshot.sequence + 1})
        viewer.peer.show(shown)
        await viewer.until(lambda shown=shown: viewer.app.snapshot == shown, "the snapshot")
    return viewer.peer.previews - before


async def asked_again(viewer: Viewer) -> None:
    """Until a picture more is asked for."""
    before = viewer.peer.previews
    await viewer.until(lambda: viewer.peer.previews > before, "a picture is asked for")


# What is shown


@pytest.mark.parametrize("size", [(80, 24), (120, 33), (60, 50), (240, 67)])
async def test_both_pictures_are_shown_with_who_they_are_and_what_is_measured(
    view: View, size: tuple[int, int]
) -> None:
    async with view(states.recording(), size=size) as viewer:
        await look(viewer)
        for words in ("● RECORDING", "Left camera  ● recording", "Right camera  ● recording", "30.0 fps"):
            assert words in viewer.text
        for index, focus in enumerate(("412", "282")):
            for words in (f"Focus    {focus}", f"best {focus}", "Light  ✓ good", "black 2 %  white 1 %"):
                assert words in below(viewer, index)
            across, down = sight(viewer, index).picture.size
            assert abs(across / (2 * down) / (16 / 9) - 1) < 0.07
            assert set("".join(cells(viewer, index))) >= {"▀", " "}
            assert all(len(line) == across for line in cells(viewer, index))


async def test_pictures_are_live(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        shown = cells(viewer, 0)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns(), step=5)
        await viewer.until(lambda: cells(viewer, 0) != shown, "the ball where it is now")


async def test_only_lines_that_changed_are_painted_again(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        picture = sight(viewer, 0).picture
        painted = list[int]()

        class Watching(Picture):
            def refresh(self, *regions: object, **options: object) -> Picture:
                painted.extend(range(self.size.height) if not regions else [region.y for region in regions])  # pyright: ignore[reportAttributeAccessIssue]
                return self

        picture.__class__ = Watching
        before = picture.render_line(0), cells(viewer, 0)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns(), step=4)
        await viewer.until(lambda: cells(viewer, 0) != before[1], "the next picture")
        after = cells(viewer, 0)
        moved = {y for y, (was, now) in enumerate(zip(before[1], after, strict=True)) if was != now}
        assert moved <= set(painted)
        assert len(painted) < picture.size.height


async def test_one_camera_has_the_whole_width(view: View) -> None:
    alone = states.idle().model_copy(update={"cameras": states.idle().cameras[:1]})
    async with view(alone, size=(80, 40)) as viewer:
        await look(viewer)
        assert sight(viewer, 0).picture.size.width > 50
        assert not sight(viewer, 1).display
        await viewer.press("g")
        assert "nothing is shared" in viewer.text


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (30, 60), (500, 12)])
async def test_no_size_is_too_small_or_too_odd(view: View, size: tuple[int, int]) -> None:
    async with view(states.trouble(), size=size) as viewer:
        await look(viewer)
        await viewer.pilot.resize_terminal(80, 24)
        await viewer.pilot.resize_terminal(*size)
        await viewer.press("g", "l")
        assert viewer.app.is_running


def test_pictures_stand_one_below_the_other_where_that_makes_them_larger() -> None:
    (across, _), stacked = picture_size(56, 60, 16 / 9, 2)
    assert (across, stacked) == (56, True)
    (across, _), stacked = picture_size(116, 27, 16 / 9, 2)
    assert (across, stacked) == (57, False)


# Focus and light


async def test_the_focus_is_measured_against_the_best_since_the_screen_was_opened(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        await look(viewer)
        full = below(viewer, 0).count("━")
        left, right = viewer.peer.pictures
        viewer.peer.pictures = [changed(left, focus=206.0), right]
        await viewer.until(lambda: "206" in below(viewer, 0), "the lens turned away")
        assert "best 412" in below(viewer, 0)
        assert below(viewer, 0).count("━") == round(full / 2)
        assert below(viewer, 1).count("━") == full
        viewer.peer.pictures = [changed(left, focus=500.0), right]
        await viewer.until(lambda: "best 500" in below(viewer, 0), "a better one")
        viewer.peer.pictures = [left, right]
        await viewer.press("1", "6")
        await viewer.until(lambda: "best 412" in below(viewer, 0), "another start")


async def test_the_best_focus_goes_with_its_camera_to_the_other_side(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        first, second = viewer.peer.snapshot.cameras
        swapped = (changed_index(second, 0), changed_index(first, 1))
        viewer.peer.show(viewer.peer.snapshot.model_copy(update={"sequence": 50, "cameras": swapped}))
        left, right = viewer.peer.pictures
        viewer.peer.pictures = [changed(right, index=0), changed(left, index=1, focus=300.0)]
        await viewer.until(lambda: "300" in below(viewer, 1), "the swapped pictures")
        await viewer.until(lambda: "best 282" in below(viewer, 0), "the right one's best on the left")
        assert "best 412" in below(viewer, 1)


def changed_index(camera: states.CameraStatus, index: int) -> states.CameraStatus:
    return camera.model_copy(update={"index": index})


async def test_too_much_at_either_end_is_said_in_a_word_and_a_shape(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        left, right = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.pictures = [changed(left, dark=0.62), changed(right, bright=0.2)]
        await look(viewer)
        assert "▲ too dark" in below(viewer, 0)
        assert "black 62 %" in below(viewer, 0)
        assert "▲ too bright" in below(viewer, 1)
        assert "white 20 %" in below(viewer, 1)


def test_the_histogram_grows_with_the_pixels_and_shows_the_fewest() -> None:
    (picture, _) = states.pictures(0)
    shares = (0.0, 0.001, 0.15, 0.15, 0.7, *[0.0] * 27)
    lines = [str(one) for one in histogram(changed(picture, histogram=shares), 5, 37, Look())]
    assert len(lines) == 6
    columns = ["".join(line[x] for line in lines[:-1]).strip() for x in range(0, 32, 2)]
    assert [len(one) for one in columns] == [1, 4, 5, *[0] * 13]
    assert columns[2] == "█████"
    assert lines[-1].split() == ["dark", "bright"]


async def test_a_camera_without_measures_is_shown_without(view: View) -> None:
    async with view(states.idle()) as viewer:
        viewer.peer.pictures = [
            changed(one, focus=None, histogram=()) for one in states.pictures(viewer.clock.sensor_ns())
        ]
        await look(viewer)
        assert "Focus  –" in below(viewer, 0)


# What both see


async def test_what_both_cameras_see_is_marked_in_both_and_a_key_takes_the_marks_away(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        await look(viewer)
        across = sight(viewer, 0).picture.size.width
        shared = round(across / 8)
        assert {line.find("│") for line in cells(viewer, 0)} == {across - shared}
        assert {line.find("│") for line in cells(viewer, 1)} == {shared - 1}
        (left, *_), (right, *_) = below(viewer, 0).split("\n"), below(viewer, 1).split("\n")
        assert left.endswith("both cameras see this ├─────┤")
        assert right.startswith("├─────┤ both cameras see this")
        await viewer.press("g")
        assert not any("│" in line for line in cells(viewer, 0) + cells(viewer, 1))
        assert "both cameras see this" not in viewer.text
        await viewer.press("g")
        assert "both cameras see this" in viewer.text


async def test_without_an_overlap_nothing_is_marked_and_the_key_says_why(view: View) -> None:
    async with view(states.idle().model_copy(update={"overlap": 0.0})) as viewer:
        await look(viewer)
        assert "both cameras see this" not in viewer.text
        await viewer.press("g")
        assert "The pictures are not blended: nothing is shared." in viewer.text


# A frozen picture is not taken for a live one


async def test_a_camera_that_gives_no_picture_keeps_its_last_one_and_its_age(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        bright = [sight(viewer, index).picture.render_line(6) for index in (0, 1)]
        viewer.clock.advance(3)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())[:1]
        await viewer.until(lambda: [one.age for one in viewer.app.sights] == [0, 3], "the left one alone")
        assert not any("not live" in line for line in cells(viewer, 1))
        viewer.clock.advance(9)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())[:1]
        await viewer.until(lambda: any("▲ not live: 12 s old" in line for line in cells(viewer, 1)), "its age")
        assert not any("not live" in line for line in cells(viewer, 0))
        assert sight(viewer, 0).picture.render_line(6) == bright[0]
        assert sight(viewer, 1).picture.render_line(6) != bright[1], "it is dimmed"
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())
        await viewer.until(lambda: not any("not live" in line for line in cells(viewer, 1)), "a live one")


async def test_the_same_picture_over_and_over_grows_old(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        for seconds, age in ((4, "4 s"), (61, "1:05")):
            viewer.clock.advance(seconds)
            words = f"not live: {age} old"
            await viewer.until(lambda words=words: any(words in line for line in cells(viewer, 0)), words)


async def test_no_picture_yet_is_said(view: View) -> None:
    async with view(states.trouble()) as viewer:
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())[:1]
        await look(viewer)
        assert any("No picture yet" in line for line in cells(viewer, 1))
        assert "✗ LOST" in viewer.text


async def test_a_lost_engine_is_said_and_found_again(view: View) -> None:
    async with view(states.recording()) as viewer:
        await look(viewer)
        await viewer.peer.stop()
        viewer.clock.advance(12)
        await viewer.until(lambda: "NO CONTACT" in viewer.text, "the loss on the screen")
        await viewer.until(lambda: any("not live: 12 s old" in line for line in cells(viewer, 0)), "its age")
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())
        await viewer.peer.start()
        await viewer.until(lambda: viewer.app.link.live, "the engine")
        await viewer.until(lambda: not any("not live" in line for line in cells(viewer, 0)), "live pictures")


async def test_an_engine_that_gives_pictures_that_are_none_is_said(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        left, right = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.pictures = [changed(left, width=7), right]
        await viewer.press("6")
        await viewer.until(lambda: "bytes are no 7x90 pixels" in viewer.text, "what is wrong")


# What it costs


async def test_pictures_are_asked_for_only_while_they_are_seen(view: View) -> None:
    async with view(states.recording(), size=(80, 24)) as viewer:
        assert await while_time_passes(viewer) == 0, "home has no room for any"
        await look(viewer)
        await asked_again(viewer)
        for key in ("1", "2", "5", "f1"):
            await viewer.press(key)
            await while_time_passes(viewer, 1)
            assert await while_time_passes(viewer) == 0, key
        await viewer.press("6")
        await asked_again(viewer)
        await viewer.open("f8")
        await while_time_passes(viewer, 1)
        assert await while_time_passes(viewer) == 0, "a question lies over it"
        await viewer.press("escape")
        await viewer.until(lambda: not viewer.asked, "the pictures again")
        await asked_again(viewer)


async def test_a_slow_engine_is_asked_once_at_a_time(view: View) -> None:
    async with view(states.idle(), size=(80, 24)) as viewer:
        viewer.peer.hold_pictures = asyncio.Event()
        await viewer.press("6")
        await viewer.until(lambda: viewer.peer.previews == 1, "the first question")
        assert await while_time_passes(viewer) == 0
        assert "No picture yet" in "\n".join(cells(viewer, 0))
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())
        viewer.peer.hold_pictures.set()
        await viewer.until(lambda: viewer.peer.previews > 5, "more of them")
        assert viewer.peer.at_once == 1


async def test_the_pictures_stay_for_an_hour_without_a_key(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        viewer.clock.advance(IDLE_SECONDS + 60)
        viewer.peer.show(viewer.peer.snapshot.model_copy(update={"upcoming": (), "sequence": 40}))
        await viewer.until(lambda: viewer.app.now == viewer.clock.now(), "a tick")
        assert isinstance(viewer.app.screen, PreviewScreen)
        viewer.clock.advance(REST_SECONDS)
        viewer.peer.show(viewer.peer.snapshot.model_copy(update={"sequence": 41}))
        await viewer.until(lambda: isinstance(viewer.app.screen, IdleScreen), "the idle clock")
        assert viewer.app.situation.place is Place.HOME
        await while_time_passes(viewer, 1)
        assert await while_time_passes(viewer) == 0


async def test_while_something_is_recorded_they_make_way_for_home_after_an_hour(view: View) -> None:
    later = states.RUNNING.model_copy(update={"end": states.RUNNING.end + timedelta(hours=2)})
    async with view(states.recording().model_copy(update={"recordings": (later,)})) as viewer:
        await look(viewer)
        viewer.clock.advance(REST_SECONDS)
        await viewer.until(lambda: viewer.app.screen is viewer.home, "home")


# Home


async def test_home_shows_what_each_camera_sees_where_there_is_room(view: View) -> None:
    async with view(states.recording(), size=(120, 33)) as viewer:
        left, right = viewer.home.query(Picture)
        assert "No picture yet" in str(left.render())
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())
        await viewer.until(lambda: "▀" in left.render_line(2).text and "▀" in right.render_line(2).text, "pictures")
        assert "│" not in left.render_line(2).text
        viewer.clock.advance(7)
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns())[:1]
        await viewer.until(lambda: [one.age for one in viewer.app.sights] == [0, 7], "the left one alone")
        assert "7 s old" not in right.render_line(2).text, "they come five seconds apart"
        viewer.clock.advance(2)
        await viewer.until(lambda: "▲ not live: 9 s old" in right.render_line(2).text, "its age")


async def test_home_asks_for_no_picture_that_it_has_no_room_for(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        await asked_again(viewer)
        for size in ((109, 40), (160, 29), (80, 24)):
            await viewer.pilot.resize_terminal(*size)
            await while_time_passes(viewer, 1)
            assert await while_time_passes(viewer) == 0, size
        await viewer.pilot.resize_terminal(110, 30)
        await viewer.until(lambda: viewer.home.query(Picture).first().size == (21, 6), "room again")
        await asked_again(viewer)


async def test_home_paints_no_picture_while_it_is_not_seen(view: View) -> None:
    async with view(states.idle(), size=(120, 33)) as viewer:
        await look(viewer)
        seen = [picture.sight for picture in viewer.home.query(Picture)]
        viewer.peer.pictures = states.pictures(viewer.clock.sensor_ns(), step=5)
        shown = cells(viewer, 0)
        await viewer.until(lambda: cells(viewer, 0) != shown, "the next picture")
        assert [picture.sight for picture in viewer.home.query(Picture)] == seen
        await viewer.press("1")
        await viewer.until(lambda: [one.sight for one in viewer.home.query(Picture)] != seen, "home's own")


async def test_home_shows_no_picture_of_a_camera_that_is_not_there(view: View) -> None:
    alone = states.idle().model_copy(update={"cameras": states.idle().cameras[:1]})
    async with view(alone, size=(120, 33)) as viewer:
        assert [picture.display for picture in viewer.home.query(Picture)] == [True, False]


# Acts


async def test_the_sides_are_swapped_where_they_are_seen(view: View) -> None:
    async with view(states.idle()) as viewer:
        await look(viewer)
        await viewer.open("f6")
        await viewer.press("s")
        await viewer.settled()
        assert [act.path for act in viewer.peer.acts] == ["/v1/cameras/swap"]
