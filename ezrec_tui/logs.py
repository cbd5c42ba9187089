"""Logging: one line a transition, to the console and to a rotating file. Secrets never get here."""

import logging
import logging.handlers
import os
import re
import sys
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime

from ezrec_tui.model import Value

LOG_NAME = "ezrec.log"
FILE_BYTES = 5_000_000
FILES_KEPT = 5

CHILD_FORMAT = "%(levelname)s %(message)s"
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

TAIL_BYTES = 400
"""Read from the end of the file for a line of it; longer lines make the tail shorter, never slower."""

LOGGED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\w+) +(.+?): (.*)")


class LogLine(Value):
    """A line of the log, as `FORMAT` writes it."""

    at: AwareDatetime | None = None
    """None for a line that goes on with the one before, like those of a traceback."""
    level: str
    """DEBUG, INFO, WARNING, ERROR or CRITICAL; of a line that goes on, the level of the one before."""
    source: str = ""
    """Who wrote it."""
    text: str


class _FollowingHandler(logging.handlers.WatchedFileHandler):
    """Follows a file that is begun anew. One that cannot be is no reason for who logs to fail."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # of looking for the file: a full disk, a folder that is gone
            self.handleError(record)


def log_as_engine(level: str, folder: Path) -> None:
    """Log to standard error and `ezrec.log` in `folder`, which is made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    file = logging.handlers.RotatingFileHandler(
        folder / LOG_NAME, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    logging.basicConfig(level=level, format=FORMAT, handlers=[logging.StreamHandler(sys.stderr), file], force=True)
    _quieten()


def log_as_child(level: str) -> None:
    """Log to standard error in the form that the engine takes up into its own log."""
    logging.basicConfig(level=level, format=CHILD_FORMAT, stream=sys.stderr, force=True)
    _quieten()


def log_as_recorder(level: str, name: str, folder: Path) -> None:
    """Log to standard error and to the engine's `ezrec.log`, as `name`: there may be no engine to take lines up.

    It follows the file when the engine begins a new one. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = _FollowingHandler(folder / LOG_NAME, encoding="utf-8")
    form = FORMAT.replace("%(name)s", name)
    logging.basicConfig(level=level, format=form, handlers=[logging.StreamHandler(sys.stderr), file], force=True)
    _quieten()


def log_line_of_child(child: str, line: str) -> None:
    """Take up a line that a child wrote to its standard error."""
    level, _, text = line.partition(" ")
    number = logging.getLevelNamesMapping().get(level)
    if number is None:
        number, text = logging.WARNING, line
    logging.getLogger(child).log(number, "%s", text)


def tail(folder: Path, lines: int) -> list[LogLine]:
    """The last lines of the log in `folder`, oldest first; fewer where there are no more. Raises OSError."""
    try:
        with (folder / LOG_NAME).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - lines * TAIL_BYTES))
            if file.tell() > 0:
                file.readline()
            written = file.read().decode("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    read = list[LogLine]()
    level = "INFO"
    for one in written:
        match = LOGGED.fullmatch(one)
        if match is None:
            read.append(LogLine(level=level, text=one))
            continue
        at, level, source, text = match.groups()
        read.append(LogLine(at=datetime.fromisoformat(at).astimezone(), level=level, source=source, text=text))
    return read[-lines:]


def _quieten() -> None:
    for name in ("httpx", "httpcore", "botocore", "boto3", "urllib3", "watchfiles", "uvicorn", "libav", "dbos"):
        logging.getLogger(name).setLevel(logging.WARNING)
