"""A recorder process in a test's hands: commands go in, messages come out, as with the engine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TypeVar

from pydantic import TypeAdapter

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.clock import sensor_ns
from ezrec_tui.engine.link import listening_at, short_address
from ezrec_tui.log_lines import plain, read_all
from ezrec_tui.model import NS, CameraPicture, CameraState
from ezrec_tui.recorder.messages import Command, Message, Picture, Show, Start, Status, messages

LIMIT_SECONDS = 120
SPEC = CameraSpec(0, "testpattern", 320, 180, 30, 500_000, overlap=40)
CAMERA_SPEC = TypeAdapter(CameraSpec)
DOCUMENT = CAMERA_SPEC.dump_json(SPEC).decode()

MessageT = TypeVar("MessageT", bound=Message)


def begins_now(folder: Path, seconds: float = 1000, booking_id: str = "b1") -> Start:
    """A recording of which the start is now."""
    return Start(
        booking_id=booking_id,
        folder=folder,
        epoch_sensor_ns=sensor_ns() - 60 * NS,
        start_ns=60 * NS,
        end_ns=60 * NS + round(seconds * NS),
    )


def look(recorder: "RecorderInHand", after_ns: int = 0) -> CameraPicture:
    """Ask for a picture, and wait for it."""
    before = len(recorder.messages)
    recorder.tell(Show(after_ns=after_ns))
    return recorder.wait_for(Picture, after=before).picture


class RecorderInHand:
    """Context manager; what still runs at the end is killed."""

    def __init__(
        self,
        log: Path,
        faults: Path | None = None,
        *,
        spec: CameraSpec = SPEC,
        module: str | None = None,
        alone_seconds: float = 1000,
        path: Path | None = None,
    ) -> None:
        """`module`: what is run in place of the recorder, or of the faulty one; `path`: of its socket."""
        module = module or ("ezrec_tui.recorder" if faults is None else "tests.recorder.faulty")
        self._log = log.open("ab")
        self._log_path = log
        self._folder = tempfile.TemporaryDirectory(prefix="ezrec-")
        self._path = path or Path(self._folder.name) / "recorder"
        self._path.parent.mkdir(exist_ok=True)
        self.logs = log.with_name(f"{log.name}-lines")
        options = ["--spec", CAMERA_SPEC.dump_json(spec).decode(), "--logs", str(self.logs)]
        self.messages: list[Message] = []
        self._more = threading.Condition()
        with listening_at(self._path) as listening:
            self.connect()
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *options, "--alone", str(alone_seconds)],
                stdin=listening.fileno(),
                stderr=self._log,
                env=os.environ | ({"FAULTS": str(faults)} if faults else {}),
            )

    def connect(self) -> None:
        """Be its engine; the one before has to be gone."""
        self._socket = socket.socket(socket.AF_UNIX)
        with short_address(self._path) as address:
            self._socket.connect(address)
        self._reader = threading.Thread(target=self._read, args=[self._socket.makefile("rb")], daemon=True)
        self._reader.start()

    def leave(self) -> None:
        """Its engine is gone, as after a kill."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(LIMIT_SECONDS)
        self._socket.close()

    def __enter__(self) -> "RecorderInHand":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        self._socket.close()
        self._folder.cleanup()
        self._log.close()

    def tell(self, command: Command) -> None:
        self._socket.sendall(command.model_dump_json().encode() + b"\n")

    def wait_for(
        self, kind: type[MessageT], is_meant: Callable[[MessageT], bool] = lambda _: True, after: int = 0
    ) -> MessageT:
        """The first message of a kind, of those after the first `after`; waits for it."""

        def found() -> MessageT | None:
            return next((m for m in self.messages[after:] if isinstance(m, kind) and is_meant(m)), None)

        with self._more:
            message = self._more.wait_for(found, timeout=LIMIT_SECONDS)
        assert message is not None, f"no {kind.__name__} in {LIMIT_SECONDS} s: {self._story()}"
        return message

    def wait_for_state(self, state: CameraState, after: int = 0) -> Status:
        return self.wait_for(Status, lambda m: m.status.state is state, after)

    def wait_for_frames(self, count: int, booking_id: str = "b1") -> Status:
        return self.wait_for(Status, lambda m: m.written.get(booking_id, 0) >= count)

    def of(self, kind: type[MessageT]) -> list[MessageT]:
        return [m for m in self.messages if isinstance(m, kind)]

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(LIMIT_SECONDS)
        self._reader.join(LIMIT_SECONDS)

    def exit_status(self) -> int:
        """Waits for the end of the process and of what it said."""
        status = self.process.wait(LIMIT_SECONDS)
        self._reader.join(LIMIT_SECONDS)
        return status

    def _read(self, lines: BinaryIO) -> None:
        with lines, contextlib.suppress(ConnectionError):
            for line in lines:
                message = messages.validate_json(line)
                with self._more:
                    self.messages.append(message)
                    self._more.notify_all()

    def said(self) -> str:
        """What it has logged, and what its libraries have printed."""
        lines = [plain(line) for line in read_all(self.logs)]
        return "\n".join([self._log_path.read_text(errors="replace"), *lines])

    def _story(self) -> str:
        return f"{self.messages[-5:]}\n{self.said()[-3000:]}"
