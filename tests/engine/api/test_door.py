"""What is held off before the API: slow and greedy clients, other websites, what is too large. On a real server."""

import asyncio
import contextlib
import grp
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from ezrec_tui.clock import sensor_ns
from ezrec_tui.config import Address
from ezrec_tui.engine.api.door import LARGEST_BODY, Door, Seated
from ezrec_tui.engine.api.guard import Guard
from ezrec_tui.engine.peers import Limits, PeerProtocol, TcpProtocol
from ezrec_tui.engine.serving import LARGEST_HEAD, listen, listen_tcp, server
from ezrec_tui.model import NS, Answer
from tests.engine.running import PATIENCE

TOKEN = "t" * 40
SEATS, FROM_ONE = 2, 6
HEAD = f"Host: court\r\nAuthorization: Bearer {TOKEN}\r\n"


class Hurried(TcpProtocol):
    limits: ClassVar[Limits] = Limits(connections=8, from_one=FROM_ONE, request_seconds=0.3, stuck_seconds=0.3)


class OnSocket(PeerProtocol):
    limits: ClassVar[Limits] = Limits(connections=8, from_one=8, request_seconds=0.3, stuck_seconds=0.3)


def behind() -> FastAPI:
    """Something to guard."""
    app = FastAPI(redirect_slashes=False)

    async def told(request: Request, name: str) -> dict[str, object]:
        assert request.client is not None
        return {"name": name, "by": request.client.host, "bytes": len(await request.body())}

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(LARGEST_BODY)
            await asyncio.sleep(0)

    async def flood() -> StreamingResponse:
        return StreamingResponse(endless())

    app.get("/{name}/told")(told)
    app.post("/{name}/told")(told)
    app.get("/flood", dependencies=[Seated])(flood)
    return app


@dataclass(frozen=True)
class Listening:
    """A server at work."""

    address: tuple[str, int] | str
    """Of TCP, or the path of a Unix socket."""
    connections: Callable[[], int]

    def connect(self) -> socket.socket:
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, PATIENCE)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(self.address)
        return connection

    def http(self, **headers: str) -> httpx.Client:
        given = {"Authorization": f"Bearer {TOKEN}"} | headers
        if isinstance(self.address, str):
            transport = httpx.HTTPTransport(uds=self.address)
            return httpx.Client(base_url="http://engine", transport=transport, timeout=PATIENCE)
        return httpx.Client(base_url="http://{}:{}".format(*self.address), headers=given, timeout=PATIENCE)

    def until_free(self) -> None:
        """Every connection has ended."""
        limit = sensor_ns() + round(PATIENCE * NS)
        while self.connections():
            assert sensor_ns() < limit, "a connection is kept for ever"


@contextmanager
def served(door: Door, protocol: type[PeerProtocol], open_socket: Callable[[], socket.socket]) -> Generator[Listening]:
    listening = open_socket()
    serving = server(door, protocol)
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve(sockets=[listening])))
    thread.start()
    try:
        limit = sensor_ns() + round(PATIENCE * NS)
        while not serving.started:
            assert sensor_ns() < limit
        yield Listening(listening.getsockname(), lambda: len(serving.server_state.connections))
    finally:
        serving.should_exit = True
        thread.join()


@pytest.fixture
def court() -> Generator[Listening]:
    """Over TCP."""
    guard = Guard(TOKEN, "", 1000, sensor_ns)
    with served(
        Door(behind(), SEATS, guard), Hurried, lambda: asyncio.run(listen_tcp(Address("127.0.0.1", 0)))
    ) as listening:
        yield listening


@pytest.fixture
def on_socket(tmp_path: Path) -> Generator[Listening]:
    with served(Door(behind(), SEATS), OnSocket, lambda: listen(tmp_path / "api", 0o660, "")) as listening:
        yield listening


def ended(connection: socket.socket) -> bytes:
    """What came until the other side ended it."""
    came = b""
    try:
        while some := connection.recv(LARGEST_BODY):
            came += some
    except ConnectionError:
        pass
    return came


def watches(http: httpx.Client) -> bool:
    """There is a seat, at last."""
    limit = sensor_ns() + round(PATIENCE * NS)
    while sensor_ns() < limit:
        with http.stream("GET", "/flood") as answer:
            if answer.status_code == 200:
                return True
    return False


def test_requests_that_trickle_in_are_cut_off_and_others_are_served_meanwhile(court: Listening) -> None:
    beginnings = [
        b"",
        b"GET /x/told HTT",
        f"GET /x/told HTTP/1.1\r\n{HEAD}X-More: ".encode(),
        f"POST /x/told HTTP/1.1\r\n{HEAD}Content-Length: 100\r\n\r\nfew".encode(),
        f"POST /x/told HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n".encode(),
    ]
    slow = [court.connect() for _ in beginnings]
    for connection, beginning in zip(slow, beginnings, strict=True):
        connection.sendall(beginning)
    with court.http() as http:
        assert http.get("/x/told").status_code == 200
    assert [ended(connection) for connection in slow] == [b""] * len(slow)
    court.until_free()


