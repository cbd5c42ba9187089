"""What a camera is to the rest of the house: something that gives H.264 packets stamped by its sensor's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.model import NS

if TYPE_CHECKING:  # the engine needs a camera's words, and starts sooner without NumPy
    from ezrec_tui.cameras.viewfinder import Viewfinder


class CameraError(Exception):
    """A camera cannot be opened or has failed. The text says what to do."""


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """What is asked of a camera."""

    index: int
    """0 is the left one."""
    serial: str
    """Its id, `testpattern`, or `file:PATH`."""
    width: int
    height: int
    fps: int
    bitrate: int
    """Bits per second."""
    rotation: int = 0
    """Degrees clockwise: 0, 90, 180, 270."""
    overlap: int = 0
    """Columns of its picture that the other camera sees too (the test pattern is turned so)."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded frame: an H.264 access unit in Annex B; a keyframe carries its SPS and PPS. No B-frames."""

    data: bytes
    sensor_ns: int
    """When the frame was exposed, CLOCK_BOOTTIME (see `clock.sensor_ns`); strictly growing."""
    keyframe: bool
    unencoded: int = 0
    """Frames captured since the packet before that the encoder left out."""
    overflowed: int = 0
    """Packets since the one before that found no room on the way to the disk; the recorder sets it."""


PacketSink = Callable[[Packet], None]
"""Takes packets, on a thread of the camera's; returns at once and never raises."""
Seen = Callable[[int], None]
"""Takes the sensor time of a picture, as a `PacketSink` takes packets."""

FILE_PREFIX = "file:"
"""Of the serial of a camera that plays a video file."""

LOOK_NS = NS
"""Between two pictures while a camera only looks."""


class Camera(Protocol):
    """A camera with its encoder. One keyframe a second.

    It is closed, looks, or runs. `look` and `start` each go over from the other at once, as quickly as the camera can.
    All three are called from one thread, and so is `hold`.
    """

    spec: CameraSpec
    viewfinder: "Viewfinder"
    """Gets all pictures of a camera that looks, which takes more of them while somebody asks; of one that runs, those
    that are due."""

    @property
    def captured(self) -> int:
        """Frames since the start."""
        ...

    @property
    def dropped(self) -> int:
        """Frames lost since the start: gaps in sensor time, in frame intervals."""
        ...

    def look(self, seen: Seen) -> None:
        """A slow preview: about a picture a second (LOOK_NS), nothing is encoded. Raises CameraError."""
        ...

    def start(self, sink: PacketSink) -> None:
        """Let packets flow, the first one a keyframe. Raises CameraError, also when it runs already."""
        ...

    def stop(self) -> None:
        """Close the camera; what is still in the encoder comes first. May be called twice."""
        ...

    def exposure(self) -> Exposure | None:
        """How the newest frame was exposed; None before the first one, and where nothing of it can be set."""
        ...

    def hold(self, exposure: Exposure | None) -> None:
        """Keep to an exposure, its own or the other camera's, also when it is opened again; None: let it find its own.

        What the camera has no control for stays as it is. It shows some frames later. Raises CameraError.
        """
        ...
