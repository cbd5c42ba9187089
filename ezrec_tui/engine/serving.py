"""The engine answers on its socket, and over TCP where that is asked for, until it is told to end."""

import asyncio
import contextlib
import grp
import logging
import os
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from ezrec_tui.clock import SystemClock
from ezrec_tui.config import Address, Settings
from ezrec_tui.engine.api.app import create_app
from ezrec_tui.engine.api.door import Door
from ezrec_tui.engine.api.guard import Guard
from ezrec_tui.engine.engine import Engine
from ezrec_tui.engine.peers import PeerProtocol, TcpProtocol
from ezrec_tui.engine.pulse import keep_beating
from ezrec_tui.systemd import Service

LONGEST_SOCKET_PATH = 107
"""Bytes, by the kernel."""
LARGEST_HEAD = 16 * 1024
"""Bytes of a request's line and headers."""
SOCKET_SEATS, TCP_SEATS = 64, 16
"""So many may watch at once."""
BACKLOG = 128
BIND_SECONDS = 10.0
"""Until an address that cannot be listened on is tried again."""

log = logging.getLogger(__name__)


class _Server(uvicorn.Server):
    """Signals are the engine's own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def server(door: ASGIApp, protocol: type[PeerProtocol]) -> uvicorn.Server:
    """A server of HTTP as we mean it; it says nothing of requests that are none."""
    config = uvicorn.Config(
        door,
        http=protocol,
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=2,
        backlog=BACKLOG,
    )
    return _Server(config)


async def serve(engine: Engine, living: asyncio.Task[None], settings: Settings, ended: asyncio.Event) -> None:
    """Answer for an engine that lives, until `ended`; then end it. Raises OSError, and what it fails of."""
    try:
        listening = listen(settings.socket, settings.ezrec_socket_mode, settings.ezrec_socket_group)
    except OSError:
        living.cancel()
        await asyncio.wait((living,))
        raise
    app = create_app(engine)
    local = server(Door(app, SOCKET_SEATS), PeerProtocol)
    serving = asyncio.create_task(local.serve(sockets=[listening]))
    remote = Remote(engine, app, settings)
    answering = asyncio.create_task(remote.run())
    stopping = asyncio.create_task(ended.wait())
    beating = asyncio.create_task(keep_beating(Service(os.environ), engine.decided, settings.socket, SystemClock()))
    await asyncio.wait((living, serving, answering, stopping, beating), return_when=asyncio.FIRST_COMPLETED)
    log.info("engine ends")
    engine.hub.close()
    local.should_exit = True
    remote.end()
    living.cancel()
    beating.cancel()
    results = await asyncio.gather(living, serving, answering, beating, return_exceptions=True)
    stopping.cancel()
    settings.socket.unlink(missing_ok=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
            raise result


class Remote:
    """The API over TCP, for those who have a token. Where it is not asked for, nothing.

    An address that is not there, or taken, is no reason to record nothing: it is told, and tried again.
    """

    def __init__(self, engine: Engine, app: ASGIApp, settings: Settings) -> None:
        self._engine, self._address = engine, settings.ezrec_api_listen
        guard = Guard(
            settings.ezrec_api_token.get_secret_value(),
            settings.ezrec_api_read_token.get_secret_value(),
            settings.ezrec_api_rate,
            SystemClock().sensor_ns,
        )
        self._server = server(Door(app, TCP_SEATS, guard), TcpProtocol)
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Until `end`."""
        while self._address is not None and not self._ended.is_set():
            try:
                listening = await listen_tcp(self._address)
            except OSError as error:
                self._engine.api_trouble = f"the API cannot listen on {self._address}: {error.strerror or error}"
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BIND_SECONDS):
                        await self._ended.wait()
                continue
            self._engine.api_trouble = ""
            log.info("the API listens on %s", Address(*listening.getsockname()[:2]))
            await self._server.serve(sockets=[listening])
            return
        await self._ended.wait()

    def end(self) -> None:
        self._ended.set()
        self._server.should_exit = True


def listen(path: Path, mode: int, group: str) -> socket.socket:
    """The Unix socket, for whom it is meant. A left-over one is replaced: the lock says nobody uses it.

    Raises OSError.
    """
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise OSError(f"the path of the socket is too long ({path}): set EZREC_SOCKET to a shorter one")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))  # nobody can connect until it listens
    if group:
        try:
            os.chown(path, -1, grp.getgrnam(group).gr_gid)
        except (KeyError, OSError) as error:
            listening.close()
            raise OSError(
                f"EZREC_SOCKET_GROUP: the socket cannot be given to the group {group}:"
                " make that group, and put the engine's user in it"
            ) from error
    path.chmod(mode)
    return listening


async def listen_tcp(address: Address) -> socket.socket:
    """Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, where = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
    except OSError:
        listening.close()
        raise
    return listening
