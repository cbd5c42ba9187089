"""A real engine with its recorders and worker, on small test-pattern cameras."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.client import EngineClient, EngineUnreachable
from ezrec_tui.config import Settings
from ezrec_tui.engine.link import end_recorders
from ezrec_tui.log_lines import plain, read_all
from ezrec_tui.model import Snapshot

PATIENCE = 180.0
"""Seconds until something that has to come is given up; generous, as machines are slow and busy."""


@dataclass
class RunningEngine:
    data: Path
    socket: Path
    environment: dict[str, str]
    command: list[str]
    process: subprocess.Popen[bytes]

    @property
    def client(self) -> EngineClient:
        return EngineClient(self.socket)

    @property
    def log(self) -> str:
        return "\n".join(plain(line) for line in read_all(self.data / "logs"))

    def until(self, holds: Callable[[Snapshot], bool]) -> Snapshot:
        """Follow the engine until a snapshot is as wanted."""

        async def follow() -> Snapshot:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        async for snapshot in self.client.follow():
                            if holds(snapshot):
                                return snapshot
                    except EngineUnreachable:
                        assert self.process.poll() is None, self.log
                        await asyncio.sleep(0.05)

        return asyncio.run(follow())

    def kill(self) -> None:
        """kill -9 of the engine, and of nothing else."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def start_again(self, **settings: str) -> None:
        """After a kill; with settings that are other ones now."""
        self.environment |= settings
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=self.data)

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `ezrec ...` against this engine."""
        return subprocess.run(
            [sys.executable, "-m", "ezrec_tui", *arguments],
            env=self.environment,
            cwd=self.data,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )


@contextmanager
def running_engine(data: Path, *program: str, **settings: str) -> Generator[RunningEngine]:
    """An engine for a `with`; ended with SIGTERM. `program`: what is run with Python, if it is not `ezrec engine`."""
    data.mkdir(parents=True, exist_ok=True)
    names = {name.upper() for name in Settings.model_fields}
    with tempfile.TemporaryDirectory(prefix="ezrec-") as sockets:
        environment = {name: value for name, value in os.environ.items() if name not in names} | {
            "EZREC_DATA_DIR": str(data),
            "EZREC_SOCKET": str(Path(sockets) / "engine"),
            "CAMERA_0_SERIAL": "testpattern",
            "CAMERA_1_SERIAL": "testpattern",
            "RESOLUTION": "320x180",
            "RECORDING_BITRATE": "500000",
            **settings,
        }
        command = [sys.executable, *(program or ("-m", "ezrec_tui", "engine"))]
        process = subprocess.Popen(command, env=environment, cwd=data)
        running = RunningEngine(data, Path(environment["EZREC_SOCKET"]), environment, command, process)
        try:
            yield running
        finally:
            running.process.terminate()
            running.process.wait(PATIENCE)
            end_recorders(data)  # those that an engine which was killed has left
