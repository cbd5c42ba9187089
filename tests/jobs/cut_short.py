"""`python -m tests.jobs.cut_short --parent PID`: a worker that is killed in its first sweep, before its second file."""

import os
import signal
import sys
from typing import Any

from ezrec_tui.jobs.__main__ import main

removed = 0


def cut(event: str, given: tuple[Any, ...]) -> None:
    global removed
    if event == "os.remove" and "/recordings/" in str(given[0]) and str(given[0]).endswith(".ts"):
        removed += 1
        if removed == 2:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.addaudithook(cut)
    sys.exit(main())
