"""The whole way from two cameras' files to the finished video, on real streams."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from ezrec_tui.config import LogoPosition
from ezrec_tui.model import NS, Highlight, MergeMethod, Progress
from ezrec_tui.video.brand import Logo
from ezrec_tui.video.probe import VideoError, probe
from ezrec_tui.video.render import RenderJob, RenderResult, render
from tests.video import clips

WIDTH, HEIGHT, OVERLAP = 320, 180, 40
LEFT_CODE = 8
RIGHT_CODE = WIDTH - clips.INK - 8
WIDE = 2 * WIDTH - OVERLAP
RIGHT_IN_WIDE = WIDTH - OVERLAP + RIGHT_CODE
MINUTE = 60 * NS
LATE = 11_000_000


def segments(folder: Path, name: str, frames: list[int], code: int, phase_ns: int = 0) -> tuple[Path, ...]:
    """One MPEG-TS segment for each run of consecutive frame numbers and at most 60 of them, from minute one on."""
    runs: list[list[int]] = []
    for number in frames:
        if not runs or number != runs[-1][-1] + 1 or len(runs[-1]) == 60:
            runs.append([])
        runs[-1].append(number)
    paths: list[Path] = []
    for position, run in enumerate(runs):
        times = [MINUTE + phase_ns + round(number * NS / 30) for number in run]
        paths.append(clips.write(folder / f"{name}-{position}.ts", times, code_left=code, first=run[0]))
    return tuple(paths)


def pair(folder: Path, left: list[int], right: list[int]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    return segments(folder, "left", left, LEFT_CODE), segments(folder, "right", right, RIGHT_CODE, LATE)


def job(folder: Path, left: tuple[Path, ...], right: tuple[Path, ...], **more: object) -> RenderJob:
    settings: dict[str, object] = {"fps": 30, "cache": folder / "cache", "overlap": OVERLAP, "bitrate": 2_000_000}
    return RenderJob(left=left, right=right, output=folder / "out.mp4", **(settings | more))  # pyright: ignore[reportArgumentType]


def halves(result: RenderResult) -> tuple[list[int], list[int]]:
    """The numbers on the left and the right half of every recorded frame."""
    pictures = clips.lumas(result.video)[result.intro_frames :]
    return (
        [clips.number_at(luma, LEFT_CODE) for luma in pictures],
        [clips.number_at(luma, RIGHT_IN_WIDE) for luma in pictures],
    )


def video_packets(path: Path) -> list[tuple[int, int, bytes]]:
    """Time, duration and bytes of every packet."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [(p.pts, p.duration or 0, bytes(p)) for p in container.demux(stream) if p.pts is not None]


def test_two_cameras_become_one_video_with_both_halves_consecutive_and_in_step(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(150)), list(range(150)))
    said: list[Progress] = []
    start, end = MINUTE + 20 * NS // 30 - 1, MINUTE + 140 * NS // 30
    result = render(job(tmp_path, left, right, start_ns=start, end_ns=end), said.append)
    numbers = list(range(20, 140))
    assert halves(result) == (numbers, numbers)
    assert (result.width, result.height, result.frames, result.method) == (WIDE, HEIGHT, 120, MergeMethod.FEATHER)
    assert (result.fallbacks, result.gaps, result.held, result.dropped) == ((), (), (0, 0), (0, 0))
    assert said[-1].done == said[-1].total == 120
    assert said[-1].seconds_left == 0
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out.jpg", "out.mp4"]


def test_the_file_starts_with_its_index_and_every_frame_lasts_equally_long(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(90)), list(range(90)))
    result = render(job(tmp_path, left, right, title="Court 1"))
    data = result.video.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    packets = video_packets(result.video)
    assert {duration for _, duration, _ in packets} == {packets[1][0] - packets[0][0]}
    assert packets[0][0] == 0
    about = probe(result.video)
    assert (about.rate, about.width, about.height, about.codec) == (30, WIDE, HEIGHT, "h264")
    assert about.duration_seconds == result.duration_seconds == 3.0
    with av.open(str(result.video)) as container:
        assert container.metadata["title"] == "Court 1"
        context = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert container.chapters() == []


