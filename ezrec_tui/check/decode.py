"""Decodes a file wholly, and counts what cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class Decoded:
    frames: int
    """Whole ones."""
    errors: int
    """Packets that are incomplete or could not be decoded, and pictures that came out damaged."""
    seconds: float
    """From the first frame to the end of the last, by their timestamps."""


def decode(path: Path, on_bytes: Callable[[int], None]) -> Decoded:
    """Decode every frame. `on_bytes` is told how much was read, a packet at a time. Raises OSError."""
    frames = errors = 0
    times: list[float] = []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            stream.codec_context.options = {"err_detect": "explode"}
            for packet in container.demux(stream):
                on_bytes(packet.size)
                whole, damaged = _pictures(stream, packet, times)
                frames, errors = frames + whole, errors + damaged + packet.is_corrupt
            rate = float(stream.average_rate or stream.guessed_rate or 0)
    except (FFmpegError, IndexError):
        return Decoded(frames, errors + 1, 0.0)
    seconds = max(times) - min(times) + (1 / rate if rate else 0) if times else 0.0
    return Decoded(frames, errors, seconds)


def _pictures(stream: VideoStream, packet: "Packet[VideoStream]", times: list[float]) -> tuple[int, int]:
    """Whole pictures and failures of one packet."""
    try:
        pictures = stream.decode(packet)
    except FFmpegError:
        return 0, 1
    damaged = sum(picture.is_corrupt for picture in pictures)
    times += [picture.time for picture in pictures]
    return len(pictures) - damaged, damaged
