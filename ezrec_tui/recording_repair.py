"""A manifest made anew: for a recording whose own is lost or damaged, from what else is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, Segment
from ezrec_tui.recording_files import RecordingError, find_segments

UNKNOWN_BOOT = "unknown"
LEAD_NS = 60 * NS
"""Where a recording begins on its clock when no segment says it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a recording beside its segments."""

    booking: Booking
    started_at: datetime
    is_over: bool
    """It had been brought to its end."""


def rebuild(folder: Path, settings: Settings, known: Known | None = None) -> Manifest:
    """A manifest for the segments in a folder. It is not written.

    Where nothing is known the booking is named after the folder, and the wall clock is taken from the times of the
    files. Raises RecordingError when there is neither a segment nor anything known, OSError.
    """
    segments = find_segments(folder)
    if not segments and known is None:
        raise RecordingError(f"{folder} holds no segment: look at it, and delete it if nothing in it is wanted")
    fps = _fps(segments, settings.recording_fps)
    start_ns = min((segment.first_ns for segment in segments), default=LEAD_NS)
    end_ns = max((segment.last_ns for segment in segments), default=LEAD_NS) + NS // fps
    epoch = _epoch(folder, segments) if segments else _start(known, settings) - timedelta(microseconds=LEAD_NS / 1000)
    if known is None:
        booking = _booking(folder, epoch, start_ns, end_ns, settings)
    else:
        booking = known.booking
        if not known.is_over:
            planned = booking.end + timedelta(seconds=settings.post_roll_seconds) - epoch
            end_ns = max(end_ns, planned // timedelta(microseconds=1) * 1000)
    serials = [settings.camera_0_serial, settings.camera_1_serial][: 2 if settings.dual_camera_mode else 1]
    count = max(len(serials), *(segment.camera + 1 for segment in segments)) if segments else len(serials)
    return Manifest(
        booking=booking,
        epoch=epoch,
        boots=(Boot(boot_id=UNKNOWN_BOOT, epoch_sensor_ns=0),),
        start_ns=start_ns,
        end_ns=end_ns,
        fps=fps,
        width=settings.resolution[0],
        height=settings.resolution[1],
        cameras=tuple(
            CameraCount(camera=camera, serial=serials[camera] if camera < len(serials) else "")
            for camera in range(count)
        ),
    )


def _fps(segments: Sequence[Segment], otherwise: int) -> int:
    """From the longest segment."""
    longest = max(segments, key=lambda segment: segment.frames, default=None)
    if longest is None or longest.last_ns <= longest.first_ns:
        return otherwise
    return max(1, round((longest.frames - 1) * NS / (longest.last_ns - longest.first_ns)))


def _epoch(folder: Path, segments: Sequence[Segment]) -> datetime:
    """A segment was last written right after its last frame was taken: the least delayed of them tells best."""
    epoch_ns = min((folder / segment.name).stat().st_mtime_ns - segment.last_ns for segment in segments)
    return datetime.fromtimestamp(epoch_ns // 1_000_000 / 1000, UTC)


def _start(known: Known | None, settings: Settings) -> datetime:
    assert known is not None
    return max(known.started_at, known.booking.start) - timedelta(seconds=settings.pre_roll_seconds)


def _booking(folder: Path, epoch: datetime, start_ns: int, end_ns: int, settings: Settings) -> Booking:
    """A booking that names this very folder."""
    start, end = (epoch + timedelta(microseconds=at_ns / 1000) for at_ns in (start_ns, end_ns))
    day = _day(folder, settings.timezone)
    if day is not None and start.astimezone(settings.timezone).date() != day.date():
        start, end = day, day + (end - start)
    return Booking(id=folder.name, user_id=settings.user_id, start=start, end=end, title=f"found: {folder.name}")


def _day(folder: Path, zone: tzinfo) -> datetime | None:
    """Noon of the day that a folder lies under."""
    try:
        return datetime.strptime(folder.parent.name, "%Y-%m-%d").replace(hour=12, tzinfo=zone)
    except ValueError:
        return None
