"""The words everybody here speaks. Plain values: frozen, validated when they are made, no I/O.

Times of the wall are aware datetimes. Times of frames are integers in nanoseconds on a recording's own clock:
0 is the recording's `epoch`, and both cameras count from it (see `Manifest`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

NS = 1_000_000_000
"""Nanoseconds in a second."""


class Value(BaseModel):
    """Base of all values: frozen, and strangers among the fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Bookings


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


# Recordings, as they lie on disk


class Boot(Value):
    """Where a recording's clock stands on the sensors' clock in one boot of the machine."""

    boot_id: str
    epoch_sensor_ns: int
    """CLOCK_BOOTTIME at the recording's epoch; negative when the epoch lies before this boot."""


class Highlight(Value):
    at_ns: int
    label: str = ""


class Segment(Value):
    """A closed file of one camera's packets: final, starts on a keyframe."""

    camera: int
    name: str
    """File name in the recording's folder."""
    first_ns: int
    """PTS of its first frame."""
    last_ns: int
    """PTS of its last frame."""
    frames: int
    """Written."""
    bytes: int
    expected: int = 0
    """This and the next three: since the segment before. 0 where it was not counted."""
    captured: int = 0
    dropped: int = 0
    encoded: int = 0


class CameraCount(Value):
    """What one camera did for one recording, in frames (see `Manifest.cameras` and `accounting`)."""

    camera: int
    serial: str
    """The camera that was found."""
    expected: int = 0
    """All that the recording's planned span asks for."""
    captured: int = 0
    """Given by the sensor."""
    dropped: int = 0
    """Not given by it: gaps in sensor time between its first frame and its last, in frame intervals."""
    encoded: int = 0
    written: int = 0
    """On the disk; also those before the start that its first frame needs."""
    bytes: int = 0
    missing: int = 0
    """Of those expected, on no disk, for whatever reason; also before the first frame and after the last."""
    start_late: float | None = None
    """First frame of the span, in frame intervals after its start: below 1 is on time."""
    stop_late: float | None = None
    """Last frame of the span, in frame intervals after its end: from -1 to 0 is on time."""

    @property
    def lost(self) -> int:
        """Frames missing between its first and its last, for whatever reason."""
        return self.dropped + self.captured - self.written


class Manifest(Value):
    """`manifest.json` of a recording: written by the engine at the start, completed when it is finalised.

    While it runs, each camera's recorder appends a line per closed segment to `camera-N.jsonl` beside it, so that
    no two processes write one file; what a kill left unlisted is found again from the segments themselves.
    """

    version: int = 1
    booking: Booking
    epoch: AwareDatetime
    """Wall time of the recording's zero."""
    boots: tuple[Boot, ...]
    start_ns: int = 0
    """The first instant that belongs to the video (negative with pre-roll)."""
    end_ns: int
    """The first instant that does not; the planned one until the recording has ended."""
    fps: int
    width: int
    height: int
    cameras: tuple[CameraCount, ...]
    """Left to right, as the court is seen."""
    swapped: bool = False
    """Left and right were swapped by the attendant."""
    highlights: tuple[Highlight, ...] = ()
    segments: tuple[Segment, ...] = ()
    """Filled when finalised."""
    offset_ms: float | None = None
    """How far the second camera's frames lie behind the first's, at most half a frame either way; when finalised."""
    drift_ppm: float | None = None
    """How much slower the second camera's frames come than the first's; when finalised."""
    finalised: bool = False

    @property
    def start(self) -> datetime:
        """`start_ns` and `end_ns` in wall time."""
        return self.epoch + timedelta(microseconds=self.start_ns / 1000)

    @property
    def end(self) -> datetime:
        return self.epoch + timedelta(microseconds=self.end_ns / 1000)


# What the engine shows


class MergeMethod(StrEnum):
    """How the two pictures become one."""

    PANORAMA = "panorama"
    FEATHER = "feather"
    SIDE_BY_SIDE = "side_by_side"
    SINGLE = "single"


class RigStatus(Value):
    """What calibration found out about how the cameras stand to each other (see `video.rig`)."""

    made: AwareDatetime | None = None
    """This and the next eight are unknown of a rig that cannot be read."""
    projection: str = ""
    """cylindrical, spherical or planar"""
    width: int = 0
    """This and the next: of the joined picture, in pixels."""
    height: int = 0
    overlap_px: int = 0
    """Columns of the joined picture that both cameras see."""
    matches: int = 0
    """Points found in both pictures,"""
    inliers: int = 0
    """and those of them that fit."""
    rmse_px: float = 0.0
    """By how much those miss each other."""
    shift_px: float | None = None
    """How far the cameras have moved since, by the newest footage that was looked at."""
    moved_in: str | None = None
    """The booking whose footage shows that they moved too far; None while it fits. Its alert has the same booking."""
    problem: str = ""
    """Why it is not used, and what to do; empty when it can be."""


class Calibration(Value):
    """The calibration that runs, or what came out of the last one of this engine."""

    at: AwareDatetime
    running: bool
    footage_of: str = ""
    """The booking whose footage is looked at, as people call it; empty: the cameras, now."""
    ok: bool = False
    message: str = ""
    """What came out, or why nothing did and what to do."""


