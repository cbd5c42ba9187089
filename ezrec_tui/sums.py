"""SHA-256 sums beside the files they are of, as `sha256sum` writes and checks them: `sha256sum -c SHA256SUMS`."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from ezrec_tui.files import write_atomic

SEGMENTS = "SHA256SUMS"
"""Name of the file with the sums of a recording's segments, in its folder."""
CHUNK = 1 << 20
_LINE = re.compile(r"([0-9a-f]{64})[ ][ *](.+)")


def sums_of_video(video: Path) -> Path:
    """The file with a video's sum, beside it."""
    return video.with_name(f"{video.name}.sha256")


def sha256_of(path: Path, on_bytes: Callable[[int], None] = lambda _: None) -> str:
    """In hex. What is read does not push other things out of memory. `on_bytes` is told of each chunk; it may raise."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            on_bytes(len(chunk))
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest()


def read_sums(path: Path) -> dict[str, str]:
    """Sum by file name; empty without the file. Lines that are no sums are left out. Raises OSError."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return {}
    return {found[2]: found[1] for line in text.splitlines() if (found := _LINE.fullmatch(line))}


def write_sums(path: Path, sums: Mapping[str, str]) -> None:
    """Replace the file, whole or not at all. Raises OSError."""
    write_atomic(path, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
