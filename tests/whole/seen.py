"""What is in a finished video, found by decoding every frame of it."""

import itertools
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ezrec_tui.cameras.block_code import Code, read_video_frame


@dataclass
class Seen:
    """A finished video of two test-pattern cameras."""

    width: int
    height: int
    rate: Fraction
    frame_durations: set[int]
    """Of all packets, in the stream's time base: one value when the rate is constant."""
    intro: int = 0
    """Frames before the first with a code."""
    left: list[Code | None] = field(default_factory=list[Code | None])
    right: list[Code | None] = field(default_factory=list[Code | None])
    middle: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    """A frame from the middle of the recording, (height, width, 3), red green blue."""
    chapters: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[tuple[int | None, int | None]]:
        """Frame numbers of the recorded part, left and right."""
        pairs = zip(self.left, self.right, strict=True)
        return [(a.number if a else None, b.number if b else None) for a, b in pairs]


def look_at(video: Path, camera_size: tuple[int, int]) -> Seen:
    """Decode a video wholly; fails if any of it cannot be decoded."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        durations = {packet.duration for packet in container.demux(stream) if packet.size and packet.duration}
        chapters = tuple(str(chapter["metadata"].get("title", "")) for chapter in container.chapters())
        seen = Seen(
            stream.codec_context.width,
            stream.codec_context.height,
            stream.average_rate or Fraction(0),
            durations,
            chapters=chapters,
        )
        count = stream.frames
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        stream.thread_type = "AUTO"
        for index, frame in enumerate(container.decode(stream)):
            luma = _luma(frame)
            left, right = (read_video_frame(luma, camera, camera_size) for camera in (0, 1))
            if left is None and right is None and not seen.left:
                seen.intro += 1
                continue
            seen.left.append(left)
            seen.right.append(right)
            if index == count // 2:
                seen.middle = frame.to_ndarray(format="rgb24").astype(np.uint8)
    return seen


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    return np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def gaps(numbers: list[int]) -> list[int]:
    """Frames missing between each two that follow each other; negative when one comes again."""
    return [after - before - 1 for before, after in itertools.pairwise(numbers) if after - before != 1]
