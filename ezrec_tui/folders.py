"""Where things lie under EZREC_DATA_DIR. All paths are made here; ids from outside never become paths as they are."""

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from ezrec_tui.files import safe_name
from ezrec_tui.model import Booking


@dataclass(frozen=True, slots=True)
class Folders:
    """Paths below the data folder; dates are those of the booking's start in the venue's zone."""

    data: Path
    zone: tzinfo

    def recording(self, booking: Booking) -> Path:
        return self.data / "recordings" / self.date(booking) / safe_name(booking.id)

    def video(self, booking: Booking) -> Path:
        return self.data / "processed" / self.date(booking) / f"{safe_name(booking.id)}.mp4"

    def date(self, booking: Booking) -> str:
        return booking.start.astimezone(self.zone).date().isoformat()

    @property
    def bookings_file(self) -> Path:
        return self.data / "bookings.json"

    @property
    def bookings_cache(self) -> Path:
        """The bookings last read from the database, for a start without a network."""
        return self.data / "bookings-cache.json"

    @property
    def status(self) -> Path:
        """How it stands, for other programs."""
        return self.data / "status.json"

    @property
    def camera_test(self) -> Path:
        """What is recorded of the cameras to look at it; nothing of it is kept."""
        return self.data / "camera-test"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def rig(self) -> Path:
        """How the two cameras stand to each other; see `video.rig`."""
        return self.data / "calibration" / "rig.json"

    @property
    def rig_before(self) -> Path:
        """The rig that the present one has replaced."""
        return self.rig.with_name("rig-before.json")

    @property
    def fit(self) -> Path:
        """Whether it still fits; see `jobs.fit`."""
        return self.rig.with_name("fit.json")

    @property
    def calibrating(self) -> Path:
        """What a calibration under way has found so far."""
        return self.data / "calibrating"

    @property
    def engine_database(self) -> Path:
        return self.data / "engine.db"

    @property
    def jobs_database(self) -> Path:
        return self.data / "jobs.db"

    @property
    def outbox_database(self) -> Path:
        return self.data / "outbox.db"

    @property
    def retention_database(self) -> Path:
        """What is delivered and still kept here, and what was deleted."""
        return self.data / "retention.db"

    @property
    def local_record(self) -> Path:
        """What is published where no Supabase is set."""
        return self.data / "published.db"

    @property
    def intro_cache(self) -> Path:
        """Intros converted to the videos' size and rate."""
        return self.data / "media" / "converted"
