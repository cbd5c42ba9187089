"""How a try of a step ended, by what it raised."""

from ezrec_tui.delivery.store import Refused, Shut, Stopped, Unreachable
from ezrec_tui.jobs.facts import End, Outcome
from ezrec_tui.jobs.farm import NotMade
from ezrec_tui.jobs.room import NoRoom
from ezrec_tui.jobs.sender import Unsent
from ezrec_tui.recording_files import RecordingError


class NoFootage(Exception):
    """There is no segment of any camera."""


class VideoLost(Exception):
    """The rendered video is no longer there."""


class StepFailed(Exception):
    """A step failed; the text is one line for people."""


class OutOfHours(Exception):
    """Uploads do not go now; the text says when they go on."""


class NotPublished(Exception):
    """The database has not taken all of a booking's rows. The outbox keeps what is to be sent."""

    def __init__(self, unsent: Unsent) -> None:
        super().__init__(unsent.why)
        self.end = unsent.end


def outcome_of(error: Exception) -> Outcome:
    """What follows from it, and one line for people. `End.FAILED` is a defect of ours."""
    match error:
        case Unreachable() | NoRoom():
            end = End.UNREACHABLE
        case NotPublished() | NotMade():
            end = error.end
        case OutOfHours():
            end = End.CLOSED
        case Shut():
            end = End.SHUT
        case NoFootage():
            end = End.NO_FOOTAGE
        case VideoLost():
            end = End.LOST
        case Refused() | RecordingError() | StepFailed():
            end = End.REFUSED
        case OSError():
            return Outcome(end=End.REFUSED, why=_words(error))
        case Stopped():
            return Outcome(end=End.STOPPED, why="cancelled")
        case _:
            return Outcome(end=End.FAILED, why=f"{type(error).__name__}: {error}")
    return Outcome(end=end, why=str(error))


def _words(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
