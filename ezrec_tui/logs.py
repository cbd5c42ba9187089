"""Logging: one line a transition, to standard error and to a file that rotates. Secrets never get here.

Each line is structured: when, how bad, who, about which booking, what. What is about a booking says so with
`extra=about(booking_id)`, or is logged within `about_booking`.
"""

import logging
import os
import stat
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ezrec_tui.log_file import LogFile
from ezrec_tui.log_lines import LogLine, plain, read_line
from ezrec_tui.redact import redact

COUNTED_SECONDS = 600.0
"""What is said again within so long is counted, and told as one line at its end."""

_booking: ContextVar[str | None] = ContextVar("booking", default=None)

Write = Callable[[LogLine], None]


def about(booking_id: str | None) -> dict[str, str | None]:
    """For `extra`: the booking that a line is about."""
    return {"booking": booking_id}


@contextmanager
def about_booking(booking_id: str) -> Generator[None]:
    """All that is logged meanwhile, on this thread or in this task, is about this booking."""
    token = _booking.set(booking_id)
    try:
        yield
    finally:
        _booking.reset(token)


def log_as_engine(level: str, folder: Path) -> None:
    """Log to standard error and to the log in `folder`, which is made. Raises OSError."""
    _log_to(level, [*_standard_error(), _to_file(folder)])


def log_as_child(level: str) -> None:
    """Log to standard error in the form that the engine takes up into its own log."""
    _log_to(level, [lambda line: print(line.written(), file=sys.stderr, flush=True)], counted=False)


def log_as_recorder(level: str, name: str, folder: Path) -> None:
    """Log as `name` to standard error and to the engine's log: there may be no engine to take lines up.

    Raises OSError.
    """
    _log_to(level, [*_standard_error(), _to_file(folder)], source=name)


def log_line_of_child(child: str, line: str) -> None:
    """Take up a line that a child wrote to its standard error."""
    said = read_line(line)
    level = logging.getLevelNamesMapping().get(said.level, logging.WARNING) if said.at else logging.WARNING
    logging.getLogger(child).log(level, "%s", said.text, extra=about(said.booking))


@dataclass
class _Said:
    line: LogLine
    since: float
    """Monotonic seconds: when it was written."""
    again: int = 0


class Repeats:
    """Warnings and errors that come again and again: the first is written, the others are counted."""

    def __init__(self, seconds: float = COUNTED_SECONDS) -> None:
        self._seconds = seconds
        self._said = OrderedDict[tuple[str, str, str | None, str], _Said]()
        """In the order in which their time is over."""

    def take(self, line: LogLine, now: float) -> list[LogLine]:
        """What is to be written when this is logged, `now` in monotonic seconds: counts that are due, and the line."""
        due = self._due(now)
        if logging.getLevelNamesMapping().get(line.level, logging.ERROR) < logging.WARNING:
            return [*due, line]
        key = (line.source, line.level, line.booking, line.text)
        if (said := self._said.get(key)) is not None:
            said.line, said.again = line, said.again + 1
            return due
        self._said[key] = _Said(line, now)
        return [*due, line]

    def end(self) -> list[LogLine]:
        """The counts of what was not told yet."""
        left = [self._count(said) for said in self._said.values() if said.again]
        self._said.clear()
        return left

    def _due(self, now: float) -> list[LogLine]:
        due = list[LogLine]()
        while self._said and now - next(iter(self._said.values())).since >= self._seconds:
            key, said = self._said.popitem(last=False)
            if said.again:
                due.append(self._count(said))
                self._said[key] = _Said(said.line, now)
        return due

    def _count(self, said: _Said) -> LogLine:
        first, *_ = said.line.text.splitlines() or [""]
        times = "once more" if said.again == 1 else f"{said.again} times more"
        minutes = f"{self._seconds / 60:.0f} minutes"
        return said.line.model_copy(update={"text": f"{first} ({times} within {minutes})"})


class _Handler(logging.Handler):
    """Makes lines of records, and hands them to those who write."""

    def __init__(self, writers: Sequence[Write], source: str | None, repeats: Repeats | None) -> None:
        super().__init__()
        self._writers, self._source, self._repeats = writers, source, repeats
        self._failing = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = redact(self.format(record))
        except (TypeError, ValueError):  # arguments that do not fit a message: a defect, told where
            self.handleError(record)
            return
        line = LogLine(
            at=datetime.fromtimestamp(record.created, UTC),
            level=record.levelname,
            source=self._source or record.name,
            booking=getattr(record, "booking", None) or _booking.get(),
            text=text,
        )
        for one in self._repeats.take(line, time.monotonic()) if self._repeats else [line]:
            self._write(one)

    def close(self) -> None:
        for one in self._repeats.end() if self._repeats else []:
            self._write(one)
        super().close()

    def _write(self, line: LogLine) -> None:
        failed: OSError | None = None
        for write in self._writers:
            try:
                write(line)
            except OSError as error:  # a full disk, a terminal that is gone: no reason for who logs to fail
                failed = error
        if failed and not self._failing:
            self._failing = True
            self._write(line.model_copy(update={"level": "ERROR", "text": f"the log cannot be written: {failed}"}))
        self._failing = failed is not None


def _log_to(level: str, writers: Sequence[Write], *, source: str | None = None, counted: bool = True) -> None:
    handler = _Handler(writers, source, Repeats() if counted else None)
    logging.basicConfig(level=level, format="%(message)s", handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "botocore", "boto3", "urllib3", "watchfiles", "uvicorn", "libav", "dbos"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _to_file(folder: Path) -> Write:
    file = LogFile(folder)
    return lambda line: file.append(line.written())


def _standard_error() -> list[Write]:
    """Not where that is a file: nobody sees to it that it does not grow for ever, and the log is written as it is."""
    try:
        is_file = stat.S_ISREG(os.fstat(2).st_mode)
    except OSError:  # it was closed
        return []
    return [] if is_file else [lambda line: print(plain(line), file=sys.stderr, flush=True)]
