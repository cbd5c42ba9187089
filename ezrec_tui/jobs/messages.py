"""What the engine and the worker say to each other, in lines of JSON (see `child.Channel`)."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ezrec_tui.model import Job, MergeMethod, Value

# Commands, from the engine


class Submit(Value):
    """Bring a finished recording to its published video. Said again, it changes nothing."""

    kind: Literal["submit"] = "submit"
    booking_id: str
    label: str
    folder: Path
    """The recording's, with its manifest."""
    priority: int = 10
    method: MergeMethod | None = None
    """How its pictures are joined; None: as set up."""


class Retry(Value):
    """Try a failed job again, from the step that failed."""

    kind: Literal["retry"] = "retry"
    booking_id: str


class Cancel(Value):
    kind: Literal["cancel"] = "cancel"
    booking_id: str


class Prioritise(Value):
    kind: Literal["prioritise"] = "prioritise"
    booking_id: str
    priority: int


class Pause(Value):
    """Let a job make no progress, and take no turn of others, until somebody lets it go on."""

    kind: Literal["pause_job"] = "pause_job"
    booking_id: str


class Resume(Value):
    kind: Literal["resume_job"] = "resume_job"
    booking_id: str


class PauseEncoding(Value):
    """Leave the processor to the recorders, or take it again."""

    kind: Literal["pause"] = "pause"
    paused: bool


class Sweep(Value):
    """Delete what is delivered and was kept for long enough, and more of it when the disk is short of room."""

    kind: Literal["sweep"] = "sweep"
    need: int
    """Bytes that the disk is short of; 0: none."""
    running: tuple[str, ...] = ()
    """Bookings that are being recorded."""


JobCommand = Submit | Retry | Cancel | Prioritise | Pause | Resume | PauseEncoding
Command = Annotated[JobCommand | Sweep, Field(discriminator="kind")]
commands: TypeAdapter[Command] = TypeAdapter(Command)

# Messages, from the worker


class Ready(Value):
    """Up, with the jobs known from before; each of them follows as a message of its own."""

    kind: Literal["ready"] = "ready"


class JobChanged(Value):
    """The whole of a job, at every change and once a second while it makes progress."""

    kind: Literal["job"] = "job"
    job: Job


class Refused(Value):
    """A command that could not be done, and why."""

    kind: Literal["refused"] = "refused"
    booking_id: str
    why: str


class LostVideo(Value):
    """A video that was delivered, and that the store does not prove to have any more."""

    booking_id: str
    label: str
    key: str
    why: str


class StoreSeen(Value):
    """What came of a look at the store, while nothing waits for it."""

    kind: Literal["store"] = "store"
    why: str = ""
    """Why no video would be taken now; empty when one would be."""
    shut: bool = False
    """It stays so until a person has mended the store or the settings."""


class Swept(Value):
    """What came of a sweep."""

    kind: Literal["swept"] = "swept"
    freed: int
    """Bytes."""
    hindrance: str = ""
    """Why it is less than what was asked for; empty when it is not."""
    lost: tuple[LostVideo, ...] = ()
    """Their files here are kept."""


Message = Annotated[Ready | JobChanged | Refused | StoreSeen | Swept, Field(discriminator="kind")]
messages: TypeAdapter[Message] = TypeAdapter(Message)
