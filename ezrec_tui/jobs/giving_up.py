"""Jobs that a person gives up: their footage is kept for so long as he is told, in which he can take that back."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from ezrec_tui.delivery.deletions import Deletions, GivenUp
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.facts import Given
from ezrec_tui.logs import about
from ezrec_tui.recording_files import RecordingError, read_manifest

log = logging.getLogger(__name__)


class GivingUp:
    """Notes in the journal of deletions what may go one day. What is not noted there is kept for ever."""

    def __init__(
        self, folders: Folders, deletions: Deletions, keep_for: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._folders, self._deletions, self._keep_for, self._now = folders, deletions, keep_for, now

    async def note(self, given: Given) -> datetime | None:
        """Until when the job's files are kept now; None when that cannot be noted, so that they are kept."""
        return await asyncio.to_thread(self._note, given)

    def _note(self, given: Given) -> datetime | None:
        try:
            booking = read_manifest(given.folder).booking
            video, recorded_at = self._folders.video(booking), booking.start
        except RecordingError:
            video, recorded_at = None, given.created_at
        until = self._now() + self._keep_for
        try:
            self._deletions.give_up(GivenUp(given.booking_id, given.label, given.folder, video, recorded_at, until))
        except sqlite3.Error as error:
            log.error("it is given up, and its footage is kept for ever: %s", error, extra=about(given.booking_id))
            return None
        return until

    async def take_back(self, booking_id: str) -> bool:
        """Keep a job's files until they are delivered; False when it is too late. Raises sqlite3.Error."""
        return await asyncio.to_thread(self._deletions.take_back, booking_id)
