"""A bad line: a TCP proxy that delays, throttles, swallows, refuses, cuts, counts, or answers in the server's place."""

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType

CHUNK = 64 << 10
UP, DOWN = 0, 1


class Proxy:
    """Listens on `port` and passes all on to a server, but for the faults that are set.

    Faults may be set and lifted while connections are open; `heal` lifts them all. Bytes are counted as they are
    passed on, up (to the server) and down.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._lock = threading.Lock()
        self._passed = [0, 0]
        self._taken = 0
        self._connections = 0
        self._open: set[socket.socket] = set()
        self._latency = 0.0
        self._rate: float | None = None
        self._black_hole = False
        self._reset_on_accept = False
        self._reset_after: tuple[int, int] | None = None
        self._lost_reply: bytes | None = None
        self._then_refuse = False
        self._scripted: bytes | None = None
        self._answer_to: tuple[bytes, bytes] | None = None
        self._closed = False
        self._listener: socket.socket | None = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        self._stop_listening()
        self.cut()

    # What it saw

    @property
    def up(self) -> int:
        """Bytes passed to the server."""
        return self._passed[UP]

    @property
    def taken(self) -> int:
        """Bytes that clients sent, whether they were passed on or not."""
        return self._taken

    @property
    def down(self) -> int:
        """Bytes passed back."""
        return self._passed[DOWN]

    @property
    def connections(self) -> int:
        """How many were accepted."""
        return self._connections

    @property
    def is_to_answer(self) -> bool:
        """Whether the request that `answer_to` is about has still to come."""
        return self._answer_to is not None

    # Faults

    def delay(self, seconds: float) -> None:
        """Hold every piece for so long, each way."""
        self._latency = seconds

    def throttle(self, bytes_per_second: float) -> None:
        """Pass no more than this, each way of each connection."""
        self._rate = bytes_per_second

    def black_hole(self) -> None:
        """Accept and take everything, pass nothing on, answer nothing."""
        self._black_hole = True

    def refuse(self) -> None:
        """Nobody listens, and what is open is cut."""
        self._stop_listening()
        self.cut()

    def reset_on_accept(self) -> None:
        self._reset_on_accept = True

    def reset_after_up(self, size: int) -> None:
        """Cut everything, once, when so many more bytes went up."""
        self._reset_after = (UP, self.up + size)

    def reset_after_down(self, size: int) -> None:
        """Cut everything, once, when so many more bytes came down."""
        self._reset_after = (DOWN, self.down + size)

    @property
    def cut_is_to_come(self) -> bool:
        """Whether a reset after so many bytes is set and has not been reached."""
        return self._reset_after is not None

    def drop_cut(self) -> bool:
        """Give up a reset that was not reached; whether there was one."""
        with self._lock:
            was_set, self._reset_after = self._reset_after is not None, None
            return was_set

    def lose_reply_to(self, words: bytes, *, then_refuse: bool = False) -> None:
        """Pass the next request with these words in it, wait for its reply, and cut, once, instead of passing it."""
        self._lost_reply = words
        self._then_refuse = then_refuse

    def answer(self, response: bytes) -> None:
        """Answer each request so, and ask no server: see `http_response`."""
        self._scripted = response
        self.cut()

    def answer_to(self, words: bytes, response: bytes) -> None:
        """Answer the next request with these words in it so, once; all else passes."""
        self._answer_to = (words, response)

    def cut(self) -> None:
        """Reset all that is open."""
        with self._lock:
            victims = list(self._open)
        for victim in victims:
            _reset(victim)

    def heal(self) -> None:
        """Lift all faults."""
        self._latency, self._rate = 0.0, None
        self._reset_on_accept, self._reset_after = False, None
        self._lost_reply = self._scripted = self._answer_to = None
        if self._black_hole:
            self._black_hole = False
            self.cut()
        if self._listener is None:
            self._listener = self._listen(self.port)

    # How it works

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        threading.Thread(target=self._accept, args=(listener,), name="proxy", daemon=True).start()
        return listener

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self._connections += 1
            if self._reset_on_accept or self._closed:
                _reset(client)
                continue
            self._remember(client)
            serve = self._speak if self._scripted else self._connect
            threading.Thread(target=serve, args=(client,), name="proxy", daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port), timeout=10)
            server.settimeout(None)
        except OSError:
            self._forget(client)
            _reset(client)
            return
        self._remember(server)
        cutting = threading.Event()
        down = threading.Thread(target=self._pump, args=(server, client, DOWN, cutting), name="proxy", daemon=True)
        down.start()
        self._pump(client, server, UP, cutting)
        down.join()
        for one in (client, server):
            self._forget(one)
            one.close()

    def _pump(self, source: socket.socket, sink: socket.socket, way: int, cutting: threading.Event) -> None:
        """Pass on until the source ends or something is cut. `cutting`: the reply of this connection gets lost."""
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if way == UP:
                    with self._lock:
                        self._taken += len(data)
                if self._black_hole:
                    continue
                if self._latency:
                    time.sleep(self._latency)
                if self._rate:
                    time.sleep(len(data) / self._rate)
                if way == UP and self._answer_to and self._answer_to[0] in data:
                    response, self._answer_to = self._answer_to[1], None
                    _finish(source, response)
                    break
                if way == UP and self._lost_reply and self._lost_reply in data:
                    self._lost_reply = None
                    cutting.set()
                elif way == DOWN and cutting.is_set():
                    if self._then_refuse:
                        self._stop_listening()
                    _reset(sink)
                    _reset(source)
                    return
                data, cut = self._count(way, data)
                sink.sendall(data)
                if cut:
                    self.cut()
                    return
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _count(self, way: int, data: bytes) -> tuple[bytes, bool]:
        """What is left of the data before the cut that is set, and whether that cut is now."""
        with self._lock:
            cut = False
            if self._reset_after and self._reset_after[0] == way:
                room = self._reset_after[1] - self._passed[way]
                if len(data) >= room:
                    data, cut, self._reset_after = data[: max(0, room)], True, None
            self._passed[way] += len(data)
            return data, cut

    def _speak(self, client: socket.socket) -> None:
        """Read a request, answer with what is scripted, close."""
        with contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request and (data := client.recv(CHUNK)):
                request += data
            _finish(client, self._scripted or b"")
        self._forget(client)
        client.close()

    def _remember(self, one: socket.socket) -> None:
        with self._lock:
            self._open.add(one)

    def _forget(self, one: socket.socket) -> None:
        with self._lock:
            self._open.discard(one)


def http_response(status: str, body: str = "", content_type: str = "application/xml", **headers: str) -> bytes:
    """An HTTP/1.1 response after which the connection closes; `status` like `503 Service Unavailable`."""
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


CAPTIVE_PORTAL = http_response("200 OK", "<html><body>Welcome! Please log in.<br></body></html>", "text/html")


def _finish(client: socket.socket, response: bytes) -> None:
    """Answer, and take what the client still says: a close with data unread would reset, and the answer be lost."""
    client.sendall(response)
    client.shutdown(socket.SHUT_WR)
    while client.recv(CHUNK):
        pass


def _reset(one: socket.socket) -> None:
    """Close with a reset instead of an end; a thread that waits on it wakes up."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
