"""The control API: HTTP under /v1, on the engine's Unix socket. What the screen can do, a script can do."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse

from ezrec_tui import __version__
from ezrec_tui.client import VIEWER_HEADER
from ezrec_tui.engine.engine import Engine
from ezrec_tui.engine.peers import who
from ezrec_tui.log_lines import LogLine, tail
from ezrec_tui.model import (
    Acknowledge,
    AddHighlight,
    Alert,
    Answer,
    Booking,
    Calibrate,
    CameraPicture,
    CheckPin,
    DoneAct,
    ExtendRecording,
    Job,
    NewBooking,
    RigPicture,
    SetMethod,
    SetPriority,
    ShareLink,
    Snapshot,
    StartRecording,
    VideoRecord,
)

REFUSALS: dict[int | str, dict[str, object]] = {
    403: {"model": Answer, "description": "The PIN is not right; the message says what is left."},
    404: {"model": Answer, "description": "Nothing of that name is there."},
    409: {"model": Answer, "description": "It cannot be done now; the message says why."},
    422: {"model": Answer, "description": "The request is not understood; the message says where."},
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """An act that is asked for: by whom, and where the answer goes."""

    by: str
    response: Response


async def _asking(request: Request, response: Response) -> Asking:
    return Asking(_who(request), response)


def _who(request: Request) -> str:
    peer = request.client.host if request.client else "somebody"
    return who(peer, request.headers.get(VIEWER_HEADER, ""))


Asked = Annotated[Asking, Depends(_asking)]
AlertId = Annotated[int, Path(ge=1, lt=1 << 63)]


def create_app(engine: Engine) -> FastAPI:
    """The API of one engine."""
    app = FastAPI(
        title="EZREC",
        version=__version__,
        description="Control of the recorder of a court: what is recorded, what becomes of it, and the acts.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )

    @app.exception_handler(RequestValidationError)
    async def not_understood(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        parts = [f"{'.'.join(str(at) for at in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()]
        answer = Answer(ok=False, message="; ".join(parts))
        return JSONResponse(answer.model_dump(), status_code=422)

    @app.exception_handler(sqlite3.OperationalError)
    async def not_taken(request: Request, error: Exception) -> JSONResponse:
        answer = Answer(ok=False, message=f"the disk does not take it ({error}): make room, and try again")
        log.error("%s %r by=%s: %s", request.method, request.url.path, _who(request), answer.message)
        return JSONResponse(answer.model_dump(), status_code=409)

    def answered(act: str, asked: Asking, answer: Answer, refused: int = 409) -> Answer:
        if not answer.ok:
            asked.response.status_code = refused
        engine.acts.audited(act, asked.by, answer)
        engine.hub.change()
        return answer

    @app.get("/v1/snapshot")
    async def snapshot() -> Snapshot:
        """All that the screen shows, now."""
        return engine.snapshot()

    @app.get("/v1/events", response_class=StreamingResponse)
    async def events() -> StreamingResponse:
        """Server-sent events: `snapshot`, at once, at every change (at most 4 a second) and at least every 2 s."""

        async def stream() -> AsyncIterator[str]:
            async for sequence in engine.hub.follow():
                yield f"id: {sequence}\nevent: snapshot\ndata: {engine.snapshot().model_dump_json()}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @app.post("/v1/recordings", responses=REFUSALS)
    async def start_recording(body: StartRecording, asked: Asked) -> Answer:
        """Record now, without a booking."""
        return answered("start", asked, engine.acts.start(body))

    @app.post("/v1/recordings/{booking_id:path}/stop", responses=REFUSALS)
    async def stop_recording(booking_id: str, asked: Asked) -> Answer:
        """Stop a recording; for ten seconds it can be undone by `resume`."""
        return answered("stop", asked, engine.acts.stop(booking_id))

    @app.post("/v1/recordings/{booking_id:path}/resume", responses=REFUSALS)
    async def resume_recording(booking_id: str, asked: Asked) -> Answer:
        """Undo a stop, with nothing lost."""
        return answered("resume", asked, engine.acts.resume(booking_id))

    @app.post("/v1/recordings/{booking_id:path}/extend", responses=REFUSALS)
    async def extend_recording(booking_id: str, body: ExtendRecording, asked: Asked) -> Answer:
        """Move the end of a running recording by so many minutes, back or forth."""
        return answered("extend", asked, engine.acts.extend(booking_id, body.minutes))

    @app.post("/v1/recordings/{booking_id:path}/highlight", responses=REFUSALS)
    async def add_highlight(booking_id: str, body: AddHighlight, asked: Asked) -> Answer:
        """Mark this moment; it becomes a chapter of the video."""
        return answered("highlight", asked, engine.acts.highlight(booking_id, body.label))

    @app.get("/v1/bookings")
    async def list_bookings() -> list[Booking]:
        """All bookings that are known, first start first."""
        return engine.bookings()

    @app.post("/v1/bookings", responses=REFUSALS)
    async def add_booking(body: NewBooking, asked: Asked) -> Answer:
        """Book a slot from here."""
        return answered("book", asked, engine.acts.book(body))

    @app.delete("/v1/bookings/{booking_id:path}", responses=REFUSALS)
    async def cancel_booking(booking_id: str, asked: Asked) -> Answer:
        """Cancel a booking that has not begun."""
        return answered("cancel booking", asked, engine.acts.cancel_booking(booking_id))

    @app.get("/v1/jobs")
    async def list_jobs() -> list[Job]:
        """All jobs that are known: failed, running, waiting, queued, then those that are over."""
        return engine.worker.jobs()

    @app.post("/v1/jobs/{booking_id:path}/retry", responses=REFUSALS)
    async def retry_job(booking_id: str, asked: Asked) -> Answer:
        """Try a failed job again, from the step that failed."""
        return answered("retry job", asked, await engine.acts.retry(booking_id))

    @app.post("/v1/jobs/{booking_id:path}/cancel", responses=REFUSALS)
    async def cancel_job(booking_id: str, asked: Asked) -> Answer:
        """Cancel a job; the footage stays."""
        return answered("cancel job", asked, await engine.acts.cancel_job(booking_id))

    @app.post("/v1/jobs/{booking_id:path}/pause", responses=REFUSALS)
    async def pause_job(booking_id: str, asked: Asked) -> Answer:
        """Let a job wait until it is resumed, also over a restart; others take its turn."""
        return answered("pause job", asked, await engine.acts.pause_job(booking_id))

    @app.post("/v1/jobs/{booking_id:path}/resume", responses=REFUSALS)
    async def resume_job(booking_id: str, asked: Asked) -> Answer:
        """Let a paused job go on."""
        return answered("resume job", asked, await engine.acts.resume_job(booking_id))

    @app.post("/v1/jobs/{booking_id:path}/priority", responses=REFUSALS)
    async def prioritise_job(booking_id: str, body: SetPriority, asked: Asked) -> Answer:
        """Move a waiting job: 1 is first."""
        return answered("prioritise job", asked, await engine.acts.prioritise(booking_id, body.priority))

    @app.get("/v1/jobs/{booking_id:path}/link", responses=REFUSALS, response_model=ShareLink)
    async def share_video(
        booking_id: str, hours: Annotated[float | None, Query(gt=0, le=7 * 24)] = None
    ) -> ShareLink | JSONResponse:
        """A link to a delivered video, for so many hours; SHARE_LINK_HOURS says the default."""
        link = engine.acts.share(booking_id, hours)
        return link if isinstance(link, ShareLink) else JSONResponse(link.model_dump(), status_code=409)

    @app.get("/v1/jobs/{booking_id:path}", responses={404: REFUSALS[404]}, response_model=Job)
    async def show_job(booking_id: str) -> Job | JSONResponse:
        """One job."""
        job = engine.worker.job(booking_id)
        if job is None:
            answer = Answer(ok=False, message=f"there is no job for {booking_id}")
            return JSONResponse(answer.model_dump(), status_code=404)
        return job

    @app.get("/v1/videos")
    async def list_videos() -> list[VideoRecord]:
        """The local record of published videos, newest first, when no database is set up."""
        return engine.videos()

    @app.get("/v1/log")
    async def show_log(lines: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[LogLine]:
        """The end of the log, oldest line first."""
        return await asyncio.to_thread(tail, engine.folders.logs, lines)

    @app.post("/v1/cameras/swap", responses=REFUSALS)
    async def swap_cameras(asked: Asked) -> Answer:
        """Swap left and right."""
        return answered("swap cameras", asked, engine.acts.swap())

    @app.post("/v1/cameras/test", responses=REFUSALS)
    async def test_cameras(asked: Asked) -> Answer:
        """Record 5 s of each camera, look at them and throw them away; the snapshot's `camera_test` says what came."""
        return answered("test cameras", asked, engine.test_cameras())

    @app.post("/v1/cameras/calibrate", responses=REFUSALS)
    async def calibrate_cameras(body: Calibrate, asked: Asked) -> Answer:
        """Find out how the cameras stand to each other; the snapshot's `calibration` says what came of it."""
        return answered("calibrate", asked, engine.calibrate(body.booking_id))

    @app.get("/v1/cameras/rig-picture", responses={404: REFUSALS[404]}, response_model=RigPicture)
    async def rig_picture() -> RigPicture | JSONResponse:
        """What the joined picture looked like when it was calibrated, small and grey."""
        picture = engine.rig_picture()
        if picture is None:
            answer = Answer(ok=False, message="the cameras are not calibrated")
            return JSONResponse(answer.model_dump(), status_code=404)
        return picture

    @app.post("/v1/method", responses=REFUSALS)
    async def set_method(body: SetMethod, asked: Asked) -> Answer:
        """How the videos of recordings from now on are joined; goes before MERGE_METHOD."""
        return answered("set method", asked, engine.acts.set_method(body.method))

    @app.post("/v1/pin", responses=REFUSALS)
    async def check_pin(body: CheckPin, asked: Asked) -> Answer:
        """Whether it is the venue's PIN; after five wrong ones nobody's is looked at for a while."""
        return answered("check PIN", asked, await engine.pin.check(body.pin), refused=403)

    @app.get("/v1/acts")
    async def list_acts(count: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[DoneAct]:
        """The audit log: who did what, and what became of it; newest first."""
        return engine.done_acts(count)

    @app.get("/v1/preview")
    async def preview() -> list[CameraPicture]:
        """What the cameras see now, left to right, after a second at most; without those that give no picture."""
        return await engine.preview()

    @app.get("/v1/alerts")
    async def list_alerts() -> list[Alert]:
        """The last 200 alerts, those that were seen as well, newest first."""
        return engine.alerts()

    @app.post("/v1/alerts/{alert_id}/acknowledge", responses=REFUSALS)
    async def acknowledge_alert(alert_id: AlertId, body: Acknowledge, asked: Asked) -> Answer:
        """Say that an alert was seen."""
        return answered("acknowledge", asked, engine.acts.acknowledge(alert_id, body.by or asked.by), refused=404)

    return app
