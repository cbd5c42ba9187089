"""The recorder's process: one camera, from the engine's commands to segments on the disk.

    engine --> commands --\
                          inbox --> writer: ring, recordings, disk --> messages --> engine
      camera --> intake --/           |
         ^---- keeper <---------------/  whether the camera has to run, or only look
    viewer: a picture for those who look, when they do
    status, twice a second: reads the others' figures
    main: waits for the end

A thread each. The camera's thread only puts packets into the inbox; the writer alone decides and touches the disk; the
keeper alone opens and closes the camera. There is no wall clock here: frames and waiting go by the sensors' clock.

It needs an engine to be told what to record, and none to record it: when its engine is gone it goes on, and the next
engine takes it over (see `talk`).
"""

import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable

from ezrec_tui import __version__
from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, CameraCount, CameraState, CameraStatus
from ezrec_tui.recorder.intake import Inbox, Intake
from ezrec_tui.recorder.keeper import Keeper, OpenCamera, Phase
from ezrec_tui.recorder.messages import Hello, Hold, Show, Status, Trouble
from ezrec_tui.recorder.talk import Talk
from ezrec_tui.recorder.viewer import Viewer
from ezrec_tui.recorder.writer import Account, Writer

STATUS_SECONDS = 0.5
IDLE_STATUS_SECONDS = 1.0
QUEUE_SECONDS = 20
"""Footage that may wait for the disk."""
RING_MARGIN_SECONDS = 10
"""The ring holds so much more than the pre-roll: a start may be asked for that much too late and lose nothing."""
GROWING_NS = 2 * NS
HUNG_NS = 5 * NS
"""A camera that opens or closes for so long never will in this process; with a new one it is back within 10 s."""
END_SECONDS = 2.0
"""The process is gone so long after it was told to end, whatever hangs."""
CLOSE_CAMERA_SECONDS = 0.8
ALONE_SECONDS = 3600.0
"""So long it records without an engine, if the recordings do not end before. Engines are back in seconds; one that
cannot be started should not cost the rest of a booking, but nobody can stop a recording without it."""
ENDED_WELL, ENDED_HARD, CRASHED, CAMERA_HUNG, CAMERA_FAILED = 0, 1, 2, 3, 4
"""Exit statuses."""

log = logging.getLogger(__name__)


def run_recorder(
    spec: CameraSpec,
    listening: socket.socket,
    pre_roll_seconds: float,
    open_camera: OpenCamera,
    alone_seconds: float = ALONE_SECONDS,
) -> None:
    """Be a recorder until SIGTERM, or until there is no engine and nothing to record. Does not return."""
    ending = EndSignal()
    threading.excepthook = _crash
    talk = Talk(listening, Hello(version=__version__, spec=spec, pre_roll_seconds=pre_roll_seconds))
    RecorderProcess(spec, talk, pre_roll_seconds, open_camera, ending, alone_seconds).run()


