"""The smoke test: it passes on a whole installation, and each of its parts fails when what it looks at is broken."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import typer

from ezrec_tui.cli.doctor import conclude_command
from ezrec_tui.demo.run import bare_environment
from ezrec_tui.doctor.checks import Check, Failed, Found, Verdict
from ezrec_tui.doctor.screen import look_at_screen, text_of
from ezrec_tui.doctor.smoke import FPS, SECONDS, SIZE, SmokeReport, conclude
from ezrec_tui.doctor.trial import Trial
from ezrec_tui.model import Level

PARTS = ["event system", "video merge", "video processing", "upload", "recording", "screen"]


def smoke_test(folder: Path) -> SmokeReport:
    """What `ezrec smoke-test --json --keep` printed."""
    done = subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "smoke-test", "--json", "--keep"],
        env={**os.environ, "TMPDIR": str(folder), "AWS_S3_BUCKET": "venue", "CAMERA_0_SERIAL": "file:/gone"},
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return SmokeReport.model_validate_json(done.stdout)


def copy_of(report: SmokeReport, data: Path) -> Trial:
    """What it made, to be broken."""
    assert report.kept is not None
    shutil.copytree(report.kept, data, ignore=shutil.ignore_patterns("run"))  # sockets
    (event,) = data.glob("events/video_ready_*.event")
    return Trial(data, json.loads(event.read_text())["booking_id"], SIZE, FPS, SECONDS)


def drop(pattern: str) -> Callable[[Trial], None]:
    def act(trial: Trial) -> None:
        for path in [path for path in trial.data.glob(pattern) if path.is_file()]:
            path.unlink()

    return act


def change(pattern: str, old: bytes, new: bytes) -> Callable[[Trial], None]:
    def act(trial: Trial) -> None:
        (path,) = trial.data.glob(pattern)
        assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new))

    return act


def overwrite(pattern: str) -> Callable[[Trial], None]:
    """Noise in the middle of a file."""

    def act(trial: Trial) -> None:
        path = next(trial.data.glob(pattern))
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(os.urandom(20_000))

    return act


def cut_short(pattern: str) -> Callable[[Trial], None]:
    def act(trial: Trial) -> None:
        path = next(trial.data.glob(pattern))
        os.truncate(path, path.stat().st_size // 4 // 188 * 188)

    return act


def exchange_cameras(trial: Trial) -> None:
    """As if the video had been made of the right pictures, each on the other's side."""
    left, right = (next(trial.data.glob(f"recordings/*/*/camera-{camera}_*.ts")) for camera in (0, 1))
    aside = left.with_suffix(".aside")
    left.rename(aside)
    right.rename(left)
    aside.rename(right)


def remake(intro: bool) -> Callable[[Trial], None]:
    """Both cameras' pictures joined, without logos, and with two grey seconds before them or without."""

    def act(trial: Trial) -> None:
        pictures = [
            [frame.to_ndarray(format="gray") for frame in frames_of(path)]
            for path in (next(trial.data.glob(f"recordings/*/*/camera-{camera}_*.ts")) for camera in (0, 1))
        ]
        alone = SIZE[0] - SIZE[0] // 16 * 2
        joined = [np.hstack((left, right[:, -alone:])) for left, right in zip(*pictures, strict=False)]
        before = [np.full_like(joined[0], 128)] * (2 * FPS) if intro else joined[: 2 * FPS]
        (video,) = trial.data.glob("processed/*/*.mp4")
        with av.open(str(video), "w") as container:
            stream = container.add_stream("libx264", FPS, options={"preset": "ultrafast"})
            stream.height, stream.width = joined[0].shape
            stream.pix_fmt = "yuv420p"
            for number, picture in enumerate((*before, *joined[: round(SECONDS * FPS)])):
                frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))

    return act


def frames_of(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(container.streams.video[0]))


VIDEO, DELIVERED = "processed/*/*.mp4", "delivered/*/*/*.mp4"


