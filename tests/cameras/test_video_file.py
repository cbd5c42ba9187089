"""The video-file camera: any video as a camera, in real time, over and over; what is none gets one clear line."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from ezrec_tui.cameras.block_code import Code, code_area, draw_code, read_video_frame
from ezrec_tui.cameras.camera import CameraError, CameraSpec
from ezrec_tui.cameras.film import Film
from ezrec_tui.cameras.picture import Picture, Plane
from ezrec_tui.cameras.video_file import VideoFile, draw_frame, loop_length, open_video_file
from ezrec_tui.model import NS
from tests.cameras import watching
from tests.cameras.watching import decode, film

PERIOD = NS // 30


def make_video(
    path: Path, frames: int, rate: int = 30, size: tuple[int, int] = (320, 180), turned: int = 0, gop: int = 15
) -> Path:
    """A video that brightens to the right and, less, to the foot; of 320x180 px, its frame n carries n as a code."""
    width, height = size
    ground = np.add.outer(np.linspace(40, 90, height), np.linspace(0, 60, width)).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "g": str(gop)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 2_000_000
        if turned:
            stream.set_display_rotation(turned)
        for number in range(frames):
            picture = Picture(width, height)
            picture.i420[:] = 128
            picture.y[:] = ground
            if size == (320, 180):
                draw_code(picture.y, code_area(0, width, height), Code(0, number, 0))
            frame = av.VideoFrame.from_numpy_buffer(picture.i420, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def spec(path: Path, rotation: int = 0, fps: int = 30, size: tuple[int, int] = (320, 180)) -> CameraSpec:
    return CameraSpec(0, f"file:{path}", *size, fps, 2_000_000, rotation)


def number_of(y: Plane) -> int:
    code = read_video_frame(y, 0, (320, 180))
    assert code is not None
    return code.number


def shown(scene: VideoFile, picture: Picture, times: list[int]) -> list[int]:
    """Numbers of the film's frames shown at these times."""
    found = list[int]()
    for at_ns in times:
        scene.draw(picture, at_ns // PERIOD, at_ns)
        found.append(number_of(picture.y))
    return found


def test_a_video_comes_out_as_a_camera_frame_by_frame_and_starts_over_at_its_end(tmp_path: Path) -> None:
    camera = open_video_file(spec(make_video(tmp_path / "court.mp4", 30)))
    packets = film(camera, 50)
    numbers = [number_of(y) for y in decode(packets)]
    assert all(packet.sensor_ns % PERIOD == 0 for packet in packets)
    surprises = [
        (number, later)
        for (number, packet), (later, next_packet) in pairwise(zip(numbers, packets, strict=True))
        if (later - number) % 30 != (next_packet.sensor_ns - packet.sensor_ns) // PERIOD % 30
    ]
    assert surprises == []
    assert len(set(numbers)) > 15


def test_frames_are_repeated_or_skipped_by_the_videos_own_times(tmp_path: Path) -> None:
    for rate, expected in ((10, [0, 0, 0, 1, 1, 1, 2, 2, 2]), (60, [0, 2, 4, 6, 8, 10, 12, 14, 16])):
        scene = VideoFile(spec(make_video(tmp_path / f"{rate}.mp4", 2 * rate, rate)))
        scene.open(0)
        assert shown(scene, Picture(320, 180), [number * PERIOD for number in range(9)]) == expected
        scene.close()


def test_times_that_a_file_rounds_to_milliseconds_make_no_frame_show_twice_or_not_at_all(tmp_path: Path) -> None:
    scene = VideoFile(spec(make_video(tmp_path / "court.mkv", 60)))
    hours = 7 * 3600 * NS // PERIOD
    scene.open(hours * PERIOD)
    numbers = shown(scene, Picture(320, 180), [(hours + number) * PERIOD for number in range(90)])
    assert all((after - before) % 60 == 1 for before, after in pairwise(numbers))
    scene.close()


def test_two_files_of_nearly_one_length_show_the_same_instant_whenever_they_were_opened(tmp_path: Path) -> None:
    one, other = (
        VideoFile(spec(make_video(tmp_path / "l.mp4", 90))),
        VideoFile(spec(make_video(tmp_path / "r.mp4", 93))),
    )
    start = 1_000_000 * NS
    one.open(start)
    other.open(start + 10 * NS)
    times = [start + 10 * NS + number * NS // 10 + 1_000_000 for number in range(1, 45)]
    picture = Picture(320, 180)
    assert shown(one, picture, times) == shown(other, Picture(320, 180), times)


def test_any_instant_of_a_long_film_is_found_and_after_a_stall_it_goes_on_at_the_right_place(tmp_path: Path) -> None:
    reader = Film(make_video(tmp_path / "long.mp4", 300, gop=100))
    for number in (0, 1, 2, 70, 299, 3, 150, 151, 290):
        assert number_of(watching.luma(reader.at(number * NS // 30 + 1_000_000))) == number
    assert number_of(watching.luma(reader.at(100 * NS))) == 299
    reader.close()


def test_keyframes_alone_are_decoded_when_no_more_is_asked_for(tmp_path: Path) -> None:
    film = Film(make_video(tmp_path / "long.mp4", 300))
    sparse = Film(film.path, keyframes_only=True)
    times = [second * NS + NS // 3 for second in (0, 1, 2, 3, 9, 4)]
    assert [round((film.at(at).time or 0) * 30) for at in times] == [10, 40, 70, 100, 280, 130]
    keyframes = [sparse.at(at) for at in times]
    assert [round((frame.time or 0) * 30) for frame in keyframes] == [0, 30, 60, 90, 270, 120]
    assert all(frame.key_frame for frame in keyframes)
    film.close()
    sparse.close()


def test_a_film_loops_after_whole_seconds_or_whole_if_shorter_than_one() -> None:
    assert loop_length(10 * NS + 7) == 10 * NS
    assert loop_length(NS // 2) == NS // 2
    assert loop_length(0) == NS


def corners(y: Plane) -> list[int]:
    """Of dark to bright: which corner is where. Top left, top right, bottom right, bottom left."""
    height, width = y.shape
    boxes = [y[:8, :8], y[:8, width - 8 :], y[height - 8 :, width - 8 :], y[height - 8 :, :8]]
    return [int(place) for place in np.argsort([float(box.mean()) for box in boxes])]


@pytest.mark.parametrize("turned", [0, 90, 180, -90])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_picture_is_turned_as_its_display_matrix_and_the_settings_say(
    tmp_path: Path, turned: int, rotation: int
) -> None:
    reader = Film(make_video(tmp_path / "turned.mp4", 2, size=(128, 128), turned=turned))
    frame = reader.at(0)
    assert frame.rotation % 360 == turned % 360
    upright = [0, 3, 1, 2]
    quarter_turns = (rotation - turned) % 360 // 90
    picture = Picture(128, 128)
    draw_frame(frame, picture, rotation)
    assert corners(picture.y) == [(corner + quarter_turns) % 4 for corner in upright]
    reader.close()


@pytest.mark.parametrize("size", [(640, 360), (160, 90), (400, 180), (320, 300), (322, 178)])
@pytest.mark.parametrize("rotation", [0, 90])
def test_a_video_of_any_size_fills_the_cameras_picture(tmp_path: Path, size: tuple[int, int], rotation: int) -> None:
    reader = Film(make_video(tmp_path / "sized.mp4", 1, size=size))
    picture = Picture(320, 180)
    picture.i420[:] = 255
    draw_frame(reader.at(0), picture, rotation)
    for plane in picture.planes:
        assert plane.max() < 250
    reader.close()


def test_a_transport_stream_and_a_single_picture_can_be_played(tmp_path: Path) -> None:
    for name, frames in (("court.ts", 90), ("one.mp4", 1)):
        scene = VideoFile(spec(make_video(tmp_path / name, frames)))
        scene.open(77_777 * NS)
        shown(scene, Picture(320, 180), [77_777 * NS + number * NS // 3 for number in range(12)])
        scene.close()


def test_damage_in_the_middle_is_left_out_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = make_video(tmp_path / "damaged.mp4", 90)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + len(data) // 3
    data[middle : middle + len(data) // 5] = bytes(len(data) // 5)
    path.write_bytes(data)
    reader = Film(path)
    frame = reader.at(0)
    for number in range(90):
        frame = reader.at(number * NS // 30 + 1_000_000)
    assert number_of(watching.luma(frame)) == 89
    reader.close()
    assert "damaged" in caplog.text


def wrong_files(folder: Path) -> list[tuple[Path, str]]:
    text, empty, silent, raw = folder / "text.mp4", folder / "empty.mp4", folder / "sound.mp4", folder / "raw.h264"
    text.write_text("This is not a video.\n" * 50)
    empty.write_bytes(b"")
    with av.open(str(silent), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    make_video(raw, 10)
    return [
        (folder / "missing.mp4", "no such file"),
        (text, "not a video"),
        (empty, "not a video"),
        (folder, "not a video"),
        (silent, "no picture"),
        (raw, "no picture in it that could be shown"),
    ]


def test_what_is_no_video_gets_one_line_with_what_where_and_what_to_do(tmp_path: Path) -> None:
    for path, what in wrong_files(tmp_path):
        with pytest.raises(CameraError) as caught:
            open_video_file(spec(path)).start(watching.Film())
        line = str(caught.value)
        assert line.startswith(f"file:{path}: ")
        assert what in line
        assert "; " in line
        assert "\n" not in line


def test_a_file_that_is_mended_can_be_played_by_the_same_camera(tmp_path: Path) -> None:
    path = tmp_path / "later.mp4"
    camera = open_video_file(spec(path))
    with pytest.raises(CameraError):
        camera.start(watching.Film())
    make_video(path, 30)
    assert film(camera, 3)[0].keyframe