class EndSignal:
    """What the main thread waits for: SIGTERM, or a thread of ours. Any number of them, at any time.

    A pipe, as a masked signal would kill by way of threads that libraries made before.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: None)

    def ask(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it was asked for often enough
            os.write(self._write, b"\0")

    def wait(self) -> None:
        os.read(self._read, 1)


class RecorderProcess:
    """The threads of a recorder, wired."""

    def __init__(
        self,
        spec: CameraSpec,
        talk: Talk,
        pre_roll_seconds: float,
        open_camera: OpenCamera,
        ending: EndSignal,
        alone_seconds: float,
        now: Callable[[], int] = sensor_ns,
    ) -> None:
        self._spec, self._talk, self._ending, self._now = spec, talk, ending, now
        self._exit_status = ENDED_WELL
        self._inbox: Inbox = Inbox()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._intake = Intake(self._inbox, QUEUE_SECONDS * spec.fps, now)
        self._keeper = Keeper(
            spec,
            open_camera,
            self._intake,
            now=now,
            send=talk.send,
            changed=self._changed.set,
            give_up=lambda: self._ask_to_end(CAMERA_FAILED),
        )
        self._writer = Writer(
            self._inbox,
            spec,
            ring_ns=round((pre_roll_seconds + RING_MARGIN_SECONDS) * NS),
            now=now,
            send=talk.send,
            want_packets=self._keeper.want_packets,
            changed=self._changed.set,
            alone_ns=round(alone_seconds * NS),
            not_needed=lambda: self._ask_to_end(ENDED_WELL),
        )
        self._viewer = Viewer(spec.index, lambda: self._keeper.camera, talk.send)
        self._growth = Growth()

    def run(self) -> None:
        """Work until SIGTERM, or until nobody needs it; then end the process."""
        self._writer.start()
        self._keeper.start()
        self._viewer.start()
        threading.Thread(target=self._obey, name="commands", daemon=True).start()
        reporter = threading.Thread(target=self._report, name="status", daemon=True)
        reporter.start()
        self._ending.wait()
        self._end(reporter)

    def _obey(self) -> None:
        for heard in self._talk.heard():
            match heard:
                case Hold(exposure=exposure):
                    self._keeper.hold(exposure)
                case Show():
                    self._viewer.show(heard)
                case _:
                    self._inbox.put(heard)

    def _ask_to_end(self, exit_status: int) -> None:
        self._exit_status = self._exit_status or exit_status
        self._ending.ask()

    def _end(self, reporter: threading.Thread) -> None:
        """Close the camera, write what it still gave, close the segments; within two seconds."""
        limit = threading.Timer(END_SECONDS, _exit, [self._exit_status or ENDED_HARD])
        limit.daemon = True
        limit.start()
        self._keeper.end(CLOSE_CAMERA_SECONDS)
        self._inbox.put(None)
        self._writer.join()
        self._ended.set()
        self._changed.set()
        reporter.join()
        self._talk.close()
        _exit(self._exit_status)

    def _report(self) -> None:
        while not self._ended.is_set():
            self._talk.send(self._status())
            self._changed.wait(IDLE_STATUS_SECONDS if self._keeper.phase is Phase.LOOKING else STATUS_SECONDS)
            self._changed.clear()
            if self._keeper.busy_ns() > HUNG_NS:
                self._give_up_camera()
        self._talk.send(self._status())

    def _give_up_camera(self) -> None:
        what = f"the camera {self._spec.serial} hangs; its recorder is started again"
        log.error("%s", what)
        self._talk.send(Trouble(what=what, to_do="if it stays so, switch the machine off and check the cable"))
        self._ask_to_end(CAMERA_HUNG)
        self._ended.wait()

    def _status(self) -> Status:
        account, intake, now_ns = self._writer.account, self._intake, self._now()
        fps, bitrate = intake.rates()
        self._growth.saw(account.bytes_in_all, now_ns)
        camera = self._keeper.camera
        flows = self._keeper.phase is Phase.FLOWING
        serial = camera.spec.serial if camera else self._spec.serial
        ends_well = self._ended.is_set() and self._keeper.error is None
        count = account.count or CameraCount(
            camera=self._spec.index,
            serial=serial,
            captured=intake.captured,
            encoded=intake.captured,
            missing=intake.overflowed + (camera.dropped if camera else 0),
        )
        return Status(
            status=CameraStatus(
                index=self._spec.index,
                serial=serial,
                state=CameraState.OFF if ends_well else state(self._keeper.phase, account),
                fps=round(fps, 2),
                expected=count.expected,
                captured=count.captured,
                dropped=count.missing,
                encoded=count.encoded,
                written=count.written,
                bitrate=bitrate,
                bytes_written=count.bytes,
                growing=now_ns - self._growth.last_ns <= GROWING_NS,
                queue=self._inbox.qsize(),
                error=self._keeper.error or account.error,
            ),
            last_sensor_ns=intake.last_sensor_ns if flows else None,
            exposure=camera.exposure() if camera and flows else None,
            held=self._keeper.holds,
            written=account.written,
        )


class Growth:
    """When bytes on the disk last grew."""

    def __init__(self) -> None:
        self._bytes = 0
        self.last_ns = -GROWING_NS * 2

    def saw(self, bytes_in_all: int, now_ns: int) -> None:
        if bytes_in_all > self._bytes:
            self._bytes, self.last_ns = bytes_in_all, now_ns


def state(phase: Phase, account: Account) -> CameraState:
    """What a camera does, in a word. IDLE is one that only looks; OFF a recorder that is gone."""
    match phase:
        case Phase.OPENING:
            return CameraState.STARTING
        case Phase.LOOKING:
            return CameraState.IDLE
        case Phase.FLOWING:
            return CameraState.RECORDING if account.recording else CameraState.ARMED
        case Phase.STALLED:
            return CameraState.STALLED
        case Phase.LOST:
            return CameraState.LOST


def _crash(args: threading.ExceptHookArgs) -> None:
    """A thread failed by a fault of ours. The disk has what was written; the engine starts a new process."""
    thread = args.thread.name if args.thread else "a thread"
    try:
        log.critical("the %s thread of the recorder failed", thread, exc_info=args.exc_value)
    finally:
        _exit(CRASHED)  # whatever fails: half a recorder would hold the camera for ever


def _exit(status: int) -> None:
    """End at once: a camera's own threads may hang and are not waited for."""
    logging.shutdown()
    os._exit(status)