class RigPicture(Value):
    """What the joined picture looked like when it was calibrated, small and grey."""

    width: Annotated[int, Field(gt=0)]
    """At most 320."""
    height: Annotated[int, Field(gt=0)]
    grey: Base64Bytes
    """Luma of `width` x `height` pixels, rows from the top; 0 is black, 255 white."""

    @model_validator(mode="after")
    def _holds_all_pixels(self) -> Self:
        if len(self.grey) != self.width * self.height:
            raise ValueError(f"{len(self.grey)} bytes are no {self.width}x{self.height} pixels")
        return self


class Setup(Value):
    """How the venue's videos are made."""

    width: int
    """This and the next three: of each camera."""
    height: int
    fps: int
    bitrate: int
    """Bits per second asked for."""
    method: MergeMethod
    """The one that is used."""
    asked: MergeMethod
    """The one that was asked for: in the settings, or here (see `SetMethod`)."""
    fallbacks: tuple[str, ...] = ()
    """Why it is not the one that was asked for."""
    rig: RigStatus | None = None
    """None: never calibrated."""


class CameraState(StrEnum):
    OFF = "off"
    STARTING = "starting"
    IDLE = "idle"
    ARMED = "armed"
    RECORDING = "recording"
    STALLED = "stalled"
    LOST = "lost"


class CameraStatus(Value):
    index: int
    """0 is the left one."""
    serial: str
    state: CameraState = CameraState.OFF
    fps: float = 0.0
    """Measured over the last seconds."""
    expected: int = 0
    """This and the next four: frames of this recording so far, since its recorder started."""
    captured: int = 0
    dropped: int = 0
    """Lost, wherever: gaps in sensor time, a full queue, a disk that refused."""
    encoded: int = 0
    written: int = 0
    bitrate: int = 0
    """Bits per second, measured."""
    bytes_written: int = 0
    growing: bool = False
    """Bytes on the disk grew within the last two seconds."""
    queue: int = 0
    """Packets waiting for the disk."""
    offset_ms: float | None = None
    """How far this camera's frames lie behind the other's, at most half a frame either way (see `phase`)."""
    error: str | None = None


class CameraPicture(Value):
    """What a camera sees now, small and grey, with what helps to aim, focus and expose it."""

    index: int
    sensor_ns: int
    """When it was exposed."""
    width: Annotated[int, Field(gt=0)]
    """At most 160."""
    height: Annotated[int, Field(gt=0)]
    grey: Base64Bytes
    """Luma of `width` x `height` pixels, rows from the top; 0 is black, 255 white."""
    focus: float | None = None
    """Grows with sharpness (see `cameras.aids`); to be compared with the same camera on the same scene only. None
    where there is nothing to focus on: in the dark, before a blank wall."""
    dark: float = 0.0
    """This and the next: share of the pixels at the dark and at the bright end of the range, 0 to 1."""
    bright: float = 0.0
    histogram: tuple[float, ...] = ()
    """Share of the pixels in bins of equal luma range, dark to bright."""

    @model_validator(mode="after")
    def _holds_all_pixels(self) -> Self:
        if len(self.grey) != self.width * self.height:
            raise ValueError(f"{len(self.grey)} bytes are no {self.width}x{self.height} pixels")
        return self


class CameraTestResult(Value):
    """What one camera gave in a test."""

    index: int
    serial: str
    ok: bool
    problem: str = ""
    """What is wrong and what to do; empty when all is well."""
    fps: float = 0.0
    expected: int = 0
    """This and the next two: frames."""
    written: int = 0
    dropped: int = 0
    bitrate: int = 0
    """Bits per second."""


class CameraTest(Value):
    """A few seconds recorded of each camera, looked at, and thrown away."""

    at: AwareDatetime
    seconds: float
    running: bool
    results: tuple[CameraTestResult, ...] = ()
    """A camera each, when it is over."""


class RecordingState(StrEnum):
    ARMED = "armed"
    STARTING = "starting"
    RECORDING = "recording"
    FINISHING = "finishing"
    STOPPED = "stopped"
    """Stopped by the attendant; may still be resumed."""
    FINISHED = "finished"


class RecordingStatus(Value):
    booking_id: str
    label: str
    start: AwareDatetime
    end: AwareDatetime
    state: RecordingState
    resume_until: AwareDatetime | None = None
    """Until then a stop can be undone."""
    highlights: int = 0
    frames: tuple[int, ...] = ()
    """Written so far, a camera each."""


class UpcomingBooking(Value):
    booking_id: str
    label: str
    start: AwareDatetime
    end: AwareDatetime
    source: BookingSource


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


