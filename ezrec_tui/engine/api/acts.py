"""The acts of the API: each is answered, noted with who asked for it, and told to all who watch."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Path, Request, Response

from ezrec_tui.engine.api.forms import NOT_FOUND, NOT_NOW, WRONG_PIN, BookingId, speaker
from ezrec_tui.engine.engine import Engine
from ezrec_tui.model import (
    Acknowledge,
    AddHighlight,
    Answer,
    Calibrate,
    CheckPin,
    ExtendRecording,
    NewBooking,
    SetMethod,
    SetPriority,
    ShareLink,
    ShareVideo,
    StartRecording,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """An act that is asked for: by whom, and where the answer goes."""

    by: str
    response: Response


async def _asking(request: Request, response: Response) -> Asking:
    return Asking(speaker(request), response)


Asked = Annotated[Asking, Depends(_asking)]
AlertId = Annotated[int, Path(ge=1, lt=1 << 63)]


def add_acts(app: FastAPI, engine: Engine) -> None:
    """The acts of one engine."""

    def answered(act: str, asked: Asking, answer: Answer, refused: int = 409) -> Answer:
        if not answer.ok:
            asked.response.status_code = refused
        engine.acts.audited(act, asked.by, answer)
        engine.hub.change()
        return answer

    @app.post("/v1/recordings", responses=NOT_NOW)
    async def start_recording(body: StartRecording, asked: Asked) -> Answer:
        """Record now, without a booking."""
        return answered("start", asked, engine.acts.start(body))

    @app.post("/v1/recordings/{booking_id}/stop", responses=NOT_NOW)
    async def stop_recording(booking_id: BookingId, asked: Asked) -> Answer:
        """Stop a recording; for ten seconds it can be undone by `resume`."""
        return answered("stop", asked, engine.acts.stop(booking_id))

    @app.post("/v1/recordings/{booking_id}/resume", responses=NOT_NOW)
    async def resume_recording(booking_id: BookingId, asked: Asked) -> Answer:
        """Undo a stop, with nothing lost."""
        return answered("resume", asked, engine.acts.resume(booking_id))

    @app.post("/v1/recordings/{booking_id}/extend", responses=NOT_NOW)
    async def extend_recording(booking_id: BookingId, body: ExtendRecording, asked: Asked) -> Answer:
        """Move the end of a running recording by so many minutes, back or forth."""
        return answered("extend", asked, engine.acts.extend(booking_id, body.minutes))

    @app.post("/v1/recordings/{booking_id}/highlight", responses=NOT_NOW)
    async def add_highlight(booking_id: BookingId, body: AddHighlight, asked: Asked) -> Answer:
        """Mark this moment; it becomes a chapter of the video."""
        return answered("highlight", asked, engine.acts.highlight(booking_id, body.label))

    @app.post("/v1/bookings", responses=NOT_NOW)
    async def add_booking(body: NewBooking, asked: Asked) -> Answer:
        """Book a slot from here."""
        return answered("book", asked, engine.acts.book(body))

    @app.delete("/v1/bookings/{booking_id}", responses=NOT_NOW)
    async def cancel_booking(booking_id: BookingId, asked: Asked) -> Answer:
        """Cancel a booking that has not begun."""
        return answered("cancel booking", asked, engine.acts.cancel_booking(booking_id))

    @app.post("/v1/jobs/{booking_id}/retry", responses=NOT_NOW)
    async def retry_job(booking_id: BookingId, asked: Asked) -> Answer:
        """Try a failed job again, from the step that failed."""
        return answered("retry job", asked, await engine.acts.retry(booking_id))

    @app.post("/v1/jobs/{booking_id}/cancel", responses=NOT_NOW)
    async def cancel_job(booking_id: BookingId, asked: Asked) -> Answer:
        """Give up a job; its footage is kept for KEEP_DAYS (a week at least), and then deleted."""
        return answered("cancel job", asked, await engine.acts.cancel_job(booking_id))

    @app.post("/v1/jobs/{booking_id}/pause", responses=NOT_NOW)
    async def pause_job(booking_id: BookingId, asked: Asked) -> Answer:
        """Let a job wait until it is resumed, also over a restart; others take its turn."""
        return answered("pause job", asked, await engine.acts.pause_job(booking_id))

    @app.post("/v1/jobs/{booking_id}/resume", responses=NOT_NOW)
    async def resume_job(booking_id: BookingId, asked: Asked) -> Answer:
        """Let a paused job go on."""
        return answered("resume job", asked, await engine.acts.resume_job(booking_id))

    @app.post("/v1/jobs/{booking_id}/priority", responses=NOT_NOW)
    async def prioritise_job(booking_id: BookingId, body: SetPriority, asked: Asked) -> Answer:
        """Move a waiting job: 1 is first."""
        return answered("prioritise job", asked, await engine.acts.prioritise(booking_id, body.priority))

    @app.post("/v1/jobs/{booking_id}/link", responses=NOT_NOW)
    async def share_video(booking_id: BookingId, body: ShareVideo, asked: Asked) -> ShareLink:
        """A link to a delivered video, for so many hours; SHARE_LINK_HOURS says the default. Whoever has it can
        fetch the video: it stands in the answer alone."""
        link, answer = engine.acts.share(booking_id, body.hours)
        answered("link", asked, answer)
        if link is None:
            raise HTTPException(409, answer.message)
        return link

    @app.post("/v1/cameras/swap", responses=NOT_NOW)
    async def swap_cameras(asked: Asked) -> Answer:
        """Swap left and right."""
        return answered("swap cameras", asked, engine.acts.swap())

    @app.post("/v1/cameras/test", responses=NOT_NOW)
    async def test_cameras(asked: Asked) -> Answer:
        """Record 5 s of each camera, look at them and throw them away; the snapshot's `camera_test` says what came."""
        return answered("test cameras", asked, engine.camera_acts.test())

    @app.post("/v1/cameras/calibrate", responses=NOT_NOW)
    async def calibrate_cameras(body: Calibrate, asked: Asked) -> Answer:
        """Find out how the cameras stand to each other; the snapshot's `calibration` says what came of it."""
        return answered("calibrate", asked, engine.camera_acts.calibrate(body.booking_id))

    @app.post("/v1/method", responses=NOT_NOW)
    async def set_method(body: SetMethod, asked: Asked) -> Answer:
        """How the videos of recordings from now on are joined; goes before MERGE_METHOD."""
        return answered("set method", asked, engine.acts.set_method(body.method))

    @app.post("/v1/pin", responses=WRONG_PIN)
    async def check_pin(body: CheckPin, asked: Asked) -> Answer:
        """Whether it is the venue's PIN; after five wrong ones nobody's is looked at for a while."""
        return answered("check PIN", asked, await engine.pin.check(body.pin), refused=403)

    @app.post("/v1/alerts/{alert_id}/acknowledge", responses=NOT_FOUND)
    async def acknowledge_alert(alert_id: AlertId, body: Acknowledge, asked: Asked) -> Answer:
        """Say that an alert was seen."""
        return answered("acknowledge", asked, engine.acts.acknowledge(alert_id, body.by or asked.by), refused=404)
