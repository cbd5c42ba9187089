"""How the machine does: what is looked at, and from where on it is a warning or a failure."""

from pathlib import Path

import psutil

from ezrec_tui.engine.limits import Limits
from ezrec_tui.model import HealthItem, Level

MEMORY_FREE_PERCENT = Limits(15, 5, rising=False)
CPU_PERCENT = Limits(90, 101, rising=True)
CELSIUS = Limits(75, 82, rising=True)


def look() -> tuple[HealthItem, ...]:
    """One look at the machine."""
    items = [_memory(), _cpu()]
    if (temperature := _temperature()) is not None:
        items.append(temperature)
    return tuple(items)


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
