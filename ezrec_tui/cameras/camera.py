"""What a camera is to the rest of the house: something that gives H.264 packets stamped by its sensor's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


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
    """Pixels of its picture that the other camera sees too (the test pattern draws it so)."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded frame: an H.264 access unit in Annex B; a keyframe carries its SPS and PPS. No B-frames."""

    data: bytes
    sensor_ns: int
    """When the frame was exposed, CLOCK_BOOTTIME (see `clock.sensor_ns`); strictly growing."""
    keyframe: bool


PacketSink = Callable[[Packet], None]
"""Takes packets, on a thread of the camera's; returns at once and never raises."""


class Camera(Protocol):
    """A camera with its encoder. One keyframe a second."""

    spec: CameraSpec

    @property
    def captured(self) -> int:
        """Frames since the start."""
        ...

    @property
    def dropped(self) -> int:
        """Frames lost since the start: gaps in sensor time, in frame intervals."""
        ...

    def start(self, sink: PacketSink) -> None:
        """Open the camera and let packets flow, the first one a keyframe. Raises CameraError."""
        ...

    def stop(self) -> None:
        """End the flow and close the camera; what is still in the encoder comes first. May be called twice."""
        ...

    def preview(self) -> NDArray[np.uint8] | None:
        """The newest picture in grey, (height, width), at most 320 wide; none before the first frame."""
        ...
