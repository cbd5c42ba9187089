"""The lines of the log: what one is, and how they are read, over all its files and while it grows."""

import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from ezrec_tui.log_file import LOG_NAME, full_files
from ezrec_tui.model import Value

TAIL_BYTES = 400
"""Read from the end of the file for a line of it; longer lines make the tail shorter, never slower."""
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class LogLine(Value):
    """What was logged at once, as JSON a line of the file."""

    at: AwareDatetime | None = None
    """None for a line that goes on with the one before, like those of a traceback in a `tail`."""
    level: str
    """DEBUG, INFO, WARNING, ERROR or CRITICAL."""
    source: str = ""
    """Who wrote it."""
    booking: str | None = None
    """The booking that it is about."""
    text: str
    """May be several lines: a traceback is part of what it belongs to."""

    def written(self) -> str:
        """As it stands in the file: one line of JSON."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), ensure_ascii=False)


def read_line(written: str) -> LogLine:
    """A line of the file; what is none (torn, or from elsewhere) is text alone."""
    try:
        return LogLine.model_validate_json(written)
    except ValidationError:
        return LogLine(level="INFO", text=written)


def plain(line: LogLine, zone: tzinfo | None = None) -> str:
    """For people: time in `zone` (None: the machine's), level, source, text, booking; nothing that moves a cursor."""
    at = f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S.%f}"[:-3] if line.at else " " * 23
    about = f" booking={line.booking}" if line.booking else ""
    first, *others = line.text.split("\n")
    return UNPRINTABLE.sub("�", "\n".join([f"{at} {line.level:<7} {line.source}: {first}{about}", *others]))


def read_all(folder: Path) -> Iterator[LogLine]:
    """All that is in the log, the oldest first; nothing where there is none. Raises OSError."""
    return follow(folder, lambda: False)


def follow(folder: Path, goes_on: Callable[[], bool]) -> Iterator[LogLine]:
    """All lines, the oldest first, and then those that come, whatever becomes of the files.

    `goes_on` is asked at each end of the log: it waits a moment, or says that it is enough. Raises OSError.
    """
    reader = _Reader(folder)
    try:
        ends = False
        while True:
            yield from map(read_line, reader.lines())
            if not reader.turn():
                if ends:
                    return
                ends = not goes_on()  # and once more, for what came while it was asked
    finally:
        reader.close()


def tail(folder: Path, lines: int) -> list[LogLine]:
    """The last lines of the log in `folder`, oldest first; fewer where there are no more. Raises OSError.

    What is of several lines, like a traceback, is several here: those that go on have no time.
    """
    read = deque[LogLine](maxlen=lines)
    for path in reversed([*full_files(folder), folder / LOG_NAME]):
        older = [part for written in _ends(path, lines - len(read)) for part in _parts(read_line(written))]
        read.extendleft(reversed(older[max(0, len(older) - lines + len(read)) :]))
        if len(read) >= lines:
            break
    return list(read)


def _ends(path: Path, lines: int) -> list[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - lines * TAIL_BYTES))
            if file.tell() > 0:
                file.readline()
            return file.read().decode("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _parts(line: LogLine) -> Iterable[LogLine]:
    first, *others = line.text.splitlines() or [""]
    yield line.model_copy(update={"text": first})
    for text in others:
        yield LogLine(level=line.level, booking=line.booking, text=text)


class _Reader:
    """Goes from file to file. Who has one open has it whole, whatever it is called by now; numbers only grow."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        """Of the full file that was read last."""
        self._fd: int | None = None
        self._rest = b""
        self.turn()

    def lines(self) -> Iterator[str]:
        """The whole lines that the open file has by now and had not before."""
        while self._fd is not None and (read := os.read(self._fd, 1 << 16)):
            *whole, self._rest = (self._rest + read).split(b"\n")
            yield from (line.decode("utf-8", errors="replace") for line in whole if line)

    def turn(self) -> bool:
        """Whether there is more to read now: of this file, or of the next one, which is opened."""
        if self._fd is not None:
            if _is(self._folder / LOG_NAME, self._fd):
                return False
            if os.fstat(self._fd).st_size > os.lseek(self._fd, 0, os.SEEK_CUR):
                return True
            self._number = next((_number(path) for path in self._unread() if _is(path, self._fd)), self._number)
            self.close()
        while True:
            path = next(iter(self._unread()), self._folder / LOG_NAME)
            try:
                fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:  # put aside at this moment, or there is no log
                return bool(self._unread()) and self.turn()
            if path.name == LOG_NAME and self._unread():  # it was put aside meanwhile, and may not be the next
                os.close(fd)
                continue
            self._fd, self._rest = fd, b""
            return True

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _unread(self) -> list[Path]:
        return [path for path in full_files(self._folder) if _number(path) > self._number]


def _number(full: Path) -> int:
    return int(full.suffix[1:])


def _is(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except FileNotFoundError:
        return False
