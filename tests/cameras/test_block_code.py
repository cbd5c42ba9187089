"""The code on the frames is read after all that happens to a video, and never read wrong."""

from collections.abc import Iterator

import av
import cv2
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from hypothesis import given, settings
from hypothesis import strategies as st

from ezrec_tui.cameras.block_code import (
    HEIGHT,
    WIDTH,
    Area,
    Code,
    code_area,
    code_area_in_video,
    draw_code,
    read_code,
    read_video_frame,
)
from ezrec_tui.cameras.encoder import Encoder
from ezrec_tui.cameras.picture import Picture, Plane
from ezrec_tui.model import NS
from tests.cameras.watching import luma

SIZES = [(320, 180), (640, 360), (1280, 720), (1920, 1080)]


def court(width: int, height: int, seed: int = 1) -> Plane:
    """A picture with something everywhere, as an H.264 encoder meets it."""
    noise = np.random.default_rng(seed).integers(40, 220, (height // 8 + 1, width // 8 + 1), np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def with_code(size: tuple[int, int], code: Code) -> Plane:
    y = court(*size)
    draw_code(y, code_area(code.camera, *size), code)
    return y


def through_h264(planes: list[Plane], fps: int, bitrate: int) -> Iterator[Plane]:
    height, width = planes[0].shape
    encoder, picture = Encoder(width, height, fps, bitrate), Picture(width, height)
    picture.i420[:] = 128
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    for number, y in enumerate(planes):
        picture.y[:] = y
        for packet in encoder.encode(picture, number * NS // fps):
            for frame in decoder.decode(av.Packet(packet.data)):
                yield luma(frame)
    for frame in decoder.decode(None):
        yield luma(frame)


codes = st.builds(
    Code,
    camera=st.integers(0, 15),
    number=st.integers(0, 2**32 - 1),
    time_ms=st.integers(0, 2**48 - 1),
)


@settings(max_examples=60, deadline=None)
@given(code=codes)
def test_every_code_is_read_as_it_was_drawn(code: Code) -> None:
    assert read_video_frame(with_code((640, 360), code), code.camera, (640, 360)) == code


def test_the_codes_of_two_cameras_look_different_though_frame_and_time_are_one() -> None:
    left, right = (np.zeros((HEIGHT, WIDTH), np.uint8) for _ in range(2))
    for camera, y in enumerate((left, right)):
        draw_code(y, Area(0, 0, WIDTH, HEIGHT), Code(camera, 54_000_123, 1_795_000_000_456))
    assert 30 < np.count_nonzero(left != right) < 74, "of 104 blocks; not the other's negative either"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("camera", [0, 1])
def test_a_code_is_read_at_half_size(size: tuple[int, int], camera: int) -> None:
    code = Code(camera, 54_000_123, 1_795_000_000_456)
    half = cv2.resize(with_code(size, code), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert read_video_frame(np.asarray(half, np.uint8), camera, size) == code


@pytest.mark.parametrize(("size", "bitrate"), [((640, 360), 700_000), ((1920, 1080), 6_000_000)])
def test_codes_survive_the_encoder_of_the_recording_and_then_that_of_the_render_at_half_size(
    size: tuple[int, int], bitrate: int
) -> None:
    sent = [Code(1, 8_000_000 + n, 1_795_000_000_000 + n * 33) for n in range(12)]
    recorded = list(through_h264([with_code(size, code) for code in sent], 30, bitrate))
    assert [read_video_frame(y, 1, size) for y in recorded] == sent
    rendered = list(through_h264(recorded, 30, bitrate))
    halves = [np.asarray(cv2.resize(y, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8) for y in rendered]
    again = list(through_h264(halves, 30, bitrate // 2))
    assert [read_video_frame(y, 1, size) for y in again] == sent


@pytest.mark.parametrize("overlap", [0, 80, 120])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_both_halves_of_a_stitched_video_are_read(overlap: int, scale: float) -> None:
    size = (640, 360)
    left, right = Code(0, 70, 1_000_000), Code(1, 71, 1_000_033)
    canvas = np.zeros((360, 2 * 640 - overlap), np.uint8)
    canvas[:, :640] = with_code(size, left)
    canvas[:, 640 - overlap :] = np.maximum(canvas[:, 640 - overlap :], with_code(size, right))
    video = np.asarray(cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    assert read_video_frame(video, 0, size) == left
    assert read_video_frame(video, 1, size) == right


def test_a_single_camera_video_is_read_whichever_camera_it_was() -> None:
    for camera in (0, 1):
        code = Code(camera, 5, 6)
        assert read_video_frame(with_code((640, 360), code), camera, (640, 360)) == code


@pytest.mark.parametrize("shift", [(-4, 0), (4, 3), (0, -7), (7, -7)])
def test_a_code_a_few_pixels_off_its_place_is_read(shift: tuple[int, int]) -> None:
    code = Code(0, 1234, 5678)
    moved = np.roll(with_code((640, 360), code), shift, axis=(1, 0))
    assert read_video_frame(moved, 0, (640, 360)) == code


def test_a_picture_dimmed_and_brightened_unevenly_is_read() -> None:
    code = Code(0, 99, 77)
    light = np.linspace(0.5, 1.0, 640)
    assert read_video_frame((with_code((640, 360), code) * light).astype(np.uint8), 0, (640, 360)) == code


def test_a_place_without_a_code_gives_none() -> None:
    y = with_code((640, 360), Code(0, 1, 2))
    assert read_video_frame(y, 1, (640, 360)) is None
    assert read_video_frame(np.zeros_like(y), 0, (640, 360)) is None
    assert read_code(y, Area(10_000, 10_000, 136, 96)) is None
    assert read_code(y, Area(-500, -500, 136, 96)) is None


def test_a_flipped_block_gives_none_whichever_it_is() -> None:
    size = (640, 360)
    area = code_area(0, *size)
    clean = with_code(size, Code(0, 4711, 1_795_000_000_000))
    block = int(area.width) // WIDTH
    for row in range(2, HEIGHT - 2):
        for column in range(2, WIDTH - 2):
            y = clean.copy()
            top, left = int(area.y) + row * block, int(area.x) + column * block
            cell = y[top : top + block, left : left + block]
            cell[:] = 255 - cell
            assert read_code(y, area) is None, (row, column)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_noise_is_never_read_as_a_code(seed: int) -> None:
    y = np.random.default_rng(seed).integers(0, 256, (120, 160), np.uint8)
    assert read_code(y, Area(10, 10, 136, 96)) is None


@pytest.mark.parametrize("size", SIZES)
def test_codes_lie_outside_the_overlap_and_away_from_the_logos(size: tuple[int, int]) -> None:
    width, height = size
    overlap = width // 8
    canvas = 2 * width - overlap
    logo = width // 16
    for camera in (0, 1):
        own = code_area(camera, width, height)
        assert own.x >= 0
        assert own.x + own.width <= width
        assert own.y + own.height <= height
        assert own.x + own.width <= width - overlap if camera == 0 else own.x >= overlap
        area = code_area_in_video(camera, size, (canvas, height))
        for centre_x in (logo, canvas / 2, canvas - logo):
            for centre_y in (logo, height / 2, height - logo):
                if centre_x != canvas / 2 and centre_y == height / 2:
                    continue
                apart_x = abs(area.x + area.width / 2 - centre_x) - (area.width + logo) / 2
                apart_y = abs(area.y + area.height / 2 - centre_y) - (area.height + logo) / 2
                assert max(apart_x, apart_y) >= 0, (camera, centre_x, centre_y)
