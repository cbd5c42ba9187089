"""Software cameras pace like a sensor: own instants on a grid, gaps when late, nothing bunched."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.cameras.camera import CameraError
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.cameras.software import BUFFERS, SensorGrid, SoftwareCamera
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS
from tests.cameras.watching import Film, small


def taken(grid: SensorGrid, now_ns: int) -> list[tuple[int, int]]:
    """All that is due at this time."""
    found = list[tuple[int, int]]()
    while grid.due_ns <= now_ns:
        found.append(grid.take(now_ns))
    return found


def test_a_reader_that_is_late_by_the_buffers_gets_every_frame_with_its_own_number() -> None:
    period = NS // 30
    grid = SensorGrid(30, 100 * period)
    assert grid.due_ns == 101 * period
    assert taken(grid, (101 + BUFFERS) * period) == [(101 + late, 0) for late in range(BUFFERS + 1)]


def test_a_reader_that_is_later_than_that_loses_the_oldest_and_counts_them() -> None:
    period = NS // 30
    grid = SensorGrid(30, 100 * period)
    assert taken(grid, (101 + BUFFERS + 3) * period) == [(104, 3)] + [(104 + n, 0) for n in range(1, BUFFERS + 1)]


@given(delays=st.lists(st.integers(0, 2 * NS), max_size=40), fps=st.integers(1, 120), start=st.integers(0, 2**60))
def test_whatever_the_delays_numbers_grow_and_every_gap_is_counted(delays: list[int], fps: int, start: int) -> None:
    grid, now = SensorGrid(fps, start), start
    last = start // grid.period_ns
    for delay in delays:
        now = max(now, grid.due_ns) + delay
        number, lost = grid.take(now)
        assert number == last + lost + 1
        assert number * grid.period_ns <= now
        last = number


def test_two_grids_of_one_rate_expose_the_same_instants() -> None:
    one, other = SensorGrid(30, 5_000_000_000), SensorGrid(30, 5_010_000_000)
    assert one.due_ns == other.due_ns


class SlowScene:
    """Grey; it takes frame after frame at once, but for one, which takes as long as many frames."""

    def __init__(self, slow_at: int, for_ns: int) -> None:
        self.slow_at, self.for_ns = slow_at, for_ns
        self.drawn = 0
        self.closed = threading.Event()

    def open(self, now_ns: int) -> None:
        pass

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        picture.i420[:] = 128
        self.drawn += 1
        waiting = threading.Event()
        while self.drawn == self.slow_at and sensor_ns() < at_ns + self.for_ns:
            waiting.wait(0.005)

    def close(self) -> None:
        self.closed.set()


def test_a_slow_picture_shows_as_a_gap_in_sensor_time_and_in_dropped_and_not_as_delay() -> None:
    scene = SlowScene(slow_at=5, for_ns=NS // 2)
    camera = SoftwareCamera(small(), scene)
    film = Film()
    camera.start(film)
    film.wait_for(20)
    camera.stop()
    period = NS // 30
    times = [packet.sensor_ns for packet in film.packets]
    assert all(time % period == 0 for time in times)
    gaps = [(later - earlier) // period - 1 for earlier, later in itertools.pairwise(times)]
    assert min(gaps) == 0
    assert gaps[4] >= 15 - BUFFERS - 1
    assert sum(gaps) == camera.dropped
    assert camera.captured == len(film.packets)
    assert scene.closed.is_set()


class FailingScene(SlowScene):
    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        if self.drawn == 3:
            raise CameraError("the film is torn; mend it")
        super().draw(picture, number, at_ns)


def test_a_scene_that_fails_ends_the_frames_says_why_and_the_camera_can_be_started_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = FailingScene(slow_at=0, for_ns=0)
    camera = SoftwareCamera(small(), scene)
    film = Film()
    camera.start(film)
    film.wait_for(3)
    assert scene.closed.wait(10)
    assert "the film is torn; mend it" in caplog.text
    camera.stop()
    camera.stop()
    scene.drawn = 4
    camera.start(film)
    film.wait_for(6)
    camera.stop()


def test_a_running_camera_is_not_started_twice() -> None:
    camera = SoftwareCamera(small(), SlowScene(0, 0))
    film = Film()
    camera.start(film)
    try:
        with pytest.raises(CameraError, match="running already"):
            camera.start(film)
    finally:
        camera.stop()
