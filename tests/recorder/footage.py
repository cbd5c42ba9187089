"""What the recorder's tests share: really encoded packets without a camera, and reading segments with a demuxer."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from ezrec_tui.cameras.camera import CameraSpec, Packet
from ezrec_tui.cameras.encoder import Encoder
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.model import NS
from ezrec_tui.recorder.messages import Start

FPS = 25
FRAME_NS = NS // FPS
SPEC = CameraSpec(0, "test", 160, 120, FPS, 300_000)
EPOCH_NS = 5_000 * NS
"""Sensor time of the recordings' zero."""
TOLERANCE_NS = 6_000
"""Half of a tick of 90 kHz."""


@lru_cache
def _film(count: int) -> tuple[Packet, ...]:
    encoder = Encoder(SPEC.width, SPEC.height, FPS, SPEC.bitrate, threads=1)
    noise = np.random.default_rng(1)
    picture = Picture(SPEC.width, SPEC.height)
    packets: list[Packet] = []
    for number in range(count):
        picture.i420[:] = number % 200
        picture.i420[:40, :40] = noise.integers(0, 255, (40, 40), dtype=np.uint8)
        packets += encoder.encode(picture, number * FRAME_NS)
    return (*packets, *encoder.flush())


def film(seconds: float, from_ns: int = 60 * NS) -> list[Packet]:
    """A camera's packets from an instant of a recording's clock on, the first one a keyframe."""
    count = round(seconds * FPS)
    return [Packet(p.data, EPOCH_NS + from_ns + p.sensor_ns, p.keyframe) for p in _film(1100)[:count]]


def booking(folder: Path, start_seconds: float, end_seconds: float, booking_id: str = "b1") -> Start:
    return Start(
        booking_id=booking_id,
        folder=folder,
        epoch_sensor_ns=EPOCH_NS,
        start_ns=round(start_seconds * NS),
        end_ns=round(end_seconds * NS),
    )


def pts_in(path: Path) -> list[int]:
    """PTS of a segment's frames in 90 kHz, in the order of the file, by FFmpeg's demuxer."""
    with av.open(str(path)) as container:
        return [p.pts for p in container.demux(video=0) if p.size and p.pts is not None]


def frames_in(path: Path) -> Iterator[VideoFrame]:
    """The pictures of a segment. Raises av.FFmpegError."""
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


def clock_of(folder: Path, camera: int = 0) -> list[int]:
    """PTS in ns of all of a camera's frames in a folder, file by file in the order of the names."""
    paths = sorted(folder.glob(f"camera-{camera}_*.ts"))
    return [round(pts * NS / 90_000) for path in paths for pts in pts_in(path)]
