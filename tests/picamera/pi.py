"""What the tests on the virtual Pi share: a camera with its recorder, and what its sensor knows."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import av
import pytest

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.clock import SystemClock, sensor_ns
from ezrec_tui.engine.link import Link, start_recorder, take_over
from ezrec_tui.engine.supervisor import Child
from ezrec_tui.model import CameraState
from ezrec_tui.recorder.messages import Command, Finished, Message, SetEnd, Start, Status, messages
from ezrec_tui.recording_files import find_segments, pts_of
from tests.picamera.virtual_pi import exposed
from tests.recorder.driver import CAMERA_SPEC, LIMIT_SECONDS, RecorderInHand
from tests.recorder.footage import pts_in

LEFT = CameraSpec(0, "cam0", 640, 360, 30, 800_000)
RIGHT = replace(LEFT, index=1, serial="cam1")
SECOND = 90_000
"""In ticks of the segments' clock."""
POLL_SECONDS = 0.02
RECORDER = "tests.picamera.recorder"

MessageT = TypeVar("MessageT", bound=Message)


class VirtualPi:
    """One camera: where its faults are set, its recorder, its footage."""

    def __init__(self, folder: Path, spec: CameraSpec = LEFT, faults: Iterable[str] = ()) -> None:
        self.spec = spec
        self.folder = folder
        self.faults = folder / f"pi-{spec.index}"
        self.faults.mkdir()
        for fault in faults:
            self.set(fault)

    def recorder(self) -> RecorderInHand:
        log = self.folder / f"log-{self.spec.index}"
        return RecorderInHand(log, self.folder, spec=self.spec, module=RECORDER)

    def set(self, *faults: str) -> None:
        for fault in faults:
            (self.faults / fault).touch()

    def clear(self, *faults: str) -> None:
        for fault in faults:
            (self.faults / fault).unlink()

    def exposed(self, start: Start) -> list[int]:
        """When the sensor exposed the frames that it handed over, as PTS of a recording: ticks of 90 kHz."""
        return [pts_of(ns - start.epoch_sensor_ns) for ns in exposed(self.faults) if ns >= start.epoch_sensor_ns]

    def recorded(self, start: Start) -> list[int]:
        """PTS of this camera's frames in the files of a recording, in order."""
        mine = [s for s in find_segments(start.folder) if s.camera == self.spec.index]
        return [pts for segment in mine for pts in pts_in(start.folder / segment.name)]

    def exposed_within(self, start: Start) -> list[int]:
        """What has to be in the files: all that was exposed from their first frame to the end."""
        first, end = self.recorded(start)[0], pts_of(start.end_ns)
        return [pts for pts in self.exposed(start) if first <= pts < end]


class Supervised:
    """A camera's recorder under the engine's supervisor, which starts it again; each is told of the one recording."""

    def __init__(self, pi: VirtualPi, start: Start) -> None:
        self.exits: list[int | None] = []
        """Exit statuses of the processes that ended."""
        self._start = start
        self._heard: list[list[Message]] = []
        """What each process said."""
        self._more = threading.Condition()
        document = CAMERA_SPEC.dump_json(pi.spec).decode()
        recorder = [sys.executable, "-m", RECORDER, "--spec", document, "--logs", str(pi.faults)]
        self._command = ["/usr/bin/env", f"FAULTS={pi.folder}", *recorder]
        self._path = pi.faults / "socket"
        self._child = Child(
            f"recorder {pi.spec.index}",
            self._open,
            SystemClock(),
            on_start=self._begin,
            on_line=self._hear,
            on_exit=self._note_exit,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._child.run()])

    def __enter__(self) -> "Supervised":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._child.stop(), self._loop)
        self._thread.join(LIMIT_SECONDS)
        self._loop.close()

    def tell(self, command: Command) -> None:
        self._loop.call_soon_threadsafe(self._child.send, command)

    def wait_for(
        self, kind: type[MessageT], is_meant: Callable[[MessageT], bool] = lambda _: True, *, process: int = 0
    ) -> MessageT:
        """The first such message of the so manieth process; waits for it."""

        def found() -> MessageT | None:
            said = self._heard[process] if process < len(self._heard) else []
            return next((m for m in said if isinstance(m, kind) and is_meant(m)), None)

        with self._more:
            message = self._more.wait_for(found, timeout=LIMIT_SECONDS)
        assert message is not None, f"no {kind.__name__} of process {process}: {[said[-3:] for said in self._heard]}"
        return message

    def wait_for_state(self, state: CameraState, *, process: int = 0) -> Status:
        return self.wait_for(Status, lambda m: m.status.state is state, process=process)

    def wait_for_frames(self, count: int, *, process: int = 0) -> Status:
        booking_id = self._start.booking_id
        return self.wait_for(Status, lambda m: m.written.get(booking_id, 0) >= count, process=process)

    def states(self) -> set[CameraState]:
        return {m.status.state for said in self._heard for m in said if isinstance(m, Status)}

    async def _open(self) -> Link:
        link = take_over(self._path) or start_recorder(self._path, self._command)
        await link.open()
        return link

    def _begin(self) -> None:
        self._heard.append([])
        self._child.send(self._start)

    def _hear(self, line: bytes) -> None:
        with self._more:
            self._heard[-1].append(messages.validate_json(line))
            self._more.notify_all()

    def _note_exit(self, status: int | None, _: bool) -> None:
        self.exits.append(status)


def wait_until(is_so: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(int(LIMIT_SECONDS / POLL_SECONDS)):
        if is_so():
            return
        waiting.wait(POLL_SECONDS)
    pytest.fail("it did not come to pass")


def end_now(recorder: RecorderInHand | Supervised, start: Start, *, process: int = 0) -> Finished:
    recorder.tell(SetEnd(booking_id=start.booking_id, end_ns=sensor_ns() - start.epoch_sensor_ns))
    if isinstance(recorder, Supervised):
        return recorder.wait_for(Finished, process=process)
    return recorder.wait_for(Finished)


def keyframes_in(path: Path) -> list[int]:
    """PTS of a segment's keyframes."""
    with av.open(str(path)) as container:
        return [p.pts for p in container.demux(video=0) if p.size and p.is_keyframe and p.pts is not None]


def overdue(recorded: list[int], keyframes: list[int]) -> list[int]:
    """Frames that should have begun a GOP and did not: a second after the last, or next after."""
    late = list[int]()
    for keyframe, following in pairwise(keyframes):
        late += [pts for pts in recorded if keyframe + SECOND - SECOND // LEFT.fps // 2 <= pts < following]
    return late


def mount(folder: Path, size: str, *, again: bool = False) -> None:
    """A disk in memory of a size, or another size for it. It is gone with the tests' own mounts."""
    options = f"remount,size={size}" if again else f"size={size}"
    command = ["mount", "-t", "tmpfs", "-o", options, "small", str(folder)]
    subprocess.run(command, check=True, timeout=LIMIT_SECONDS)