def test_who_takes_nothing_of_an_answer_is_cut_off_and_his_seat_is_free_again(on_socket: Listening) -> None:
    """On the Unix socket: over TCP the kernel itself gives such a one up, later."""
    idle = [on_socket.connect() for _ in range(SEATS)]
    for connection in idle:
        connection.sendall(f"GET /flood HTTP/1.1\r\n{HEAD}\r\n".encode())
    assert [connection.recv(12) for connection in idle] == [b"HTTP/1.1 200"] * SEATS
    on_socket.until_free()
    with on_socket.http() as http:
        assert watches(http)
    for connection in idle:
        connection.close()


def test_more_viewers_than_seats_are_told_so_and_a_seat_that_is_left_is_free(court: Listening) -> None:
    with court.http() as http:
        with http.stream("GET", "/flood") as one, http.stream("GET", "/flood") as other:
            assert (one.status_code, other.status_code) == (200, 200)
            assert http.get("/flood").status_code == 429
            assert http.get("/x/told").status_code == 200, "who only asks needs none"
        assert watches(http)


def test_one_address_has_some_connections_and_no_more(court: Listening) -> None:
    held = [court.connect() for _ in range(FROM_ONE)]
    while court.connections() < FROM_ONE:
        pass
    assert ended(court.connect()) == b""
    for connection in held:
        connection.close()
    court.until_free()
    with court.http() as http:
        assert http.get("/x/told").status_code == 200


def test_a_body_that_is_too_large_is_refused_said_so_beforehand_or_not(court: Listening) -> None:
    def unannounced() -> Generator[bytes]:
        for _ in range(3):
            yield bytes(LARGEST_BODY // 2)

    with court.http() as http:
        assert http.post("/x/told", content=bytes(LARGEST_BODY)).json()["bytes"] == LARGEST_BODY
        for body in (bytes(LARGEST_BODY + 1), unannounced()):
            refused = http.post("/x/told", content=body)
            assert refused.status_code == 413
            assert not Answer.model_validate_json(refused.text).ok


def test_a_body_without_end_is_cut_off(court: Listening) -> None:
    connection = court.connect()
    connection.sendall(f"POST /x/told HTTP/1.1\r\n{HEAD}Content-Length: {10**12}\r\n\r\n".encode())
    with contextlib.suppress(ConnectionError):
        while True:
            connection.sendall(bytes(LARGEST_BODY))
    court.until_free()


def test_what_is_no_request_or_has_too_large_a_head_gets_a_4xx_and_the_end(court: Listening) -> None:
    for nonsense in (b"\x16\x03\x01\x02\x00\x01\xff\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 2 * LARGEST_HEAD):
        connection = court.connect()
        connection.sendall(nonsense)
        assert ended(connection).startswith((b"HTTP/1.1 4", b"")), nonsense[:20]
    with court.http() as http:
        assert http.get("/x/told").status_code == 200


@pytest.mark.parametrize("name", ["a%2Fb", "..%2f..%2fetc%2fpasswd", "%00", "%2e%2e", "a%252Fb"])
def test_an_id_stays_one_segment_of_the_path_whatever_is_in_it(court: Listening, name: str) -> None:
    with court.connect() as connection:
        connection.sendall(f"GET /{name}/told HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode())
        came = ended(connection).decode()
    assert came.startswith("HTTP/1.1 200")
    assert f'"name":"{name}"' in came


@pytest.mark.parametrize("path", ["/../x/told", "/x//told", "/x/told/", "//x/told", "/x/told%00", "/x%2ftold"])
def test_a_path_is_never_taken_for_another_one(court: Listening, path: str) -> None:
    with court.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode())
        assert ended(connection).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://court:8800", "Host": "court:8800", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_a_script_of_another_website_may_not_ask_and_never_reads_an_answer(
    court: Listening, headers: dict[str, str], status: int
) -> None:
    with court.http(**headers) as http:
        answer = http.post("/x/told")
        asked_first = http.options("/x/told", headers={"Access-Control-Request-Method": "POST"})
    assert answer.status_code == status
    for one in (answer, asked_first):
        assert not [name for name in one.headers if name.startswith("access-control")]
        assert one.headers["x-content-type-options"] == "nosniff"


def test_who_has_no_token_is_told_how_to_give_one_and_who_has_it_is_known_by_his_address(court: Listening) -> None:
    with court.http() as http:
        refused = http.get("/x/told", headers={"Authorization": ""})
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert http.get("/x/told").json()["by"] == "token from 127.0.0.1"


def test_on_the_socket_no_token_is_asked_for_and_other_websites_and_slow_clients_are_held_off_too(
    on_socket: Listening,
) -> None:
    with on_socket.http() as http:
        assert http.get("/x/told").status_code == 200
        assert http.get("/x/told", headers={"Origin": "http://elsewhere.example"}).status_code == 403
    with on_socket.connect() as slow:
        slow.sendall(b"GET /x")
        assert ended(slow) == b""


def test_the_socket_is_for_whom_the_settings_say(tmp_path: Path) -> None:
    group = os.getgroups()[0] if os.getgroups() else os.getgid()

    with listen(tmp_path / "api", 0o600, grp.getgrgid(group).gr_name):
        found = (tmp_path / "api").stat()
        assert (found.st_mode & 0o777, found.st_gid) == (0o600, group)
    with pytest.raises(OSError, match="EZREC_SOCKET_GROUP"):
        listen(tmp_path / "api", 0o660, "no-such-group")
