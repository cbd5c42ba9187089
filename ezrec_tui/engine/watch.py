"""All that the engine watches: the machine, the disk, the cameras. What is wrong becomes health items and notices."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.engine import disk, foresight
from ezrec_tui.engine.disk import Disk, Room, Use
from ezrec_tui.engine.foresight import MISSING_NS, Pulses, ahead, missing_now
from ezrec_tui.engine.health import MachineHealth
from ezrec_tui.engine.load import Load, Writing, lines
from ezrec_tui.engine.machine import MachineReader
from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import Booking, CameraState, CameraStatus, DiskSpace, HealthItem, Level, Machine

DISK_PATIENCE_SECONDS = 10.0
"""A disk that does not say for so long how full it is does not answer."""


class Watch:
    """What was seen last. Whoever lives with it looks again and again."""

    def __init__(self, settings: Settings, clock: Clock, folder: Path) -> None:
        self._settings, self._clock, self._folder = settings, clock, folder
        self._disk = Disk(settings.disk_floor, settings.free_hours)
        self._room: Room | None = None
        self._disk_trouble = ""
        self._asking: asyncio.Future[tuple[int, int]] | None = None
        self._reader = MachineReader(clock.sensor_ns)
        self._judge = MachineHealth(needs_network=bool(settings.supabase_url or settings.aws_s3_bucket))
        self.machine: Machine | None = None
        """As it was last seen; None before it was."""
        self._load, self._writing = Load(), Writing()
        self._health, self._presence = Pulses(), Pulses(MISSING_NS, well_ns=0)
        self._unwell: dict[int, str] | None = None
        """Cameras that are not well, and why."""
        self._ahead: list[Notice] = []

    @property
    def full(self) -> bool:
        """Whether the disk is at its floor."""
        return self._room is not None and self._room.full

    @property
    def room(self) -> Room | None:
        """On the disk, as it was last seen; None before it was."""
        return self._room

    @property
    def space(self) -> DiskSpace | None:
        """The same, for others."""
        return DiskSpace(total=self._room.total, free=self._room.free, hours=self._room.hours) if self._room else None

    @property
    def rendering_makes_way(self) -> bool:
        return self._load.paused

    async def look_at_machine(self) -> None:
        self.machine = await asyncio.to_thread(self._reader.look)
        self._judge.look(self.machine, self._clock.sensor_ns())

    async def look_at_disk(self, use: Use) -> None:
        """Ask the disk how full it is, and wait so long as one may have to."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(asyncio.to_thread(_free_and_total, self._folder))
        await asyncio.wait({self._asking}, timeout=DISK_PATIENCE_SECONDS)
        if not self._asking.done():
            self._disk_trouble = f"{self._folder} does not answer"
            return
        asked, self._asking = self._asking, None
        try:
            free, total = asked.result()
        except OSError as error:
            self._disk_trouble = f"{self._folder}: {error.strerror or error}"
            return
        self._disk_trouble = ""
        self._room = self._disk.look(free, total, use)

    def look_at_cameras(
        self, cameras: Sequence[CameraStatus], upcoming: Sequence[Booking], running: Sequence[tuple[str, str]]
    ) -> None:
        """`running`: booking id and label of what is being recorded."""
        now_ns = self._clock.sensor_ns()
        seen = lines(cameras, self._settings.recording_fps)
        self._load.look(seen, now_ns)
        self._writing.look(seen, now_ns)
        missing = self._presence.look(cameras, now_ns)
        self._unwell = self._health.look(cameras, now_ns)
        self._ahead = ahead(upcoming, self._unwell, self._clock.now()) + missing_now(running, missing)

    def use(self, cameras: Sequence[CameraStatus], unrendered_seconds: float) -> Use:
        """What the cameras write, as measured while they record; what the settings say until then."""
        measured = [camera.bitrate for camera in cameras if camera.state is CameraState.RECORDING]
        recording = sum(measured) if measured and all(measured) else len(cameras) * self._settings.recording_bitrate
        elsewhere = bool(self._settings.ezrec_jobs_url.get_secret_value())  # no video comes to this disk
        video = 0 if elsewhere else self._settings.video_bitrate
        return Use(recording, video, reserved=round(unrendered_seconds * video / 8))

    def health(self) -> tuple[HealthItem, ...]:
        disk_items: list[HealthItem] = []
        if self._disk_trouble:
            detail = f"{self._disk_trouble}; check that the disk is there"
            disk_items.append(HealthItem(key="disk", level=Level.FAILED, detail=detail))
        elif self._room is not None:
            disk_items.append(disk.item(self._room, str(self._folder)))
        cameras = () if self._unwell is None else (foresight.item(self._unwell),)
        return (*disk_items, self._writing.item(), *cameras, *self._judge.items())

    def notices(self) -> list[Notice]:
        told: list[Notice] = []
        if self._disk_trouble:
            to_do = "check that the disk is there and well; the log of the system says more"
            told.append(Notice("disk:trouble", Level.FAILED, f"the disk fails: {self._disk_trouble}", to_do))
        elif self._room is not None:
            told += disk.notices(self._room, str(self._folder))
        return [*told, *self._writing.notices(), *self._judge.notices(), *self._ahead]


def _free_and_total(folder: Path) -> tuple[int, int]:
    """Bytes, where the folder is or will be. Raises OSError."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total
