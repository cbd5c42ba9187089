"""The video's frames, decoded, composed and branded in threads of their own, one after the other for the encoder."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
from av.video.frame import VideoFrame

from ezrec_tui.video import planes
from ezrec_tui.video.align import HOLD_NS, MISSING, Timeline, Track, distinct
from ezrec_tui.video.brand import Overlay
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.encode import Encoding
from ezrec_tui.video.panorama import Panorama
from ezrec_tui.video.pipeline import Line
from ezrec_tui.video.planes import Canvas, Planes
from ezrec_tui.video.probe import BT709, Footage
from ezrec_tui.video.source import Picture, Shape, Source

DECODED_ROOM = 2
CANVASES = 3
POSTER_QUALITY = 88
ITU709, ITU601 = 1, 5
"""Of swscale."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the frames are made of, besides the cameras' pictures."""

    composer: Composer | Panorama
    overlays: tuple[Overlay, ...]
    encoding: Encoding
    shape: Shape
    """Of each camera's picture."""


class Frames:
    """Starts its threads when made; `close` ends them. Memory: a few pictures of each camera and a few canvases."""

    def __init__(self, left: Footage, right: Footage, timeline: Timeline, look: Look) -> None:
        self._look = look
        self._total = timeline.frames
        self._cameras = (_Camera(left, timeline.left, look.shape), _Camera(right, timeline.right, look.shape))
        self._made: Line[Canvas] = Line(CANVASES)
        self._free: Line[Canvas] = Line(CANVASES)
        for _ in range(CANVASES):
            self._free.put(Canvas(look.encoding.width, look.encoding.height))
        self.poster = b""
        """JPEG of a frame from a third in, once that has been made."""
        work = [*(camera.decode for camera in self._cameras), self._compose]
        self._threads = [threading.Thread(target=target, name=target.__name__, daemon=True) for target in work]
        for thread in self._threads:
            thread.start()

    @property
    def lost(self) -> tuple[int, int]:
        """Frames of the video for which the left and the right camera's picture was damaged."""
        return self._cameras[0].lost, self._cameras[1].lost

    def each(self, idle: Callable[[], None], timeout: float) -> Iterator[VideoFrame]:
        """Every frame in order, each good until the next is asked for. `idle` is called while one is awaited."""
        while True:
            try:
                canvas = self._made.get(timeout)
            except TimeoutError:
                idle()
                continue
            if canvas is None:
                return
            yield canvas.frame
            self._free.put(canvas)

    def close(self) -> None:
        """End the threads, whatever they do; may be called early."""
        for line in (self._made, self._free, *(camera.line for camera in self._cameras)):
            line.close()
        for thread in self._threads:
            thread.join()

    def _compose(self) -> None:
        composer, encoding = self._look.composer, self._look.encoding
        wide = None
        if (composer.width, composer.height) != (encoding.width, encoding.height):
            wide = Canvas(composer.width, composer.height)
        with self._made:
            for position in range(self._total):
                canvas = self._free.get()
                if canvas is None:
                    return
                left, right = (camera.show(position) for camera in self._cameras)
                composer.compose(left, right, (wide or canvas).planes)
                if wide is not None:
                    planes.scale(wide.planes, canvas.planes)
                for overlay in self._look.overlays:
                    overlay.apply(canvas.planes)
                if position == self._total // 3:
                    self.poster = _jpeg(canvas.frame, encoding)
                self._made.put(canvas)


class _Camera:
    """One camera's pictures, decoded ahead in one thread and shown in another."""

    def __init__(self, footage: Footage, track: Track, shape: Shape) -> None:
        self.line: Line[Picture] = Line(DECODED_ROOM)
        self.lost = 0
        self._times = footage.times
        self._track = track
        self._source = Source(footage, shape)
        self._current: Picture | None = None
        self._next: Picture | None = None

    def decode(self) -> None:
        with self.line:
            index = self._track.index
            for picture in self._source.pictures(self._times[distinct(index[index != MISSING])]):
                self.line.put(picture)

    def show(self, position: int) -> Planes | None:
        """What stands in this frame of the video. A damaged picture is replaced by the last good one for a second."""
        index = int(self._track.index[position])
        if index == MISSING:
            return None
        time_ns = int(self._times[index])
        while self._current is None or self._current.time_ns < time_ns:
            if self._next is None:
                self._next = self.line.get()
            if self._next is None or self._next.time_ns > time_ns:
                break
            self._current, self._next = self._next, None
        if self._current is None or self._current.time_ns != time_ns:
            self.lost += 1
        if self._current is None or time_ns - self._current.time_ns > HOLD_NS:
            return None
        return self._current.planes


def _jpeg(frame: VideoFrame, encoding: Encoding) -> bytes:
    colour = encoding.colour
    picture = frame.reformat(
        format="bgr24",
        src_colorspace=ITU709 if colour.matrix == BT709 else ITU601,
        src_color_range=2 if colour.full_range else 1,
        dst_color_range=2,
    )
    _, data = cv2.imencode(".jpg", picture.to_ndarray(), [cv2.IMWRITE_JPEG_QUALITY, POSTER_QUALITY])
    return data.tobytes()
