"""What people set up: settings, the branding's files, the bookings file, and who may read and write what."""

import difflib
import os
import socket
import stat
from contextlib import closing
from pathlib import Path

from dotenv import dotenv_values

from ezrec_tui.bookings.file import read, understand
from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.config import Settings
from ezrec_tui.doctor.checks import Failed, Found, warning
from ezrec_tui.doctor.known_secrets import known_secrets
from ezrec_tui.doctor.machine import nearest
from ezrec_tui.folders import Folders
from ezrec_tui.plural import plural
from ezrec_tui.video.brand import LogoError, load_logo
from ezrec_tui.video.errors import VideoError
from ezrec_tui.video.probe import probe

SERVICE_SETTINGS = Path("/etc/ezrec/ezrec.env")
"""The settings of the engine as a service."""
CLOSE = 0.85
"""From so like on, a name that is no setting is taken for one that was meant."""
SUBFOLDERS = ("recordings", "processed", "events", "media", "calibration", "logs")
DEVICES = ("video*", "media*", "dma_heap/*")
"""What a camera and its encoder are opened by, below /dev."""
OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


def look_at_settings(settings: Settings, files: tuple[Path, ...] = (Path(".env"), SERVICE_SETTINGS)) -> Found:
    """They hold, or we would not be here. Are there names that nobody reads, and may others read the secrets?"""
    known = {name.upper() for name in Settings.model_fields}
    for path in files:
        try:
            given = dotenv_values(path) if path.exists() else {}
            mode = path.stat().st_mode if path.exists() else 0
        except PermissionError:
            continue  # somebody else's: ours came from the environment
        for name in sorted(given.keys() - known):
            if meant := difflib.get_close_matches(name.upper(), known, 1, CLOSE):
                return warning(f"{name} in {path} is no setting", f"write {meant[0]}, if that is meant")
        if given and known_secrets(None, {}, path) and mode & OTHERS:
            return warning(f"others can read the keys in {path}", f"`chmod 600 {path}`")
    return Found(f"they hold; {len(settings.model_fields_set)} set, the others have their defaults")


def look_at_branding(settings: Settings) -> Found:
    """Every logo and the intro that are set, read as a render reads them."""
    logos = {
        name: path
        for name in Settings.model_fields
        if name.endswith("_path") and "logo" in name and (path := getattr(settings, name)) is not None
    }
    for name, path in logos.items():
        try:
            load_logo(path)
        except LogoError as error:
            return warning(f"{name.upper()}: {error}; videos are made without it", "put a PNG, JPEG or WebP there")
    if settings.intro_video_path is not None:
        try:
            probe(settings.intro_video_path)
        except VideoError as error:
            return warning(f"INTRO_VIDEO_PATH: {error}; videos are made without it", "put a video there")
    intro = "an intro" if settings.intro_video_path else "no intro"
    return Found(f"{len(logos)} logos and {intro}, all can be read" if logos or intro == "an intro" else "none is set")


def look_at_bookings_file(settings: Settings) -> Found:
    """The bookings on this machine, as the engine reads them."""
    path = Folders(settings.ezrec_data_dir, settings.timezone).bookings_file
    if not path.exists():
        return Found(f"there is none ({path}); it is not needed")
    door = Door(settings.timezone, settings.camera_id, settings.user_id)
    found = understand(path, read(path), door, Bookings())
    if found.problems:
        first = found.problems[0]
        what = f"{len(found.problems)} of what stands in it cannot be used: {first}"
        return warning(what, f"mend {path}; the other {len(found.rows)} are recorded")
    return Found(f"{len(found.rows)} {plural(len(found.rows), 'booking', 'bookings')} of ours in {path}")


def look_at_permissions(settings: Settings, devices: Path = Path("/dev")) -> Found:
    """Write where the engine writes, open what it opens, and speak to its socket."""
    data = settings.ezrec_data_dir
    for folder in (nearest(data), *(data / name for name in SUBFOLDERS if (data / name).exists())):
        _require_writable(folder)
    for pattern in DEVICES:
        for device in sorted(devices.glob(pattern)):
            if not os.access(device, os.R_OK | os.W_OK):
                raise Failed(f"{device} may not be opened", "add this user to the group video")
    _require_socket(settings.socket)
    owner = nearest(data).stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        return warning(
            "root may do everything: this says nothing of the engine's user",
            "run it as that user: an installed `sudo ezrec doctor` does so",
        )
    where = data if data.exists() else f"{nearest(data)} (where {data.name} will be made)"
    return Found(f"{where} can be written to, and the cameras' devices opened")


def _require_writable(folder: Path) -> None:
    """Make a file there, for real. Raises Failed."""
    path = folder / f".ezrec-doctor-rights.{os.getpid()}.partial"
    try:
        with path.open("wb") as file:
            file.write(b"ours")
            os.fsync(file.fileno())
        path.unlink()
    except OSError as error:
        to_do = f"run this as `sudo ezrec doctor`, or give it to the engine's user: `sudo chown -R ezrec: {folder}`"
        raise Failed(f"{folder} cannot be written to: {error.strerror}", to_do) from error


def _require_socket(path: Path) -> None:
    """A socket that is there may be spoken to; whether somebody listens is another matter. Raises Failed."""
    if not path.exists():
        return
    try:
        with closing(socket.socket(socket.AF_UNIX)) as client:
            client.connect(str(path))
    except ConnectionRefusedError:
        return
    except OSError as error:
        raise Failed(
            f"the engine's socket {path} cannot be used: {error.strerror}", "join the group ezrec, or use sudo"
        ) from error
