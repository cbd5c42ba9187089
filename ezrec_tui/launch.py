"""Starts engines: one that outlives us, or one that is kept alive for as long as we need it, as systemd would."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from ezrec_tui.client import EngineClient, EngineUnreachable
from ezrec_tui.config import Settings
from ezrec_tui.engine.link import end_recorders

START_SECONDS = 30.0
RESTART_SECONDS = 0.1
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 20.0


class EngineKeeper:
    """An engine in a process of its own, started again when it dies. Use it as a context manager.

    At the end nothing of it is left, its recorders neither.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, log: Path) -> None:
        """`folder`: where the engine runs; `log`: the file that its standard error is appended to."""
        self._environment, self._folder, self._log = environment, folder, log
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="engine-keeper", daemon=True)

    def __enter__(self) -> "EngineKeeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        end_recorders(
            self._folder / self._environment["EZREC_DATA_DIR"]
        )  # an engine that was just killed has left them

    def _keep(self) -> None:
        # The engine ends with this thread (PR_SET_PDEATHSIG follows the thread that started it).
        command = [sys.executable, "-m", "ezrec_tui", "engine", "--parent", str(os.getpid())]
        while not self._stopping.is_set():
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    command, env=dict(self._environment), cwd=self._folder, stdout=log, stderr=log,
                    stdin=subprocess.DEVNULL,
                )  # fmt: skip
            while self._process.poll() is None and not self._stopping.is_set():
                self._stopping.wait(LOOK_SECONDS)
            if self._process.poll() is None:
                self._end(self._process)
            else:
                self._stopping.wait(RESTART_SECONDS)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_engine_if_none(settings: Settings) -> None:
    """Start an engine that outlives us, unless one answers on the socket. Raises EngineUnreachable."""
    client = EngineClient(settings.socket)
    if _answers(client):
        return
    settings.ezrec_data_dir.mkdir(parents=True, exist_ok=True)
    log_path = settings.ezrec_data_dir / "logs" / "engine-output.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    log_path.unlink(missing_ok=True)  # not overwritten: a recorder that outlived its engine may still write to it
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ezrec_tui", "engine"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(client):
            return
        if process.poll() is not None:
            why = log_path.read_text(errors="replace").strip().splitlines()
            raise EngineUnreachable(f"the engine did not start: {why[-1] if why else f'see {log_path}'}")
        time.sleep(0.1)
    raise EngineUnreachable(f"the engine does not answer after {START_SECONDS:.0f} s: its log is {log_path}")


def _answers(client: EngineClient) -> bool:
    try:
        asyncio.run(client.snapshot())
    except EngineUnreachable:
        return False
    return True
