"""Videos the tests make themselves: every frame carries its number as a row of black and white blocks."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from ezrec_tui.model import NS

BLOCK = 12
BITS = 11
BLACK, WHITE = 40, 210
INK = BLOCK * BITS
"""Width of the code, in pixels."""

Picture = NDArray[np.uint8]


def texture(width: int, height: int) -> Picture:
    """Luma of a smooth scene, the same for everybody, (height, width)."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return (120 + 50 * np.sin(x / 23) * np.cos(y / 17) + x / width * 30).astype(np.uint8)


def stamp(luma: Picture, number: int, left: int, top: int = 4) -> None:
    """Draw a number; the least bit is the leftmost block."""
    for bit in range(BITS):
        x = left + bit * BLOCK
        luma[top : top + BLOCK, x : x + BLOCK] = WHITE if number >> bit & 1 else BLACK


def number_at(luma: Picture, left: int, top: int = 4) -> int:
    """Read a number back."""
    number = 0
    for bit in range(BITS):
        x = left + bit * BLOCK
        number |= int(luma[top + 3 : top + BLOCK - 3, x + 3 : x + BLOCK - 3].mean() > (BLACK + WHITE) / 2) << bit
    return number


def write(
    path: Path,
    times_ns: Iterable[int],
    size: tuple[int, int] = (320, 180),
    code_left: int = 8,
    first: int = 0,
    rate: int = 30,
    luma: Picture | None = None,
    bframes: int = 0,
    numbers: Iterable[int] | None = None,
    tone: bool = False,
) -> Path:
    """A video whose frames have these times; MPEG-TS on their own clock for `.ts`, else what the name says."""
    width, height = size
    scene = texture(width, height) if luma is None else luma
    segment = path.suffix == ".ts"
    options = {"mpegts_copyts": "1"} if segment else {}
    with av.open(str(path), "w", format="mpegts" if segment else None, options=options) as output:
        stream = output.add_stream("libx264", rate=rate)
        context = stream.codec_context
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, 90_000)
        context.gop_size = rate
        context.max_b_frames = bframes
        context.thread_count = 1
        context.options = {"preset": "veryfast" if bframes else "ultrafast", "crf": "12"}
        sound = output.add_stream("aac", rate=48_000) if tone else None
        if sound is not None:
            sound.codec_context.layout = "mono"
        count = 0
        given = iter(numbers) if numbers is not None else None
        for count, time_ns in enumerate(times_ns, 1):
            frame = VideoFrame(width, height, "yuv420p")
            picture = scene.copy()
            stamp(picture, next(given) if given is not None else first + count - 1, code_left)
            lines = np.asarray(memoryview(frame.planes[0])).reshape(-1, frame.planes[0].line_size)
            lines[:height, :width] = picture
            for plane in frame.planes[1:]:
                np.asarray(memoryview(plane))[:] = 128
            frame.pts = round(time_ns * 90_000 / NS)
            frame.time_base = Fraction(1, 90_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            wave = (np.sin(np.arange(1024) / 10) * 8000).astype(np.int16).reshape(1, -1)
            for position in range(0, round(count / rate * 48_000), 1024):
                piece = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
                piece.sample_rate = 48_000
                piece.pts = position
                output.mux(sound.encode(piece))
            output.mux(sound.encode(None))
    return path


def ticks(count: int, fps: float = 30, start_ns: int = 0) -> list[int]:
    """Times of frames at a constant rate."""
    return [start_ns + round(position * NS / fps) for position in range(count)]


def lumas(path: Path) -> list[Picture]:
    """Luma of every frame of a video, in order. Fails on any decode error."""
    pictures: list[Picture] = []
    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.video[0]):
            assert not frame.is_corrupt
            pictures.append(frame.to_ndarray()[: frame.height].astype(np.uint8))
    return pictures


def numbers(path: Path, code_left: int, skip: int = 0) -> list[int]:
    """The numbers in every frame of a video, after `skip` frames."""
    return [number_at(luma, code_left) for luma in lumas(path)[skip:]]
