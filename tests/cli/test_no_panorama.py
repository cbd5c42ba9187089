"""Pictures and files that make no panorama, on the command line: a clear line each, and what comes next."""

import json
import random
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ezrec_tui.folders import Folders
from ezrec_tui.video.calibrate import Known, calibrate
from ezrec_tui.video.rig_file import save_rig
from tests.cli.test_render import ezrec
from tests.jobs.recordings import booking, record
from tests.video import clips, pattern

SAYS = "ezrec: no rig: "


@dataclass(frozen=True)
class Films:
    """Pairs of videos, left and right, of two cameras each."""

    folder: Path

    def pair(self, name: str) -> tuple[str, str]:
        return str(self.folder / name / "left.mp4"), str(self.folder / name / "right.mp4")

    @property
    def rig(self) -> Path:
        """Of the court's."""
        return self.folder / "rig.json"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    found = Films(tmp_path_factory.mktemp("films"))
    pattern.film(found.folder / "court")
    pattern.film(found.folder / "turned", overlap=200)
    pattern.film(found.folder / "apart", overlap=0)
    pattern.film(found.folder / "small", size=(320, 180), overlap=40)
    grain = np.random.default_rng(3).normal(120, 2, (360, 640)).clip(0, 255).astype(np.uint8)
    (found.folder / "wall").mkdir()
    for path in found.pair("wall"):
        clips.write(Path(path), clips.ticks(12), (640, 360), luma=grain)
    done = ezrec("calibrate", *found.pair("court"), "-o", str(found.rig))
    assert done.returncode == 0, done.stderr
    return found


def last(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def calibrated(left: str, right: str, folder: Path) -> str:
    """The line in which a calibration is refused; there is no rig then."""
    done = ezrec("calibrate", left, right, "-o", str(folder / "rig.json"))
    assert done.returncode == 1, done.stderr
    assert not (folder / "rig.json").exists()
    assert last(done).startswith(SAYS)
    assert "; " in last(done), "what to do"
    return last(done)


def rendered(left: str, right: str, rig: Path, folder: Path) -> dict[str, Any]:
    """What a panorama became, with every fallback told to people too."""
    out = folder / "out.mp4"
    done = ezrec("render", left, right, "-o", str(out), "--rig", str(rig), "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert [line for line in done.stderr.splitlines() if line.startswith("done without: ")] == [
        f"done without: {fallback}" for fallback in result["fallbacks"]
    ]
    assert result["frames"] == 12
    return result


def test_a_rig_of_these_cameras_makes_a_panorama_without_naming_the_method(films: Films, tmp_path: Path) -> None:
    result = rendered(*films.pair("court"), films.rig, tmp_path)
    assert (result["method"], result["fallbacks"]) == ("panorama", [])


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("apart", "apart", "do not look alike (correlation 0."),
        ("court", "small", "of different sizes (left 640x360, right 320x180)"),
        ("wall", "wall", "the left picture has too little texture ("),
        ("court", "wall", "the right picture has too little texture ("),
    ],
    ids=["no overlap", "different sizes", "grey wall", "one of a grey wall"],
)
def test_pictures_that_cannot_be_calibrated_are_refused_in_a_line(
    films: Films, tmp_path: Path, left: str, right: str, why: str
) -> None:
    assert why in calibrated(films.pair(left)[0], films.pair(right)[1], tmp_path)


@pytest.mark.parametrize("how", ["cut off", "of other words", "random bytes"])
def test_with_a_corrupt_rig_feather_is_used(films: Films, tmp_path: Path, how: str) -> None:
    good = films.rig.read_bytes()
    rig = tmp_path / "rig.json"
    rig.write_bytes(
        {
            "cut off": good[: len(good) // 2],
            "of other words": good.replace(b'"focal_px": ', b'"focal_px": "far", "was": ', 1),
            "random bytes": random.Random(5).randbytes(2000),
        }[how]
    )
    result = rendered(*films.pair("court"), rig, tmp_path)
    assert result["method"] == "feather"
    [reason] = result["fallbacks"]
    assert reason.startswith(f"panorama: {rig}: ")
    assert "damaged" in reason
    assert "calibrate again with `ezrec calibrate`; feather is used" in reason


def test_pictures_of_another_size_than_the_rigs_are_joined_by_feather(films: Films, tmp_path: Path) -> None:
    result = rendered(*films.pair("small"), films.rig, tmp_path)
    assert result["method"] == "feather"
    assert "the rig of pictures of 640x360, these are 320x180" in result["fallbacks"][0]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("turned", "px apart (at most 3 px is good), so it is of other cameras, or one has moved"),
        ("apart", ""),
        ("wall", "what both pictures have in common is too little to show that it fits"),
    ],
    ids=["other cameras", "no overlap", "grey wall"],
)
def test_a_rig_that_the_pictures_do_not_show_to_fit_is_not_used(
    films: Films, tmp_path: Path, name: str, why: str
) -> None:
    result = rendered(*films.pair(name), films.rig, tmp_path)
    assert result["method"] == "feather"
    [reason] = result["fallbacks"]
    assert reason.startswith(f"panorama: {films.rig}: ")
    assert why in reason
    assert reason.endswith("; calibrate again with `ezrec calibrate`; feather is used")


