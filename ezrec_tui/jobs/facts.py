"""What the steps of a job hand on, and how they end. Kept in the jobs database as plain dicts."""

from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime

from ezrec_tui.delivery.store import Proof
from ezrec_tui.model import MergeMethod, Value


class Given(Value):
    """What a job was submitted with."""

    booking_id: str
    label: str
    folder: Path
    """The recording's."""
    priority: int
    method: MergeMethod | None = None
    """How its pictures are joined; None: as set up."""
    created_at: AwareDatetime


class Facts(Value):
    """What is known of a job's video so far. Each step gives the next one all of it."""

    video: Path | None = None
    """The rendered file; where another machine has made it, it is in the store only."""
    duration_seconds: float = 0.0
    fallbacks: tuple[str, ...] = ()
    """What the render did without, and why."""
    key: str | None = None
    """Where it lies in the store."""
    url: str | None = None
    uploaded_at: AwareDatetime | None = None
    proof: Proof | None = None
    """What another machine has delivered; None where the video is here."""


class End(StrEnum):
    """How a try of a step ended."""

    DONE = "done"
    UNREACHABLE = "unreachable"
    """The line is down; it is tried again when it is back, however often."""
    NO_MACHINE = "no_machine"
    """No other machine takes it now, or nobody knows; it is tried again until one does."""
    SHUT = "shut"
    """The store takes nothing until a person has mended something; it is tried again when that is done."""
    CLOSED = "closed"
    """Uploads do not go at this hour."""
    REFUSED = "refused"
    """It failed, and may pass when tried again."""
    STOPPED = "stopped"
    """It was told to stop: the job is cancelled, or a person has paused it."""
    FAILED = "failed"
    """Trying again is of no use until a person has acted."""
    LOST = "lost"
    """The video that was made is gone before it was delivered; it is made again, once."""
    NO_FOOTAGE = "no_footage"
    """There is nothing to make a video of."""


class Outcome(Value):
    """The end of one try."""

    end: End
    facts: Facts = Facts()
    why: str = ""
    """One line for people, when it is not done."""
