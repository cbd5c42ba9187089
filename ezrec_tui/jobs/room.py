"""Room for a video on the disk: a render begins only when its video fits, and ends when the disk fills all the same."""

import shutil
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.model import NS, Manifest

LAST_ROOM = 4
"""A render leaves this part of the disk's floor, a quarter, to the databases and the recorders."""


class NoRoom(Exception):
    """The video does not fit on the disk now. The text says how much is missing."""


def video_bytes(manifest: Manifest, settings: Settings) -> int:
    """How large the video of a recording becomes, about."""
    frames = max((count.written for count in manifest.cameras), default=0)
    seconds = frames / manifest.fps if frames else (manifest.end_ns - manifest.start_ns) / NS
    return round(seconds * settings.video_bitrate / 8)


def make_sure(folder: Path, needed: int, settings: Settings) -> None:
    """That so many bytes fit where the folder is. Raises NoRoom, OSError."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    kept = settings.disk_floor(usage.total) // LAST_ROOM
    if usage.free < needed + kept:
        raise NoRoom(
            f"no room for the video: it takes {needed / 1e6:.0f} MB, and {max(0, usage.free - kept) / 1e6:.0f} MB are"
            f" free on the disk of {folder}; make room, and it goes on by itself"
        )
