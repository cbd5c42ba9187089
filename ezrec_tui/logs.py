"""Logging: one line a transition, to the console and to a rotating file. Secrets never get here."""

import logging
import logging.handlers
import sys
from pathlib import Path

FILE_BYTES = 5_000_000
FILES_KEPT = 5

CHILD_FORMAT = "%(levelname)s %(message)s"
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def log_as_engine(level: str, folder: Path) -> None:
    """Log to standard error and `ezrec.log` in `folder`, which is made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    file = logging.handlers.RotatingFileHandler(
        folder / "ezrec.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
    )
    logging.basicConfig(level=level, format=FORMAT, handlers=[logging.StreamHandler(sys.stderr), file], force=True)
    _quieten()


def log_as_child(level: str) -> None:
    """Log to standard error in the form that the engine takes up into its own log."""
    logging.basicConfig(level=level, format=CHILD_FORMAT, stream=sys.stderr, force=True)
    _quieten()


def log_line_of_child(child: str, line: str) -> None:
    """Take up a line that a child wrote to its standard error."""
    level, _, text = line.partition(" ")
    number = logging.getLevelNamesMapping().get(level)
    if number is None:
        number, text = logging.WARNING, line
    logging.getLogger(child).log(number, "%s", text)


def _quieten() -> None:
    for name in ("httpx", "httpcore", "botocore", "boto3", "urllib3", "watchfiles", "uvicorn", "libav", "dbos"):
        logging.getLogger(name).setLevel(logging.WARNING)