def test_left_and_right_given_the_wrong_way_round_are_no_panorama(films: Films, tmp_path: Path) -> None:
    left, right = films.pair("court")
    assert rendered(right, left, films.rig, tmp_path)["method"] == "feather"


@pytest.mark.parametrize("command", ["calibrate", "render"])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(films: Films, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    done = ezrec(command, *films.pair("court"), "-o", str(tmp_path / "file" / "out.mp4"))
    assert done.returncode == 1
    assert last(done).startswith(f"ezrec: {tmp_path / 'file' / 'out.mp4'}: cannot be written (")


def test_a_rig_that_is_not_there_or_not_used_is_wrong_use(films: Films, tmp_path: Path) -> None:
    render = ("render", *films.pair("court"), "-o", str(tmp_path / "out.mp4"), "--rig")
    for words, why in (
        ((str(tmp_path / "none.json"),), "none.json"),
        ((str(films.rig), "--method", "feather"), "--rig"),
    ):
        done = ezrec(*render, *words)
        assert done.returncode == 2, done.stderr
        assert why in last(done)
    assert not (tmp_path / "out.mp4").exists()


def test_a_panorama_without_a_rig_says_how_to_make_one(films: Films, tmp_path: Path) -> None:
    done = ezrec("render", *films.pair("court"), "-o", str(tmp_path / "out.mp4"), "--method", "panorama")
    assert done.returncode == 0, done.stderr
    assert "make one with `ezrec calibrate LEFT RIGHT -o rig.json`" in done.stderr.splitlines()[0]
    assert "feather is used" in done.stderr


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The folder of a recording of two seconds, with both cameras' segments; their serials are `testpattern`."""
    return record(Folders(tmp_path / "data", ZoneInfo("UTC")), booking("b1"))


def test_a_recordings_folder_is_rendered_as_it_is_with_both_cameras(recording: Path, tmp_path: Path) -> None:
    done = ezrec("render", str(recording), "-o", str(tmp_path / "out.mp4"), "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["method"], result["frames"], result["fallbacks"]) == ("feather", 60, [])
    picture = clips.lumas(tmp_path / "out.mp4")[30]
    assert picture.shape == (180, 2 * 320 - 40)
    assert abs(int(picture[150, 100]) - 90) < 6, "the left camera's"
    assert abs(int(picture[150, 500]) - 150) < 6, "the right camera's"


def test_a_rig_of_other_cameras_than_the_recordings_is_not_used(recording: Path, tmp_path: Path) -> None:
    known = Known(serials=("imx708-a", "imx708-b"))
    save_rig(calibrate(pattern.scenes((320, 180), 40), datetime.now(UTC), known), tmp_path / "rig.json")
    out, rig = str(tmp_path / "out.mp4"), str(tmp_path / "rig.json")
    done = ezrec("render", str(recording), "-o", out, "--rig", rig)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("done without: ")]
    assert told == [
        f"done without: panorama: {rig}: the rig of another camera (imx708-a, this one is testpattern);"
        " calibrate again with `ezrec calibrate`; feather is used"
    ]


@pytest.mark.parametrize("command", ["render", "calibrate"])
def test_a_folder_with_segments_of_two_cameras_is_not_taken_for_one(
    command: str, recording: Path, tmp_path: Path
) -> None:
    done = ezrec(command, str(recording), str(recording), "-o", str(tmp_path / "out"))
    assert done.returncode == 1
    assert last(done).startswith("ezrec: segments of several cameras in the folder (")
    assert "give `ezrec render` this folder alone" in last(done)
