"""The test pattern: two cameras over one court, numbered and clocked. What both see: see `test_view`."""

import itertools
import time

import numpy as np
import pytest

from ezrec_tui.cameras.block_code import Code, read_video_frame
from ezrec_tui.cameras.camera import CameraError, CameraSpec
from ezrec_tui.cameras.picture import PREVIEW_WIDTH, Picture, Plane
from ezrec_tui.cameras.test_pattern import TestPattern, open_test_pattern
from ezrec_tui.cameras.viewfinder import MIDDLE_HEIGHT, MIDDLE_WIDTH
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS
from tests.cameras.watching import Film, decode, film, small

PERIOD = NS // 30


def draw(spec: CameraSpec, number: int) -> Picture:
    scene, picture = TestPattern(spec), Picture(spec.width, spec.height)
    scene.open(0)
    scene.draw(picture, number, number * PERIOD)
    return picture


def code_of(y: Plane, index: int) -> Code:
    code = read_video_frame(y, index, (y.shape[1], y.shape[0]))
    assert code is not None
    return code


def test_players_and_ball_cross_the_overlap() -> None:
    spec = small(0)
    seen = [draw(spec, number).y[:, -40:] for number in range(0, 900, 30)]
    assert sum(not np.array_equal(one, other) for one, other in itertools.pairwise(seen)) > 10


def test_what_moves_is_a_function_of_the_frame_number_alone() -> None:
    spec = small(1)
    scene, early, late = TestPattern(spec), Picture(320, 180), Picture(320, 180)
    scene.open(0)
    scene.draw(early, 77, 77 * PERIOD)
    for number in (78, 5_000, 77):
        scene.draw(late, number, number * PERIOD)
    assert np.array_equal(early.u, late.u)
    assert np.array_equal(draw(spec, 77).u, early.u)


def test_two_cameras_that_run_number_their_frames_alike_and_carry_the_time_of_their_exposure() -> None:
    cameras, films = [open_test_pattern(small(index)) for index in (0, 1)], [Film(), Film()]
    for camera, sink in zip(cameras, films, strict=True):
        camera.start(sink)
    for sink in films:
        sink.wait_for(40)
    for camera in cameras:
        camera.stop()
    wall_minus_sensor_ms = (time.time_ns() - sensor_ns()) / 1e6
    times_of = list[dict[int, int]]()
    for index, sink in enumerate(films):
        codes = [code_of(y, index) for y in decode(sink.packets)]
        assert len(codes) == len(sink.packets)
        for code, packet in zip(codes, sink.packets, strict=True):
            assert code.camera == index
            assert packet.sensor_ns == code.number * PERIOD
            assert abs(code.time_ms - packet.sensor_ns / 1e6 - wall_minus_sensor_ms) < 5
        times_of.append({code.number: code.time_ms for code in codes})
        assert cameras[index].captured == len(codes)
        assert sum(b.number - a.number - 1 for a, b in itertools.pairwise(codes)) == cameras[index].dropped
    common = times_of[0].keys() & times_of[1].keys()
    assert len(common) > 20
    assert all(abs(times_of[0][number] - times_of[1][number]) <= 1 for number in common)


def test_the_first_packet_is_a_keyframe_and_one_more_comes_each_second() -> None:
    packets = film(open_test_pattern(small()), 65)
    keyframes = [packet.sensor_ns for packet in packets if packet.keyframe]
    assert packets[0].keyframe
    assert len(keyframes) >= 3
    assert all(later - earlier <= NS + PERIOD for earlier, later in itertools.pairwise(keyframes))


def test_a_court_that_hangs_upside_down_is_turned_round() -> None:
    upright, turned = draw(small(0), 4_000), draw(small(0, rotation=180), 4_000)
    assert code_of(turned.y[::-1, ::-1], 0).number == 4_000
    assert np.array_equal(turned.u, upright.u[::-1, ::-1])


def test_a_rotation_that_cannot_be_is_refused_with_what_to_do() -> None:
    with pytest.raises(CameraError, match="CAMERA_ROTATION to 0 or 180"):
        open_test_pattern(small(rotation=90)).start(Film())


def test_a_picture_too_small_for_the_code_is_refused_with_what_to_do() -> None:
    with pytest.raises(CameraError, match="RESOLUTION"):
        open_test_pattern(CameraSpec(0, "testpattern", 96, 64, 30, 10**6)).start(Film())


def test_who_asks_sees_a_small_grey_picture_of_now_and_the_middle_of_the_large_one() -> None:
    camera = open_test_pattern(CameraSpec(0, "testpattern", 1280, 720, 30, 10**6, overlap=160))
    film(camera, 2)
    assert camera.viewfinder.newest is None, "nobody asked"
    camera.viewfinder.ask(after_ns=0, seconds=0)
    film(camera, 2)
    view = camera.viewfinder.newest
    assert view is not None
    assert view.grey.shape == (180, PREVIEW_WIDTH)
    assert view.grey.std() > 20
    assert view.middle.shape == (MIDDLE_HEIGHT, MIDDLE_WIDTH)
    assert np.array_equal(view.middle[::4, ::4], view.grey[42:138, 96:224]), "its middle, four times as large"
