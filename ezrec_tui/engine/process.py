"""The engine's process: one per data folder, its socket, its log, its end."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn

from ezrec_tui import __version__
from ezrec_tui.clock import Clock, SystemClock
from ezrec_tui.config import Settings
from ezrec_tui.engine.api import create_app
from ezrec_tui.engine.engine import Engine
from ezrec_tui.engine.peers import PeerProtocol
from ezrec_tui.logs import log_as_engine

SOCKET_MODE = 0o660
LONGEST_SOCKET_PATH = 107
"""Bytes, by the kernel."""

log = logging.getLogger(__name__)


class AlreadyRunning(Exception):
    """Another engine works in this data folder."""


class _Server(uvicorn.Server):
    """Signals are the engine's own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Run an engine until SIGTERM or SIGINT. Raises AlreadyRunning, and OSError for a folder that is not usable."""
    data = settings.ezrec_data_dir
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data / "engine.lock"):
        log_as_engine(settings.log_level, data / "logs")
        log.info("engine %s, data in %s", __version__, data.resolve())
        engine = Engine(settings, clock or SystemClock())
        listening = _listen(settings.socket)
        config = uvicorn.Config(
            create_app(engine),
            http=PeerProtocol,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        server = _Server(config)
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
        living = asyncio.create_task(engine.run())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        stopping = asyncio.create_task(ended.wait())
        await asyncio.wait((living, serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        log.info("engine ends")
        engine.hub.close()
        server.should_exit = True
        living.cancel()
        results = await asyncio.gather(living, serving, return_exceptions=True)
        stopping.cancel()
        settings.socket.unlink(missing_ok=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result


@contextlib.contextmanager
def _alone(path: Path) -> Generator[None]:
    """Hold the folder's lock; the kernel lets go of it when the process ends, however it ends."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"another engine is running ({path.parent.resolve()}): use it, or set EZREC_DATA_DIR to another folder"
            ) from error
        yield


def _listen(path: Path) -> socket.socket:
    """The Unix socket, for the owner and the group. A left-over one is replaced: the lock says nobody uses it."""
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise OSError(f"the path of the socket is too long ({path}): set EZREC_SOCKET to a shorter one")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    path.chmod(SOCKET_MODE)
    return listening
