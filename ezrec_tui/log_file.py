"""A log file that several processes append to, and whose size stays within a bound whoever of them writes.

A full file is renamed to `ezrec.log.N`, with a number that only grows, so that a reader who follows knows which comes
next; the oldest are deleted.
"""

import errno
import fcntl
import os
import time
from pathlib import Path

LOG_NAME = "ezrec.log"
FILE_BYTES = 5_000_000
FILES_KEPT = 5
"""Full ones, beside the one that is written to."""
TRIES, TRY_SECONDS = 50, 0.001
"""Until the line is written all the same: a process that hangs while it puts a file aside must not stop others."""


def full_files(folder: Path) -> list[Path]:
    """The files that were full, the oldest first."""
    numbered = {
        int(number): path
        for path in folder.glob(f"{LOG_NAME}.*")
        if (number := path.name[len(LOG_NAME) + 1 :]).isdigit()
    }
    return [numbered[number] for number in sorted(numbered)]


class LogFile:
    """The log in a folder, as one of the processes that write to it has it."""

    def __init__(self, folder: Path, file_bytes: int = FILE_BYTES, files_kept: int = FILES_KEPT) -> None:
        """The folder is made. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._path = folder, folder / LOG_NAME
        self._file_bytes, self._files_kept = file_bytes, files_kept
        self._fd: int | None = None
        self._open()

    def append(self, line: str) -> None:
        """Append a line, at once and whole. Raises OSError; the next one is tried anew."""
        data = line.encode("utf-8", "backslashreplace") + b"\n"
        try:
            fd = self._current()
            if os.write(fd, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            if os.fstat(fd).st_size >= self._file_bytes:
                self._put_aside(fd)
            _lock(fd, fcntl.LOCK_UN)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _current(self) -> int:
        """The file that all write to, open, and not put aside before the line is in it."""
        for _ in range(TRIES):
            fd = self._open() if self._fd is None else self._fd
            if not _lock(fd, fcntl.LOCK_SH):
                time.sleep(TRY_SECONDS)
            elif self._is_current(fd):
                return fd
            else:
                self.close()
        return self._open() if self._fd is None else self._fd

    def _open(self) -> int:
        self._fd = fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        size = os.fstat(fd).st_size
        if size and os.pread(fd, 1, size - 1) != b"\n":  # somebody's last line was torn
            os.write(fd, b"\n")
        return fd

    def _is_current(self, fd: int) -> bool:
        """Whether what is open here is what others would open."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(fd))
        except FileNotFoundError:
            return False

    def _put_aside(self, fd: int) -> None:
        """Give the full file its number, unless others are at it: then they do, or who writes next."""
        if _lock(fd, fcntl.LOCK_EX) and self._is_current(fd):
            full = full_files(self._folder)
            number = 1 + int(full[-1].suffix[1:]) if full else 1
            self._path.rename(self._path.with_name(f"{LOG_NAME}.{number}"))
            for oldest in full[: len(full) + 1 - self._files_kept]:
                oldest.unlink(missing_ok=True)


def _lock(fd: int, kind: int) -> bool:
    """Whether the lock was to be had."""
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
