"""The engine answers on its socket, until it is told to end."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn

from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.api import create_app
from ezrec_tui.engine.engine import Engine
from ezrec_tui.engine.peers import PeerProtocol
from ezrec_tui.engine.pulse import keep_beating
from ezrec_tui.systemd import Service

SOCKET_MODE = 0o660
LONGEST_SOCKET_PATH = 107
"""Bytes, by the kernel."""

log = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """Signals are the engine's own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(engine: Engine, living: asyncio.Task[None], path: Path, ended: asyncio.Event) -> None:
    """Answer on the Unix socket at `path` for an engine that lives, until `ended`; then end it.

    Raises OSError, and what it fails of.
    """
    try:
        listening = _listen(path)
    except OSError:
        living.cancel()
        await asyncio.wait((living,))
        raise
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
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(ended.wait())
    beating = asyncio.create_task(keep_beating(Service(os.environ), engine.decided, path, SystemClock()))
    await asyncio.wait((living, serving, stopping, beating), return_when=asyncio.FIRST_COMPLETED)
    log.info("engine ends")
    engine.hub.close()
    server.should_exit = True
    living.cancel()
    beating.cancel()
    results = await asyncio.gather(living, serving, beating, return_exceptions=True)
    stopping.cancel()
    path.unlink(missing_ok=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result


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
