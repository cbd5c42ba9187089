"""The engine's hold on a recorder: a real process, told what to do."""

import asyncio
import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.clock import Clock, SystemClock
from ezrec_tui.engine.link import end_recorders, recorder_socket, take_over
from ezrec_tui.engine.recorders import HUNG_NS, Recorder
from ezrec_tui.engine.serving import LONGEST_SOCKET_PATH
from ezrec_tui.model import NS, CameraState
from ezrec_tui.recorder.messages import Message, Start, Started, Trouble
from ezrec_tui.recording_files import find_segments, survey
from tests.clock import OwnedClock
from tests.engine.test_supervisor import unkillable
from tests.recorder.driver import SPEC, RecorderInHand, begins_now


@pytest.fixture(autouse=True)
def _no_recorder_is_left(tmp_path: Path) -> Generator[None]:
    yield
    end_recorders(tmp_path)


class House:
    """A recorder without an engine."""

    def __init__(self, spec: CameraSpec, data: Path, clock: Clock | None = None) -> None:
        self.messages: list[Message] = []
        self.ends = 0
        self.recorder = Recorder(
            spec,
            clock or SystemClock(),
            0,
            data,
            on_message=self._hear,
            on_down=self._count_end,
            on_change=lambda: None,
        )

    async def until(self, state: CameraState) -> None:
        await self._until(lambda: self.recorder.status().state is state)

    async def until_written(self, frames: int) -> None:
        await self._until(lambda: self.recorder.written("b1") >= frames)

    async def until_heard(self, kind: type[Message]) -> None:
        await self._until(lambda: any(isinstance(message, kind) for message in self.messages))

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                await asyncio.sleep(0.01)

    async def until_it_ended(self) -> None:
        await self._until(lambda: self.ends > 0)

    def _count_end(self, _camera: int, _given_up: bool) -> None:
        self.ends += 1

    def _hear(self, _camera: int, message: Message) -> None:
        self.messages.append(message)


@contextmanager
def left_recording(data: Path) -> Generator[tuple[RecorderInHand, Start]]:
    """A recorder that records, and whose engine is gone."""
    start = begins_now(data / "b1")
    with RecorderInHand(data / "log", path=recorder_socket(data, SPEC.index)) as left:
        left.tell(start)
        left.wait_for_frames(20)
        left.leave()
        yield left, start


async def test_a_camera_that_was_found_is_named_and_no_other_takes_its_place_after_a_restart(
    tmp_path: Path,
) -> None:
    house = House(CameraSpec(0, "", 320, 180, 30, 500_000, overlap=40), tmp_path)
    running = asyncio.create_task(house.recorder.child.run())
    await house.until(CameraState.IDLE)
    assert house.recorder.serial == house.recorder.status().serial == "testpattern"
    house.recorder.child.kill()
    await house.until_it_ended()
    await house.until(CameraState.IDLE)
    assert house.recorder.spec.serial == "testpattern"
    await house.recorder.child.stop()
    await running


async def test_frames_written_are_not_forgotten_when_a_recorder_is_started_again(tmp_path: Path) -> None:
    house = House(SPEC, tmp_path)
    running = asyncio.create_task(house.recorder.child.run())
    house.recorder.start(begins_now(tmp_path / "b1"))
    await house.until_written(20)
    house.recorder.child.kill()
    await house.until_it_ended()
    before = house.recorder.written("b1")
    assert before >= 20
    await house.until_written(before + 10)
    house.recorder.forget("b1")
    await house.recorder.child.stop()
    await running


async def test_arming_goes_from_the_slow_preview_to_frames_and_back(tmp_path: Path) -> None:
    house = House(SPEC, tmp_path)
    running = asyncio.create_task(house.recorder.child.run())
    await house.until(CameraState.IDLE)
    assert house.recorder.last_sensor_ns is None, "nothing to compare while it looks"
    house.recorder.arm()
    await house.until(CameraState.ARMED)
    assert house.recorder.last_sensor_ns is not None
    house.recorder.disarm()
    await house.until(CameraState.IDLE)
    await house.recorder.child.stop()
    await running


