"""Files that survive a power cut, and names that never leave their folder."""

import hashlib
import os
import re
from pathlib import Path


def safe_name(identifier: str) -> str:
    """A file name for an id from outside: letters, digits, `-`, `_`, `.`; others are replaced and a hash is added.

    Different ids give different names, and no name is hidden, empty, or a way out of its folder.
    """
    kept = re.sub(r"[^A-Za-z0-9_.-]", "_", identifier).lstrip(".")[:80]
    if kept and kept == identifier:
        return kept
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept or 'id'}-{digest}"


def fsync_folder(folder: Path) -> None:
    """Make renames and new names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_atomic(path: Path, data: str | bytes) -> None:
    """Write a whole file or none: temporary file, fsync, rename, fsync of the folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(path.parent)


def commit_file(partial: Path, final: Path) -> None:
    """Give a finished file its name, durably: fsync, rename, fsync of the folder. Raises OSError."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(final)
    fsync_folder(final.parent)
