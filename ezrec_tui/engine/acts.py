"""The acts: what somebody at the screen, the command line or the API can ask for. Each is answered and logged."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.delivery.store import Refused, share_link
from ezrec_tui.engine.alerts import though_disk_is_full
from ezrec_tui.engine.joining import Joining
from ezrec_tui.engine.plans import Plans
from ezrec_tui.engine.recordings import RESUME_SECONDS, Recordings
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.worker import Worker
from ezrec_tui.logs import about
from ezrec_tui.model import (
    Answer,
    Booking,
    BookingSource,
    DoneAct,
    MergeMethod,
    NewBooking,
    RecordingState,
    ShareLink,
    StartRecording,
)
from ezrec_tui.plural import plural

YEARS = range(1971, 2200)
"""In which a slot can be booked; others could not be said in every zone."""

log = logging.getLogger(__name__)


class Acts:
    """All acts of one engine. `wake` makes the engine look at its plans at once."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: StateStore,
        plans: Plans,
        recordings: Recordings,
        worker: Worker,
        joining: Joining,
        wake: Callable[[], None],
    ) -> None:
        self._settings, self._clock, self._store = settings, clock, store
        self._plans, self._recordings, self._worker, self._wake = plans, recordings, worker, wake
        self._joining = joining

    def audited(self, act: str, by: str, answer: Answer) -> Answer:
        """Note who asked for an act and what became of it: each one goes through here. A full disk stops none."""
        done = DoneAct(
            at=self._clock.now(), by=by, act=act, booking_id=answer.booking_id, ok=answer.ok, message=answer.message
        )
        log.info("act %s by=%s: %s", act, by, _line(answer.message), extra=about(answer.booking_id))
        with though_disk_is_full("who did what"):
            self._store.put_act(done)
        self._wake()
        return answer

    def start(self, body: StartRecording) -> Answer:
        """Record now, for so many minutes."""
        now = self._clock.now()
        booking = Booking(
            id=self._new_id("adhoc", now),
            user_id=body.user_id or self._settings.user_id,
            start=now,
            end=now + timedelta(minutes=body.minutes),
            title=body.title,
            camera_id=self._settings.camera_id or None,
            source=BookingSource.OPERATOR,
        )
        self._plans.add(booking)
        return self._done(
            f"recording {booking.label} for {body.minutes:g} {plural(body.minutes, 'minute', 'minutes')}", booking.id
        )

    def stop(self, booking_id: str) -> Answer:
        """Stop a recording; it can be resumed for ten seconds."""
        session = self._recordings.get(booking_id)
        if session is None or session.state not in (RecordingState.STARTING, RecordingState.RECORDING):
            return self._refused(f"{booking_id} is not being recorded", booking_id)
        self._plans.stop(booking_id, self._clock.now())
        self._recordings.stop(session)
        return self._done(f"{session.booking.label} stopped; resume within {RESUME_SECONDS} s", booking_id)

    def resume(self, booking_id: str) -> Answer:
        """Undo a stop."""
        session = self._recordings.get(booking_id)
        if session is None or session.state is not RecordingState.STOPPED:
            return self._refused(f"{booking_id} cannot be resumed any more", booking_id)
        self._plans.undo_stop(booking_id)
        self._recordings.resume(session)
        return self._done(f"{session.booking.label} goes on; nothing was lost", booking_id)

    def extend(self, booking_id: str, minutes: float) -> Answer:
        """Move the end of a running recording, back or forth; an end in the past ends it now."""
        session = self._recordings.get(booking_id)
        if session is None or session.state not in (RecordingState.STARTING, RecordingState.RECORDING):
            return self._refused(f"{booking_id} is not being recorded", booking_id)
        post_roll = timedelta(seconds=self._settings.post_roll_seconds)
        end = max(session.end - post_roll + timedelta(minutes=minutes), self._recordings.wall_of(session))
        self._plans.move_end(booking_id, end)
        clock_time = end.astimezone(self._settings.timezone).strftime("%H:%M:%S")
        return self._done(f"{session.booking.label} ends at {clock_time}", booking_id)

    def highlight(self, booking_id: str, label: str) -> Answer:
        """Mark this moment of a running recording."""
        session = self._recordings.get(booking_id)
        if session is None or session.state is not RecordingState.RECORDING:
            return self._refused(f"{booking_id} is not being recorded", booking_id)
        self._recordings.highlight(session, label)
        return self._done(f"moment marked in {session.booking.label}", booking_id)

    def book(self, body: NewBooking) -> Answer:
        """Book a slot from here."""
        now = self._clock.now()
        for at in (body.start, body.end):
            if at.year not in YEARS:
                return self._refused(f"it is in the year {at.year}", body.id)
        if body.id is not None and not body.id.isprintable():
            return self._refused("the id holds characters that cannot be printed", None)
        if body.end <= body.start:
            return self._refused("the end is not after the start", body.id)
        if body.end <= now:
            return self._refused("the slot is over already", body.id)
        booking_id = body.id or self._new_id("booking", body.start)
        if self._plans.get(booking_id) is not None or self._store.recording(booking_id) is not None:
            return self._refused(f"there is a booking {booking_id} already", booking_id)
        booking = Booking(
            id=booking_id,
            user_id=body.user_id or self._settings.user_id,
            start=body.start,
            end=body.end,
            title=body.title,
            camera_id=self._settings.camera_id or None,
            source=BookingSource.OPERATOR,
        )
        self._plans.add(booking)
        return self._done(f"{booking.label} is booked", booking_id)

    def cancel_booking(self, booking_id: str) -> Answer:
        """Cancel a booking that has not begun."""
        booking = self._plans.get(booking_id)
        if booking is None:
            return self._refused(f"there is no booking {booking_id}", booking_id)
        if booking_id in self._recordings:
            return self._refused(f"{booking.label} is being recorded; stop it instead", booking_id)
        self._plans.cancel(booking_id)
        return self._done(f"{booking.label} is cancelled", booking_id)

    async def retry(self, booking_id: str) -> Answer:
        return await self._worker.retry(booking_id)

    async def cancel_job(self, booking_id: str) -> Answer:
        return await self._worker.cancel(booking_id)

    async def pause_job(self, booking_id: str) -> Answer:
        return await self._worker.pause(booking_id)

    async def resume_job(self, booking_id: str) -> Answer:
        return await self._worker.resume(booking_id)

    async def prioritise(self, booking_id: str, priority: int) -> Answer:
        return await self._worker.prioritise(booking_id, priority)

    def share(self, booking_id: str, hours: float | None) -> tuple[ShareLink | None, Answer]:
        """A link to a delivered video, and what is noted of it: the link itself is written nowhere."""
        job = self._worker.job(booking_id)
        if job is None:
            return None, self._refused(f"there is no job for {booking_id}", booking_id)
        label = job.label or booking_id
        if job.key is None:
            return None, self._refused(f"the video of {label} is not delivered yet", booking_id)
        try:
            link = share_link(self._settings, job.key, self._clock.now(), hours)
        except Refused as error:
            return None, self._refused(str(error), booking_id)
        return link, self._done(f"a link to the video of {label}", booking_id)

    def swap(self) -> Answer:
        """Swap left and right."""
        if len(self._settings_cameras()) < 2:
            return self._refused("there is one camera only", None)
        swapped = self._recordings.swap()
        return self._done("left and right are swapped" if swapped else "left and right as set up", None)

    def set_method(self, method: MergeMethod) -> Answer:
        """How the videos of recordings from now on are joined."""
        self._joining.ask(method)
        return self._done(f"videos from now on: {method}", None)

    def acknowledge(self, alert_id: int, by: str) -> Answer:
        """Say that an alert was seen, and by whom."""
        if not self._store.acknowledge_alert(alert_id, by, self._clock.now()):
            return self._refused(f"there is no open alert {alert_id}", None)
        return self._done(f"alert {alert_id} acknowledged by {by}", None)

    def _settings_cameras(self) -> range:
        return range(2 if self._settings.dual_camera_mode else 1)

    def _new_id(self, kind: str, at: datetime) -> str:
        name = f"{kind}-{at.astimezone(self._settings.timezone):%Y%m%d-%H%M%S}"
        taken, number = name, 1
        while self._plans.get(taken) is not None or self._store.recording(taken) is not None:
            number += 1
            taken = f"{name}-{number}"
        return taken

    @staticmethod
    def _done(message: str, booking_id: str | None) -> Answer:
        return Answer(ok=True, message=message, booking_id=booking_id)

    @staticmethod
    def _refused(message: str, booking_id: str | None) -> Answer:
        return Answer(ok=False, message=message, booking_id=booking_id)


def not_taken(error: sqlite3.OperationalError) -> Answer:
    """To an act that the disk does not let us remember."""
    return Answer(ok=False, message=f"the disk does not take it ({error}): make room, and try again")


def _line(text: str) -> str:
    """What came from outside stays in its line of the log."""
    return "".join(mark if mark.isprintable() else " " for mark in text)
