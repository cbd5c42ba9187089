"""Reads the machine: processor, memory, heat, power, network, clock. What it means is judged in `health`."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil

from ezrec_tui.model import NS, Firmware, Machine

SELDOM_NS = 30 * NS
"""Between two times that the firmware is asked: a program has to be started for it."""
TIMEDATECTL_NS = 600 * NS
"""Between two times that systemd's time service is asked: the journal grows each time."""
PROGRAM_SECONDS = 5.0
"""A program that does not answer within this is not waited for."""
STA_UNSYNC = 0x40
"""In the kernel's status of its clock, see adjtimex(2)."""
RTF_UP, RTF_REJECT = 0x1, 0x200
"""Flags of a route, see /usr/include/linux/route.h."""
ANYWHERE = "0" * 32
"""The destination of IPv6's default route."""


class MachineReader:
    """Looks again and again. Blocks; for one thread at a time. `root` is where /proc, /sys and /run lie."""

    def __init__(self, sensor_ns: Callable[[], int], root: Path = Path("/")) -> None:
        self._root, self._sensor_ns = root, sensor_ns
        self._times = cpu_times()
        self._firmware: tuple[int, Firmware | None] | None = None
        self._clock_set: tuple[int, bool | None] | None = None

    def look(self) -> Machine:
        before, self._times = self._times, cpu_times()
        busy, yielding = share(before, self._times)
        memory = psutil.virtual_memory()
        return Machine(
            cpu_percent=busy,
            cpu_yielding_percent=yielding,
            memory_total=memory.total,
            memory_available=memory.available,
            uptime_seconds=self._sensor_ns() / NS,
            celsius=celsius(self._root),
            firmware=self._ask_firmware(),
            network=network(self._root),
            clock_set=self._ask_clock(),
        )

    def _ask_firmware(self) -> Firmware | None:
        now_ns = self._sensor_ns()
        if self._firmware is None or now_ns - self._firmware[0] >= SELDOM_NS:
            self._firmware = now_ns, firmware(self._root)
        return self._firmware[1]

    def _ask_clock(self) -> bool | None:
        """What tells cheaply is asked each time."""
        was_set = clock_set_by_timesyncd(self._root)
        if was_set is None:
            was_set = clock_set_by_kernel()
        if was_set is not None:
            return was_set
        now_ns = self._sensor_ns()
        if self._clock_set is None or now_ns - self._clock_set[0] >= TIMEDATECTL_NS:
            self._clock_set = now_ns, clock_set_by_timedatectl()
        return self._clock_set[1]


class CpuTimes(NamedTuple):
    """Seconds of all cores since the machine started."""

    all: float
    idle: float
    yielding: float
    """Of processes that make way for others (nice)."""


def cpu_times() -> CpuTimes:
    times = psutil.cpu_times()
    # guest times are counted in user and nice already
    everything = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return CpuTimes(everything, times.idle + getattr(times, "iowait", 0.0), times.nice)


def share(before: CpuTimes, after: CpuTimes) -> tuple[float, float]:
    """How busy the processor was between two looks, in percent; and the part of it that makes way for others."""
    passed = after.all - before.all
    if passed <= 0:
        return 0.0, 0.0
    busy = 1 - (after.idle - before.idle) / passed
    yielding = (after.yielding - before.yielding) / passed
    return round(min(100.0, max(0.0, busy * 100)), 1), round(min(100.0, max(0.0, yielding * 100)), 1)


def celsius(root: Path) -> float | None:
    """Of the processor, by the zone that has its name, else by the first one; None where there is no thermometer."""
    zones = sorted((root / "sys/class/thermal").glob("thermal_zone*"))
    zones.sort(key=lambda zone: "cpu" not in _text(zone / "type"))
    for zone in zones:
        try:
            return int(_text(zone / "temp")) / 1000
        except ValueError:
            continue
    return None


def firmware(root: Path, vcgencmd: str = "vcgencmd") -> Firmware | None:
    """What a Raspberry Pi's firmware says; of the power alone where only the kernel can be asked; None elsewhere."""
    told = parse_throttled(_run(vcgencmd, "get_throttled"))
    for sensor in (root / "sys/class/hwmon").glob("hwmon*"):
        if _text(sensor / "name") == "rpi_volt" and (alarm := _text(sensor / "in0_lcrit_alarm")):
            told = told or Firmware(under_voltage=False)
            return told.model_copy(update={"under_voltage": told.under_voltage or alarm == "1"})
    return told


def parse_throttled(text: str) -> Firmware | None:
    """The line of `vcgencmd get_throttled`, like `throttled=0x50005`; None for whatever else it says.

    Bits 0 to 3 are of now: too little voltage, capped, throttled, soft limit of heat; from bit 16 on the same since
    the start of the machine.
    """
    found = re.fullmatch(r"throttled=(0x[0-9a-fA-F]+|0)", text.strip())
    if not found:
        return None
    bits = int(found[1], 16)
    now, before = bits & 0xF, bits >> 16 & 0xF
    return Firmware(
        under_voltage=bool(now & 1),
        under_voltage_before=bool(before & 1),
        slowed=bool(now & 0b1110),
        slowed_before=bool(before & 0b1110),
    )


def network(root: Path) -> bool | None:
    """Whether there is a default route, of IPv4 or IPv6; None where the kernel does not tell."""
    v4, v6 = _text(root / "proc/net/route"), _text(root / "proc/net/ipv6_route")
    if not v4 and not v6:
        return None
    for fields in (line.split() for line in v4.splitlines()[1:]):
        if len(fields) > 7 and fields[1] == fields[7] == "00000000" and int(fields[3], 16) & RTF_UP:
            return True
    for fields in (line.split() for line in v6.splitlines()):
        if len(fields) > 9 and fields[0] == ANYWHERE and fields[1] == "00" and fields[9] != "lo":
            flags = int(fields[8], 16)
            if flags & RTF_UP and not flags & RTF_REJECT:
                return True
    return False


def clock_set_by_timesyncd(root: Path) -> bool | None:
    """What systemd-timesyncd's files say; None where it does not run."""
    folder = root / "run/systemd/timesync"
    return (folder / "synchronized").exists() if folder.exists() else None


def clock_set_by_kernel() -> bool | None:
    """What the kernel says, whoever sets it; None where we may not ask (the unit's ProtectClock=)."""
    adjtimex = getattr(ctypes.CDLL(None, use_errno=True), "adjtimex", None)
    if adjtimex is None:
        return None
    timex = (ctypes.c_long * 64)()  # larger than struct timex; zero means that nothing is changed
    if adjtimex(ctypes.byref(timex)) < 0:
        return None
    status_at = ctypes.sizeof(ctypes.c_long) * 5  # after modes, offset, freq, maxerror, esterror
    return not ctypes.c_int.from_buffer(timex, status_at).value & STA_UNSYNC


def clock_set_by_timedatectl() -> bool | None:
    """What systemd's time service says of chrony and others; None where there is none."""
    return {"yes": True, "no": False}.get(_run("timedatectl", "show", "--property=NTPSynchronized", "--value").strip())


def _run(program: str, *arguments: str) -> str:
    """What a program prints; empty when it is not there or fails."""
    path = shutil.which(program)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _text(path: Path) -> str:
    """A small file of the kernel's; empty when it is not there or cannot be read."""
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
