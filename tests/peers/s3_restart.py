"""The real S3 server with its door apart, so that the door can be killed and opened again; what lies inside stays."""

import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ezrec_tui.child import end_with_parent
from tests.peers.s3 import (
    S3Bucket,
    answers,
    core_command,
    free_ports,
    new_server,
    wait_for,
    weed_program,
    write_identities,
)


class RestartableS3:
    """A running server with one bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = free_ports(8)
        server = new_server(self._ports[6], tls_port=0, ca=Path())
        self.bucket = S3Bucket(server, "venue")
        self._identity = write_identities(folder, server)
        self._core = self._start(core_command(folder, self._ports[:6]), "core.log")
        self._door = self._open()
        server.client().create_bucket(Bucket=self.bucket.name)

    def restart(self, seconds_down: float) -> None:
        """kill -9 of the door; a new one after so long."""
        self._end(self._door)
        time.sleep(seconds_down)
        self._door = self._open()

    def close(self) -> None:
        for process in (self._door, self._core):
            self._end(process)

    def _open(self) -> "subprocess.Popen[bytes]":
        filer, filer_grpc, port, grpc = self._ports[4:]
        command = [
            weed_program(),
            "s3",
            f"-filer=127.0.0.1:{filer}.{filer_grpc}",
            f"-port={port}",
            f"-port.grpc={grpc}",
            "-ip.bind=127.0.0.1",
            "-port.iceberg=0",
            "-port.lance=0",
            "-autoCreateBucket=false",
            f"-config={self._identity}",
        ]

        def opened() -> bool:
            nonlocal door
            if door.poll() is not None:  # the core is not up yet
                door = self._start(command, "door.log")
            return answers(self.bucket.server)

        door = self._start(command, "door.log")
        if not wait_for(opened):
            raise RuntimeError(f"SeaweedFS does not start; its log is in {self._folder}")
        return door

    def _start(self, command: list[str], log: str) -> "subprocess.Popen[bytes]":
        with (self._folder / log).open("ab") as output:
            return subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "GOMEMLIMIT": "400MiB", "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"},
                start_new_session=True,
                preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),
                cwd=self._folder,
            )

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def restartable_s3(folder: Path) -> Generator[RestartableS3]:
    folder.mkdir(parents=True, exist_ok=True)
    running = RestartableS3(folder)
    try:
        yield running
    finally:
        running.close()
