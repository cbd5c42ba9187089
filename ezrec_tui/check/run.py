"""The whole check: finds recordings and videos below a path, and looks at each of them.

It works without an engine and beside one: it writes to no database, and a recording under way is not touched.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.check.findings import Finding, Kind, Report
from ezrec_tui.check.ledger import read_ledger
from ezrec_tui.check.recordings import RUN_REPAIR, SEGMENT, check_recording
from ezrec_tui.check.scope import Scope
from ezrec_tui.check.videos import check_published, check_video
from ezrec_tui.config import Settings
from ezrec_tui.folders import Folders
from ezrec_tui.recording_files import MANIFEST, RecordingError, read_manifest

PARTIAL = re.compile(r"\..+\.partial")
"""A file that was being written when its writer died: renamed only when whole."""
IN_USE_SECONDS = 600.0
"""Beside a running engine, a partial file that grew so lately may be in use."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how far the check is."""

    on_total: Callable[[int], None]
    """Bytes that are to be looked at."""
    on_file: Callable[[Path], None]
    on_bytes: Callable[[int], None]
    on_finding: Callable[[Finding], None]


def check(path: Path, settings: Settings, *, repair: bool, watcher: Watcher) -> Report:
    """Check all recordings and videos below a path, or the one that it is.

    Raises FileNotFoundError without such a path.
    """
    path = path.resolve(strict=True)
    folders = Folders(settings.ezrec_data_dir.resolve(), settings.timezone)
    ledger = read_ledger(folders)
    scope = Scope(
        settings, folders, ledger, repair, watcher.on_file, watcher.on_bytes, watcher.on_finding, list(ledger.findings)
    )
    for finding in ledger.findings:
        watcher.on_finding(finding)
    under_way: list[Path] = []
    recordings: list[Path] = []
    for folder in find_recordings(path):
        if folder.is_relative_to(folders.camera_test):
            continue
        if folder in ledger.being_deleted:
            continue
        (under_way if ledger.is_under_way(folder, _is_finalised(folder)) else recordings).append(folder)
    videos = [path] if path.is_file() else sorted((path if path != folders.data else path / "processed").rglob("*.mp4"))
    videos = [video for video in videos if not video.name.startswith(".") and _is_rendered(video, folders, path)]
    watcher.on_total(sum(_size(video) for video in videos) + sum(map(_size_of_segments, recordings)))
    for folder in recordings:
        try:
            check_recording(folder, scope)
        except OSError as error:
            _unreadable(folder, error, scope)
    for video in videos:
        try:
            check_video(video, scope)
        except OSError as error:
            _unreadable(video, error, scope)
    if path == folders.data:
        check_published(scope)
    if path.is_dir():
        _check_leftovers(path, under_way, scope)
    return Report(
        path=path,
        recordings=len(recordings),
        segments=scope.segments,
        videos=scope.videos,
        bytes=scope.bytes,
        under_way=tuple(under_way),
        findings=tuple(scope.findings),
    )


def find_recordings(path: Path) -> Iterator[Path]:
    """Folders of recordings: the path itself, or below it."""
    if not path.is_dir():
        return
    if _looks_like_one(path):
        yield path
        return
    for below in sorted(path.glob("recordings/*/*/")) or sorted(path.rglob("*/")):
        if below.parent.parent.name == "recordings" or _looks_like_one(below):
            yield below


def _looks_like_one(folder: Path) -> bool:
    return (folder / MANIFEST).exists() or any(SEGMENT.fullmatch(path.name) for path in folder.glob("camera-*.ts"))


def _is_finalised(folder: Path) -> bool:
    try:
        return read_manifest(folder).finalised
    except (OSError, RecordingError):
        return False


def _is_rendered(video: Path, folders: Folders, path: Path) -> bool:
    """Of the data folder the videos below `processed`; elsewhere whatever was asked for."""
    processed = folders.data / "processed"
    return video.is_relative_to(processed) or not path.is_relative_to(folders.data) or video == path


def _check_leftovers(path: Path, under_way: list[Path], scope: Scope) -> None:
    below = [path / name for name in ("recordings", "processed", "delivered", "events")]
    for folder in [one for one in below if one.is_dir()] or [path]:
        for file in sorted(folder.rglob(".*.partial")):
            in_use = scope.ledger.engine_runs and time.time() - file.stat().st_mtime < IN_USE_SECONDS
            if PARTIAL.fullmatch(file.name) and not in_use and not any(file.is_relative_to(one) for one in under_way):
                what = "a file whose writing was cut off; it was never used"
                scope.found(Kind.LEFTOVER, file, what, RUN_REPAIR, file.unlink)


def _unreadable(path: Path, error: OSError, scope: Scope) -> None:
    what = f"it cannot be read: {error.strerror or error}"
    scope.found(Kind.UNREADABLE, path, what, "mend its rights or its disk")


def _size(path: Path) -> int:
    return path.stat().st_size


def _size_of_segments(folder: Path) -> int:
    return sum(map(_size, folder.glob("camera-*.ts")))
