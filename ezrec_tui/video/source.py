"""One camera's pictures, decoded in order: those that the timeline asks for, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from av.codec.context import ThreadType
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ezrec_tui.video import planes
from ezrec_tui.video.planes import Planes
from ezrec_tui.video.probe import FULL_RANGE, Footage, VideoError, open_video, to_ns

MPEG_RANGE, JPEG_RANGE = 1, 2


@dataclass(frozen=True, slots=True)
class Picture:
    time_ns: int
    planes: Planes
    frame: VideoFrame
    """Owns the memory of the planes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What pictures are made to look like, whatever the file holds."""

    width: int
    height: int
    full_range: bool = False


@dataclass(slots=True)
class Source:
    """Decodes a camera's files one after the other with one thread of the decoder's own."""

    footage: Footage
    shape: Shape
    damaged: int = field(default=0, init=False)
    """Packets and pictures that could not be used."""

    def pictures(self, wanted: NDArray[np.int64]) -> Iterator[Picture]:
        """The pictures with these times (growing), in order; one that is damaged is left out. Raises VideoError."""
        position = 0
        for path, offset in zip(self.footage.paths, self.footage.offsets, strict=True):
            if position == wanted.size:
                return
            with open_video(path) as (container, stream):
                stream.thread_count = 1
                stream.thread_type = ThreadType.NONE
                base = stream.time_base
                if base is None:
                    raise VideoError(f"{path}: has no time base; replace the file")
                for frame in self._frames(container, stream):
                    if frame.pts is None:
                        continue
                    time_ns = to_ns(frame.pts, base) + offset
                    while position < wanted.size and wanted[position] < time_ns:
                        position += 1
                    if position == wanted.size:
                        return
                    if wanted[position] == time_ns:
                        position += 1
                        yield self._picture(frame, time_ns)

    def _frames(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except FFmpegError:
                self.damaged += 1
                return
            if packet.is_corrupt:
                self.damaged += 1
                continue
            try:
                frames = packet.decode()
            except FFmpegError:
                self.damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.damaged += 1
                else:
                    yield frame

    def _picture(self, frame: VideoFrame, time_ns: int) -> Picture:
        full_range = frame.color_range == FULL_RANGE or frame.format.name.startswith("yuvj")
        if frame.format.name not in ("yuv420p", "yuvj420p") or full_range != self.shape.full_range:
            rotation = frame.rotation
            frame = frame.reformat(
                format="yuv420p",
                src_color_range=JPEG_RANGE if full_range else MPEG_RANGE,
                dst_color_range=JPEG_RANGE if self.shape.full_range else MPEG_RANGE,
            )
        else:
            rotation = frame.rotation
        picture = planes.rotated(planes.planes_of(frame), round(rotation / 90) * 90 % 360)
        return Picture(time_ns, planes.scaled(picture, self.shape.width, self.shape.height), frame)
