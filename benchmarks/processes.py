"""The processes of an engine under test, and what they use."""

from pathlib import Path

import psutil


def processes(data: Path) -> list[psutil.Process]:
    """Our descendants that work in this data folder."""
    children = psutil.Process().children(recursive=True)
    return [process for process in children if process.environ().get("EZREC_DATA_DIR") == str(data)]


def name(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    if " -m ezrec_tui.recorder" in line:
        return "recorder 0" if '"index":0' in line else "recorder 1"
    return "worker" if " -m ezrec_tui.jobs" in line else "engine"


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time."""
    times = process.cpu_times()
    return times.user + times.system
