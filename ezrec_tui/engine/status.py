"""How it stands, for other programs: `status.json`, and the venue's app every half minute."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ezrec_tui.clock import Clock
from ezrec_tui.database import DatabaseError
from ezrec_tui.delivery.presence import Presence
from ezrec_tui.engine.notices import Notice
from ezrec_tui.files import write_atomic
from ezrec_tui.model import NS, CameraState, Health, Level, RecordingState, Snapshot, Status
from ezrec_tui.threads import in_thread

LOOK_SECONDS = 5.0
"""Between two looks at whether the file still says what is."""
OLDEST_NS = 300 * NS
"""The file is written anew after so long, though nothing but numbers has changed: a card wears by being written to."""
HEARTBEAT_SECONDS = 30.0

log = logging.getLogger(__name__)


def status_of(snapshot: Snapshot, health: Health) -> Status:
    """What is told, of what the screen shows."""
    running = [one for one in snapshot.recordings if one.state is RecordingState.RECORDING]
    return Status(
        at=snapshot.at,
        version=snapshot.version,
        banner=snapshot.banner,
        is_recording=bool(running),
        current_booking_id=running[0].booking_id if running else None,
        cameras=snapshot.cameras,
        health=health,
    )


def facts(status: Status) -> tuple[object, ...]:
    """What of it is worth a write at once: all that is not just a number that moves."""
    health = status.health
    return (
        (status.running, status.version, status.banner, status.is_recording, status.current_booking_id),
        tuple((camera.serial, camera.state, camera.error) for camera in status.cameras),
        tuple((item.key, item.level) for item in health.items),
        (health.errors, health.recordings, health.deliveries),
    )


class StatusFile:
    """Keeps `status.json` true: within seconds in what it says, within five minutes in its numbers."""

    def __init__(self, path: Path, clock: Clock, see: Callable[[], Status]) -> None:
        self._path, self._clock, self._see = path, clock, see
        self._facts: tuple[object, ...] | None = None
        self._written_ns = 0
        self._trouble = ""
        self._writing = threading.Lock()
        """The end may come while a thread still writes."""

    async def run(self) -> None:
        while True:
            status = self._see()
            if self.is_due(status):
                await in_thread(partial(self.write, status), "status")
            await self._clock.sleep(LOOK_SECONDS)

    def is_due(self, status: Status) -> bool:
        return facts(status) != self._facts or self._clock.sensor_ns() - self._written_ns >= OLDEST_NS

    def write(self, status: Status) -> None:
        """Write it whole, or leave the one that is there. Blocks."""
        with self._writing:
            try:
                write_atomic(self._path, f"{status.model_dump_json(indent=1)}\n")
            except OSError as error:
                self._trouble = f"{self._path} cannot be written: {error.strerror or error}"
            else:
                self._trouble, self._facts, self._written_ns = "", facts(status), self._clock.sensor_ns()

    def end(self) -> None:
        """Say that the engine was ended in order, and its recorders with it. Blocks."""
        last = self._see()
        off = tuple(camera.model_copy(update={"state": CameraState.OFF, "error": None}) for camera in last.cameras)
        self.write(last.model_copy(update={"running": False, "cameras": off}))

    def notices(self) -> list[Notice]:
        return [Notice("status", Level.WARNING, self._trouble, "mend the data folder")] if self._trouble else []


class Heartbeat:
    """Tells the venue's app how this machine does. A line that is down is met again at the next beat."""

    def __init__(self, presence: Presence, clock: Clock, see: Callable[[], Status]) -> None:
        self._presence, self._clock, self._see = presence, clock, see
        self._trouble = ""

    async def run(self) -> None:
        while True:
            await self.beat()
            await self._clock.sleep(HEARTBEAT_SECONDS)

    async def beat(self) -> None:
        try:
            await in_thread(partial(self._presence.tell, self._see()), "heartbeat")
        except DatabaseError as error:
            if not self._trouble:
                log.info("the venue's app is not told how this machine does: %s", error)
            self._trouble = str(error)
        else:
            if self._trouble:
                log.info("the venue's app is told again how this machine does")
            self._trouble = ""