class Recorded(Value):
    """What is known of a recording that was begun here."""

    booking_id: str
    label: str
    user_id: str = ""
    state: RecordingState
    started_at: AwareDatetime
    """When it was begun; they are listed by it."""
    start: AwareDatetime
    """This and the next: of the video."""
    end: AwareDatetime
    """The planned one until the recording has ended."""
    cameras: tuple[CameraCount, ...] = ()
    """Left to right; counted when it has ended."""
    highlights: tuple[Highlight, ...] = ()
    job: Job | None = None
    """What becomes of it; None before it has ended, and when that is forgotten."""


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class HealthItem(Value):
    """One thing that is watched. The screen words it by its key; `detail` says what is wrong and what to do."""

    key: str
    """disk, writing, memory, cpu, temperature, throttling, power, network, clock, cameras, store, database, worker"""
    level: Level = Level.OK
    value: float | None = None
    unit: str = ""
    detail: str = ""


class Firmware(Value):
    """What a Raspberry Pi's firmware says of its power and its speed."""

    under_voltage: bool
    """Now,"""
    under_voltage_before: bool = False
    """and at any time since the machine started."""
    slowed: bool = False
    """The processor is held back now, for its heat or for want of power,"""
    slowed_before: bool = False
    """and was at any time since the machine started."""


class Machine(Value):
    """The machine at one look, in numbers. None is what it has no means to tell."""

    cpu_percent: float
    """Busy, of all cores together, since the look before."""
    cpu_yielding_percent: float = 0.0
    """The part of it that makes way for everything else: videos being rendered."""
    memory_total: int
    """This and the next: bytes."""
    memory_available: int
    uptime_seconds: float
    """Since the machine started."""
    celsius: float | None = None
    """Of the processor."""
    firmware: Firmware | None = None
    network: bool | None = None
    """Whether there is a way out of this machine: a default route."""
    clock_set: bool | None = None
    """Whether its clock was set by a time server since it started."""

    @property
    def memory_percent(self) -> float:
        """In use."""
        return (1 - self.memory_available / self.memory_total) * 100 if self.memory_total else 0.0


class DiskSpace(Value):
    """Room on the disk that holds the data folder, at one look."""

    total: int
    """This and the next: bytes."""
    free: int
    hours: float
    """So long can all cameras record, their videos included."""

    @property
    def used_percent(self) -> float:
        return (1 - self.free / self.total) * 100 if self.total else 0.0


class Health(Value):
    """How all that is watched does: the items in words, and the numbers behind them."""

    at: AwareDatetime
    engine_started: AwareDatetime
    level: Level
    """The worst of the items'."""
    items: tuple[HealthItem, ...]
    machine: Machine | None = None
    """This and the next: None before the first look."""
    disk: DiskSpace | None = None
    errors: int = 0
    """Alerts of failures that are open."""
    recordings: int = 0
    """Made here, of all that are still known."""
    deliveries: int = 0
    """Videos whose row has arrived in the database, within HISTORY_DAYS."""


class Alert(Value):
    """Something that went wrong. It stays until somebody says that they saw it."""

    id: int
    at: AwareDatetime
    level: Level
    what: str
    to_do: str = ""
    booking_id: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: AwareDatetime | None = None
    over_at: AwareDatetime | None = None
    """When its cause was gone: it left the screen then, seen or not."""


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


class EventType(StrEnum):
    """Files under `events/` for other programs, and lines of the log."""

    RECORDING_STARTED = "recording_started"
    RECORDING_COMPLETE = "recording_complete"
    VIDEO_READY = "video_ready"
    UPLOAD_COMPLETE = "upload_complete"
    JOB_FAILED = "job_failed"


# Acts: bodies of the API's commands, and their answer

Short = Annotated[str, StringConstraints(max_length=200)]


def _is_written_out(at: object) -> object:
    """A lone number is no time, though it could be seconds since 1970."""
    if isinstance(at, datetime) or (isinstance(at, str) and "-" in at[1:]):
        return at
    raise ValueError("not a time; write it as 2026-11-23T18:00:00Z")


Instant = Annotated[AwareDatetime, BeforeValidator(_is_written_out)]


class NewBooking(Value):
    start: Instant
    end: Instant
    user_id: Short = ""
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    title: Short | None = None


class StartRecording(Value):
    minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 60
    user_id: Short = ""
    title: Short | None = None


class ExtendRecording(Value):
    minutes: Annotated[float, Field(ge=-24 * 60, le=24 * 60)]


class AddHighlight(Value):
    label: Short = ""


class SetPriority(Value):
    priority: Annotated[int, Field(ge=1, le=100)]


class ShareVideo(Value):
    hours: Annotated[float, Field(gt=0, le=7 * 24)] | None = None
    """So long does the link work; None: SHARE_LINK_HOURS."""


class Calibrate(Value):
    booking_id: str | None = None
    """Whose footage is looked at; None: what the cameras see now."""


class SetMethod(Value):
    method: MergeMethod


class Acknowledge(Value):
    by: Short = ""


class CheckPin(Value):
    pin: Annotated[str, StringConstraints(max_length=64)]


class Answer(Value):
    """What became of an act. `message` is a sentence for people."""

    ok: bool
    message: str
    booking_id: str | None = None


class DoneAct(Value):
    """A line of the audit log."""

    at: AwareDatetime
    by: str
    """The user at the other end of the socket, and who he says that he is."""
    act: str
    booking_id: str | None = None
    ok: bool
    message: str


# The published record


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
