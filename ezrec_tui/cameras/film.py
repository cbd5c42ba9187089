"""A video file as a film: the picture at any time of it, forwards at little cost, backwards by starting over."""

import logging
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

from ezrec_tui.cameras.camera import CameraError
from ezrec_tui.model import NS

SEEK_OVER_NS = 2 * NS
"""A longer jump forward is a seek to the keyframe before it; a shorter one decodes all that lies between."""
DECODER_THREADS = 2

log = logging.getLogger(__name__)


class Film:
    """An open video file. Times are in ns since its first picture; all calls come from one thread at a time."""

    def __init__(self, path: Path, *, keyframes_only: bool = False) -> None:
        """`keyframes_only`: show no other pictures, at a small part of the cost.

        Raises CameraError: what is wrong with the file, and what to do.
        """
        self.path = path
        self._keyframes_only = keyframes_only
        self._damaged = False
        self._first_pts: int | None = None
        self._open()
        self.length_ns = self._length_ns()
        """As the file says; 0 when it does not."""
        self._asked_ns = 0

    def at(self, time_ns: int) -> av.VideoFrame:
        """The picture shown at this time: the newest that is not after it. Raises CameraError."""
        if time_ns < self._asked_ns:
            self.close()
            self._open()
        self._asked_ns = time_ns
        if self._next is not None and time_ns > self._time_ns(self._next) + SEEK_OVER_NS:
            self._seek(time_ns)
        while self._next is not None and self._time_ns(self._next) <= time_ns:
            self._shown, self._next = self._next, next(self._frames, None)
        return self._shown

    def close(self) -> None:
        self._container.close()

    def _open(self) -> None:
        self._container, self._stream = self._open_file()
        if self._keyframes_only:
            self._stream.codec_context.skip_frame = "NONKEY"
            self._stream.codec_context.thread_count = 1
        else:
            self._stream.codec_context.thread_count = DECODER_THREADS
        if not self._take_two():
            self._container.close()
            raise self._error("there is no picture in it that could be shown", "export it again, as an MP4")

    def _open_file(self) -> tuple[InputContainer, VideoStream]:
        try:
            container = av.open(str(self.path))
        except FileNotFoundError as error:
            raise self._error("there is no such file", "put it there, or change CAMERA_0_SERIAL / _1_SERIAL") from error
        except (OSError, av.error.FFmpegError) as error:
            raise self._error(
                f"not a video that can be read ({error.strerror})", "export it again, as an MP4"
            ) from error
        if not container.streams.video:
            container.close()
            raise self._error("there is no picture in it", "give a file with a video track")
        return container, container.streams.video[0]

    def _seek(self, time_ns: int) -> None:
        assert self._first_pts is not None
        try:
            self._container.seek(self._first_pts + int(time_ns / self._tick_ns()), stream=self._stream)
        except (OSError, av.error.FFmpegError) as error:
            self._report(error)
        if not self._take_two():  # the index leads nowhere: from the beginning, then
            self.close()
            self._open()

    def _take_two(self) -> bool:
        """Decode the picture that is shown and the one after it, from where the file stands."""
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            return False
        if self._first_pts is None:
            self._first_pts = first.pts
        self._shown, self._next = first, next(self._frames, None)
        return True

    def _decode(self) -> Iterator[av.VideoFrame]:
        """Pictures in order, to the end of what can be read, without the damaged ones and those that have no time."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (OSError, av.error.FFmpegError) as error:
                self._report(error)
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except av.error.FFmpegError as error:
                self._report(error)
                continue
            yield from (frame for frame in frames if frame.pts is not None)

    def _report(self, error: Exception) -> None:
        if not self._damaged:
            log.warning("file:%s: damaged (%s); shown without what cannot be read", self.path, error)
        self._damaged = True

    def _tick_ns(self) -> float:
        assert self._stream.time_base is not None
        return float(self._stream.time_base * NS)

    def _time_ns(self, frame: av.VideoFrame) -> int:
        assert frame.pts is not None
        assert self._first_pts is not None
        return round((frame.pts - self._first_pts) * self._tick_ns())

    def _length_ns(self) -> int:
        if self._stream.duration:
            return round(self._stream.duration * self._tick_ns())
        return (self._container.duration or 0) * 1000

    def _error(self, what: str, to_do: str) -> CameraError:
        return CameraError(f"file:{self.path}: {what}; {to_do}")
