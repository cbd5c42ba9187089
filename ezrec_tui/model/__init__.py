"""The words everybody here speaks. Plain values: frozen, validated when they are made, no I/O.

Times of the wall are aware datetimes. Times of frames are integers in nanoseconds on a recording's own clock:
0 is the recording's `epoch`, and both cameras count from it (see `Manifest`).
"""

from ezrec_tui.model.acts import (
    Acknowledge,
    AddHighlight,
    Answer,
    Calibrate,
    CheckPin,
    DoneAct,
    ExtendRecording,
    Instant,
    NewBooking,
    SetMethod,
    SetPriority,
    ShareVideo,
    Short,
    StartRecording,
)
from ezrec_tui.model.booking import Booking, BookingSource, BookingStatus, PublishedStatus, UpcomingBooking
from ezrec_tui.model.camera import CameraPicture, CameraState, CameraStatus, CameraTest, CameraTestResult
from ezrec_tui.model.health import Alert, DiskSpace, Firmware, Health, HealthItem, Level, Machine
from ezrec_tui.model.job import EventType, Job, JobState, JobStep, Progress, ShareLink, VideoRecord, WaitsFor
from ezrec_tui.model.joining import Calibration, MergeMethod, RigPicture, RigStatus, Setup
from ezrec_tui.model.recording import (
    Boot,
    CameraCount,
    Highlight,
    Manifest,
    Recorded,
    RecordingState,
    RecordingStatus,
    Segment,
)
from ezrec_tui.model.shown import Banner, FullStatus, Snapshot, Status
from ezrec_tui.model.value import NS, Value

__all__ = [
    "NS",
    "Acknowledge",
    "AddHighlight",
    "Alert",
    "Answer",
    "Banner",
    "Booking",
    "BookingSource",
    "BookingStatus",
    "Boot",
    "Calibrate",
    "Calibration",
    "CameraCount",
    "CameraPicture",
    "CameraState",
    "CameraStatus",
    "CameraTest",
    "CameraTestResult",
    "CheckPin",
    "DiskSpace",
    "DoneAct",
    "EventType",
    "ExtendRecording",
    "Firmware",
    "FullStatus",
    "Health",
    "HealthItem",
    "Highlight",
    "Instant",
    "Job",
    "JobState",
    "JobStep",
    "Level",
    "Machine",
    "Manifest",
    "MergeMethod",
    "NewBooking",
    "Progress",
    "PublishedStatus",
    "Recorded",
    "RecordingState",
    "RecordingStatus",
    "RigPicture",
    "RigStatus",
    "Segment",
    "SetMethod",
    "SetPriority",
    "Setup",
    "ShareLink",
    "ShareVideo",
    "Short",
    "Snapshot",
    "StartRecording",
    "Status",
    "UpcomingBooking",
    "Value",
    "VideoRecord",
    "WaitsFor",
]
