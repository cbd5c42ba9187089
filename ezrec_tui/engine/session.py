"""A recording under way, as the engine keeps it in memory; what outlives a restart is in its manifest and its row."""

from dataclasses import dataclass, field
from datetime import datetime

from ezrec_tui.model import Booking, CameraCount, Manifest, RecordingState


@dataclass
class Session:
    """A recording under way."""

    booking: Booking
    manifest: Manifest
    state: RecordingState
    epoch_sensor_ns: int
    started_at: datetime
    resume_until: datetime | None = None
    stopped_ns: int | None = None
    """When the attendant stopped it, on the recording's clock; None after a restart."""
    held_ns: int | None = None
    """Since when, on the recording's clock, nothing is recorded because the disk is full; None while it is."""
    missed_ns: int = 0
    """How long nothing was recorded because the disk was full."""
    finishing_ns: int | None = None
    """When its recorders were first waited for, on the recording's clock: its end may have lain in the past."""
    first_ns: dict[int, int] = field(default_factory=dict[int, int])
    """First frame in the file, by camera."""
    finished: dict[int, CameraCount] = field(default_factory=dict[int, CameraCount])

    @property
    def end(self) -> datetime:
        return self.manifest.end
