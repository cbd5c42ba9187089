"""Recordings made for real: two cameras' segments as the recorder leaves them, and their manifest."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from ezrec_tui.folders import Folders
from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest
from ezrec_tui.recording_files import PTS_HZ, segment_name, write_manifest

WIDTH, HEIGHT, FPS = 320, 180, 30
FIRST_SECOND = 60
"""Where on its clock a recording begins."""
SEGMENT_SECONDS = 2
START = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)


def booking(booking_id: str) -> Booking:
    return Booking(id=booking_id, user_id="player-7", start=START, end=START + timedelta(hours=1), title="Court 1")


def record(folders: Folders, of: Booking, seconds: int = 2, cameras: tuple[int, ...] = (0, 1)) -> Path:
    """The folder of a recording that has ended, with footage of these cameras, in segments."""
    folder = folders.recording(of)
    folder.mkdir(parents=True)
    for camera in cameras:
        for second in range(0, seconds, SEGMENT_SECONDS):
            first_ns = (FIRST_SECOND + second) * NS
            length = min(SEGMENT_SECONDS, seconds - second)
            (folder / segment_name(camera, first_ns)).write_bytes(_segment(camera, FIRST_SECOND + second, length))
    write_manifest(
        folder,
        Manifest(
            booking=of,
            epoch=START - timedelta(seconds=FIRST_SECOND),
            boots=(Boot(boot_id="boot", epoch_sensor_ns=0),),
            start_ns=FIRST_SECOND * NS,
            end_ns=(FIRST_SECOND + seconds) * NS,
            fps=FPS,
            width=WIDTH,
            height=HEIGHT,
            cameras=tuple(CameraCount(camera=camera, serial="testpattern") for camera in (0, 1)),
        ),
    )
    return folder


@lru_cache(256)
def _segment(camera: int, from_second: int, seconds: int) -> bytes:
    """MPEG-TS with a picture that moves, a keyframe a second, PTS on the recording's clock."""
    file = BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, PTS_HZ)
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = FPS, 0
        stream.codec_context.thread_count = 1
        stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
        for number in range(seconds * FPS):
            picture = np.full((HEIGHT * 3 // 2, WIDTH), 90 + 60 * camera, np.uint8)
            picture[40:80, 4 * number % 280 :][:, :40] = 220
            frame = VideoFrame.from_ndarray(picture, "yuv420p")
            frame.time_base = Fraction(1, PTS_HZ)
            frame.pts = from_second * PTS_HZ + number * PTS_HZ // FPS
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def frames_of(video: Path) -> int:
    """Frames that can be decoded."""
    with av.open(str(video)) as container:
        return sum(1 for _ in container.decode(video=0))
