"""What the engine shows at one instant, to screens and to other programs."""

from enum import StrEnum

from pydantic import AwareDatetime

from ezrec_tui.model.booking import UpcomingBooking
from ezrec_tui.model.camera import CameraStatus, CameraTest
from ezrec_tui.model.health import Alert, Health, HealthItem
from ezrec_tui.model.job import Job
from ezrec_tui.model.joining import Calibration, Setup
from ezrec_tui.model.recording import Recorded, RecordingStatus
from ezrec_tui.model.value import Value


class Banner(StrEnum):
    IDLE = "idle"
    ARMED = "armed"
    STARTING = "starting"
    RECORDING = "recording"
    FINISHING = "finishing"
    ALERT = "alert"


class Snapshot(Value):
    """All that a screen shows, at one instant."""

    sequence: int
    """Grows with every change while one engine lives."""
    engine_id: str
    """New with every start of the engine."""
    at: AwareDatetime
    timezone: str
    language: str = "en"
    version: str
    banner: Banner
    recordings: tuple[RecordingStatus, ...] = ()
    """Running ones, first started first, then stopped ones that can be resumed."""
    setup: Setup
    cameras: tuple[CameraStatus, ...] = ()
    overlap: float = 0.0
    """Share of a picture's width that both cameras see and a video blends; 0 where it blends nothing."""
    upcoming: tuple[UpcomingBooking, ...] = ()
    jobs: tuple[Job, ...] = ()
    """Failed, then running, then queued, then the newest that are done."""
    health: tuple[HealthItem, ...] = ()
    alerts: tuple[Alert, ...] = ()
    """Not acknowledged, newest first."""
    camera_test: CameraTest | None = None
    """The one that runs, or the last one of this engine."""
    calibration: Calibration | None = None
    pin_set: bool = False
    """Whether acts that are guarded ask for the venue's PIN."""
    given_up_days: int = 30
    """For so many days is footage kept of which the video is given up."""


class Status(Value):
    """How it stands, for other programs: what `status.json` holds, and what the venue's app is told."""

    at: AwareDatetime
    running: bool = True
    """False: the engine was ended. One that was killed could not say so; then `at` grows old."""
    version: str
    banner: Banner
    is_recording: bool
    current_booking_id: str | None = None
    """What is recorded; the one that began first of several."""
    cameras: tuple[CameraStatus, ...] = ()
    health: Health


class FullStatus(Status):
    """The same for who asks over the API, with what was recorded."""

    recordings: tuple[RecordingStatus, ...] = ()
    """Those that run."""
    recent: tuple[Recorded, ...] = ()
    """The newest ten, those that run among them."""
