"""The engine's hold on one recorder: what it should be doing, told again after every restart, and what it last said."""

import logging
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ezrec_tui import __version__
from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.engine.link import Link, recorder_socket, start_recorder, take_over
from ezrec_tui.engine.supervisor import Child
from ezrec_tui.model import NS, CameraState, CameraStatus
from ezrec_tui.recorder.messages import (
    Arm,
    Command,
    Disarm,
    Hello,
    Hold,
    Message,
    SetEnd,
    Show,
    Start,
    Status,
    Trouble,
    messages,
)

SILENT_NS = 3 * NS
"""A recorder that says nothing for so long is shown as stalled,"""
HUNG_NS = 10 * NS
"""and for so long is killed and started again."""

STUCK = "hangs in the kernel and cannot be ended"
FOUND = (CameraState.IDLE, CameraState.ARMED, CameraState.RECORDING)
"""A camera in one of these states is there."""
PROGRAM = "ezrec_tui.recorder"
"""What is run with Python as a recorder."""
RUNS = (CameraState.ARMED, CameraState.RECORDING)

log = logging.getLogger(__name__)


def camera_specs(settings: Settings) -> list[CameraSpec]:
    """The cameras of this machine, left to right."""
    width, height = settings.resolution
    serials = [settings.camera_0_serial, settings.camera_1_serial]
    if not settings.dual_camera_mode:
        serials = serials[:1]
    return [
        CameraSpec(
            index=index,
            serial=serial,
            width=width,
            height=height,
            fps=settings.recording_fps,
            bitrate=settings.recording_bitrate,
            rotation=settings.camera_rotation,
            overlap=settings.overlap,
        )
        for index, serial in enumerate(serials)
    ]


def running_recorder(data: Path, spec: CameraSpec, pre_roll_seconds: float) -> Link:
    """The camera's recorder that an engine before has left, or a new one. Raises OSError."""
    path = recorder_socket(data, spec.index)
    document = TypeAdapter(CameraSpec).dump_json(spec).decode()
    command = [
        sys.executable, "-m", PROGRAM,
        "--spec", document, "--logs", str(data / "logs"), "--pre-roll", str(pre_roll_seconds),
    ]  # fmt: skip
    return take_over(path) or start_recorder(path, command)


