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


@contextmanager
def disk_to_freeze(folder: Path, megabytes: int) -> Generator[Path]:
    """A file system on a disk of its own (a loop device), so that it can stand still without the rest."""
    image = folder.with_name(f"{folder.name}.image")
    folder.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(megabytes * 1_000_000)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", str(image)], check=True)
    _as_root("mount", "-o", "loop", str(image), str(folder))
    _as_root("chmod", "777", str(folder))
    try:
        yield folder
    finally:
        _as_root("umount", "--lazy", str(folder))


@contextmanager
def frozen(folder: Path) -> Generator[None]:
    """The disk takes nothing: who writes, waits. It thaws at the end, also if this process is killed."""
    script = f"fsfreeze -f '{folder}' && echo frozen && read end; fsfreeze -u '{folder}'"
    command = [*(() if os.geteuid() == 0 else ("sudo", "-n")), "sh", "-c", script]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "frozen\n"
        yield
    finally:
        process.stdin.close()
        process.wait()
