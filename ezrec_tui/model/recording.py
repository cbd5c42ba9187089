"""Recordings, as they lie on the disk."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from ezrec_tui.model.booking import Booking
from ezrec_tui.model.job import Job
from ezrec_tui.model.value import Value


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
