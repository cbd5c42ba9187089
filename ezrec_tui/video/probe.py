"""What a file holds: its size, rate and length, and when each of its frames was taken, without decoding them."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ezrec_tui.model import NS
from ezrec_tui.video.align import distinct
from ezrec_tui.video.errors import VideoError

FULL_RANGE = 2
"""`AVCOL_RANGE_JPEG`, as frames and streams carry it."""
UNSPECIFIED = 2
"""`AVCOL_PRI_UNSPECIFIED`, and the same of transfer and matrix."""
BT709 = 1


@dataclass(frozen=True, slots=True)
class Colour:
    """How YUV is meant, in the numbers of H.264 (1 is BT.709)."""

    primaries: int = BT709
    transfer: int = BT709
    matrix: int = BT709
    full_range: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """A video as it is seen: width and height after its rotation."""

    path: Path
    width: int
    height: int
    rate: Fraction
    """Frames per second, on average."""
    duration_seconds: float
    codec: str
    rotation: int
    """Degrees counter-clockwise that a player turns the coded picture: 0, 90, 180, 270."""
    has_audio: bool
    colour: Colour


@dataclass(frozen=True, slots=True)
class Footage:
    """One camera's files in order, on one clock."""

    paths: tuple[Path, ...]
    """Those that could be read."""
    offsets: tuple[int, ...]
    """Of each file: nanoseconds to add to its timestamps."""
    times: NDArray[np.int64]
    """Of every frame, nanoseconds, strictly growing."""
    notes: tuple[str, ...] = ()
    """What could not be read, a line each."""


@contextmanager
def open_video(path: Path, guess_rate: bool = False) -> Generator[tuple[InputContainer, VideoStream]]:
    """The file and its first moving-picture stream. Raises VideoError when it is not there or is no video.

    The rate of a segment is found by reading many of its packets; without `guess_rate` that time is saved.
    """
    options = {} if guess_rate or path.suffix != ".ts" else {"fpsprobesize": "0"}
    try:
        container = av.open(str(path), "r", options=options)
    except FileNotFoundError as error:
        raise VideoError(f"{path}: there is no such file; check the path") from error
    except (FFmpegError, OSError) as error:
        raise VideoError(f"{path}: not a video that can be read ({_reason(error)}); replace the file") from error
    with container:
        streams = [stream for stream in container.streams.video if not _is_still(stream)]
        if not streams:
            raise VideoError(f"{path}: has no video in it; replace the file")
        yield container, streams[0]


def probe(path: Path, guess_rate: bool = True) -> Probe:
    """Read a file's properties from its header and first picture; its rate may be 0 if it is not guessed.

    Raises VideoError.
    """
    with open_video(path, guess_rate) as (container, stream):
        frame = _first_frame(container, stream, path)
        rotation = round(frame.rotation / 90) * 90 % 360
        width, height = frame.width, frame.height
        if rotation in (90, 270):
            width, height = height, width
        if stream.duration is not None and stream.time_base is not None:
            duration = float(stream.duration * stream.time_base)
        else:
            duration = (container.duration or 0) / av.time_base
        return Probe(
            path=path,
            width=width,
            height=height,
            rate=stream.average_rate or stream.guessed_rate or Fraction(0),
            duration_seconds=duration,
            codec=stream.codec_context.name,
            rotation=rotation,
            has_audio=bool(container.streams.audio),
            colour=_colour(frame),
        )


def footage(paths: tuple[Path, ...], common_clock: bool) -> Footage:
    """When every frame of a camera was taken, found by demuxing alone.

    With `common_clock` the files' own timestamps count (segments of one recording); without it the first file starts
    at 0 and each further one where the one before ended. A file that cannot be read is left out and noted; so is what
    comes before the end of the file ahead of it.
    """
    kept: list[Path] = []
    offsets: list[int] = []
    parts: list[NDArray[np.int64]] = []
    notes: list[str] = []
    end = None if common_clock else 0
    last = np.iinfo(np.int64).min
    for path in paths:
        try:
            own = _timestamps(path, notes)
        except VideoError as error:
            notes.append(f"left out: {error}")
            continue
        if not own.size:
            notes.append(f"left out: {path}: has no frames in it")
            continue
        offset = 0
        if end is not None:
            offset = end - int(own[0])
            interval = int(np.median(np.diff(own))) if own.size > 1 else 0
            end += int(own[-1] - own[0]) + interval
        times = own + offset
        times = times[times > last]
        if times.size:
            kept.append(path)
            offsets.append(offset)
            parts.append(times)
            last = int(times[-1])
    times = np.concatenate(parts) if parts else np.empty(0, np.int64)
    return Footage(tuple(kept), tuple(offsets), times, tuple(notes))


def to_ns(pts: int, time_base: Fraction) -> int:
    """A timestamp in nanoseconds; the one way it is done, so that equal frames have equal times everywhere."""
    return pts * time_base.numerator * NS // time_base.denominator


def _timestamps(path: Path, notes: list[str]) -> NDArray[np.int64]:
    with open_video(path) as (container, stream):
        base = stream.time_base
        if base is None:
            raise VideoError(f"{path}: has no time base; replace the file")
        found: list[int] = []
        try:
            for packet in container.demux(stream):
                if packet.pts is not None and not packet.is_discard:
                    found.append(to_ns(packet.pts, base))
        except FFmpegError as error:
            notes.append(f"{path}: damaged after frame {len(found)} ({_reason(error)}); used up to there")
    return distinct(np.array(found, np.int64))


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    try:
        for packet in container.demux(stream):
            try:
                for frame in packet.decode():
                    return frame
            except InvalidDataError:
                continue
    except FFmpegError as error:
        raise VideoError(f"{path}: no picture in it can be decoded ({_reason(error)}); replace the file") from error
    raise VideoError(f"{path}: no picture in it can be decoded; replace the file")


def _colour(frame: VideoFrame) -> Colour:
    """What the stream says; where it is silent, BT.709 (HD) in limited range."""

    def said(value: int) -> int:
        return BT709 if value in (0, UNSPECIFIED) else value

    full = frame.color_range == FULL_RANGE or frame.format.name.startswith("yuvj")
    return Colour(said(frame.color_primaries), said(frame.color_trc), said(frame.colorspace), full)


def _is_still(stream: VideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.still_image))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
