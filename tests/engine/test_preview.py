"""What the cameras see, for whoever looks, on a real engine with real recorders."""

import asyncio
import os
import signal
from collections.abc import Generator

import psutil
import pytest

from ezrec_tui.clock import sensor_ns
from ezrec_tui.engine.preview import FRESH_NS
from ezrec_tui.model import NS, CameraPicture, CameraState, StartRecording
from tests.engine.running import PATIENCE, RunningEngine, running_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("preview")) as running:
        running.until(lambda seen: all(camera.state is CameraState.IDLE for camera in seen.cameras))
        yield running


def seen_through(engine: RunningEngine) -> list[CameraPicture]:
    return asyncio.run(engine.client.preview())


def recorder_of(engine: RunningEngine, index: int) -> psutil.Process:
    children = psutil.Process(engine.process.pid).children(recursive=True)
    [found] = [one for one in children if f'"index":{index}' in " ".join(one.cmdline())]
    return found


def difference(one: CameraPicture, other: CameraPicture) -> int:
    return sum(abs(a - b) for a, b in zip(one.grey, other.grey, strict=True))


def test_each_camera_shows_a_small_picture_of_its_own_half_with_what_helps_to_set_it_up(engine: RunningEngine) -> None:
    left, right = seen_through(engine)
    assert [left.index, right.index] == [0, 1]
    for picture in (left, right):
        assert (picture.width, picture.height) == (160, 90)
        assert len(picture.grey) == 160 * 90
        assert picture.focus is not None
        assert sum(picture.histogram) == pytest.approx(1)
        assert 0 < picture.dark < 1
    assert left.grey != right.grey


def test_swapped_cameras_change_places_in_the_preview_too(engine: RunningEngine) -> None:
    before = seen_through(engine)
    asyncio.run(engine.client.swap_cameras())
    try:
        after = seen_through(engine)
    finally:
        asyncio.run(engine.client.swap_cameras())
    assert [picture.index for picture in after] == [0, 1]
    assert difference(after[0], before[1]) < difference(after[0], before[0])
    assert difference(after[1], before[0]) < difference(after[1], before[1])


def test_pictures_follow_each_other_while_somebody_looks_and_many_viewers_get_the_same_ones(
    engine: RunningEngine,
) -> None:
    async def many_look() -> list[list[CameraPicture]]:
        rounds = list[list[CameraPicture]]()
        for _ in range(4):
            rounds += await asyncio.gather(*(engine.client.preview() for _ in range(15)))
        return rounds

    seen = asyncio.run(many_look())
    times = sorted({pictures[0].sensor_ns for pictures in seen})
    assert len(seen) == 60
    assert len(times) <= 1 + (times[-1] - times[0]) * 1.2 / FRESH_NS, "five a second at most, however many look"


def test_a_camera_whose_recorder_hangs_is_left_out_and_the_other_one_is_shown(engine: RunningEngine) -> None:
    hung = recorder_of(engine, 0)
    os.kill(hung.pid, signal.SIGSTOP)
    shown = [0, 1]
    try:
        until_ns = sensor_ns() + round(PATIENCE * NS)
        while shown == [0, 1] and sensor_ns() < until_ns:  # its newest picture counts for two seconds
            shown = [picture.index for picture in seen_through(engine)]
    finally:
        os.kill(hung.pid, signal.SIGCONT)
    assert shown == [1]
    engine.until(lambda seen: seen.cameras[0].state is CameraState.IDLE)
    assert [picture.index for picture in seen_through(engine)] == [0, 1], "and back again"


def test_what_is_shown_while_nothing_is_recorded_is_shown_while_it_is(engine: RunningEngine) -> None:
    started = asyncio.run(engine.client.start(StartRecording(minutes=5)))
    assert started.booking_id is not None
    engine.until(lambda seen: all(camera.state is CameraState.RECORDING for camera in seen.cameras))
    pictures = seen_through(engine)
    asyncio.run(engine.client.stop(started.booking_id))
    assert [picture.index for picture in pictures] == [0, 1]
