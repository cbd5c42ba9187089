"""What is written down: bookings, recordings, videos, alerts, acts. For who asks for more than a snapshot holds."""

from datetime import datetime

from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.engine.plans import Plans
from ezrec_tui.engine.store import RecordingRow, StateStore
from ezrec_tui.engine.worker import Worker
from ezrec_tui.folders import Folders
from ezrec_tui.model import Alert, Booking, DoneAct, Recorded, VideoRecord


class Records:
    def __init__(self, folders: Folders, store: StateStore, plans: Plans, worker: Worker) -> None:
        self._folders, self._store, self._plans, self._worker = folders, store, plans, worker

    def bookings(self) -> list[Booking]:
        return self._plans.bookings()

    def booking(self, booking_id: str) -> Booking | None:
        return self._plans.get(booking_id)

    def recorded(self, count: int, before: datetime | None = None) -> list[Recorded]:
        """What was recorded, and is being, newest first."""
        return [self._recorded_as(row) for row in self._store.recordings_before(before, count)]

    def recording(self, booking_id: str) -> Recorded | None:
        row = self._store.recording(booking_id)
        return self._recorded_as(row) if row else None

    def _recorded_as(self, row: RecordingRow) -> Recorded:
        return row.recorded(self._worker.job(row.booking.id))

    def videos(self) -> list[VideoRecord]:
        """The local record of published videos, newest first."""
        return list(reversed(LocalRecord(self._folders.local_record).videos()))

    def alerts(self) -> list[Alert]:
        """The last ones, seen or not, newest first."""
        return self._store.alerts()

    def done_acts(self, count: int) -> list[DoneAct]:
        """The end of the audit log, newest first."""
        return self._store.acts(count)
