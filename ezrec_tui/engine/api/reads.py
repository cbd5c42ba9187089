"""What can be read over the API."""

import asyncio
from typing import Annotated, TypeVar

from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import PlainTextResponse

from ezrec_tui.engine.api import metrics
from ezrec_tui.engine.api.forms import NOT_FOUND, BookingId
from ezrec_tui.engine.api.processes import uses
from ezrec_tui.engine.engine import Engine
from ezrec_tui.log_lines import LogLine, tail
from ezrec_tui.model import (
    Alert,
    Booking,
    CameraPicture,
    CameraStatus,
    DoneAct,
    FullStatus,
    Instant,
    Job,
    Recorded,
    RigPicture,
    Snapshot,
    VideoRecord,
)

T = TypeVar("T")
SHOWN_RECENT = 10


def add_reads(app: FastAPI, engine: Engine) -> None:
    """The reads of one engine."""

    @app.get("/v1/snapshot")
    async def snapshot() -> Snapshot:
        """All that the screen shows, now."""
        return engine.snapshot()

    @app.get("/v1/status")
    async def status() -> FullStatus:
        """Whether it records, what it recorded last, and how the machine does, in numbers."""
        running, recent = engine.snapshot().recordings, engine.records.recorded(SHOWN_RECENT)
        return FullStatus(**dict(engine.status()), recordings=running, recent=tuple(recent))

    @app.get("/v1/recordings")
    async def list_recordings(
        count: Annotated[int, Query(ge=1, le=200)] = 50,
        before: Annotated[Instant | None, Query(description="Only those that began before then.")] = None,
    ) -> list[Recorded]:
        """What was recorded, and is being: the newest first. For more, ask again with the last one's `started_at`."""
        return engine.records.recorded(count, before)

    @app.get("/v1/recordings/{booking_id}", responses=NOT_FOUND)
    async def show_recording(booking_id: BookingId) -> Recorded:
        """One recording."""
        return _found(engine.records.recording(booking_id), f"{booking_id} was not recorded here")

    @app.get("/v1/bookings")
    async def list_bookings() -> list[Booking]:
        """All bookings that are known, first start first."""
        return engine.records.bookings()

    @app.get("/v1/bookings/{booking_id}", responses=NOT_FOUND)
    async def show_booking(booking_id: BookingId) -> Booking:
        """One booking."""
        return _found(engine.records.booking(booking_id), f"there is no booking {booking_id}")

    @app.get("/v1/jobs")
    async def list_jobs() -> list[Job]:
        """All jobs that are known: failed, running, waiting, queued, then those that are over."""
        return engine.worker.jobs()

    @app.get("/v1/jobs/{booking_id}", responses=NOT_FOUND)
    async def show_job(booking_id: BookingId) -> Job:
        """One job."""
        return _found(engine.worker.job(booking_id), f"there is no job for {booking_id}")

    @app.get("/v1/videos")
    async def list_videos() -> list[VideoRecord]:
        """The local record of published videos, newest first, when no database is set up."""
        return engine.records.videos()

    @app.get("/v1/log")
    async def show_log(lines: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[LogLine]:
        """The end of the log, oldest line first."""
        return await asyncio.to_thread(tail, engine.folders.logs, lines)

    @app.get("/v1/cameras")
    async def list_cameras() -> list[CameraStatus]:
        """What the cameras do, left to right."""
        return list(engine.snapshot().cameras)

    @app.get("/v1/cameras/rig-picture", responses=NOT_FOUND)
    async def rig_picture() -> RigPicture:
        """What the joined picture looked like when it was calibrated, small and grey."""
        return _found(engine.rig_picture(), "the cameras are not calibrated")

    @app.get("/v1/acts")
    async def list_acts(count: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[DoneAct]:
        """The audit log: who did what, and what became of it; newest first."""
        return engine.records.done_acts(count)

    @app.get("/v1/preview")
    async def preview() -> list[CameraPicture]:
        """What the cameras see now, left to right, after a second at most; without those that give no picture."""
        return await engine.preview()

    @app.get("/v1/alerts")
    async def list_alerts() -> list[Alert]:
        """The last 200 alerts, those that were seen as well, newest first."""
        return engine.records.alerts()

    @app.get("/v1/metrics", response_class=PlainTextResponse)
    async def show_metrics() -> PlainTextResponse:
        """Figures for Prometheus, in its text format."""
        used = await asyncio.to_thread(uses, engine.processes)
        text = metrics.exposition(engine.snapshot(), engine.health(), engine.worker.jobs(), used)
        return PlainTextResponse(text, media_type=metrics.MEDIA_TYPE)


def _found(one: T | None, otherwise: str) -> T:
    """Raises HTTPException where there is none."""
    if one is None:
        raise HTTPException(404, otherwise)
    return one
