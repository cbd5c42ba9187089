"""The engine's hold on a recorder: a real process, told what to do."""

import asyncio
from pathlib import Path

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.model import CameraState
from ezrec_tui.recorder.messages import Message
from tests.recorder.driver import begins_now


class House:
    """A recorder without an engine."""

    def __init__(self, spec: CameraSpec) -> None:
        self.messages: list[Message] = []
        self._news = asyncio.Event()
        self.recorder = Recorder(
            spec,
            SystemClock(),
            0,
            on_message=self._hear,
            on_down=lambda _camera, _given_up: self._news.set(),
            on_change=self._news.set,
        )

    async def until(self, state: CameraState) -> None:
        async with asyncio.timeout(30):
            while self.recorder.status().state is not state:
                self._news.clear()
                await self._news.wait()

    async def until_written(self, frames: int) -> None:
        async with asyncio.timeout(30):
            while self.recorder.written("b1") < frames:
                self._news.clear()
                await self._news.wait()

    def _hear(self, _camera: int, message: Message) -> None:
        self.messages.append(message)
        self._news.set()


async def test_a_camera_that_was_found_is_named_and_no_other_takes_its_place_after_a_restart() -> None:
    house = House(CameraSpec(0, "", 320, 180, 30, 500_000, overlap=40))
    running = asyncio.create_task(house.recorder.child.run())
    await house.until(CameraState.IDLE)
    assert house.recorder.serial == house.recorder.status().serial == "testpattern"
    house.recorder.child.kill()
    await house.until(CameraState.LOST)
    await house.until(CameraState.IDLE)
    assert house.recorder.spec.serial == "testpattern"
    await house.recorder.child.stop()
    await running


async def test_frames_written_are_not_forgotten_when_a_recorder_is_started_again(tmp_path: Path) -> None:
    house = House(CameraSpec(0, "testpattern", 320, 180, 30, 500_000, overlap=40))
    running = asyncio.create_task(house.recorder.child.run())
    house.recorder.start(begins_now(tmp_path / "b1"))
    await house.until_written(20)
    house.recorder.child.kill()
    await house.until(CameraState.LOST)
    before = house.recorder.written("b1")
    assert before >= 20
    await house.until_written(before + 10)
    house.recorder.forget("b1")
    await house.recorder.child.stop()
    await running


async def test_arming_goes_from_the_slow_preview_to_frames_and_back() -> None:
    house = House(CameraSpec(0, "testpattern", 320, 180, 30, 500_000, overlap=40))
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
