"""What the engine and a recorder say to each other, in lines of JSON (see `talk`)."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Base64Bytes, Field, TypeAdapter

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.model import CameraCount, CameraPicture, CameraStatus, Segment, Value

# Commands, from the engine


class Arm(Value):
    """Have the camera run and the ring filled. Answered by status messages. May be said again."""

    kind: Literal["arm"] = "arm"


class Disarm(Value):
    """Back to a slow preview, unless something is being recorded."""

    kind: Literal["disarm"] = "disarm"


class Start(Value):
    """Record into `folder` from `start_ns` to `end_ns`. Arms first if needed.

    Said again for a recording that is running, or was before a restart, it goes on in the same folder.
    """

    kind: Literal["start"] = "start"
    booking_id: str
    folder: Path
    epoch_sensor_ns: int
    """Sensor time of the recording's zero; PTS in the segments = sensor time - this."""
    start_ns: int
    """On the recording's clock. Begins with the last keyframe at or before it that is still at hand, else now."""
    end_ns: int


class SetEnd(Value):
    """Change the end of a recording; one that lies in the past ends it at once.

    One that has just finished goes on, with the next frame, when the end is moved later. Unknown ones: no answer.
    """

    kind: Literal["end"] = "end"
    booking_id: str
    end_ns: int


class Hold(Value):
    """Keep the camera at an exposure, over every opening of it; None: let it find its own. No answer.

    A camera that cannot be set is left alone.
    """

    kind: Literal["hold"] = "hold"
    exposure: Exposure | None


class Show(Value):
    """Show what the camera sees. Answered by a `Picture`, or by nothing when there is none within a second."""

    kind: Literal["show"] = "show"
    after_ns: int
    """Sensor time of the one seen last: only a newer one is of use."""


Order = Arm | Disarm | Start | SetEnd
"""What decides on recordings: carried out by the writer, in order with the packets."""
Command = Annotated[Order | Hold | Show, Field(discriminator="kind")]
commands: TypeAdapter[Command] = TypeAdapter(Command)

# Messages, from the recorder


class Hello(Value):
    """The first word to every engine: whom it speaks to. One of another kind it ends, and starts its own."""

    kind: Literal["hello"] = "hello"
    version: str
    spec: CameraSpec
    pre_roll_seconds: float


class Status(Value):
    """Twice a second, once when idle, and at every change of state."""

    kind: Literal["status"] = "status"
    status: CameraStatus
    last_sensor_ns: int | None = None
    """Of the newest frame, while the camera runs."""
    exposure: Exposure | None = None
    """The same; None as well for a camera that cannot be set."""
    held: bool = False
    """Whether it is kept to an exposure (see `Hold`)."""
    written: dict[str, int] = Field(default_factory=dict[str, int])
    """Frames written, by booking id, of recordings under way."""


class Started(Value):
    """The first frame of this camera is in the file. Said again at a repeated `Start`."""

    kind: Literal["started"] = "started"
    booking_id: str
    first_ns: int
    late_frames: float
    """After the recording's start, in frame intervals; negative when it begins with a keyframe before."""


class SegmentClosed(Value):
    """Final on the disk: written, fsync'd, listed in the camera's journal."""

    kind: Literal["segment"] = "segment"
    booking_id: str
    segment: Segment


class Finished(Value):
    """All is on the disk; nothing more comes of this recording from this camera."""

    kind: Literal["finished"] = "finished"
    booking_id: str
    count: CameraCount


class Trouble(Value):
    """Something failed that a person should know of."""

    kind: Literal["trouble"] = "trouble"
    what: str
    to_do: str
    booking_id: str | None = None


class Picture(Value):
    """What the camera sees, once for each `Show`."""

    kind: Literal["picture"] = "picture"
    picture: CameraPicture
    jpeg: Base64Bytes
    """The same, at most 320 wide."""


Message = Annotated[
    Hello | Status | Started | SegmentClosed | Finished | Trouble | Picture, Field(discriminator="kind")
]
messages: TypeAdapter[Message] = TypeAdapter(Message)
