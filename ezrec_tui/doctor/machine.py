"""Is the machine itself fit: processor, disk, clock, power and heat, the console's font."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ezrec_tui.cameras.camera import CameraError
from ezrec_tui.cameras.encoder import Encoder
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.clock import sensor_ns
from ezrec_tui.config import Settings
from ezrec_tui.console.font import FONT_FOLDER, CellSize, NoFont, build_font
from ezrec_tui.doctor.checks import Failed, Found, warning
from ezrec_tui.doctor.running import running_engine
from ezrec_tui.engine.disk import HOURS, Disk, Use
from ezrec_tui.engine.health import CELSIUS, MEMORY_FREE_PERCENT
from ezrec_tui.engine.machine import MachineReader
from ezrec_tui.model import Level

ENCODE_SECONDS = 1.0
MOST_FRAMES = 60
BUSY, TOO_BUSY = 0.6, 1.0
"""Of all cores, for the encoding alone."""
HARDWARE = "bcm2835-codec-encode"
"""The kernel's name of a Raspberry Pi 4's encoder."""
SPEED_BYTES, SPEED_SECONDS = 32_000_000, 5.0
"""So much is written at most, and for so long."""
SYNC_BYTES = 4_000_000
SYNC_SECONDS = 2.0
"""Recorders sync so often: one that takes longer makes the next one wait."""
AMPLE = 3
"""Times what is needed: a card that is just quick enough is not when it gets old."""
BUILT = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock is right that stands before this."""


def look_at_encoder(settings: Settings, root: Path = Path("/")) -> Found:
    """Encode the cameras' size for a second, and hold the processor's time against what recording takes."""
    width, height = settings.resolution
    cameras = 2 if settings.dual_camera_mode else 1
    try:
        encoder = Encoder(width, height, settings.recording_fps, settings.recording_bitrate, threads=1)
        frames, seconds = _encode(encoder, _pictures(width, height))
    except (CameraError, MemoryError) as error:
        raise Failed(f"no video can be encoded: {error}", "set RESOLUTION and RECORDING_FPS to usual values") from error
    if any(HARDWARE in name.read_text() for name in (root / "sys/class/video4linux").glob("*/name")):
        return Found("recorded by the hardware's encoder")
    return judge_encoder(frames / seconds, cameras * settings.recording_fps, os.cpu_count() or 1)


def judge_encoder(rate: float, needed: int, cores: int) -> Found:
    """Frames a second, of one core and needed. Raises Failed."""
    share = needed / (rate * cores)
    what = f"one core encodes {rate:.0f} frames a second; recording takes {needed}, {share:.0%} of all {cores} cores"
    to_do = "lower RESOLUTION or RECORDING_FPS, or use a quicker machine"
    if share >= TOO_BUSY:
        raise Failed(what, to_do)
    if share >= BUSY:
        return warning(f"{what}: little is left for rendering", to_do)
    return Found(what)


