"""Machines that share the jobs: `ezrec worker` as a process, and what the Pi and they are told."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType

from ezrec_tui.child import end_with_parent
from tests.peers.s3 import S3Bucket

PATIENCE = 180.0
SLOW = {"OUTPUT_WIDTH": "1280", "VIDEO_PRESET": "veryslow"}
"""Makes a render of seconds out of one of an instant."""


def shared(bucket: S3Bucket, jobs_url: str, port: int = 0) -> dict[str, str]:
    """What a Pi and its machines have in common; `port` leads to the store through a proxy."""
    server = bucket.server
    return {
        "AWS_S3_BUCKET": bucket.name,
        "AWS_ACCESS_KEY_ID": server.access_key,
        "AWS_SECRET_ACCESS_KEY": server.secret_key,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port or server.port}",
        "EZREC_JOBS_URL": jobs_url,
    }


class Machine:
    """A running `ezrec worker`; killed at the end at the latest."""

    def __init__(
        self, data: Path, settings: Mapping[str, str], *, short_lease: bool = False, core: int | None = None
    ) -> None:
        """On one core alone, if one is given."""
        program = "tests.machines.short_lease" if short_lease else "ezrec_tui"
        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self.log = data / "logs" / "ezrec.log"
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS", "S3", "SUPABASE"))}
        with (data / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", program, "worker"],
                env={**plain, "EZREC_DATA_DIR": str(data), **settings},
                cwd=data,
                stdout=log,
                stderr=log,
                preexec_fn=partial(_begin, os.getpid(), core),
            )

    def __enter__(self) -> "Machine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if error is not None:
            print(f"--- {self.log}\n{self.log.read_text()[-4000:]}")

    def said(self, pattern: str) -> int:
        """How many lines of its log say that."""
        return len(re.findall(pattern, self.log.read_text())) if self.log.exists() else 0

    def wait_to_say(self, pattern: str, times: int = 1) -> None:
        wait_until(lambda: self.said(pattern) >= times, f"{pattern} x{times} in {self.log}")

    @property
    def names(self) -> list[str]:
        """Of its lives, the last one last."""
        return re.findall(r"ready to make videos as (\S+), for", self.log.read_text()) if self.log.exists() else []

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Have it sleep, wherever it is."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def _begin(parent: int, core: int | None) -> None:
    end_with_parent(parent, signal.SIGKILL)
    if core is not None:
        os.sched_setaffinity(0, {core})


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"it did not come: {what}"
        time.sleep(0.05)
