"""Cameras, as they are seen."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Base64Bytes, Field, model_validator

from ezrec_tui.model.value import Value


class CameraState(StrEnum):
    OFF = "off"
    STARTING = "starting"
    IDLE = "idle"
    ARMED = "armed"
    RECORDING = "recording"
    STALLED = "stalled"
    LOST = "lost"


class CameraStatus(Value):
    index: int
    """0 is the left one."""
    serial: str
    state: CameraState = CameraState.OFF
    fps: float = 0.0
    """Measured over the last seconds."""
    expected: int = 0
    """This and the next four: frames of this recording so far, since its recorder started."""
    captured: int = 0
    dropped: int = 0
    """Lost, wherever: gaps in sensor time, a full queue, a disk that refused."""
    encoded: int = 0
    written: int = 0
    bitrate: int = 0
    """Bits per second, measured."""
    bytes_written: int = 0
    growing: bool = False
    """Bytes on the disk grew within the last two seconds."""
    queue: int = 0
    """Packets waiting for the disk."""
    offset_ms: float | None = None
    """How far this camera's frames lie behind the other's, at most half a frame either way (see `phase`)."""
    error: str | None = None


class CameraPicture(Value):
    """What a camera sees now, small and grey, with what helps to aim, focus and expose it."""

    index: int
    sensor_ns: int
    """When it was exposed."""
    width: Annotated[int, Field(gt=0)]
    """At most 160."""
    height: Annotated[int, Field(gt=0)]
    grey: Base64Bytes
    """Luma of `width` x `height` pixels, rows from the top; 0 is black, 255 white."""
    focus: float | None = None
    """Grows with sharpness (see `cameras.aids`); to be compared with the same camera on the same scene only. None
    where there is nothing to focus on: in the dark, before a blank wall."""
    dark: float = 0.0
    """This and the next: share of the pixels at the dark and at the bright end of the range, 0 to 1."""
    bright: float = 0.0
    histogram: tuple[float, ...] = ()
    """Share of the pixels in bins of equal luma range, dark to bright."""

    @model_validator(mode="after")
    def _holds_all_pixels(self) -> Self:
        if len(self.grey) != self.width * self.height:
            raise ValueError(f"{len(self.grey)} bytes are no {self.width}x{self.height} pixels")
        return self


class CameraTestResult(Value):
    """What one camera gave in a test."""

    index: int
    serial: str
    ok: bool
    problem: str = ""
    """What is wrong and what to do; empty when all is well."""
    fps: float = 0.0
    expected: int = 0
    """This and the next two: frames."""
    written: int = 0
    dropped: int = 0
    bitrate: int = 0
    """Bits per second."""


class CameraTest(Value):
    """A few seconds recorded of each camera, looked at, and thrown away."""

    at: AwareDatetime
    seconds: float
    running: bool
    results: tuple[CameraTestResult, ...] = ()
    """A camera each, when it is over."""