BROKEN: tuple[tuple[str, Callable[[Trial], None], str], ...] = (
    ("event system", drop("events/upload_complete_*"), "upload_complete is not there"),
    ("event system", change("events/recording_started_*", b'"late_ms"', b""), "not whole"),
    ("event system", change("events/video_ready_*", b'"demo-', b'"other-'), "says something else"),
    ("video merge", drop(VIDEO), "there is no video"),
    ("video merge", exchange_cameras, "what camera 1 saw is not in the video"),
    ("video processing", overwrite(VIDEO), "the video is damaged"),
    ("video processing", change("events/video_ready_*", b"[]", b'["intro: no"]'), "was made without: intro: no"),
    ("video processing", remake(intro=False), "does not begin with the intro"),
    ("video processing", remake(intro=True), "venue's logo is not in the video"),
    ("upload", drop("published.db"), "0 videos are published"),
    ("upload", drop(DELIVERED), "what was uploaded cannot be read"),
    ("upload", overwrite(DELIVERED), "is not the video"),
    ("recording", drop("recordings/*/*/camera-1_*.ts"), "camera 2 recorded nothing"),
    ("recording", overwrite("recordings/*/*/camera-0_*.ts"), "of camera 1 is damaged"),
    ("recording", cut_short("recordings/*/*/camera-0_*.ts"), "of 60 frames"),
)
"""A part, what is done to what it should have made, and what is then said of it."""


def test_a_whole_installation_passes_in_all_parts_and_each_fails_when_what_it_should_have_made_is_not_so(
    tmp_path: Path,
) -> None:
    report = smoke_test(tmp_path)
    assert (report.ok, report.passed, report.count) == (True, 6, 6)
    assert [check.name for check in report.checks] == PARTS
    assert all(check.level is Level.OK and check.what for check in report.checks)

    for number, (part, broken, said) in enumerate(BROKEN):
        trial = copy_of(report, tmp_path / f"broken-{number}")
        broken(trial)
        look = next(check.look for check in trial.checks() if check.name == part)
        with pytest.raises(Failed, match=re.escape(said)) as failed:
            look()
        assert failed.value.found.to_do


def failing() -> Found:
    raise Failed("no light", "switch it on")


def test_one_part_that_fails_makes_the_whole_fail_and_what_it_left_is_kept(tmp_path: Path) -> None:
    told: list[Verdict] = []
    checks = (Check("lamp", failing), Check("door", lambda: Found("closed")))

    report = conclude(checks, tmp_path, told.append, keep=False, began=time.monotonic())

    assert (report.ok, report.passed, report.count, report.kept) == (False, 1, 2, tmp_path)
    assert tuple(told) == report.checks
    assert tmp_path.is_dir()
    with pytest.raises(typer.Exit) as ended:
        conclude_command(report, as_json=False)
    assert ended.value.exit_code == 1


def test_the_scratch_folder_is_gone_when_all_is_well(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()

    report = conclude([Check("all", lambda: Found("well"))], folder, print, keep=False, began=time.monotonic())

    assert (report.ok, report.kept) == (True, None)
    assert not folder.exists()


def test_a_screen_that_reaches_no_engine_fails(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"did not show the engine.s state within 0\.5 s"):
        look_at_screen(tmp_path / "nobody.sock", "player", tmp_path, bare_environment(), 0.5)


def test_a_screen_that_ends_by_itself_fails_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TIMEZONE_NAME=Middle/Earth\n")

    with pytest.raises(Failed, match=r"it ended by itself: .*TIMEZONE_NAME: not a time zone"):
        look_at_screen(tmp_path / "nobody.sock", "player", tmp_path, bare_environment(), 60)


def test_what_a_screen_draws_is_read_without_its_control_sequences() -> None:
    assert text_of(b"\x1b[?2026h\x1b[1;31mRED\x1b[0m\x1b]0;title\x07\x1bPq\x1b\\ on").split() == ["RED", "on"]
