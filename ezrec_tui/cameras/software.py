"""A camera made of software: a scene, paced like a sensor, encoded by x264. The test pattern and the video file."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from ezrec_tui.cameras.camera import LOOK_NS, CameraError, CameraSpec, Packet, PacketSink, Seen
from ezrec_tui.cameras.encoder import Encoder
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.cameras.viewfinder import BRISK_NS, Viewfinder, view_of
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS

BUFFERS = 4
"""Frames that wait for a late reader, as in a sensor's driver; what is more is lost."""

log = logging.getLogger(__name__)


class Scene(Protocol):
    """What a software camera looks at. All calls after `open` come from one thread."""

    def open(self, now_ns: int, *, sparse: bool = False) -> None:
        """Get ready to draw frames from `now_ns` of the sensor's clock on, or only about one a second if `sparse`.

        May be called while it is open, to change from one to the other. Raises CameraError.
        """
        ...

    def draw(self, picture: Picture, number: int, at_ns: int) -> None:
        """Draw frame `number`, exposed at `at_ns`, on a picture that holds the frame drawn last. Raises CameraError."""
        ...

    def close(self) -> None:
        """May be opened again afterwards."""
        ...


class SensorGrid:
    """When a sensor exposes its frames: frame n at n whole frame intervals of the sensor's clock.

    So numbers are global: two cameras of one rate, in whatever processes, expose the same numbers at the same
    instants. A reader that is late finds up to BUFFERS frames waiting beside the newest, each with its own time; older
    ones are lost.
    """

    def __init__(self, fps: int, now_ns: int) -> None:
        self.period_ns = NS // fps
        self._next = now_ns // self.period_ns + 1

    @property
    def due_ns(self) -> int:
        """When the next frame is exposed."""
        return self._next * self.period_ns

    def take(self, now_ns: int) -> tuple[int, int]:
        """Number of the next frame, which is due, and how many before it were lost."""
        newest = now_ns // self.period_ns
        lost = max(0, newest - self._next - BUFFERS)
        number = self._next + lost
        self._next = number + 1
        return number, lost


class SoftwareCamera:
    """A `Camera` that draws its pictures.

    Drawing and encoding take place on one thread that follows the grid: what takes too long shows as a gap in sensor
    time and in `dropped`, never as growing delay. While it looks, that thread draws a picture a second.
    """

    def __init__(self, spec: CameraSpec, scene: Scene, now_ns: Callable[[], int] = sensor_ns) -> None:
        self.spec = spec
        self._scene = scene
        self._now_ns = now_ns
        self._captured = self._dropped = 0
        self.viewfinder = Viewfinder(now_ns)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._looks = False

    @property
    def captured(self) -> int:
        return self._captured

    @property
    def dropped(self) -> int:
        return self._dropped

    def look(self, seen: Seen) -> None:
        self._end_thread()
        self._scene.open(self._now_ns(), sparse=True)
        self._looks = True
        self._begin_thread(lambda: self._watch(seen))

    def start(self, sink: PacketSink) -> None:
        if self._thread is not None and not self._looks:
            raise CameraError(f"camera {self.spec.index} is running already; stop it first")
        self._end_thread()
        spec = self.spec
        encoder = Encoder(spec.width, spec.height, spec.fps, spec.bitrate)
        self._scene.open(self._now_ns())
        self._captured = self._dropped = 0
        self._looks = False
        self._begin_thread(lambda: self._record(encoder, sink))

    def stop(self) -> None:
        self._end_thread()
        self._scene.close()

    def exposure(self) -> Exposure | None:
        return None

    def hold(self, exposure: Exposure | None) -> None:
        """Nothing here is exposed."""

    def _begin_thread(self, work: Callable[[], None]) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"camera-{self.spec.index}", daemon=True)
        self._thread.start()

    def _end_thread(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CameraError as error:  # frames stop, and whoever watches them sees it
            log.error("camera %d: %s", self.spec.index, error)

    def _watch(self, seen: Seen) -> None:
        picture = Picture(self.spec.width, self.spec.height)
        period_ns = NS // self.spec.fps
        due_ns = self._now_ns()
        while not self._stopping.wait(max(0, due_ns - self._now_ns()) / NS):
            now_ns = self._now_ns()
            due_ns = now_ns + (BRISK_NS if self.viewfinder.wanted else LOOK_NS)
            number = now_ns // period_ns
            self._scene.draw(picture, number, number * period_ns)
            self.viewfinder.put(view_of(number * period_ns, picture.y))
            seen(number * period_ns)

    def _record(self, encoder: Encoder, sink: PacketSink) -> None:
        self._film(encoder, sink)
        _hand_over(encoder.flush(), sink)

    def _film(self, encoder: Encoder, sink: PacketSink) -> None:
        picture = Picture(self.spec.width, self.spec.height)
        grid = SensorGrid(self.spec.fps, self._now_ns())
        while not self._stopping.wait(max(0, grid.due_ns - self._now_ns()) / NS):
            now_ns = self._now_ns()
            if now_ns < grid.due_ns:
                continue
            number, lost = grid.take(now_ns)
            at_ns = number * grid.period_ns
            self._scene.draw(picture, number, at_ns)
            packets = encoder.encode(picture, at_ns)
            if self.viewfinder.is_due(at_ns):
                self.viewfinder.put(view_of(at_ns, picture.y))
            if self._captured:  # before the first frame there is nothing to miss
                self._dropped += lost
            self._captured += 1
            _hand_over(packets, sink)


def _hand_over(packets: Iterable[Packet], sink: PacketSink) -> None:
    for packet in packets:
        sink(packet)
