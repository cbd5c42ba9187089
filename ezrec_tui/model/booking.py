"""Bookings, and what is written to their rows."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from ezrec_tui.model.value import Value


class BookingStatus(StrEnum):
    """What a booking's row may say (read in any case; see `bookings.parse`)."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    STARTED = "started"
    RECORDING = "recording"
    RECORDING_FINISHED = "recordingfinished"
    ENDED = "ended"
    PROCESSING = "processing"
    UPLOADING = "uploading"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED_MISSING_FILE = "skippedmissingfile"
    CANCELLED = "cancelled"


class PublishedStatus(StrEnum):
    """What we write to a booking's row, in this order; the last two instead of Completed."""

    RECORDING = "Recording"
    RECORDING_FINISHED = "RecordingFinished"
    PROCESSING = "Processing"
    UPLOADING = "Uploading"
    COMPLETED = "Completed"
    FAILED = "Failed"
    SKIPPED_MISSING_FILE = "SkippedMissingFile"


class BookingSource(StrEnum):
    FILE = "file"
    SUPABASE = "supabase"
    OPERATOR = "operator"


class Booking(Value):
    """A slot that somebody booked. `end` is after `start`; `extra` keeps the row's other fields."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    user_id: str = ""
    start: AwareDatetime
    end: AwareDatetime
    status: BookingStatus = BookingStatus.SCHEDULED
    camera_id: str | None = None
    recording_id: str | None = None
    email: str | None = None
    title: str | None = None
    """A name for people, of an ad-hoc recording."""
    source: BookingSource = BookingSource.FILE
    extra: dict[str, Any] = Field(default_factory=dict[str, Any])

    @property
    def label(self) -> str:
        """What people call it on a screen or in a log."""
        return self.title or self.email or self.user_id or self.id


class UpcomingBooking(Value):
    booking_id: str
    label: str
    start: AwareDatetime
    end: AwareDatetime
    source: BookingSource
