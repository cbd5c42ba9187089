"""From a recording and the settings to what is rendered."""

from datetime import UTC
from pathlib import Path

import pytest

from ezrec_tui.config import LogoPosition, Settings
from ezrec_tui.delivery.player_media import PlayerMedia, Slot
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.media import NOTHING
from ezrec_tui.jobs.plan import plan_render
from ezrec_tui.model import NS, MergeMethod
from ezrec_tui.recording_files import finalise, segment_name
from ezrec_tui.video.brand import Logo
from tests.jobs.recordings import FIRST_SECOND, booking, record


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path, UTC)


def settings(**given: object) -> Settings:
    return Settings.model_validate(given)


def names(camera: int) -> list[str]:
    return [segment_name(camera, (FIRST_SECOND + second) * NS) for second in (0, 2)]


def test_the_left_camera_is_left_unless_the_attendant_swapped_them(folders: Folders) -> None:
    folder = record(folders, booking("b1"), seconds=4)
    manifest = finalise(folder)
    plan = plan_render(folder, manifest, settings(), folders, NOTHING)
    assert [[path.name for path in side] for side in (plan.left, plan.right)] == [names(0), names(1)]
    assert (plan.start_ns, plan.end_ns, plan.common_clock) == (60 * NS, 64 * NS, True)
    assert plan.output == folders.video(booking("b1"))
    swapped = plan_render(folder, manifest.model_copy(update={"swapped": True}), settings(), folders, NOTHING)
    assert [[path.name for path in side] for side in (swapped.left, swapped.right)] == [names(1), names(0)]


def test_the_rig_and_the_cameras_it_has_to_be_of_are_handed_on_swapped_as_the_pictures_are(folders: Folders) -> None:
    folder = record(folders, booking("b1"))
    manifest = finalise(folder)
    cameras = [count.model_copy(update={"serial": name}) for count, name in zip(manifest.cameras, "ab", strict=True)]
    manifest = manifest.model_copy(update={"cameras": tuple(cameras)})
    plan = plan_render(folder, manifest, settings(), folders, NOTHING)
    assert (plan.rig, plan.serials) == (folders.data / "calibration" / "rig.json", ("a", "b"))
    swapped = plan_render(folder, manifest.model_copy(update={"swapped": True}), settings(), folders, NOTHING)
    assert swapped.serials == ("b", "a")
    alone = plan_render(
        folder, manifest.model_copy(update={"cameras": manifest.cameras[:1]}), settings(), folders, NOTHING
    )
    assert alone.serials == ("a", "")


def test_a_camera_without_footage_leaves_its_own_side_empty(folders: Folders) -> None:
    folder = record(folders, booking("b1"), seconds=4, cameras=(1,))
    plan = plan_render(folder, finalise(folder), settings(), folders, NOTHING)
    assert plan.left == ()
    assert [path.name for path in plan.right] == names(1)


def test_a_single_camera_is_planned_as_the_left_one(folders: Folders) -> None:
    folder = record(folders, booking("b1"), seconds=4)
    manifest = finalise(folder)
    alone = manifest.model_copy(update={"cameras": manifest.cameras[:1]})
    plan = plan_render(folder, alone, settings(), folders, NOTHING)
    assert [path.name for path in plan.left] == names(0)
    assert plan.right == ()


def test_the_settings_decide_how_it_is_rendered(folders: Folders, tmp_path: Path) -> None:
    folder = record(folders, booking("b1"))
    given = settings(
        merge_method="side_by_side",
        overlap_pixels=64,
        output_width=640,
        video_bitrate=1_000_000,
        video_preset="fast",
        intro_video_path=tmp_path / "intro.mp4",
    )
    plan = plan_render(folder, finalise(folder), given, folders, NOTHING)
    assert (plan.method, plan.overlap, plan.output_width) == (MergeMethod.SIDE_BY_SIDE, 64, 640)
    assert (plan.bitrate, plan.preset, plan.intro) == (1_000_000, "fast", tmp_path / "intro.mp4")
    assert plan.cache == folders.intro_cache


def test_logos_go_where_and_as_large_as_agreed_unless_set_otherwise(folders: Folders) -> None:
    folder = record(folders, booking("b1"))
    paths = {f"{name}_path": Path(name) for name in ("main_logo", "user_logo", "sponsor_logo_1", "sponsor_logo_3")}
    plan = plan_render(folder, finalise(folder), settings(**paths), folders, NOTHING)
    assert plan.logos == (
        Logo(Path("main_logo"), LogoPosition.BOTTOM_RIGHT, 400, 400),
        Logo(Path("user_logo"), LogoPosition.TOP_RIGHT, 120, 120),
        Logo(Path("sponsor_logo_1"), LogoPosition.BOTTOM_LEFT, 120, 120),
        Logo(Path("sponsor_logo_3"), LogoPosition.TOP_LEFT, 120, 120),
    )
    sizes = {"logo_width": 50, "sponsor_logo_width": 60, "sponsor_logo_height": 30, "main_logo_position": "center"}
    plan = plan_render(folder, finalise(folder), settings(**paths, **sizes), folders, NOTHING)
    assert plan.logos == (
        Logo(Path("main_logo"), LogoPosition.CENTER, 50, 400),
        Logo(Path("user_logo"), LogoPosition.TOP_RIGHT, 50, 120),
        Logo(Path("sponsor_logo_1"), LogoPosition.BOTTOM_LEFT, 60, 30),
        Logo(Path("sponsor_logo_3"), LogoPosition.TOP_LEFT, 60, 30),
    )


def test_a_players_own_media_go_before_the_venues_each_for_itself(folders: Folders) -> None:
    folder = record(folders, booking("b1"))
    paths = {f"{name}_path": Path(name) for name in ("main_logo", "user_logo", "sponsor_logo_1", "intro_video")}
    own = PlayerMedia({Slot.LOGO: Path("own"), Slot.SPONSOR_3: Path("own3"), Slot.INTRO: Path("own.mp4")})
    plan = plan_render(folder, finalise(folder), settings(**paths), folders, own)
    assert plan.logos == (
        Logo(Path("main_logo"), LogoPosition.BOTTOM_RIGHT, 400, 400),
        Logo(Path("own"), LogoPosition.TOP_RIGHT, 120, 120),
        Logo(Path("sponsor_logo_1"), LogoPosition.BOTTOM_LEFT, 120, 120),
        Logo(Path("own3"), LogoPosition.TOP_LEFT, 120, 120),
    )
    assert plan.intro == Path("own.mp4")
