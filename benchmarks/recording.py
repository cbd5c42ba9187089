"""Whether recording loses frames while videos are rendered: two test-pattern cameras, a real engine, real time.

    python -m benchmarks.recording [--seconds 600] [--size 1280x720] [--json FILE] [--short]

One booking lasts the whole time. Short ones lie over it, five deep, so that there is always one to be rendered
while the recording goes on.
Frame n of a test-pattern camera is exposed at n whole frame intervals of the sensors' clock, so what has to be in the
segments is known; all that is not there was dropped by us, by camera, encoder or recorder. CPU is user and system time
in per cent of one core.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av

from benchmarks import processes
from ezrec_tui.client import EngineClient, EngineUnreachable
from ezrec_tui.config import Settings, parse_size
from ezrec_tui.files import write_atomic
from ezrec_tui.launch import EngineKeeper
from ezrec_tui.model import NS, CameraState, JobState, JobStep, Snapshot
from ezrec_tui.recording_files import find_segments, read_manifest

FPS = 30
PERIOD_NS = NS // FPS
CAMERAS = 0, 1
LEAD = timedelta(seconds=5)
PATIENCE = 120.0
"""Seconds until an engine that does not come up, or a recording that does not end, is given up."""
WHOLE = "whole"
LAYERS = 5


@dataclass
class Seen:
    """What the engine showed, and what its processes used, while the whole booking was recorded."""

    seconds: float = 0.0
    looks: int = 0
    rendering: int = 0
    """Looks at which a video was being rendered,"""
    paused: int = 0
    """and at which that was paused for the recording."""
    queue: list[int] = field(default_factory=lambda: [0, 0])
    """Most packets that waited for the disk."""
    cpu_percent: dict[str, float] = field(default_factory=dict[str, float])
    megabytes: dict[str, float] = field(default_factory=dict[str, float])
    """Most memory of each process."""
    videos: int = 0
    """Rendered and published by the end."""
    failed: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Camera:
    """Frames of one camera, counted in the segments."""

    expected: int
    in_files: int
    gaps: list[tuple[float, int]]
    """Where frames are missing: seconds from the start, how many."""

    @property
    def dropped(self) -> int:
        return self.expected - self.in_files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600, help="how long is recorded")
    parser.add_argument("--size", type=parse_size, default=(1280, 720), help="of a camera's picture")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--short", action="store_true", help="20 s, tiny, for correctness alone; drops are not judged")
    asked = parser.parse_args()
    if asked.short:
        asked.seconds, asked.size = 20, (320, 180)
    with tempfile.TemporaryDirectory(prefix="ezrec-benchmark-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        seen = asyncio.run(_record(data, asked.seconds, asked.size))
        cameras = _count(data)
    _print(asked.seconds, asked.size, seen, cameras)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(_report(asked.seconds, asked.size, seen, cameras), indent=2) + "\n")
        print(f"written to {asked.json}")
    if seen.failed or not seen.videos or not seen.rendering:
        print(f"not a fair run: {seen.videos} videos were made, {seen.failed or 'none'} failed")
        return 1
    return 0 if asked.short else int(any(camera.dropped for camera in cameras))


async def _record(data: Path, seconds: int, size: tuple[int, int]) -> Seen:
    environment = _environment(data, size)
    client = EngineClient(Path(environment["EZREC_SOCKET"]))
    seen = Seen()
    with EngineKeeper(environment, data, data / "engine-output.log"):
        async with asyncio.timeout(PATIENCE):
            await _cameras_are_up(client)
        start = datetime.now(UTC) + LEAD
        _book(data, start, seconds)
        print(f"recording {seconds} s of two cameras of {size[0]}x{size[1]} ...", flush=True)
        async with asyncio.timeout(LEAD.total_seconds() + seconds + PATIENCE):
            await _watch(client, start, start + timedelta(seconds=seconds), data, seen)
    return seen


def _environment(data: Path, size: tuple[int, int]) -> dict[str, str]:
    names = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "EZREC_DATA_DIR": str(data),
        "EZREC_SOCKET": str(data.parent / "engine"),
        "CAMERA_0_SERIAL": "testpattern",
        "CAMERA_1_SERIAL": "testpattern",
        "RESOLUTION": "{}x{}".format(*size),
        "RECORDING_FPS": str(FPS),
    }


def _book(data: Path, start: datetime, seconds: int) -> None:
    """The whole time, and over it layers of short ones, back to back in each."""
    length = max(5, seconds // 20)
    slots = [
        (f"slot-{layer}-{begin}", begin, min(begin + length, seconds))
        for layer in range(LAYERS)
        for begin in range(layer * length // LAYERS, seconds, length)
    ]
    rows = [
        {
            "id": name,
            "start_time": (start + timedelta(seconds=begin)).isoformat(),
            "end_time": (start + timedelta(seconds=end)).isoformat(),
        }
        for name, begin, end in [(WHOLE, 0, seconds), *slots]
    ]
    write_atomic(data / "bookings.json", json.dumps(rows))


async def _cameras_are_up(client: EngineClient) -> None:
    while True:
        try:
            cameras = (await client.snapshot()).cameras
        except EngineUnreachable:
            cameras = ()
        if cameras and all(camera.state not in (CameraState.STARTING, CameraState.LOST) for camera in cameras):
            return
        await asyncio.sleep(0.1)


async def _watch(client: EngineClient, start: datetime, end: datetime, data: Path, seen: Seen) -> None:
    """Look at every snapshot from the start to the end; then wait until the recording is closed."""
    usage: _Usage | None = None
    async with aclosing(client.follow()) as snapshots:
        async for snapshot in snapshots:
            if snapshot.at < start:
                continue
            if snapshot.at < end:
                usage = usage or _Usage(data)
                usage.look(seen)
                _look(snapshot, seen)
            elif all(recording.booking_id != WHOLE for recording in snapshot.recordings):
                seen.videos = sum(job.state is JobState.DONE for job in snapshot.jobs)
                seen.failed = [job.booking_id for job in snapshot.jobs if job.state is JobState.FAILED]
                return


def _look(snapshot: Snapshot, seen: Seen) -> None:
    seen.looks += 1
    renders = [job.state for job in snapshot.jobs if job.step is JobStep.RENDER]
    seen.rendering += JobState.RUNNING in renders
    seen.paused += JobState.PAUSED in renders
    for camera in snapshot.cameras:
        seen.queue[camera.index] = max(seen.queue[camera.index], camera.queue)


class _Usage:
    """What the engine's processes use, from the first look on."""

    def __init__(self, data: Path) -> None:
        self._began = datetime.now(UTC)
        self._processes = {processes.name(process): process for process in processes.processes(data)}
        self._used = {name: processes.cpu_seconds(process) for name, process in self._processes.items()}

    def look(self, seen: Seen) -> None:
        seen.seconds = (datetime.now(UTC) - self._began).total_seconds()
        for name, process in self._processes.items():
            used = processes.cpu_seconds(process) - self._used[name]
            seen.cpu_percent[name] = round(100 * used / max(seen.seconds, 1e-3), 1)
            megabytes = round(process.memory_info().rss / 1024**2, 1)
            seen.megabytes[name] = max(seen.megabytes.get(name, 0.0), megabytes)


