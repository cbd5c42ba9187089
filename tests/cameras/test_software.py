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
from tests.cameras.watching import LIMIT_SECONDS, Film, small


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
        self.closed = False

    def open(self, now_ns: int, *, sparse: bool = False) -> None:
        self.closed = False

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        picture.i420[:] = 128
        self.drawn += 1
        waiting = threading.Event()
        while self.drawn == self.slow_at and sensor_ns() < at_ns + self.for_ns:
            waiting.wait(0.005)

    def close(self) -> None:
        self.closed = True


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
    assert scene.closed


class FailingScene(SlowScene):
    def __init__(self) -> None:
        super().__init__(slow_at=0, for_ns=0)
        self.failed = threading.Event()

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        if self.drawn == 3:
            self.failed.set()
            raise CameraError("the film is torn; mend it")
        super().draw(picture, number, at_ns)


def test_a_scene_that_fails_ends_the_frames_says_why_and_the_camera_can_be_started_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = FailingScene()
    camera = SoftwareCamera(small(), scene)
    film = Film()
    camera.start(film)
    assert scene.failed.wait(LIMIT_SECONDS)
    camera.stop()
    assert "the film is torn; mend it" in caplog.text
    assert scene.closed
    camera.stop()
    scene.drawn = 4
    camera.start(film)
    film.wait_for(6)
    camera.stop()


class Seen:
    """Collects the sensor times of a camera that looks."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self._more = threading.Condition()

    def __call__(self, sensor_ns: int) -> None:
        with self._more:
            self.times.append(sensor_ns)
            self._more.notify_all()

    def wait_for(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.times) >= count, timeout=LIMIT_SECONDS)


def test_a_camera_that_looks_draws_about_a_picture_a_second_and_shows_it() -> None:
    scene = SlowScene(0, 0)
    camera = SoftwareCamera(small(), scene)
    seen = Seen()
    camera.look(seen)
    seen.wait_for(3)
    camera.stop()
    view = camera.viewfinder.newest
    assert view is not None
    assert view.sensor_ns == seen.times[-1]
    assert scene.drawn == len(seen.times)
    assert all(later - earlier >= 9 * NS // 10 for earlier, later in itertools.pairwise(seen.times))


def test_a_camera_that_looks_gives_more_pictures_while_somebody_asks_and_fewer_again_when_nobody_does() -> None:
    camera = SoftwareCamera(small(), SlowScene(0, 0))
    seen = Seen()
    camera.look(seen)
    seen.wait_for(2)
    while seen.times[-1] - seen.times[-2] > NS // 2:
        assert camera.viewfinder.ask(seen.times[-1], LIMIT_SECONDS) is not None
    brisk = len(seen.times)
    while seen.times[-1] - seen.times[-2] < 9 * NS // 10:
        seen.wait_for(len(seen.times) + 1)
    camera.stop()
    assert all(later - earlier > NS // 7 for earlier, later in itertools.pairwise(seen.times)), "five a second at most"
    assert len(seen.times) - brisk < 5 * 4, "for three seconds"


def test_a_camera_goes_over_from_looking_to_running_and_back_without_being_closed() -> None:
    scene = SlowScene(0, 0)
    camera = SoftwareCamera(small(), scene)
    before, film, after = Seen(), Film(), Seen()
    camera.look(before)
    before.wait_for(1)
    asked_ns = sensor_ns()
    camera.start(film)
    film.wait_for(10)
    closed_between = scene.closed
    camera.look(after)
    after.wait_for(1)
    camera.stop()
    assert not closed_between
    assert film.packets[0].keyframe
    assert film.packets[0].sensor_ns > asked_ns
    assert after.times[0] >= film.packets[-1].sensor_ns
    assert scene.closed


def test_a_running_camera_is_not_started_twice() -> None:
    camera = SoftwareCamera(small(), SlowScene(0, 0))
    film = Film()
    camera.start(film)
    try:
        with pytest.raises(CameraError, match="running already"):
            camera.start(film)
    finally:
        camera.stop()
