"""The API's client, on real sockets."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from ezrec_tui.client import EngineClient, EngineError, EngineUnreachable
from ezrec_tui.model import Answer, Snapshot
from tests.tui import states
from tests.tui.engine_peer import EnginePeer

HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


class Stream:
    """A server that answers any request with the same bytes, and then keeps the line open or cuts it."""

    def __init__(self, socket: Path, body: str, *, cut: bool = False) -> None:
        self.socket, self.body, self.cut = socket, body, cut

    async def __aenter__(self) -> None:
        self.server = await asyncio.start_unix_server(self._answer, self.socket)

    async def __aexit__(self, *_: object) -> None:
        self.server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write((HEAD + self.body).encode())
        await writer.drain()
        if not self.cut:
            await reader.read()
        writer.close()


def event(snapshot: Snapshot) -> str:
    return f"event: snapshot\nid: {snapshot.sequence}\ndata: {snapshot.model_dump_json()}\n\n"


async def test_a_slow_reader_gets_the_newest_of_a_burst(socket: Path) -> None:
    burst = "".join(event(states.idle().model_copy(update={"sequence": number})) for number in range(1, 1001))
    seen = list[int]()
    async with Stream(socket, burst), aclosing(EngineClient(socket).follow()) as snapshots:
        async for snapshot in snapshots:
            seen.append(snapshot.sequence)
            if snapshot.sequence == 1000:
                break
    assert seen == sorted(seen)
    assert len(seen) < 500


async def test_heartbeats_notices_and_line_separators_inside_a_name_are_read_right(socket: Path) -> None:
    name = "Ana\u2028García\u0085\r\n"
    odd = states.recording()
    odd = odd.model_copy(update={"recordings": (odd.recordings[0].model_copy(update={"label": name}),)})
    body = ": heartbeat\r\n\r\nevent: notice\ndata: {}\n\n" + event(odd).replace("\n", "\r\n")
    async with Stream(socket, body), aclosing(EngineClient(socket).follow()) as snapshots:
        assert (await anext(snapshots)).recordings[0].label == name


async def test_a_stream_that_ends_is_an_unreachable_engine(socket: Path) -> None:
    async with Stream(socket, event(states.idle()), cut=True):
        with pytest.raises(EngineUnreachable):
            async for _ in EngineClient(socket).follow():
                pass


async def test_an_engine_of_another_version_is_named_as_such(socket: Path) -> None:
    async with Stream(socket, 'event: snapshot\ndata: {"sequence": "many"}\n\n'):
        with pytest.raises(EngineError, match="another version of its API"):
            await anext(EngineClient(socket).follow())


async def test_no_engine_is_unreachable_and_the_socket_is_named(socket: Path) -> None:
    with pytest.raises(EngineUnreachable, match=str(socket)):
        await EngineClient(socket).snapshot()
    with pytest.raises(EngineUnreachable, match=str(socket)):
        await anext(EngineClient(socket).follow())


async def test_a_refusal_is_an_answer_and_a_broken_engine_is_an_error(socket: Path) -> None:
    peer = EnginePeer(socket, states.idle(), Answer(ok=False, message="it is stopped already"), 409)
    await peer.start()
    try:
        assert await EngineClient(socket).stop("b-1") == peer.answer
        peer.status = 500
        with pytest.raises(EngineError, match="it is stopped already"):
            await EngineClient(socket).stop("b-1")
    finally:
        await peer.stop()


def test_it_serves_code_that_is_not_async(socket: Path) -> None:
    peer = EnginePeer(socket, states.recording())
    with peer.in_a_thread():
        engine = EngineClient(socket)
        assert asyncio.run(engine.snapshot()) == states.recording()
        assert asyncio.run(engine.extend("a/b?c#d é", -5)).ok
    assert peer.acts[0].path == "/v1/recordings/a%2Fb%3Fc%23d%20%C3%A9/extend"