def test_the_poster_is_the_branded_picture_from_a_third_in(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(60)), list(range(60)))
    logo = tmp_path / "logo.png"
    cv2.imwrite(str(logo), np.full((30, 30, 3), (0, 0, 255), np.uint8))
    result = render(job(tmp_path, left, right, logos=(Logo(logo, LogoPosition.BOTTOM_RIGHT, 30, 30),)))
    poster = cv2.imread(str(result.poster))
    assert poster is not None
    assert poster.shape == (HEIGHT, WIDE, 3)
    assert clips.number_at(np.asarray(poster[:, :, 1], np.uint8), LEFT_CODE) == 20
    blue, green, red = (int(value) for value in poster[HEIGHT - 25, WIDE - 25])
    assert red > 200
    assert max(blue, green) < 60


def test_logos_are_at_their_places_in_the_video(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(30)), list(range(30)))
    logo = tmp_path / "logo.png"
    cv2.imwrite(str(logo), np.full((40, 40, 3), 255, np.uint8))
    logos = (Logo(logo, LogoPosition.BOTTOM_RIGHT, 40, 40), Logo(logo, LogoPosition.BOTTOM_LEFT, 20, 20))
    plain = clips.lumas(render(job(tmp_path, left, right)).video)[15].astype(int)
    branded = clips.lumas(render(job(tmp_path, left, right, logos=logos)).video)[15].astype(int)
    assert branded[HEIGHT - 48 : HEIGHT - 12, WIDE - 48 : WIDE - 12].min() > 225
    assert branded[HEIGHT - 28 : HEIGHT - 12, 12:28].min() > 225
    assert np.abs(branded - plain)[: HEIGHT - 60].max() < 12
    assert np.abs(branded - plain)[:, 60 : WIDE - 80].max() < 12


def test_a_missing_logo_and_a_broken_intro_are_told_and_left_out(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(30)), list(range(30)))
    text = tmp_path / "intro.mp4"
    text.write_text("this is no video\n" * 100)
    gone = Logo(tmp_path / "gone.png", LogoPosition.CENTER, 20, 20)
    result = render(job(tmp_path, left, right, intro=text, logos=(gone,)))
    assert (result.frames, result.intro_frames) == (30, 0)
    assert len(result.fallbacks) == 2
    assert "gone.png" in result.fallbacks[0]
    assert "intro.mp4: not a video" in result.fallbacks[1]


