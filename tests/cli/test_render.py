"""`ezrec render`: any two videos become one."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest


def film(path: Path, codec: str, rate: int, seconds: float, size: tuple[int, int] = (320, 180)) -> Path:
    """A video of a brightness that grows with time: 16 + 40 for each second."""
    width, height = size
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = width, height, "yuv420p", 1_000_000
        for number in range(round(seconds * rate)):
            picture = np.full((height * 3 // 2, width), 128, np.uint8)
            picture[:height] = min(235, 16 + 40 * number // rate)
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def ezrec(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "ezrec_tui", *arguments], capture_output=True, text=True, timeout=120)


def test_two_files_of_different_length_rate_codec_and_container_are_paired_by_time(tmp_path: Path) -> None:
    left = film(tmp_path / "left.mp4", "libx264", 25, 5)
    right = film(tmp_path / "right.mkv", "mpeg4", 30, 3)
    done = ezrec("render", str(left), str(right), "-o", str(tmp_path / "out.mp4"), "--overlap", "40", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {"video", "frames", "duration_seconds", "method", "fallbacks", "cpu_seconds", "wall_seconds"} < set(result)
    assert result["method"] == "feather"
    assert result["frames"] == 125
    with av.open(str(result["video"])) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    assert frames[0].shape == (180, 320 + 320 - 40)
    assert len(frames) == 125
    for second in (1, 2):
        frame = frames[second * 25 + 2]
        assert abs(int(frame[90, 40]) - int(frame[90, 560])) < 12, "both halves show the same second"
    assert frames[-1][90, 560] < 40, "the shorter one is dark when it is over"


def test_a_wrong_logo_place_is_wrong_use_and_names_the_right_ones(tmp_path: Path) -> None:
    left = film(tmp_path / "left.mp4", "libx264", 25, 1)
    done = ezrec("render", str(left), "-o", str(tmp_path / "out.mp4"), "--logo", "logo.png@middle")
    assert done.returncode == 2
    assert "bottom_right" in done.stderr


def test_a_panorama_without_its_rig_is_a_feather_and_says_why(tmp_path: Path) -> None:
    left, right = (film(tmp_path / f"{side}.mp4", "libx264", 25, 1) for side in ("left", "right"))
    (tmp_path / "rig.json").write_text("{")
    for words, why in (
        ((), "the cameras are not calibrated"),
        (("--rig", str(tmp_path / "rig.json")), "not a rig file, or a damaged one"),
    ):
        out = str(tmp_path / "out.mp4")
        done = ezrec("render", str(left), str(right), "-o", out, "--method", "panorama", *words, "--json")
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["method"] == "feather"
        assert why in result["fallbacks"][0]
        assert f"done without: panorama: {result['fallbacks'][0].removeprefix('panorama: ')}" in done.stderr


@pytest.mark.parametrize("wrong", ["text", "missing", "folder"])
def test_render_says_in_one_line_what_is_wrong_with_a_file(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "left.mp4"
    if wrong == "text":
        path.write_text("this is no video")
    elif wrong == "folder":
        path.mkdir()
    done = ezrec("render", str(path), "-o", str(tmp_path / "out.mp4"))
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("ezrec: ")
    assert str(path) in line
    assert list(tmp_path.iterdir()) == ([] if wrong == "missing" else [path])