def _pictures(width: int, height: int) -> list[Picture]:
    """A few that differ, with as much to encode in them as a court has."""
    random = np.random.default_rng(1)
    coarse = random.integers(40, 200, (height // 16 + 2, width // 16 + 2), np.uint8)
    scene = np.kron(coarse, np.ones((16, 16), np.uint8))
    pictures: list[Picture] = []
    for number in range(4):
        picture = Picture(width, height)
        picture.i420[:] = 128
        picture.y[:] = scene[number * 2 : number * 2 + height, number * 4 : number * 4 + width]
        picture.y += random.integers(0, 6, picture.y.shape, np.uint8)
        pictures.append(picture)
    return pictures


def _encode(encoder: Encoder, pictures: list[Picture]) -> tuple[int, float]:
    """Frames, and the seconds that this thread's core took: other checks run at the same time."""
    began = time.thread_time()
    for number in range(MOST_FRAMES):
        encoder.encode(pictures[number % len(pictures)], number * 33_000_000)
        if (seconds := time.thread_time() - began) >= ENCODE_SECONDS:
            return number + 1, seconds
    return MOST_FRAMES, time.thread_time() - began


def look_at_speed(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Found:
    """Write some megabytes where recordings go, synced, and hold the rate against what recording takes."""
    snapshot = running_engine(settings)
    if snapshot is not None and snapshot.recordings:
        return warning("not measured: a recording is under way, and has the disk", "run this again when it is over")
    folder = nearest(settings.ezrec_data_dir)
    path = folder / f".ezrec-doctor.{os.getpid()}.partial"
    chunk = os.urandom(SYNC_BYTES)
    written, longest, began = 0, 0.0, clock()
    try:
        with path.open("wb") as file:
            while written < SPEED_BYTES and clock() - began < SPEED_SECONDS:
                file.write(chunk)
                file.flush()
                before = clock()
                os.fsync(file.fileno())
                longest = max(longest, clock() - before)
                written += len(chunk)
    except OSError as error:
        raise Failed(f"{folder} cannot be written to: {error.strerror}", "mend its rights, or make room") from error
    finally:
        path.unlink(missing_ok=True)
    cameras = 2 if settings.dual_camera_mode else 1
    return judge_speed(
        written / (clock() - began), longest, (cameras * settings.recording_bitrate + settings.video_bitrate) / 8
    )


def judge_speed(rate: float, sync_seconds: float, needed: float) -> Found:
    """Bytes per second, measured and needed, and the longest wait for the disk. Raises Failed."""
    what = f"it takes {rate / 1e6:.0f} MB/s; recording and rendering need {needed / 1e6:.1f}"
    to_do = "use a better card (A2), or an SSD"
    if rate < needed:
        raise Failed(what, to_do)
    if rate < AMPLE * needed:
        return warning(f"{what}: that is close", to_do)
    if sync_seconds > SYNC_SECONDS:
        return warning(f"{what}; but once it kept us waiting for {sync_seconds:.1f} s", to_do)
    return Found(what)


def look_at_room(settings: Settings) -> Found:
    """How long can be recorded until the disk is at its floor."""
    folder = nearest(settings.ezrec_data_dir)
    usage = shutil.disk_usage(folder)
    cameras = 2 if settings.dual_camera_mode else 1
    use = Use(cameras * settings.recording_bitrate, settings.video_bitrate)
    room = Disk(settings.disk_floor).look(usage.free, usage.total, use)
    what = f"{room.hours:.1f} hours of recording fit, videos included ({usage.free / 1e9:.1f} GB free)"
    to_do = f"make room in {folder}, or use a larger disk"
    if room.full or room.level is Level.FAILED:
        raise Failed(what, to_do)
    if room.level is Level.WARNING:
        return warning(f"{what}: less than {HOURS.warning:.0f}", to_do)
    return Found(what)


def look_at_clock(settings: Settings, now: Callable[[], datetime], root: Path = Path("/")) -> Found:
    """Bookings begin by this clock: has a time server set it, and is it the venue's zone?"""
    at = now()
    shown = f"{at.astimezone(settings.timezone):%Y-%m-%d %H:%M} in {settings.timezone_name}"
    if at < BUILT:
        raise Failed(f"it says {shown}", "connect the network, so that it is set; or set it with `sudo date -s`")
    if not MachineReader(sensor_ns, root).look().clock_set:
        return warning(
            f"it says {shown}, and no time server has set it",
            "look whether that is right; `sudo timedatectl set-ntp true`, and let UDP port 123 out",
        )
    if "timezone_name" not in settings.model_fields_set:
        return warning(
            f"it is set; it says {shown}, as no zone is set", "set TIMEZONE_NAME to the venue's, like Europe/Madrid"
        )
    return Found(f"it is set by a time server; it says {shown}")


def look_at_power(root: Path = Path("/")) -> Found:
    """Heat, supply and memory, as they are now and as the firmware remembers."""
    machine = MachineReader(sensor_ns, root).look()
    power = "use the power supply that is made for this machine, and a short cable"
    if machine.firmware and machine.firmware.under_voltage:
        raise Failed("the power is too weak: the machine may fail at any moment", power)
    if machine.celsius is not None and (level := CELSIUS.level(machine.celsius)) is not Level.OK:
        return Found(f"the processor is at {machine.celsius:.0f} °C", level, "give it air, and look at its fan")
    if machine.firmware and (machine.firmware.under_voltage_before or machine.firmware.slowed_before):
        return warning("the power was too weak, or it was too hot, at times since the start", f"give it air; {power}")
    free = 100 - machine.memory_percent
    what = f"{machine.memory_available / 1e9:.1f} GB of memory free"
    if (level := MEMORY_FREE_PERCENT.level(free)) is not Level.OK:
        return Found(what, level, "end other programs on this machine")
    heat = f"; {machine.celsius:.0f} °C" if machine.celsius is not None else "; no thermometer here"
    return Found(what + heat)


def look_at_fonts(folder: Path = FONT_FOLDER, path: str | None = None) -> Found:
    """Whether the kiosk's font can be made and loaded, at all its sizes."""
    try:
        for size in CellSize:
            build_font(size, folder)
    except NoFont as error:
        return warning(*_parted(f"{error}; without it the kiosk uses the signs that any font has"))
    if shutil.which("setfont", path=path) is None:
        return warning("there is no setfont: the kiosk keeps the console's own font", "install the package kbd")
    return Found(f"the kiosk's font can be made, in {len(CellSize)} sizes")


def _parted(text: str) -> tuple[str, str]:
    """`what: what to do`, apart."""
    what, _, to_do = text.rpartition(": ")
    return what, to_do


def nearest(folder: Path) -> Path:
    """The folder, or the one above it in which it will be made."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