def test_time_missing_from_both_is_cut_out_and_is_a_chapter_beside_the_highlights(tmp_path: Path) -> None:
    there = [*range(30), *range(120, 165)]
    left, right = pair(tmp_path, there, there)
    highlights = (Highlight(at_ns=MINUTE + 135 * NS // 30 + 1, label="goal"),)
    result = render(job(tmp_path, left, right, highlights=highlights, start_ns=MINUTE))
    assert halves(result) == (there, there)
    assert [gap.title for gap in result.gaps] == ["Footage missing (3 s)"]
    with av.open(str(result.video)) as container:
        found = [(c["start"] * (c["time_base"] or 0), c["metadata"]["title"]) for c in container.chapters()]
    assert found == [(0, "Start"), (1, "Footage missing (3 s)"), (Fraction(3, 2), "goal")]


def test_one_camera_that_misses_is_held_then_dark_while_the_other_goes_on(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(120)), [*range(30), *range(90, 120)])
    result = render(job(tmp_path, left, right))
    on_left, on_right = halves(result)
    assert on_left == list(range(120))
    assert on_right[:60] == [*range(30), *[29] * 30]
    assert on_right[90:] == list(range(90, 120))
    assert clips.lumas(result.video)[75][:, WIDTH + 2 :].max() < 24
    assert result.dark[1] in range(27, 32)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_single_camera_gives_its_whole_picture(tmp_path: Path, side: str) -> None:
    left, right = pair(tmp_path, list(range(45)), list(range(45)))
    result = render(job(tmp_path, left if side == "left" else (), right if side == "right" else ()))
    assert (result.width, result.height, result.method) == (WIDTH, HEIGHT, MergeMethod.SINGLE)
    assert clips.numbers(result.video, LEFT_CODE if side == "left" else RIGHT_CODE) == list(range(45))
    assert "only one camera" in result.fallbacks[0]


def test_two_files_of_different_length_and_rate_go_by_their_own_timestamps(tmp_path: Path) -> None:
    left = clips.write(tmp_path / "left.mp4", clips.ticks(100, 25), code_left=LEFT_CODE, rate=25, bframes=2)
    right = clips.write(tmp_path / "right.mkv", clips.ticks(60, 30, 5 * NS), code_left=RIGHT_CODE)
    result = render(job(tmp_path, (left,), (right,), common_clock=False))
    assert result.frames == 120
    on_left, on_right = halves(result)
    assert on_left == sorted(on_left)
    assert all(abs(number - frame * 25 / 30) <= 1 for frame, number in enumerate(on_left))
    assert on_right[:60] == list(range(60))
    assert on_right[60:88] == [59] * 28
    assert clips.lumas(result.video)[100][:, WIDTH + 2 :].max() < 24


def test_a_right_picture_of_another_size_is_scaled_and_told(tmp_path: Path) -> None:
    left = clips.write(tmp_path / "left.mp4", clips.ticks(30), code_left=LEFT_CODE)
    right = clips.write(tmp_path / "right.mp4", clips.ticks(30), size=(640, 360))
    result = render(job(tmp_path, (left,), (right,), common_clock=False, method=MergeMethod.SIDE_BY_SIDE))
    assert (result.width, result.height) == (2 * WIDTH, HEIGHT)
    assert "640x360" in result.fallbacks[0]


def test_the_video_is_scaled_to_the_width_asked_for(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(30)), list(range(30)))
    result = render(job(tmp_path, left, right, output_width=WIDE // 2))
    assert (result.width, result.height) == (WIDE // 2, HEIGHT // 2)
    assert clips.lumas(result.video)[0].shape == (HEIGHT // 2, WIDE // 2)


def test_methods_that_cannot_be_had_fall_back_with_their_reasons(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    result = render(job(tmp_path, left, right, method=MergeMethod.PANORAMA, overlap=0))
    assert (result.method, result.width) == (MergeMethod.SIDE_BY_SIDE, 2 * WIDTH)
    assert [line.split(":")[0] for line in result.fallbacks] == ["panorama", "feather"]


@pytest.mark.parametrize("content", ["text", "nothing", "folder", "sound"])
def test_what_is_no_video_is_refused_in_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "left.mp4"
    if content == "text":
        path.write_text("not a video\n" * 1000)
    elif content == "folder":
        path.mkdir()
    elif content == "sound":
        with av.open(str(path), "w") as output:
            sound = output.add_stream("aac", rate=48_000)
            for position in range(20):
                piece = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), format="s16", layout="mono")
                piece.sample_rate, piece.pts = 48_000, position * 1024
                output.mux(sound.encode(piece))
            output.mux(sound.encode(None))
    with pytest.raises(VideoError) as refused:
        probe(path)
    with pytest.raises(VideoError) as nothing:
        render(job(tmp_path, (path,), ()))
    for error in (refused, nothing):
        assert str(path) in str(error.value)
        assert "\n" not in str(error.value)
    assert not list(tmp_path.glob("*out*"))


def test_an_unwritable_place_is_one_clear_line(tmp_path: Path) -> None:
    left, right = pair(tmp_path, list(range(10)), list(range(10)))
    (tmp_path / "file").write_text("in the way")
    asked = job(tmp_path, left, right)
    with pytest.raises((VideoError, OSError), match="file"):
        render(RenderJob(left, right, tmp_path / "file" / "out.mp4", 30, asked.cache))


def test_a_video_filmed_on_its_side_is_shown_upright(tmp_path: Path) -> None:
    path = tmp_path / "side.mp4"
    picture = np.full((48, 64), 128, np.uint8)
    picture[:32] = 40
    picture[:32, :32] = 220
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        stream.set_display_rotation(90)
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    about = probe(path)
    assert (about.width, about.height, about.rotation) == (32, 64, 90)
    luma = clips.lumas(render(job(tmp_path, (path,), (), common_clock=False)).video)[1]
    assert luma.shape == (64, 32)
    assert luma[:28].max() < 60
    assert luma[36:].min() > 200
