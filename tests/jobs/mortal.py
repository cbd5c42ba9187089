"""`python -m tests.jobs.mortal --parent PID`: a worker that dies again and again, between every two writes of its jobs.

Each of its lives is a process of its own and takes two notes in the jobs database. The first life of a pair is killed
right after its first note. The second takes one, does what comes next, and is killed before that is noted. So every
step of a job is once begun and lost, and once done and not known to be. The last life has nothing left to note.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from dbos._sys_db import SystemDatabase

from ezrec_tui.jobs import worker
from ezrec_tui.jobs.__main__ import main as live

NOTES = ("init_workflow", "record_operation_result", "update_workflow_outcome")
"""What DBOS writes of a workflow: that it is, that a step of it is done, that it is over."""


class Fate:
    """Counts the notes of a life."""

    def __init__(self, number: int) -> None:
        self._after = number % 2 == 0
        self._taken = 0

    def watch(self, name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            if self._taken and not self._after:
                self._die(f"before {name}")
            result = write(*given, **named)
            self._taken += 1
            if self._after:
                self._die(f"after {name}")
            return result

        return noted

    def _die(self, when: str) -> None:
        os.write(2, f"killed {when}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    assert worker  # imported once, for all lives
    number = 0
    while True:
        child = os.fork()
        if child == 0:
            sys.argv = ["mortal", "--parent", str(os.getppid())]
            fate = Fate(number)
            for name in NOTES:
                setattr(SystemDatabase, name, fate.watch(name, getattr(SystemDatabase, name)))
            live()
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return os.waitstatus_to_exitcode(status)
        number += 1


if __name__ == "__main__":
    sys.exit(main())
