"""The keeper of the camera: has it look or run, watches that pictures come, and gives up one that failed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from ezrec_tui.cameras.camera import Camera, CameraError, CameraSpec
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.child import give_memory_back
from ezrec_tui.model import NS
from ezrec_tui.recorder.intake import Intake
from ezrec_tui.recorder.messages import Message, Trouble

STALL_NS = 2 * NS
"""A running camera that gave no packet for so long has stalled,"""
LOOK_STALL_NS = 4 * NS
"""and one that looks, no picture."""
OPENING_NS = 6 * NS
"""So long may the first one take."""
BACKOFF_SECONDS = (1, 2, 4, 8, 10)
"""Between two tries to open; the last one from then on."""
WATCH_SECONDS = 0.1
LOOK_WATCH_SECONDS = 1.0

OpenCamera = Callable[[CameraSpec], Camera]

log = logging.getLogger(__name__)


class Phase(Enum):
    """Where a camera stands."""

    OPENING = auto()
    LOOKING = auto()
    FLOWING = auto()
    STALLED = auto()
    """It gave pictures and stopped."""
    LOST = auto()
    """It cannot be opened; it is tried again."""


@dataclass(frozen=True, slots=True)
class Failure:
    phase: Phase
    what: str
    to_do: str


class Keeper(threading.Thread):
    """The thread that alone opens and closes the camera, which may take seconds, or hang.

    A camera that has worked in this process and fails is closed, and `give_up` asks for the process to be replaced: a
    driver's state ends with its process. One that never worked here is tried again, as a new process would.
    The condition guards what is wanted, which others set.
    """

    def __init__(
        self,
        spec: CameraSpec,
        open_camera: OpenCamera,
        intake: Intake,
        *,
        now: Callable[[], int],
        send: Callable[[Message], None],
        changed: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        super().__init__(name="keeper", daemon=True)
        self.phase = Phase.OPENING
        self.error: str | None = None
        self.camera: Camera | None = None
        self._spec, self._open_camera, self._intake = spec, open_camera, intake
        self._now, self._send, self._changed, self._give_up = now, send, changed, give_up
        self._condition = threading.Condition()
        self._packets_wanted = False
        self._hold_wanted: Exposure | None = None
        self._held: Exposure | None = None
        self._ending = False
        self._busy_since_ns: int | None = None
        self._seen_ns: int | None = None
        self._has_worked = False
        self._failures = 0

    def want_packets(self, wanted: bool) -> None:
        """Have the camera run, or only look."""
        with self._condition:
            self._packets_wanted = wanted
            self._condition.notify_all()

    def hold(self, exposure: Exposure | None) -> None:
        """Have the camera keep to an exposure, this one and the one opened after it; None: let it find its own."""
        with self._condition:
            self._hold_wanted = exposure

    def end(self, timeout: float) -> None:
        """Close the camera for good; waits `timeout` seconds at most."""
        with self._condition:
            self._ending = True
            self._condition.notify_all()
        self.join(timeout)

    @property
    def holds(self) -> bool:
        """Whether the camera is kept to an exposure that it was told."""
        return self._held is not None

    def busy_ns(self) -> int:
        """For how long the camera has been opening or closing by now; 0 when it is not."""
        since_ns = self._busy_since_ns
        return 0 if since_ns is None else self._now() - since_ns

    def run(self) -> None:
        while not self._ending:
            failure = self._serve()
            if failure is not None:
                self._report(failure)
            self._close()
            if failure is not None and self._has_worked:
                self._give_up()
                return
            if failure is not None:
                self._back_off()

    def _serve(self) -> Failure | None:
        """Have the camera do what is wanted until the end (None), or until it fails."""
        failure = None
        while failure is None and not self._ending:
            failure = self._call_on(self._open) or self._run_or_look()
        return failure

    def _open(self) -> None:
        if self.camera is None:
            if self._failures == 0:
                self._enter(Phase.OPENING)
            self.camera, self._held = self._open_camera(self._spec), None

    def _run_or_look(self) -> Failure | None:
        """What is wanted now, and was not yet when it was opened, maybe."""
        runs = self._packets_wanted
        began_ns = self._now()
        return self._call_on(lambda: self._begin(runs)) or self._watch(runs, began_ns)

    def _begin(self, runs: bool) -> None:
        assert self.camera is not None
        self._expose(self.camera)
        if runs:
            self.camera.start(self._intake.take)
        else:
            self.camera.look(self._see)

    def _call_on(self, camera: Callable[[], None]) -> Failure | None:
        """Do something with the camera that may take long, or hang, or fail."""
        self._busy_since_ns = self._now()
        try:
            camera()
        except CameraError as error:
            return Failure(Phase.LOST, str(error), "nothing more; it is tried again by itself")
        finally:
            self._busy_since_ns = None
        return None

    def _expose(self, camera: Camera) -> None:
        """Have it keep to the exposure that is wanted; one that does not take it goes on with its own."""
        if self._hold_wanted == self._held:
            return
        self._held = self._hold_wanted
        try:
            camera.hold(self._held)
        except CameraError as error:
            log.warning("%s", error)

    def _see(self, _sensor_ns: int) -> None:
        self._seen_ns = self._now()

    def _watch(self, runs: bool, began_ns: int) -> Failure | None:
        """Watch it until something else is wanted (None), or it stalls. What came since `began_ns` counts."""
        open_ns = self._now()
        while self._is_still_wanted(runs):
            if self.camera is not None:
                self._expose(self.camera)
            came_ns = self._intake.arrived_ns if runs else self._seen_ns
            if came_ns is not None and came_ns >= began_ns:
                self._works(Phase.FLOWING if runs else Phase.LOOKING)
                limit_ns = STALL_NS if runs else LOOK_STALL_NS
            else:
                came_ns, limit_ns = open_ns, OPENING_NS
            if self._now() - came_ns > limit_ns:
                what = f"no {'frame' if runs else 'picture'} for {limit_ns // NS} s"
                return Failure(Phase.STALLED, what, "nothing; the camera is opened again by itself")
        return None

    def _is_still_wanted(self, runs: bool) -> bool:
        """Wait a moment, and say whether this is still wanted."""
        patience = LOOK_WATCH_SECONDS if self.phase is Phase.LOOKING and not runs else WATCH_SECONDS
        with self._condition:
            self._condition.wait_for(lambda: self._ending or self._packets_wanted != runs, timeout=patience)
            return self._packets_wanted == runs and not self._ending

    def _works(self, phase: Phase) -> None:
        if phase is self.phase:
            return
        if self._failures:
            log.info("camera %s is back", self._spec.serial)
        self._has_worked = True
        self._failures = 0
        self.error = None
        if phase is Phase.LOOKING:
            give_memory_back()
        self._enter(phase)

    def _close(self) -> None:
        camera, self.camera = self.camera, None
        if camera is None:
            return
        self._busy_since_ns = self._now()
        try:
            camera.stop()
        except CameraError as error:
            log.error("camera %s did not stop well: %s", self._spec.serial, error)
        finally:
            self._busy_since_ns = None

    def _report(self, failure: Failure) -> None:
        """Said once, however often it is tried."""
        if failure.what != self.error:
            self.error = failure.what
            log.warning("camera %s: %s", self._spec.serial, failure.what)
            self._send(Trouble(what=failure.what, to_do=failure.to_do))
        self._enter(failure.phase)

    def _back_off(self) -> None:
        """Wait before the next try; less when the camera is wanted more than before."""
        wait = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
        self._failures += 1
        with self._condition:
            wanted_before = self._packets_wanted
            self._condition.wait_for(lambda: self._ending or (self._packets_wanted and not wanted_before), timeout=wait)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._changed()
