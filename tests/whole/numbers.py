"""Which frames a test-pattern camera makes in a span of time, and which of them a recording's video shows.

Frame n is exposed at n whole frame intervals of the sensors' clock, in every process (see `cameras.software`), so what
should be in a video is known without asking the program.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import av

from ezrec_tui.clock import sensor_ns
from ezrec_tui.files import safe_name
from ezrec_tui.model import NS, Manifest
from ezrec_tui.recording_files import PTS_HZ, find_segments, read_manifest
from tests.whole.seen import Seen, look_at

FPS = 30
PERIOD_NS = NS // FPS
READINGS = 5
LATE_SHARE = 0.05


def wall_offset() -> timedelta:
    """Wall time (since the Unix epoch) less sensor time: of a few readings the one that was interrupted least."""
    readings: list[tuple[int, int]] = []
    for _ in range(READINGS):
        before, wall, after = sensor_ns(), time.time_ns(), sensor_ns()
        readings.append((after - before, wall - (before + after) // 2))
    return timedelta(microseconds=min(readings)[1] / 1000)


def sensor_time(at: datetime) -> int:
    """An instant of the machine's wall clock on the sensors' clock."""
    return round((at.timestamp() - wall_offset().total_seconds()) * NS)


def between_frames(at: datetime) -> datetime:
    """The next instant half-way between two frames, so that how exactly a clock is read decides nothing."""
    ahead_ns = (PERIOD_NS * 3 // 2 - sensor_time(at) % PERIOD_NS) % PERIOD_NS
    return at + timedelta(microseconds=ahead_ns // 1000)


def frames_within(start_ns: int, end_ns: int) -> range:
    """Numbers of the frames exposed in [start, end) of the sensors' clock."""
    return range(-(-start_ns // PERIOD_NS), -(-end_ns // PERIOD_NS))


def planned(manifest: Manifest) -> range:
    """The frames that a recording's manifest asks for."""
    epoch_ns = manifest.boots[-1].epoch_sensor_ns
    return frames_within(epoch_ns + manifest.start_ns, epoch_ns + manifest.end_ns)


def on_disk(folder: Path, manifest: Manifest, camera: int) -> set[int]:
    """The frames of a camera that lie in its segments."""
    epoch_ns = manifest.boots[-1].epoch_sensor_ns
    numbers: set[int] = set()
    for segment in find_segments(folder):
        if segment.camera == camera:
            with av.open(str(folder / segment.name)) as container:
                stamps = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
            numbers |= {round((epoch_ns + stamp * NS / PTS_HZ) / PERIOD_NS) for stamp in stamps}
    return numbers


@dataclass(frozen=True)
class Recorded:
    """A recording that is over, and its video."""

    folder: Path
    manifest: Manifest
    seen: Seen

    @property
    def halves(self) -> tuple[list[int | None], list[int | None]]:
        """Frame numbers of the left and the right half, one for each frame of the video."""
        left, right = (list(half) for half in zip(*self.seen.numbers, strict=True))
        return left, right


def recorded(data: Path, booking_id: str, camera_size: tuple[int, int]) -> Recorded:
    """Decode the one video of a booking; fails when there is none, or more."""
    name = safe_name(booking_id)
    [video] = (data / "processed").rglob(f"{name}.mp4")
    [folder] = (data / "recordings").glob(f"*/{name}")
    return Recorded(folder, read_manifest(folder), look_at(video, camera_size))


def assert_shows(one: Recorded, wanted: Iterable[int]) -> None:
    """Every frame that should be there, once, on both halves, and no other.

    A test pattern on a busy machine may be late for a frame (LATE_SHARE), and the one before stands in: that is told.
    It is never at an end of the video, and such a frame lies in no segment.
    """
    numbers = list(wanted)
    for camera, (side, half) in enumerate(zip(("left", "right"), one.halves, strict=True)):
        differences = f"{side}: {_differences(half, numbers)}"
        assert (len(half), half[0], half[-1]) == (len(numbers), numbers[0], numbers[-1]), differences
        late = {number for shown, number in zip(half, numbers, strict=True) if shown != number}
        if late:
            print(f"{side}: the camera was late for {len(late)} frames")
            shown = [number or 0 for number in half]
            assert shown == sorted(shown), differences
            assert late.isdisjoint(on_disk(one.folder, one.manifest, camera)), differences
            assert len(late) <= LATE_SHARE * len(numbers), differences


def _differences(found: list[int | None], wanted: list[int]) -> str:
    missing = sorted(set(wanted) - {n for n in found if n is not None})
    extra = sorted({n for n in found if n is not None} - set(wanted))
    return (
        f"{len(found)} frames in place of {len(wanted)}, {len(missing)} missing {missing[:5]},"
        f" {len(extra)} too many {extra[:5]}, {found.count(None)} unreadable"
    )