async def test_a_recorder_that_was_left_recording_is_taken_over_and_told_what_is_new(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        house = House(SPEC, tmp_path)
        house.recorder.start(start)
        running = asyncio.create_task(house.recorder.child.run())
        await house.until_heard(Started)
        assert house.recorder.child.pid == left.process.pid
        await house.until_written(house.recorder.written("b1") + 20)
        await house.recorder.child.stop()
        await running
    assert not recorder_is_there(tmp_path)
    (segment,) = survey(start.folder).segments
    assert segment.captured == segment.frames, "one file, closed and listed"


async def test_a_recorder_of_other_settings_is_ended_in_order_and_a_new_one_goes_on(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        house = House(replace(SPEC, bitrate=SPEC.bitrate * 2), tmp_path)
        house.recorder.start(start)
        running = asyncio.create_task(house.recorder.child.run())
        await house.until_heard(Started)
        assert house.recorder.child.pid != left.process.pid
        assert left.exit_status() == 0
        await house.recorder.child.stop()
        await running
    first, second = find_segments(start.folder)
    assert first.captured
    assert second.captured


async def test_a_recorder_that_was_taken_over_is_started_again_when_it_dies(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        house = House(SPEC, tmp_path)
        house.recorder.start(start)
        running = asyncio.create_task(house.recorder.child.run())
        await house.until_written(1)
        os.kill(left.process.pid, signal.SIGKILL)
        await house.until_it_ended()
        await house.until(CameraState.RECORDING)
        assert house.recorder.child.pid != left.process.pid
        await house.recorder.child.stop()
        await running


async def test_a_recorder_that_hangs_and_answers_no_engine_is_replaced(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        os.kill(left.process.pid, signal.SIGSTOP)
        clock = OwnedClock(datetime.now(UTC))
        house = House(SPEC, tmp_path, clock)
        house.recorder.start(start)
        running = asyncio.create_task(house.recorder.child.run())
        await house.until(CameraState.STARTING)
        assert house.recorder.child.pid == left.process.pid
        house.recorder.kill_if_hung()
        assert house.recorder.child.pid == left.process.pid, "it has time to answer"
        clock.advance(HUNG_NS / NS + 1)
        house.recorder.kill_if_hung()
        await house.until(CameraState.RECORDING)
        assert house.recorder.child.pid != left.process.pid
        await house.recorder.child.stop()
        await running


async def test_no_other_takes_the_place_of_one_that_was_taken_over_and_cannot_be_killed(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        house = House(SPEC, tmp_path)
        house.recorder.start(start)
        running = asyncio.create_task(house.recorder.child.run())
        await house.until_written(1)
        with unkillable(left.process.pid):
            house.recorder.child.kill(patience=0.1)
            await house.until_heard(Trouble)
            assert house.recorder.child.is_stuck
            assert house.recorder.child.pid == left.process.pid
            assert recorder_is_there(tmp_path), "the next engine would find it too"
        await house.until(CameraState.RECORDING)
        assert house.recorder.child.pid != left.process.pid
        await house.recorder.child.stop()
        await running


def test_recorders_that_nobody_wants_are_ended_and_the_others_left(tmp_path: Path) -> None:
    with left_recording(tmp_path) as (left, start):
        end_recorders(tmp_path, but=[SPEC.index])
        assert recorder_is_there(tmp_path)
        end_recorders(tmp_path)
        assert left.exit_status() == 0
        assert not recorder_is_there(tmp_path)
    (segment,) = survey(start.folder).segments
    assert segment.captured


def test_a_socket_is_for_its_owner_alone_however_long_the_path(tmp_path: Path) -> None:
    data = tmp_path / ("a long name " * 10)
    data.mkdir()
    with left_recording(data):
        path = recorder_socket(data, SPEC.index)
        assert len(os.fsencode(path)) > LONGEST_SOCKET_PATH
        assert path.stat().st_mode & 0o777 == 0o600
        assert recorder_is_there(data)


def recorder_is_there(data: Path) -> bool:
    link = take_over(recorder_socket(data, SPEC.index))
    if link is not None:
        link.close()
    return link is not None
