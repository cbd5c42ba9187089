"""The video's encoder and its file, set up the same way for a recording and for its intro, so that they join."""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.codec.context import Flags
from av.container import OutputContainer
from av.video.stream import VideoStream

from ezrec_tui.video.align import Mark
from ezrec_tui.video.probe import Colour

if TYPE_CHECKING:
    from av.container.core import Chapter

GOP_SECONDS = 2
MOST_THREADS = 4
"""Of the encoder; each holds frames of its own. More than there are cores only cost."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """All that decides about the encoder's parameter sets; equal values give equal ones."""

    width: int
    height: int
    fps: Fraction
    bitrate: int
    """Bits per second."""
    preset: str
    colour: Colour

    @property
    def gop(self) -> int:
        return max(1, round(self.fps * GOP_SECONDS))


def add_encoder(container: OutputContainer, encoding: Encoding) -> VideoStream:
    """A stream that encodes H.264 at a constant rate; frame n has the PTS n in its codec's time base."""
    stream = container.add_stream("libx264", rate=encoding.fps)
    context = stream.codec_context
    context.width, context.height = encoding.width, encoding.height
    context.pix_fmt = "yuv420p"
    context.time_base = 1 / encoding.fps
    context.framerate = encoding.fps
    context.bit_rate = encoding.bitrate
    context.gop_size = encoding.gop
    context.max_b_frames = 0
    context.thread_count = min(MOST_THREADS, os.cpu_count() or 1)
    context.color_primaries = encoding.colour.primaries
    context.color_trc = encoding.colour.transfer
    context.colorspace = encoding.colour.matrix
    context.color_range = 2 if encoding.colour.full_range else 1
    context.flags |= Flags.global_header
    context.options = {"preset": encoding.preset}
    return stream


def parameter_sets(encoding: Encoding) -> bytes:
    """SPS and PPS of all that is encoded so."""
    with av.open("/dev/null", "w", format="null") as container:
        stream = add_encoder(container, encoding)
        container.start_encoding()
        return stream.codec_context.extradata or b""


def open_mp4(path: Path, frames: int, audio_packets: int, chapters: int) -> OutputContainer:
    """An MP4 whose index comes first. Room for it is kept from the start, so that the end does not move the file."""
    index = 65536 + 32 * (frames + audio_packets) + 1024 * chapters
    return av.open(str(path), "w", format="mp4", options={"moov_size": str(index)})


def chapters(marks: tuple[Mark, ...], intro_frames: int, frames: int, fps: Fraction) -> "list[Chapter]":
    """Marks as chapters that follow one another from the first frame to the last; none without marks."""
    if not marks:
        return []
    starts = [(intro_frames + mark.frame, mark.title) for mark in marks]
    if marks[0].frame > 0:
        starts.insert(0, (intro_frames, "Start"))
    if intro_frames:
        starts.insert(0, (0, "Intro"))
    ends = [start for start, _ in starts[1:]] + [intro_frames + frames]
    return [
        {"id": number, "start": start, "end": end, "time_base": 1 / fps, "metadata": {"title": title}}
        for number, ((start, title), end) in enumerate(zip(starts, ends, strict=True))
    ]
