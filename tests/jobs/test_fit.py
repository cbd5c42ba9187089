"""Whether the rig still fits is noted for the engine: of the newest footage, and only where it is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.truth import Filming, Truth
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.fit import looking_at_fit, note_fit
from ezrec_tui.jobs.fit_file import Fit, read_fit, write_fit
from ezrec_tui.model import NS, Boot, CameraCount, Manifest, Segment
from ezrec_tui.recording_files import write_manifest
from ezrec_tui.video.calibrate import Known, calibrate
from ezrec_tui.video.rig_file import Rig, save_rig
from ezrec_tui.video.stills import Scenes
from tests.jobs.recordings import START, booking

TRUTH = Truth(640, 360)
MADE = START - timedelta(days=1)


@pytest.fixture(scope="module")
def rig() -> Rig:
    shots = [Filming(TRUTH).shots(number / 2) for number in range(4)]
    scenes = Scenes(tuple(left for left, _ in shots), tuple(right for _, right in shots))
    return calibrate(scenes, MADE, Known(serials=("a", "b")))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    moved = replace(TRUTH, right=replace(TRUTH.right, yaw=TRUTH.right.yaw + 1))
    for name, truth in (("well", TRUTH), ("moved", moved)):
        (folder / name).mkdir()
        Filming(truth).film(folder / name, frames=20, fps=10)
    return folder


@pytest.fixture
def folders(tmp_path: Path, rig: Rig) -> Folders:
    folders = Folders(tmp_path, UTC)
    save_rig(rig, folders.rig)
    return folders


def recorded(folders: Folders, film: Path, *, start: datetime = START, swapped: bool = False) -> tuple[Path, Manifest]:
    """A recording of two seconds of these films."""
    of = booking("b1").model_copy(update={"start": start})
    sides = ("right.mp4", "left.mp4") if swapped else ("left.mp4", "right.mp4")
    serials = ("b", "a") if swapped else ("a", "b")
    segments = tuple(
        Segment(camera=camera, name=name, first_ns=0, last_ns=19 * NS // 10, frames=20, bytes=1)
        for camera, name in enumerate(sides)
    )
    manifest = Manifest(
        booking=of,
        epoch=start,
        boots=(Boot(boot_id="boot", epoch_sensor_ns=0),),
        end_ns=2 * NS,
        fps=10,
        width=640,
        height=360,
        cameras=tuple(CameraCount(camera=camera, serial=serial) for camera, serial in enumerate(serials)),
        segments=segments,
        finalised=True,
    )
    write_manifest(film, manifest)
    return film, manifest


def noted(folders: Folders, film: Path, *, start: datetime = START, swapped: bool = False) -> Fit | None:
    note_fit(*recorded(folders, film, start=start, swapped=swapped), folders, lambda: True)
    return read_fit(folders.fit)


def test_what_the_newest_footage_says_is_noted_and_older_footage_says_nothing(folders: Folders, films: Path) -> None:
    moved = noted(folders, films / "moved")
    assert moved is not None
    assert (moved.booking_id, moved.label, moved.moved, moved.rig_made) == ("b1", "Court 1", True, MADE)
    assert 9 < moved.shift_px < 12
    assert noted(folders, films / "well", start=START - timedelta(hours=2)) == moved
    well = noted(folders, films / "well", start=START + timedelta(hours=2))
    assert well is not None
    assert (well.moved, well.shift_px < 1) == (False, True)


def test_footage_from_before_the_calibration_says_nothing_of_it(folders: Folders, films: Path) -> None:
    assert noted(folders, films / "moved", start=MADE - timedelta(hours=1)) is None


def test_cameras_that_the_attendant_swapped_have_not_moved(folders: Folders, films: Path) -> None:
    found = noted(folders, films / "well", swapped=True)
    assert found is not None
    assert found.shift_px < 1


def test_no_time_no_note_and_whatever_goes_wrong_the_work_beside_it_is_done(folders: Folders, films: Path) -> None:
    folder, manifest = recorded(folders, films / "well")
    note_fit(folder, manifest, folders, lambda: False)
    assert read_fit(folders.fit) is None
    with looking_at_fit(folder / "nowhere", manifest, folders, lambda: False):
        done = True
    assert done
    folders.rig.write_text("no rig")
    with looking_at_fit(folder, manifest, folders, lambda: False):
        pass
    assert read_fit(folders.fit) is None


def test_a_damaged_note_is_as_good_as_none(tmp_path: Path) -> None:
    fit = Fit(rig_made=MADE, booking_id="b", label="Ana", recorded=START, shift_px=0.5, moved=False)
    path = tmp_path / "fit.json"
    write_fit(path, fit)
    assert read_fit(path) == fit
    path.write_bytes(path.read_bytes()[:40])
    assert read_fit(path) is None
