"""Stands in for the engine: its API on a real Unix socket, serving snapshots that a test made up.

It is not the engine and decides nothing: it notes every act, answers it as the test says, and sends what the test
shows. That the screen and the real engine understand each other is tested end to end elsewhere.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import Alert, Answer, Booking, CameraPicture, CheckPin, DoneAct, RigPicture, ShareLink, Snapshot

ACTS = (
    ("POST", "/v1/recordings"),
    ("POST", "/v1/recordings/{id:path}"),
    ("POST", "/v1/bookings"),
    ("DELETE", "/v1/bookings/{id:path}"),
    ("POST", "/v1/jobs/{id:path}"),
    ("POST", "/v1/cameras/{id:path}"),
    ("POST", "/v1/method"),
    ("POST", "/v1/alerts/{id:path}"),
)

BEAT_SECONDS = 2.0
"""So long the stream may be without a change; then a comment says that it lives."""


@dataclass
class Act:
    """An act as it came over the socket."""

    method: str
    path: str
    """As sent, still quoted."""
    body: str


@dataclass
class EnginePeer:
    """Listens on `socket` between `start` and `stop`; may be started again."""

    socket: Path
    snapshot: Snapshot
    answer: Answer = field(default_factory=lambda: Answer(ok=True, message="Done."))
    status: int = 200
    bookings: list[Booking] = field(default_factory=list[Booking])
    log: list[LogLine] = field(default_factory=list[LogLine])
    pictures: list[CameraPicture] = field(default_factory=list[CameraPicture])
    previews: int = 0
    """How often the cameras' pictures were asked for."""
    at_once: int = 0
    """How many of these requests were open at once, at most."""
    joined: RigPicture | None = None
    """What the joined picture looked like when it was calibrated."""
    joined_asked: int = 0
    """How often that was asked for."""
    alerts: list[Alert] = field(default_factory=list[Alert])
    done: list[DoneAct] = field(default_factory=list[DoneAct])
    pin: str = "4711"
    asked_pins: list[str] = field(default_factory=list[str])
    """As they came, right or wrong; they are no acts."""
    acts: list[Act] = field(default_factory=list[Act])
    streams: int = 0
    """How many viewers follow."""
    hold: asyncio.Event | None = None
    """While it is not set, acts are not answered."""
    hold_pictures: asyncio.Event | None = None
    """While it is not set, pictures are not given."""

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._open = 0
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Send it to all who follow."""
        self.snapshot = snapshot
        self._changed.set()
        self._changed = asyncio.Event()

    async def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self._changed = asyncio.Event()
        config = uvicorn.Config(
            self._api(),
            uds=str(self.socket),
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=0,
            log_level="critical",
        )
        self._server = uvicorn.Server(config)
        # serve() would take the signals of the test run, which is not alone in its process.
        self._task = asyncio.create_task(self._server._serve())  # pyright: ignore[reportPrivateUsage]
        while not self._server.started:
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        if self._server and self._task:
            self._server.should_exit = True
            self.show(self.snapshot)
            await self._task

    @contextmanager
    def in_a_thread(self) -> Generator[threading.Event]:
        """Listens in a loop of its own, for tests that have none; setting the event ends it early."""
        ready, over = threading.Event(), threading.Event()

        async def serve() -> None:
            await self.start()
            ready.set()
            await asyncio.to_thread(over.wait)
            await self.stop()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        try:
            assert ready.wait(20), "the peer does not listen"
            yield over
        finally:
            over.set()
            thread.join()

    def _api(self) -> FastAPI:
        api = FastAPI()

        async def snapshot() -> Response:
            return Response(self.snapshot.model_dump_json(), media_type="application/json")

        async def events() -> StreamingResponse:
            return StreamingResponse(self._events(), media_type="text/event-stream")

        async def bookings() -> Response:
            return Response(TypeAdapter(list[Booking]).dump_json(self.bookings), media_type="application/json")

        async def log(lines: int) -> Response:
            shown = TypeAdapter(list[LogLine]).dump_json(self.log[-lines:])
            return Response(shown, media_type="application/json")

        async def preview() -> Response:
            self.previews += 1
            self._open += 1
            self.at_once = max(self.at_once, self._open)
            try:
                if self.hold_pictures is not None:
                    await self.hold_pictures.wait()
                shown = TypeAdapter(list[CameraPicture]).dump_json(self.pictures)
                return Response(shown, media_type="application/json")
            finally:
                self._open -= 1

        async def joined() -> Response:
            self.joined_asked += 1
            if self.joined is None:
                refusal = Answer(ok=False, message="there is no picture of it").model_dump_json()
                return Response(refusal, 404, media_type="application/json")
            return Response(self.joined.model_dump_json(), media_type="application/json")

        async def alerts() -> Response:
            return Response(TypeAdapter(list[Alert]).dump_json(self.alerts), media_type="application/json")

        async def link(booking_id: str) -> Response:
            address = f"https://store.example/{booking_id}.mp4?X-Amz-Signature=0123abcd"
            link = ShareLink(address=address, until=self.snapshot.at + timedelta(days=1))
            return Response(link.model_dump_json(), media_type="application/json")

        async def done(count: int) -> Response:
            shown = TypeAdapter(list[DoneAct]).dump_json(self.done[:count])
            return Response(shown, media_type="application/json")

        async def check_pin(body: CheckPin) -> Response:
            self.asked_pins.append(body.pin)
            if self.hold is not None:
                await self.hold.wait()
            right = body.pin == self.pin
            message = "the PIN is right" if right else "wrong PIN, 4 tries left"
            answer = Answer(ok=right, message=message).model_dump_json()
            return Response(answer, 200 if right else 403, media_type="application/json")

        async def act(request: Request) -> Response:
            path = request.scope["raw_path"].decode()
            self.acts.append(Act(request.method, path, (await request.body()).decode()))
            if self.hold is not None:
                await self.hold.wait()
            return Response(self.answer.model_dump_json(), self.status, media_type="application/json")

        api.get("/v1/snapshot")(snapshot)
        api.get("/v1/events")(events)
        api.get("/v1/bookings")(bookings)
        api.get("/v1/log")(log)
        api.get("/v1/preview")(preview)
        api.get("/v1/cameras/rig-picture")(joined)
        api.get("/v1/alerts")(alerts)
        api.get("/v1/acts")(done)
        api.post("/v1/jobs/{booking_id}/link")(link)
        api.post("/v1/pin")(check_pin)
        for method, path in ACTS:
            api.add_api_route(path, act, methods=[method])
        return api

    async def _events(self) -> AsyncIterator[str]:
        self.streams += 1
        try:
            while self._server is not None and not self._server.should_exit:
                changed = self._changed
                shown = self.snapshot
                yield f"event: snapshot\nid: {shown.sequence}\ndata: {shown.model_dump_json()}\n\n"
                while not changed.is_set():
                    try:
                        await asyncio.wait_for(changed.wait(), BEAT_SECONDS)
                    except TimeoutError:
                        yield ": still here\n\n"
        finally:
            self.streams -= 1
