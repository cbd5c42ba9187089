"""Who speaks, and how long is waited for him.

On the Unix socket the kernel knows the user at the other end. Nobody can hold a connection by being slow: a request
has to be there whole within seconds, an answer to be taken at some speed, and one peer has so many connections only.
"""

import asyncio
import pwd
import socket
import struct
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ezrec_tui.client import LONGEST_VIEWER

CREDENTIALS = struct.Struct("iII")
"""What SO_PEERCRED gives: process, user, group."""
SEND_BUFFER = 128 * 1024
"""Bytes of an answer that the kernel holds for a peer: who does not read is noticed after so many."""
SLOWEST = 16 * 1024
"""Bytes that a peer has to take in that time, while some wait for him."""
LOST_MS = 20_000
"""A peer over TCP that the network has swallowed is given up after so long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one listening socket."""

    connections: int
    from_one: int
    """Connections of one user or address."""
    request_seconds: float = 10
    """From its first byte, or the connection, to its last."""
    stuck_seconds: float = 10
    """So long may next to nothing be taken of an answer."""


class PeerProtocol(H11Protocol):
    """HTTP that knows its peer: `client` in the scope is the user's name and the process that connected."""

    limits: ClassVar[Limits] = Limits(connections=256, from_one=256)
    _request_limit: asyncio.TimerHandle | None = None
    _stuck_limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        connected: socket.socket = transport.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if connected.family == socket.AF_UNIX:
            credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
            process, user, _ = CREDENTIALS.unpack(credentials)
            self.client = (user_name(user), process)
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, LOST_MS)
        transport.set_write_buffer_limits(high=0)
        if self.client is None or self._are_too_many():
            transport.abort()
        else:
            self._wait_for_request()

    def handle_events(self) -> None:
        super().handle_events()
        self._wait_for_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        _cancel(self._stuck_limit)

    def connection_lost(self, exc: Exception | None) -> None:
        _cancel(self._request_limit)
        _cancel(self._stuck_limit)
        super().connection_lost(exc)

    def _wait_for_request(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            _cancel(self._request_limit)
            self._request_limit = None
        elif self._request_limit is None:
            self._request_limit = self.loop.call_later(self.limits.request_seconds, self.transport.abort)

    def _watch_reader(self) -> None:
        size = self.transport.get_write_buffer_size()
        self._stuck_limit = self.loop.call_later(self.limits.stuck_seconds, self._end_if_stuck, size)

    def _end_if_stuck(self, size_before: int) -> None:
        if self.transport.get_write_buffer_size() > size_before - SLOWEST:
            self.transport.abort()
        else:
            self._watch_reader()

    def _are_too_many(self) -> bool:
        if len(self.connections) > self.limits.connections:
            return True
        peer = self.client and self.client[0]
        others = (one.client and one.client[0] for one in self.connections if isinstance(one, PeerProtocol))
        return sum(peer == other for other in others) > self.limits.from_one


class TcpProtocol(PeerProtocol):
    """The same over TCP, where anybody can connect: `client` is his address and port."""

    limits: ClassVar[Limits] = Limits(connections=64, from_one=16)


def user_name(uid: int) -> str:
    """As the machine calls him; `uid 1234` when it does not know him."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def who(peer: str, viewer: str) -> str:
    """A line for people: the peer, and in brackets what a quoted `viewer` says beyond that.

    What the viewer says is his own word: it is cut to a length, and only what can be printed is kept.
    """
    said = "".join(mark for mark in unquote(viewer, errors="replace") if mark.isprintable())[:LONGEST_VIEWER].strip()
    more = said.removeprefix(peer).strip() if said == peer or said.startswith(f"{peer} ") else said
    return f"{peer} ({more})" if more else peer


def _cancel(limit: asyncio.TimerHandle | None) -> None:
    if limit is not None:
        limit.cancel()
