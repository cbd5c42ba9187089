"""What the house tells others when a recording or a job has come further: the database, other programs, the screen."""

from pathlib import Path

from ezrec_tui.clock import Clock
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.engine.alerts import Alerts, though_disk_is_full
from ezrec_tui.engine.session import Session
from ezrec_tui.engine.store import StateStore
from ezrec_tui.events import put_event
from ezrec_tui.jobs.missing import is_about_missing
from ezrec_tui.model import NS, Booking, EventType, Job, JobState, Level, PublishedStatus


class Reports:
    """`data` is the folder in which events lie."""

    def __init__(self, data: Path, clock: Clock, store: StateStore, outbox: Outbox, alerts: Alerts) -> None:
        self._data, self._clock = data, clock
        self._store, self._outbox, self._alerts = store, outbox, alerts

    def started(self, session: Session) -> None:
        """A recording's first frame is in the file."""
        late_ns = max(0, min(session.first_ns.values()) - session.manifest.start_ns)
        self._put_status(session, PublishedStatus.RECORDING)
        self._put_event(EventType.RECORDING_STARTED, session.booking, late_ms=late_ns / 1e6)

    def finished(self, session: Session, folder: Path) -> None:
        """A recording, in its folder, is closed and accounted for."""
        counts = session.manifest.cameras
        self._put_status(session, PublishedStatus.RECORDING_FINISHED)
        self._put_event(
            EventType.RECORDING_COMPLETE,
            session.booking,
            folder=str(folder),
            frames=[count.written for count in counts],
            dropped=sum(count.lost for count in counts),
            missing=sum(count.missing for count in counts),
            cameras=[count.model_dump() for count in counts],
            offset_ms=session.manifest.offset_ms,
            drift_ppm=session.manifest.drift_ppm,
            seconds=(session.manifest.end_ns - session.manifest.start_ns) / NS,
        )

    def job_changed(self, before: Job | None, job: Job) -> None:
        if job.state is JobState.FAILED and (before is None or before.state is not JobState.FAILED):
            self._alerts.put(
                Level.FAILED,
                f"no video of {job.label or job.booking_id} yet: {job.error or 'the job failed'}",
                "mend the cause, then try the job again; the footage is kept",
                job.booking_id,
            )
        if job.video is not None and (before is None or before.video is None):
            self._tell_missing(job)

    def _tell_missing(self, job: Job) -> None:
        """What a camera lacks in a video; once, also over a restart."""
        for line in filter(is_about_missing, job.fallbacks):
            what = f"the video of {job.label or job.booking_id}: {line}"
            if not self._store.was_told(what, job.booking_id):
                to_do = "look at the video; unless the power failed then, check that camera's cable"
                self._alerts.put(Level.WARNING, what, to_do, job.booking_id)

    def _put_status(self, session: Session, status: PublishedStatus) -> None:
        with though_disk_is_full("that it is recorded"):
            self._outbox.put_status(session.booking.id, status, self._clock.now())

    def _put_event(self, event: EventType, booking: Booking, **details: object) -> None:
        try:
            put_event(self._data, event, booking.id, self._clock.now(), **details)
        except OSError as error:
            self._alerts.put(
                Level.WARNING, f"the event {event.value} cannot be written: {error}", "mend the data folder"
            )