def _count(data: Path) -> list[Camera]:
    """Look for every frame of the whole booking in its segments."""
    [folder] = (data / "recordings").glob(f"*/{WHOLE}")
    manifest = read_manifest(folder)
    epoch_ns = manifest.boots[-1].epoch_sensor_ns
    first, end = (-(-(epoch_ns + bound) // PERIOD_NS) for bound in (manifest.start_ns, manifest.end_ns))
    segments = find_segments(folder)
    cameras: list[Camera] = []
    for camera in CAMERAS:
        numbers: set[int] = set()
        for segment in segments:
            if segment.camera == camera:
                numbers |= _numbers(folder / segment.name, epoch_ns)
        gaps: list[tuple[float, int]] = []
        last = first - 1
        for number in [*sorted(number for number in numbers if first <= number < end), end]:
            if number > last + 1:
                gaps.append((round((last + 1 - first) / FPS, 2), number - last - 1))
            last = number
        cameras.append(Camera(end - first, len(numbers & set(range(first, end))), gaps))
    return cameras


def _numbers(segment: Path, epoch_ns: int) -> set[int]:
    with av.open(str(segment)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        scale = stream.time_base * NS
        return {
            round((epoch_ns + packet.pts * scale) / PERIOD_NS)
            for packet in container.demux(stream)
            if packet.pts is not None
        }


def _print(seconds: int, size: tuple[int, int], seen: Seen, cameras: list[Camera]) -> None:
    print(f"\n{seconds} s, two cameras of {size[0]}x{size[1]} at {FPS} fps, {os.cpu_count()} cores")
    print(f"{'':10}{'expected':>10}{'in files':>10}{'dropped':>9}{'queue, most':>13}")
    for index, camera in enumerate(cameras):
        print(f"camera {index}  {camera.expected:10}{camera.in_files:10}{camera.dropped:9}{seen.queue[index]:13}")
        for at, frames in camera.gaps[:10]:
            print(f"{'':10}{frames} missing at {at} s")
    print(f"{'':10}{'% of a core':>12}{'MB, most':>10}")
    for name, percent in sorted(seen.cpu_percent.items()):
        print(f"{name:10}{percent:12.1f}{seen.megabytes[name]:10.0f}")
    looks = max(1, seen.looks)
    print(f"a video was being rendered for {100 * seen.rendering / looks:.0f} % of the time, held for", end=" ")
    print(f"{100 * seen.paused / looks:.0f} %; {seen.videos} videos were made meanwhile")


def _report(seconds: int, size: tuple[int, int], seen: Seen, cameras: list[Camera]) -> dict[str, object]:
    return {
        "benchmark": "recording",
        "footage": {"seconds": seconds, "size": list(size), "fps": FPS},
        "machine": {"cpus": os.cpu_count(), "arch": platform.machine(), "python": platform.python_version()},
        "cameras": [asdict(camera) | {"dropped": camera.dropped} for camera in cameras],
        "seen": asdict(seen),
    }


if __name__ == "__main__":
    sys.exit(main())
