"""`ezrec calibrate`: from two videos or stills to a rig file, or one line that says why not."""

import json
from pathlib import Path

import cv2
import pytest

from benchmarks.truth import Filming, Truth, misalignment
from ezrec_tui.video.rig_file import load_rig
from tests.cli.test_render import ezrec

TRUTH = Truth(640, 360)
PHOTOGRAPHS = Path(__file__).parent.parent / "video" / "pictures"


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return Filming(TRUTH).film(tmp_path_factory.mktemp("videos"), frames=20, every=0.4)


def test_two_videos_give_a_rig_a_preview_and_the_numbers(videos: tuple[Path, Path], tmp_path: Path) -> None:
    rig, preview = tmp_path / "rig.json", tmp_path / "preview.jpg"
    done = ezrec("calibrate", *map(str, videos), "-o", str(rig), "--preview", str(preview), "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    found = load_rig(rig)
    assert result == {
        "matches": found.matches,
        "inliers": found.inliers,
        "rmse_px": found.rmse_px,
        "overlap_px": found.overlap_px,
        "size": f"{found.canvas.width}x{found.canvas.height}",
        "method": "cylindrical",
    }
    assert found.inliers >= 30
    assert found.rmse_px <= 1.5
    assert misalignment(TRUTH, found).mean() <= 0.5
    picture = cv2.imread(str(preview))
    assert picture is not None
    assert picture.shape == (2 * found.canvas.height, found.canvas.width, 3)


@pytest.mark.parametrize("left", ["weir_1", "weir_2", "roof_1", "roof_2"])
def test_photographs_give_a_rig_that_fits_or_are_refused_with_the_reason(left: str, tmp_path: Path) -> None:
    name, number = left.split("_")
    right = f"{name}_{3 - int(number)}"
    rig = tmp_path / "rig.json"
    done = ezrec("calibrate", *(str(PHOTOGRAPHS / f"{one}.jpg") for one in (left, right)), "-o", str(rig), "--json")
    if left in ("weir_1", "roof_2"):
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["inliers"] >= 30
        assert result["rmse_px"] <= 1.5
    else:
        assert done.returncode == 1
        assert "no rig: left and right are swapped" in done.stderr
        assert not rig.exists()


def test_what_gives_no_rig_is_one_line_and_the_old_rig_stays(videos: tuple[Path, Path], tmp_path: Path) -> None:
    left, right = map(str, videos)
    rig, preview = tmp_path / "rig.json", tmp_path / "preview.png"
    rig.write_text("the rig of yesterday")
    done = ezrec("calibrate", right, left, "-o", str(rig), "--preview", str(preview))
    assert done.returncode == 1
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ezrec: no rig: left and right are swapped")
    assert "Traceback" not in done.stderr
    assert rig.read_text() == "the rig of yesterday"
    assert not preview.exists()


@pytest.mark.parametrize("bad", ["missing.mp4", "missing.jpg", "text.mp4", "text.jpg", "empty.jpg", "empty_folder"])
def test_what_is_no_picture_is_named(tmp_path: Path, bad: str) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "empty_folder").mkdir()
    done = ezrec("calibrate", str(tmp_path / bad), str(tmp_path / bad), "-o", str(tmp_path / "rig.json"))
    assert done.returncode == 1
    assert bad in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].startswith("ezrec: ")


def test_a_preview_that_is_no_picture_by_its_name_is_wrong_use(tmp_path: Path) -> None:
    done = ezrec("calibrate", "a.mp4", "b.mp4", "-o", str(tmp_path / "rig.json"), "--preview", str(tmp_path / "p.txt"))
    assert done.returncode == 2
    assert ".jpg" in done.stderr
