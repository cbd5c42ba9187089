"""How the machine does: what is looked at, and from where on it is a warning or a failure."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from ezrec_tui.config import Settings
from ezrec_tui.model import HealthItem, Level


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a value is a warning, and a failure; `rising` when high is bad."""

    warning: float
    failed: float
    rising: bool

    def level(self, value: float) -> Level:
        over = (lambda limit: value >= limit) if self.rising else (lambda limit: value <= limit)
        return Level.FAILED if over(self.failed) else Level.WARNING if over(self.warning) else Level.OK


DISK_HOURS = Limits(8, 2, rising=False)
MEMORY_FREE_PERCENT = Limits(15, 5, rising=False)
CPU_PERCENT = Limits(90, 101, rising=True)
CELSIUS = Limits(75, 82, rising=True)


def hours_of_recording(settings: Settings, free_bytes: int) -> float:
    """How long all cameras can still record: their segments, and as much again for the video."""
    cameras = 2 if settings.dual_camera_mode else 1
    bits_per_second = settings.recording_bitrate * cameras + settings.video_bitrate
    return free_bytes * 8 / bits_per_second / 3600


def look(settings: Settings) -> tuple[HealthItem, ...]:
    """One look at the machine."""
    items = [_disk(settings), _memory(), _cpu()]
    if (temperature := _temperature()) is not None:
        items.append(temperature)
    return tuple(items)


def _disk(settings: Settings) -> HealthItem:
    folder = settings.ezrec_data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        hours = hours_of_recording(settings, shutil.disk_usage(folder).free)
    except OSError as error:
        detail = f"{folder}: {error.strerror}; check that the disk is there"
        return HealthItem(key="disk", level=Level.FAILED, detail=detail)
    level = DISK_HOURS.level(hours)
    detail = "" if level is Level.OK else f"{hours:.1f} h of recording left; make room in {folder}"
    return HealthItem(key="disk", level=level, value=round(hours, 1), unit="h", detail=detail)


def _memory() -> HealthItem:
    memory = psutil.virtual_memory()
    free = memory.available / memory.total * 100
    level = MEMORY_FREE_PERCENT.level(free)
    detail = "" if level is Level.OK else f"{free:.0f} % of memory free; end other programs on this machine"
    return HealthItem(key="memory", level=level, value=round(free), unit="%", detail=detail)


def _cpu() -> HealthItem:
    busy = psutil.cpu_percent(interval=None)
    return HealthItem(key="cpu", level=CPU_PERCENT.level(busy), value=round(busy), unit="%")


def _temperature() -> HealthItem | None:
    """None where the machine has no thermometer."""
    try:
        celsius = int(Path("/sys/class/thermal/thermal_zone0/temp").read_text()) / 1000
    except (OSError, ValueError):
        return None
    level = CELSIUS.level(celsius)
    detail = "" if level is Level.OK else f"{celsius:.0f} °C; give the machine air, the processor slows down at 80 °C"
    return HealthItem(key="temperature", level=level, value=round(celsius), unit="°C", detail=detail)
