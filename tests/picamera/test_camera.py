"""The camera's class on the real Picamera2: going over from looking to running, exposure measured and held."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ezrec_tui.cameras.camera import CameraError, Packet
from ezrec_tui.cameras.picamera2 import Picamera2Camera
from ezrec_tui.model import NS
from tests.picamera.pi import LEFT, RIGHT, wait_until
from tests.picamera.virtual_pi import exposed
from tests.recorder.driver import LIMIT_SECONDS


@pytest.fixture
def camera(folder: Path) -> Iterator[Picamera2Camera]:
    camera = Picamera2Camera(LEFT)
    yield camera
    camera.stop()


def test_a_camera_that_looks_shows_a_picture_and_runs_at_once_when_it_is_wanted(
    camera: Picamera2Camera, folder: Path
) -> None:
    seen: list[int] = []
    packets: list[Packet] = []
    camera.look(seen.append)
    wait_until(lambda: len(seen) >= 2)
    view = camera.viewfinder.newest
    assert view is not None
    assert view.sensor_ns in seen
    assert view.grey.shape == (180, 320)
    assert view.middle.shape == (360, 512)
    assert view.grey.std() > 1, "bars, not a blank"
    assert view.middle.std() > 1
    assert seen[1] - seen[0] == NS
    camera.start(packets.append)
    wait_until(lambda: len(packets) >= 10)
    with pytest.raises(CameraError, match="running already"):
        camera.start(packets.append)
    camera.stop()
    assert packets[0].keyframe
    times = [packet.sensor_ns for packet in packets]
    mine = exposed(folder)
    assert times == mine[mine.index(times[0]) :][: len(times)]
    assert len(times) <= camera.captured <= len(times) + 1
    camera.look(seen.append)
    before = len(seen)
    wait_until(lambda: len(seen) > before)


def test_a_camera_that_looks_gives_more_pictures_while_somebody_asks_and_fewer_again_when_nobody_does(
    camera: Picamera2Camera,
) -> None:
    seen: list[int] = []
    camera.look(seen.append)
    wait_until(lambda: len(seen) >= 2)
    while len(seen) < 3 or seen[-1] - seen[-2] > NS // 4:
        assert camera.viewfinder.ask(seen[-1], LIMIT_SECONDS) is not None
    brisk = len(seen)
    wait_until(lambda: seen[-1] - seen[-2] > 9 * NS // 10)
    assert len(seen) - brisk < 5 * 5, "for three seconds, and what was on its way"


def test_the_exposure_of_one_camera_is_held_by_the_other_also_when_it_is_opened_again(
    camera: Picamera2Camera, folder: Path
) -> None:
    packets: list[Packet] = []
    assert camera.exposure() is None
    camera.start(packets.append)
    wait_until(lambda: len(packets) >= 10)
    held = camera.exposure()
    assert held is not None
    assert None not in (held.time_us, held.gain, held.colour_gains)
    other = Picamera2Camera(RIGHT)
    try:
        other.start(lambda _: None)
        other.hold(held)
        wait_until(lambda: other.exposure() == held)
        other.stop()
        again: list[Packet] = []
        other.start(again.append)
        wait_until(lambda: len(again) >= 3)
        measured = {other.exposure()}
        wait_until(lambda: len(again) >= 20)
        assert measured | {other.exposure()} == {held}, "from its first frames on"
        other.hold(None)
        wait_until(lambda: other.exposure() != held)
    finally:
        other.stop()


def test_a_picture_that_the_camera_cannot_turn_is_refused_with_what_to_do(camera: Picamera2Camera) -> None:
    with pytest.raises(CameraError, match="set CAMERA_ROTATION to 0 or 180"):
        Picamera2Camera(replace(LEFT, rotation=90)).start(lambda _: None)
    camera.start(lambda _: None)  # it was closed: nobody holds it
