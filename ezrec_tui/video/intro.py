"""An intro in the form of the video it goes before: converted once, cached, joined by copying its packets."""

import hashlib
import heapq
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from ezrec_tui import files
from ezrec_tui.video import planes
from ezrec_tui.video.align import distinct, timeline
from ezrec_tui.video.encode import Encoding, add_encoder, parameter_sets
from ezrec_tui.video.planes import Canvas, even
from ezrec_tui.video.probe import VideoError, footage, open_video, probe
from ezrec_tui.video.source import Shape, Source

AUDIO_RATE = 48_000
AUDIO_BITRATE = 128_000
AAC_SAMPLES = 1024


@dataclass(frozen=True, slots=True)
class Intro:
    """A converted intro: H.264 in Annex B, and AAC if it has sound, in a NUT file."""

    path: Path
    frames: int
    audio_packets: int


def prepare(path: Path, encoding: Encoding, cache: Path, should_stop: Callable[[], bool]) -> Intro | None:
    """The intro in the video's size, rate and settings, from the cache or converted now.

    None when `should_stop` said so meanwhile. Raises VideoError when it cannot be used.
    """
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256")
    except OSError as error:
        raise VideoError(f"{path}: cannot be read ({error.strerror}); check INTRO_VIDEO_PATH") from error
    content.update(repr((encoding, av.library_versions, av.__version__)).encode())
    needed = parameter_sets(encoding)
    ready = cache / f"intro-{content.hexdigest()[:32]}.nut"
    if ready.exists():
        with suppress(VideoError):
            return _read(ready, needed)
    cache.mkdir(parents=True, exist_ok=True)
    partial = ready.with_name(f".{ready.name}.partial")
    try:
        if not _convert(path, encoding, partial, should_stop):
            return None
        files.commit_file(partial, ready)
    except FFmpegError as error:
        raise VideoError(f"{path}: cannot be converted ({error.strerror}); replace the file") from error
    finally:
        partial.unlink(missing_ok=True)
    return _read(ready, needed)


def join(intro: Intro, output: OutputContainer, video: VideoStream, fps: Fraction) -> None:
    """Start the file with the intro: its packets as they are, its sound on a track of its own.

    Times are counted anew: the cache's container has moved them, for the sound begins before zero.
    """
    with av.open(str(intro.path), "r", format="nut") as container:
        clocks = {container.streams.video[0].index: _Clock(video, 0, 1, 1 / fps)}
        for sound in container.streams.audio:
            track = output.add_stream_from_template(sound)
            clocks[sound.index] = _Clock(track, -AAC_SAMPLES, AAC_SAMPLES, Fraction(1, AUDIO_RATE))
        output.start_encoding()
        for packet in container.demux():
            if packet.size:
                clocks[packet.stream.index].stamp(packet)
                output.mux(packet)


@dataclass(slots=True)
class _Clock:
    """Gives one track's packets their times, one after the other."""

    track: Stream
    next: int
    step: int
    time_base: Fraction

    def stamp(self, packet: "Packet[Any]") -> None:
        packet.stream = self.track
        packet.time_base = self.time_base
        packet.pts = packet.dts = self.next
        packet.duration = self.step
        self.next += self.step


def _read(path: Path, needed: bytes) -> Intro:
    with open_video(path) as (container, stream):
        counts = {"video": 0, "audio": 0}
        try:
            for packet in container.demux():
                if packet.size:
                    counts[packet.stream.type] += 1
        except FFmpegError as error:
            raise VideoError(f"{path}: the cached intro is damaged ({error.strerror})") from error
        if not counts["video"]:
            raise VideoError(f"{path}: the cached intro is empty")
        if stream.codec_context.extradata != needed:
            raise VideoError(f"{path}: the cached intro needs other parameter sets than the video; delete it")
        return Intro(path, counts["video"], counts["audio"])


def _convert(path: Path, encoding: Encoding, target: Path, should_stop: Callable[[], bool]) -> bool:
    about = probe(path)
    clip = footage((path,), common_clock=False)
    line = timeline(clip.times, np.empty(0, np.int64), encoding.fps)
    if not line.frames:
        raise VideoError(f"{path}: has no frames in it; replace the file")
    factor = min(encoding.width / about.width, encoding.height / about.height)
    width, height = max(2, even(round(about.width * factor))), max(2, even(round(about.height * factor)))
    source = Source(clip, Shape(width, height, encoding.colour.full_range))
    canvas = Canvas(encoding.width, encoding.height)
    planes.darken(canvas.planes, encoding.colour.full_range)
    window = planes.part(
        canvas.planes, even((encoding.width - width) // 2), even((encoding.height - height) // 2), width, height
    )
    index = np.maximum.accumulate(line.left.index)

    with av.open(str(target), "w", format="nut") as output:
        stream = add_encoder(output, encoding)
        sound = output.add_stream("aac", rate=AUDIO_RATE) if about.has_audio else None
        if sound is not None:
            sound.codec_context.layout = "stereo"
            sound.codec_context.bit_rate = AUDIO_BITRATE

        def pictures() -> Iterator["Packet[Any]"]:
            position = 0
            for picture in source.pictures(clip.times[distinct(index)]):
                planes.copy(picture.planes, window)
                while position < line.frames and clip.times[index[position]] <= picture.time_ns:
                    canvas.frame.pts = position
                    position += 1
                    yield from stream.encode(canvas.frame)
            if not position:
                raise VideoError(f"{path}: no picture in it can be decoded; replace the file")
            yield from stream.encode(None)

        output.start_encoding()
        both = [pictures()] if sound is None else [pictures(), _sound(path, sound, line.frames / encoding.fps)]
        for packet in heapq.merge(*both, key=_time):
            if should_stop():
                return False
            output.mux(packet)
    return True


def _time(packet: "Packet[Any]") -> Fraction:
    return (packet.dts or 0) * packet.time_base


def _sound(path: Path, stream: AudioStream, seconds: Fraction) -> Iterator["Packet[Any]"]:
    """The file's sound from its start, no longer than the picture, as AAC."""
    resampler = AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE, frame_size=AAC_SAMPLES)
    most = int(seconds * AUDIO_RATE) // AAC_SAMPLES * AAC_SAMPLES
    position = 0
    with av.open(str(path), "r") as container:
        for frame in container.decode(container.streams.audio[0]):
            frame.pts = None
            for piece in resampler.resample(frame):
                if position < most:
                    piece.pts = position
                    piece.time_base = Fraction(1, AUDIO_RATE)
                    position += piece.samples
                    yield from stream.encode(piece)
            if position >= most:
                break
    yield from stream.encode(None)