class Recorder:
    """One camera's recorder process, as the engine wants it to be.

    A new one is told at once what to do, and hears it when it is up; one that was taken over once it has said who it
    is: what another version or other settings have left is replaced.
    """

    def __init__(
        self,
        spec: CameraSpec,
        clock: Clock,
        pre_roll_seconds: float,
        data: Path,
        *,
        running: Link | None = None,
        on_message: Callable[[int, Message], None],
        on_down: Callable[[int, bool], None],
        on_change: Callable[[], None],
    ) -> None:
        self.spec = spec
        self._clock = clock
        self._on_message, self._on_down, self._on_change = on_message, on_down, on_change
        self._armed: bool | None = None
        """None as long as nobody has decided: what was taken over stays as it is."""
        self._held: Hold | None = None
        """None likewise."""
        self._data, self._running = data, running
        self._greeted = False
        self._recordings: dict[str, Start] = {}
        self._written_before: Counter[str] = Counter()
        """Frames by recording, of recorder processes that ended."""
        self._status: Status | None = None
        self._heard_ns = clock.sensor_ns()
        self._pre_roll_seconds = pre_roll_seconds
        self.child = Child(
            f"recorder-{spec.index}",
            self._begin,
            clock,
            on_start=self._begun,
            on_line=self._hear,
            on_exit=self._down,
            on_stuck=self._stuck,
        )

    @property
    def serial(self) -> str:
        """The camera that is meant, or was found."""
        return self.spec.serial

    def arm(self) -> None:
        if not self._armed:
            self._armed = True
            self._send(Arm())

    def disarm(self) -> None:
        if self._armed is not False:
            self._armed = False
            self._send(Disarm())

    def hold(self, exposure: Exposure | None) -> None:
        """Have the camera keep to an exposure; None: let it find its own."""
        wanted = Hold(exposure=exposure)
        if wanted != self._held:
            self._held = wanted
            self._send(wanted)

    def show(self, after_ns: int) -> bool:
        """Ask for a picture newer than that; false when nobody is there to answer."""
        return self._send(Show(after_ns=after_ns))

    def start(self, start: Start) -> None:
        self._recordings[start.booking_id] = start
        self._send(start)

    def set_end(self, booking_id: str, end_ns: int) -> None:
        start = self._recordings.get(booking_id)
        if start is not None and start.end_ns != end_ns:
            self._recordings[booking_id] = start.model_copy(update={"end_ns": end_ns})
            self._send(SetEnd(booking_id=booking_id, end_ns=end_ns))

    def records(self, booking_id: str) -> bool:
        """Whether it was told to."""
        return booking_id in self._recordings

    def forget(self, booking_id: str) -> None:
        """This recording is over: it is not started again after a restart."""
        self._recordings.pop(booking_id, None)
        self._written_before.pop(booking_id, None)

    def kill_if_hung(self) -> None:
        """A recorder that does not speak any more is ended; the supervisor starts it again."""
        if self.child.pid is not None and self._clock.sensor_ns() - self._heard_ns > HUNG_NS:
            log.error("%s has said nothing for %d s; it is ended", self.child.name, HUNG_NS // NS)
            self._heard_ns = self._clock.sensor_ns()
            self.child.kill()

    def status(self) -> CameraStatus:
        """What the camera does, as far as is known now."""
        nothing = CameraStatus(index=self.spec.index, serial=self.spec.serial)
        if self.child.pid is None and self._running is None:
            return nothing.model_copy(update={"state": CameraState.LOST, "error": "the recorder is starting again"})
        if self.child.is_stuck:
            return nothing.model_copy(update={"state": CameraState.LOST, "error": f"its recorder {STUCK}"})
        if self._status is None:
            return nothing.model_copy(update={"state": CameraState.STARTING})
        if self._clock.sensor_ns() - self._heard_ns > SILENT_NS:
            return self._status.status.model_copy(
                update={"state": CameraState.STALLED, "growing": False, "error": "the recorder does not answer"}
            )
        return self._status.status

    @property
    def last_sensor_ns(self) -> int | None:
        return self._status.last_sensor_ns if self._status else None

    @property
    def exposure(self) -> Exposure | None:
        """As measured last; None of a camera that does not run now, or cannot be set."""
        return self._status.exposure if self._status and self.status().state in RUNS else None

    @property
    def is_held(self) -> bool:
        """Whether it is kept to an exposure, by this engine or the one before."""
        return self._status is not None and self._status.held

    def written(self, booking_id: str) -> int:
        """Frames of a recording that this camera has written, as far as was told."""
        now = self._status.written.get(booking_id, 0) if self._status else 0
        return self._written_before[booking_id] + now

    async def _begin(self) -> Link:
        try:
            running = self._running or running_recorder(self._data, self.spec, self._pre_roll_seconds)
            await running.open()
        finally:
            self._running = None
        self._greeted = running.is_new
        return running

    def _begun(self) -> None:
        self._status = None
        self._heard_ns = self._clock.sensor_ns()
        if self._greeted:
            self._tell_all()

    def _send(self, command: Command) -> bool:
        return self._greeted and self.child.send(command)

    def _greet(self, hello: Hello) -> None:
        """Tell one that was taken over the newest, if it is as a new one would be."""
        found = replace(hello.spec, serial="") if not self.spec.serial else hello.spec
        if (hello.version, found, hello.pre_roll_seconds) != (__version__, self.spec, self._pre_roll_seconds):
            log.warning(
                "%s is of version %s with other settings (%s); it is replaced",
                self.child.name,
                hello.version,
                hello.spec,
            )
            self.child.replace()
            return
        self._greeted = True
        self._tell_all()

    def _tell_all(self) -> None:
        if self._held is not None:
            self._send(self._held)
        if self._armed is not None:
            self._send(Arm() if self._armed else Disarm())
        for start in self._recordings.values():
            self._send(start)

    def _hear(self, line: bytes) -> None:
        try:
            message = messages.validate_json(line)
        except ValidationError as error:
            log.error("%s said something that is not understood: %s", self.child.name, error)
            return
        self._heard_ns = self._clock.sensor_ns()
        if isinstance(message, Hello) and not self._greeted:
            self._greet(message)
        if isinstance(message, Status):
            changed = self._status is None or self._status.status != message.status
            self._status = message
            if changed:
                self._on_change()
            if not self.spec.serial and message.status.state in FOUND:
                self.spec = replace(self.spec, serial=message.status.serial)  # never another one in its place
        self._on_message(self.spec.index, message)

    def _stuck(self, pid: int) -> None:
        what = f"the recorder (process {pid}) {STUCK}; the camera is started again when it is gone"
        self._on_message(
            self.spec.index, Trouble(what=what, to_do="check the camera's cable, then start the machine again")
        )

    def _down(self, _status: int | None, given_up: bool) -> None:
        if self._status is not None:
            self._written_before.update(self._status.written)
        self._status = None
        self._on_down(self.spec.index, given_up)
