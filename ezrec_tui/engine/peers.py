"""Who speaks: the user at the other end of the Unix socket, by the kernel, and who that says that he is."""

import pwd
import socket
import struct
from asyncio import Transport
from urllib.parse import unquote

from uvicorn.protocols.http.h11_impl import H11Protocol

from ezrec_tui.client import LONGEST_VIEWER

CREDENTIALS = struct.Struct("iII")
"""What SO_PEERCRED gives: process, user, group."""


class PeerProtocol(H11Protocol):
    """HTTP that knows its peer: `client` in the scope is the user's name and the process that connected."""

    def connection_made(self, transport: Transport) -> None:
        super().connection_made(transport)
        listening: socket.socket = transport.get_extra_info("socket")
        if listening.family == socket.AF_UNIX:
            credentials = listening.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
            process, user, _ = CREDENTIALS.unpack(credentials)
            self.client = (user_name(user), process)


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
