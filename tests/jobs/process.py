"""The worker as the engine has it: a process, spoken to over its pipes."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from pydantic import BaseModel

from ezrec_tui.jobs.messages import JobChanged, Message, messages
from ezrec_tui.model import Job, JobState

PATIENCE = 180.0
"""Seconds until something that has to come is given up."""


class WorkerProcess:
    """A running worker; killed at the end at the latest."""

    def __init__(
        self,
        data: Path,
        settings: Mapping[str, str] | None = None,
        program: str = "ezrec_tui.jobs",
        patience: float = PATIENCE,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._patience = patience
        self.heard: list[Message] = []
        self.log = data / "worker.log"
        self._changed = threading.Condition()
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS", "S3", "SUPABASE"))}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", program, "--parent", str(os.getpid())],
                env={**plain, "EZREC_DATA_DIR": str(data), **(settings or {})},
                cwd=data,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if error is not None:
            print(self.log.read_text()[-15000:])

    def say(self, command: BaseModel) -> None:
        assert self.process.stdin
        self.process.stdin.write(command.model_dump_json().encode() + b"\n")
        self.process.stdin.flush()

    def close(self) -> int:
        """End it as the engine does, by closing the pipe; its exit status."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(self._patience)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def wait_for(self, what: Callable[[Message], bool], *, since: int = 0) -> Message:
        """The first message heard (after the first `since`) that is it."""

        def find() -> Message | None:
            return next((message for message in self.heard[since:] if what(message)), None)

        with self._changed:
            ended = self._changed.wait_for(lambda: find() or self.process.poll() is not None, self._patience)
            found = find()
        if found is None:
            why = f"the worker ended with {self.process.poll()}" if ended else "it did not come"
            if not ended:
                self.process.send_signal(signal.SIGUSR1)  # it tells what its threads are at
                self.live_for(0.5)
            raise AssertionError(f"{why}; heard: {self.heard[-5:]}; log: {self.log.read_text()[-9000:]}")
        return found

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Look again and again, for so long as one may have to wait."""
        deadline = time.monotonic() + self._patience
        while not condition():
            assert time.monotonic() < deadline, f"it did not come; log: {self.log.read_text()[-3000:]}"
            assert self.process.poll() is None
            self.live_for(0.05)

    def live_for(self, seconds: float) -> None:
        """Let it run so long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)

    def wait_for_job(self, booking_id: str, what: Callable[[Job], bool], *, since: int = 0) -> Job:
        def is_it(message: Message) -> bool:
            return isinstance(message, JobChanged) and message.job.booking_id == booking_id and what(message.job)

        message = self.wait_for(is_it, since=since)
        assert isinstance(message, JobChanged)
        return message.job

    def wait_for_state(self, booking_id: str, *states: JobState, since: int = 0) -> Job:
        return self.wait_for_job(booking_id, lambda job: job.state in states, since=since)

    def jobs_heard(self, booking_id: str) -> list[Job]:
        return [m.job for m in list(self.heard) if isinstance(m, JobChanged) and m.job.booking_id == booking_id]

    def all_jobs_heard(self, *, since: int = 0) -> list[Job]:
        return [message.job for message in self.heard[since:] if isinstance(message, JobChanged)]

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._changed:
                self.heard.append(messages.validate_json(line))
                self._changed.notify_all()
        self.process.wait()
        with self._changed:
            self._changed.notify_all()
