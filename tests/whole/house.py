"""Starts the demo as a user would, finds its processes, and reads what it left."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ezrec_tui.log_lines import plain, read_all
from tests.processes import processes_of


@dataclass
class DemoRun:
    """`ezrec demo --headless --json`, running."""

    process: subprocess.Popen[str]
    data: Path
    killed: int = 0
    """Processes that were ended by `kill`."""

    def find(self, *words: str) -> psutil.Process | None:
        """The process of this demo whose command line holds all these words."""
        found = processes_of(self.data.resolve())
        return next((process for process, line in found if all(word in line for word in words)), None)

    def kill(self, *words: str) -> None:
        """kill -9 of that process, which has to be there."""
        found = self.find(*words)
        assert found is not None, f"no process {words}"
        os.kill(found.pid, signal.SIGKILL)
        self.killed += 1

    def lines(self) -> Iterator[str]:
        """What it tells people, line by line, until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            print(line, end="")
            yield line

    def result(self) -> dict[str, Any]:
        """The JSON it printed; it has to have ended with exit status 0."""
        assert self.process.stdout is not None
        printed = self.process.stdout.read()
        assert self.process.wait() == 0, self.log()
        return json.loads(printed.splitlines()[-1])

    def log(self) -> str:
        return "\n".join(plain(line) for line in read_all(self.data / "logs"))


def start_demo(data: Path, *options: str) -> DemoRun:
    command = [sys.executable, "-m", "ezrec_tui", "demo", "--headless", "--json", "--data", str(data), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return DemoRun(process, data)
