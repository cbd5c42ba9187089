"""How much footage there is of which the video is still to be made: the disk has to keep room for that."""

from ezrec_tui.engine.recordings import Recordings
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.worker import Worker
from ezrec_tui.model import NS, JobState, JobStep

TO_COME = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING, JobState.PAUSED)


class Unrendered:
    """Counts seconds of footage."""

    def __init__(self, store: StateStore, recordings: Recordings, worker: Worker) -> None:
        self._store, self._recordings, self._worker = store, recordings, worker
        self._lengths: dict[str, float] = {}

    def ended(self, booking_id: str, seconds: float) -> None:
        """A recording ended, and is so long."""
        self._lengths[booking_id] = seconds

    def seconds(self) -> float:
        """Of recordings under way, and of those whose video is not there yet."""
        under_way = sum(self._recordings.seconds_recorded(session) for session in self._recordings.running)
        waiting = {
            job.booking_id: 1 - job.progress.fraction if job.step is JobStep.RENDER else 1
            for job in self._worker.jobs()
            if job.video is None and job.state in TO_COME
        }
        return under_way + sum(self._length(booking_id) * part for booking_id, part in waiting.items())

    def _length(self, booking_id: str) -> float:
        if booking_id not in self._lengths:  # it ended before this engine was started
            row = self._store.recording(booking_id)
            manifest = row.manifest if row else None
            self._lengths[booking_id] = (manifest.end_ns - manifest.start_ns) / NS if manifest else 0.0
        return self._lengths[booking_id]
