"""A booking's way from a finished recording to a published video."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from ezrec_tui.model.value import Value


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    """Waits before it tries again."""
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WaitsFor(StrEnum):
    """What lets a waiting job go on. `error` says it in words, `retry_at` when it is looked for again."""

    TRY = "try"
    """It failed, and is tried again at that time."""
    LINE = "line"
    """The line, the store, the database or room on the disk has to come back."""
    MACHINE = "machine"
    """Another machine has to take it: one that is alive, over a database that answers."""
    PERSON = "person"
    """A person has to mend the store or the settings; then it goes on by itself."""
    HOURS = "hours"
    """The hours of uploads begin then."""
    RESUME = "resume"
    """A person has paused it, and has to let it go on."""


class JobStep(StrEnum):
    FINALISE = "finalise"
    RENDER = "render"
    UPLOAD = "upload"
    PUBLISH = "publish"
    CLEAN_UP = "clean_up"


class Progress(Value):
    """How far a long piece of work is."""

    done: float = 0.0
    total: float = 0.0
    """0 when not known."""
    unit: str = ""
    """frames or bytes"""
    rate: float | None = None
    """Units per second."""
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


class Job(Value):
    """A booking's way from a finished recording to a published video."""

    booking_id: str
    label: str = ""
    state: JobState
    step: JobStep = JobStep.FINALISE
    progress: Progress = Progress()
    attempts: int = 0
    """Of this step."""
    error: str | None = None
    waits_for: WaitsFor | None = None
    """While it is waiting, or paused by a person."""
    retry_at: AwareDatetime | None = None
    priority: int = 10
    """1 is first."""
    created_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    video: str | None = None
    """Path of the rendered video."""
    kept_until: AwareDatetime | None = None
    """Of one that was given up: its footage is kept here until then, and then deleted. None: until it is delivered."""
    footage_deleted_at: AwareDatetime | None = None
    """When its footage was deleted here; None: it is kept."""
    video_deleted_at: AwareDatetime | None = None
    """When its video was deleted here: it is in the store only. None: it is kept."""
    key: str | None = None
    """Where it lies in the store."""
    url: str | None = None
    fallbacks: tuple[str, ...] = ()
    """What the render had to do without, and why."""


class ShareLink(Value):
    """Where a delivered video can be fetched by whoever has this. Written nowhere."""

    address: str
    """A signed address; of a local folder the path."""
    until: AwareDatetime | None = None
    """None: for as long as the file is there."""


class EventType(StrEnum):
    """Files under `events/` for other programs, and lines of the log."""

    RECORDING_STARTED = "recording_started"
    RECORDING_COMPLETE = "recording_complete"
    VIDEO_READY = "video_ready"
    UPLOAD_COMPLETE = "upload_complete"
    JOB_FAILED = "job_failed"


class VideoRecord(Value):
    """A row of the table `videos`, as the venue's app reads it."""

    user_id: str
    video_url: str
    date: str
    """YYYY-MM-DD in the venue's zone."""
    recording_id: str
    duration_seconds: float
    uploaded_at: datetime
    filename: str
    storage_path: str
    booking_id: str
