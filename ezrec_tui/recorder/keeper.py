"""The keeper of the camera: opens it when it is wanted, watches that packets flow, closes and opens it when not."""

import logging
import threading
from collections.abc import Callable
from enum import Enum, auto

from ezrec_tui.cameras.camera import Camera, CameraError, CameraSpec
from ezrec_tui.model import NS
from ezrec_tui.recorder.intake import Intake
from ezrec_tui.recorder.messages import Message, Trouble

STALL_NS = 2 * NS
"""A camera that gave no packet for so long has stalled."""
OPENING_NS = 6 * NS
"""So long may the first packet take."""
BACKOFF_SECONDS = (1, 2, 4, 8, 10)
"""Between two tries to open; the last one from then on."""
WATCH_SECONDS = 0.1

OpenCamera = Callable[[CameraSpec], Camera]

log = logging.getLogger(__name__)


class Phase(Enum):
    """Where a camera stands."""

    CLOSED = auto()
    OPENING = auto()
    FLOWING = auto()
    STALLED = auto()
    """It gave packets and stopped; it is being opened again."""
    LOST = auto()
    """It cannot be opened; it is tried again."""


class Keeper(threading.Thread):
    """The thread that alone opens and closes the camera, which may take seconds, or hang.

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
    ) -> None:
        super().__init__(name="keeper", daemon=True)
        self.phase = Phase.CLOSED
        self.error: str | None = None
        self.camera: Camera | None = None
        self._spec, self._open_camera, self._intake = spec, open_camera, intake
        self._now, self._send, self._changed = now, send, changed
        self._condition = threading.Condition()
        self._wanted = False
        self._ending = False
        self._busy_since_ns: int | None = None
        self._failures = 0

    def want(self, wanted: bool) -> None:
        """Have the camera open, or closed."""
        with self._condition:
            self._wanted = wanted
            self._condition.notify_all()

    def end(self, timeout: float) -> None:
        """Close the camera for good; waits `timeout` seconds at most."""
        with self._condition:
            self._ending = True
            self._condition.notify_all()
        self.join(timeout)

    def busy_ns(self) -> int:
        """For how long the camera has been opening or closing by now; 0 when it is not."""
        since_ns = self._busy_since_ns
        return 0 if since_ns is None else self._now() - since_ns

    def run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._wanted or self._ending)
                if self._ending:
                    return
            failed = self._open() or self._watch()
            self._close()
            if failed is None:
                self._failures = 0
                self.error = None
                self._enter(Phase.CLOSED)
            else:
                self._back_off(*failed)

    def _open(self) -> tuple[Phase, str, str] | None:
        """Open it. None, or what failed."""
        if self._failures == 0:
            self._enter(Phase.OPENING)
        self._busy_since_ns = self._now()
        try:
            self.camera = self._open_camera(self._spec)
            self.camera.start(self._intake.take)
        except CameraError as error:
            return Phase.LOST, str(error), "nothing more; it is tried again by itself"
        finally:
            self._busy_since_ns = None
        return None

    def _watch(self) -> tuple[Phase, str, str] | None:
        """Watch it until it is not wanted any more (None), or stalls."""
        opened_ns = self._now()
        while self._is_wanted():
            arrived_ns = self._intake.arrived_ns
            if arrived_ns is not None and arrived_ns >= opened_ns:
                if self.phase is not Phase.FLOWING:
                    self._flows()
                silent_ns = self._now() - arrived_ns
                limit_ns = STALL_NS
            else:
                silent_ns = self._now() - opened_ns
                limit_ns = OPENING_NS
            if silent_ns > limit_ns:
                return (
                    Phase.STALLED,
                    f"no frame for {limit_ns // NS} s",
                    "nothing; the camera is opened again by itself",
                )
        return None

    def _is_wanted(self) -> bool:
        """Wait a moment, and say whether it is still wanted."""
        with self._condition:
            self._condition.wait_for(lambda: self._ending or not self._wanted, timeout=WATCH_SECONDS)
            return self._wanted and not self._ending

    def _flows(self) -> None:
        if self._failures:
            log.info("camera %s is back", self._spec.serial)
        self._failures = 0
        self.error = None
        self._enter(Phase.FLOWING)

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

    def _back_off(self, phase: Phase, what: str, to_do: str) -> None:
        wait = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
        self._failures += 1
        log.warning("camera %s: %s; opened again in %d s", self._spec.serial, what, wait)
        if what != self.error:
            self.error = what
            self._send(Trouble(what=what, to_do=to_do))
        self._enter(phase)
        with self._condition:
            self._condition.wait_for(lambda: self._ending or not self._wanted, timeout=wait)
            wanted = self._wanted
        if not wanted:
            self._failures = 0
            self.error = None
            self._enter(Phase.CLOSED)

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._changed()
