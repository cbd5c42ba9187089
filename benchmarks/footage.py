"""Footage for the benchmarks: a court wider than one camera, with players on it, seen by two cameras that overlap."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from ezrec_tui.video.planes import Planes, copy, planes_of

CAMERA_BITRATE = 6_000_000
PLAYERS = 24
NOISES = 8
"""Pictures of sensor noise that take turns."""

Luma = NDArray[np.uint8]


def scene(width: int, height: int, frames: int, fps: int) -> Iterator[Luma]:
    """Luma of a textured court with moving players and a sensor's noise, (height, width)."""
    random = np.random.default_rng(7)
    rough = cv2.GaussianBlur(random.normal(0, 60, (height, width)).astype(np.float32), (0, 0), 2.5)
    x = np.linspace(0, 1, width, dtype=np.float32)
    ground = np.clip(110 + 30 * x + rough, 30, 220).astype(np.uint8)
    for line in range(0, width, max(8, width // 12)):
        cv2.line(ground, (line, height // 4), (line, height - 1), 225, max(1, height // 270))
    noises = [random.integers(0, 5, (height, width)).astype(np.uint8) for _ in range(NOISES)]
    start = random.uniform(0, 1, (PLAYERS, 2))
    speed = random.uniform(-0.06, 0.06, (PLAYERS, 2))
    shade = random.integers(20, 235, PLAYERS)
    size = max(4, height // 18)
    for number in range(frames):
        picture = cv2.add(ground, noises[number % NOISES])
        place = np.abs((start + speed * number / fps + 1) % 2 - 1)
        for (along, down), grey in zip(place, shade, strict=True):
            centre = (int(along * width), int((0.25 + 0.7 * down) * height))
            cv2.ellipse(picture, centre, (size // 2, size), 0, 0, 360, int(grey), -1)
            cv2.circle(picture, (centre[0], centre[1] - size), size // 3, 255 - int(grey), -1)
        yield np.asarray(picture, np.uint8)


def cameras(folder: Path, width: int, height: int, overlap: int, frames: int, fps: int) -> list[Path]:
    """`left.ts` and `right.ts`: H.264 as the cameras make it, a keyframe a second, no B-frames."""
    paths = [folder / "left.ts", folder / "right.ts"]
    outputs = [av.open(str(path), "w", format="mpegts", options={"mpegts_copyts": "1"}) for path in paths]
    streams = [output.add_stream("libx264", rate=fps) for output in outputs]
    for stream in streams:
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.time_base = Fraction(1, 90_000)
        context.bit_rate, context.gop_size, context.max_b_frames = CAMERA_BITRATE, fps, 0
        context.options = {"preset": "ultrafast"}
    half_tone = (118, 140)
    for number, wide in enumerate(scene(2 * width - overlap, height, frames, fps)):
        for stream, output, left in zip(streams, outputs, (0, width - overlap), strict=True):
            frame = VideoFrame(width, height, "yuv420p")
            for plane, value in zip(frame.planes[1:], half_tone, strict=True):
                np.asarray(memoryview(plane))[:] = value
            lines = np.asarray(memoryview(frame.planes[0])).reshape(-1, frame.planes[0].line_size)
            lines[:height, :width] = wide[:, left : left + width]
            frame.pts = number * 90_000 // fps
            frame.time_base = Fraction(1, 90_000)
            output.mux(stream.encode(frame))
    for stream, output in zip(streams, outputs, strict=True):
        output.mux(stream.encode(None))
        output.close()
    return paths


def film(path: Path, pictures: list[Planes], frames: int, fps: int) -> None:
    """A camera's video (MPEG-TS) of these pictures, to and fro; H.264 as `cameras` makes it."""
    height, width = pictures[0][0].shape
    there_and_back = [*range(len(pictures)), *range(len(pictures) - 2, 0, -1)]
    with av.open(str(path), "w", format="mpegts") as output:
        stream = output.add_stream("libx264", rate=fps)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.bit_rate, context.gop_size, context.max_b_frames = CAMERA_BITRATE, fps, 0
        context.options = {"preset": "ultrafast"}
        for number in range(frames):
            frame = VideoFrame(width, height, "yuv420p")
            copy(pictures[there_and_back[number % len(there_and_back)]], planes_of(frame))
            frame.pts, frame.time_base = number, Fraction(1, fps)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def logo(path: Path, width: int, height: int) -> Path:
    """A disc that is half clear at its edge."""
    picture = np.zeros((height, width, 4), np.uint8)
    cv2.ellipse(
        picture, (width // 2, height // 2), (width // 2 - 2, height // 2 - 2), 0, 0, 360, (40, 90, 220, 128), -1
    )
    cv2.ellipse(picture, (width // 2, height // 2), (width // 3, height // 3), 0, 0, 360, (240, 240, 240, 255), -1)
    cv2.imwrite(str(path), picture)
    return path
