"""Acts: bodies of the API's commands, and their answer."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from ezrec_tui.model.joining import MergeMethod
from ezrec_tui.model.value import Value

Short = Annotated[str, StringConstraints(max_length=200)]


def _is_written_out(at: object) -> object:
    """A lone number is no time, though it could be seconds since 1970."""
    if isinstance(at, datetime) or (isinstance(at, str) and "-" in at[1:]):
        return at
    raise ValueError("not a time; write it as 2026-11-23T18:00:00Z")


Instant = Annotated[AwareDatetime, BeforeValidator(_is_written_out)]


class NewBooking(Value):
    start: Instant
    end: Instant
    user_id: Short = ""
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    title: Short | None = None


class StartRecording(Value):
    minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 60
    user_id: Short = ""
    title: Short | None = None


class ExtendRecording(Value):
    minutes: Annotated[float, Field(ge=-24 * 60, le=24 * 60)]


class AddHighlight(Value):
    label: Short = ""


class SetPriority(Value):
    priority: Annotated[int, Field(ge=1, le=100)]


class ShareVideo(Value):
    hours: Annotated[float, Field(gt=0, le=7 * 24)] | None = None
    """So long does the link work; None: SHARE_LINK_HOURS."""


class Calibrate(Value):
    booking_id: str | None = None
    """Whose footage is looked at; None: what the cameras see now."""


class SetMethod(Value):
    method: MergeMethod


class Acknowledge(Value):
    by: Short = ""


class CheckPin(Value):
    pin: Annotated[str, StringConstraints(max_length=64)]


class Answer(Value):
    """What became of an act. `message` is a sentence for people."""

    ok: bool
    message: str
    booking_id: str | None = None


class DoneAct(Value):
    """A line of the audit log."""

    at: AwareDatetime
    by: str
    """The user at the other end of the socket, and who he says that he is."""
    act: str
    booking_id: str | None = None
    ok: bool
    message: str
