"""What is sent again and again to those who watch: snapshots, and what the cameras see. Each holds a seat."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Response
from fastapi.responses import StreamingResponse

from ezrec_tui.clock import Clock
from ezrec_tui.engine.api.door import Seated
from ezrec_tui.engine.api.forms import NOT_NOW
from ezrec_tui.engine.engine import Engine
from ezrec_tui.model import NS

BOUNDARY = "picture"
FASTEST = 5.0
"""Pictures a second; the cameras make no more for those who look."""
DEAD_NS = 5 * NS
"""A stream in which nothing has come for so long is ended: what is shown is not live."""
NO_PICTURE = "the camera gives no picture"


class Events(StreamingResponse):
    media_type = "text/event-stream"


class MotionJpeg(StreamingResponse):
    media_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"


class Jpeg(Response):
    media_type = "image/jpeg"


def _documented(kind: type[Response]) -> dict[str, Any]:
    """The answer as OpenAPI has it: no JSON."""
    return {"response_class": kind, "response_model": None}


Camera = Annotated[int, Query(ge=0, le=1, description="0 is the left one.")]


def add_live(app: FastAPI, engine: Engine, clock: Clock) -> None:
    """What can be watched of one engine."""

    @app.get("/v1/events", **_documented(Events), dependencies=[Seated])
    async def events() -> Events:
        """Server-sent events: `snapshot`, at once, at every change (at most 4 a second) and at least every 2 s."""

        async def stream() -> AsyncIterator[str]:
            async for sequence in engine.hub.follow():
                yield f"id: {sequence}\nevent: snapshot\ndata: {engine.snapshot().model_dump_json()}\n\n"

        return Events(stream())

    @app.get("/v1/cameras/picture", **_documented(Jpeg), responses=NOT_NOW)
    async def picture(camera: Camera = 0) -> Jpeg:
        """What a camera sees now: a small grey JPEG."""
        seen = await engine.picture(camera)
        if seen is None:
            raise HTTPException(409, NO_PICTURE)
        return Jpeg(seen.jpeg)

    @app.get("/v1/cameras/stream", **_documented(MotionJpeg), responses=NOT_NOW, dependencies=[Seated])
    async def stream(
        camera: Camera = 0,
        rate: Annotated[float, Query(gt=0, le=FASTEST, description="Pictures a second, at most.")] = FASTEST,
    ) -> MotionJpeg:
        """What a camera sees, live, as Motion JPEG. It ends when the camera gives no picture for 5 s."""
        first = await engine.picture(camera)
        if first is None:
            raise HTTPException(409, NO_PICTURE)

        async def pictures() -> AsyncIterator[bytes]:
            shown, seen_ns, newest = 0, clock.sensor_ns(), first
            while clock.sensor_ns() - seen_ns < DEAD_NS:
                if newest is not None and newest.picture.sensor_ns != shown:
                    shown, seen_ns = newest.picture.sensor_ns, clock.sensor_ns()
                    yield _part(newest.jpeg)
                await clock.sleep(1 / rate)
                newest = await engine.picture(camera)

        return MotionJpeg(pictures())


def _part(jpeg: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode() + jpeg + b"\r\n"
