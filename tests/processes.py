"""The processes of an engine, whoever their parent is by now: those that work in its data folder."""

from collections.abc import Iterator
from pathlib import Path

import psutil


def processes_of(data: Path) -> Iterator[tuple[psutil.Process, str]]:
    """Living processes and their command lines."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("EZREC_DATA_DIR") != str(data):
                continue
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if line:  # none: it has ended and waits for its parent
            yield process, line


def recorders_of(data: Path) -> dict[int, psutil.Process]:
    """By camera."""
    found = {line: process for process, line in processes_of(data) if " -m ezrec_tui.recorder" in line}
    return {0 if '"index":0' in line else 1: process for line, process in found.items()}
