"""Disks of a test's own: a small one, and one that can be frozen. Mounting takes root; without it sudo is asked."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def _as_root(*command: str) -> None:
    subprocess.run([*(() if os.geteuid() == 0 else ("sudo", "-n")), *command], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Generator[Path]:
    """A file system in memory, of so many megabytes."""
    folder.mkdir(parents=True)
    owner = f"uid={os.getuid()},gid={os.getgid()}"
    _as_root("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,{owner}", "ezrec-test", str(folder))
    try:
        yield folder
    finally:
        _as_root("umount", "--lazy", str(folder))
