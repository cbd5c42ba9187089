"""What the newest footage said of the rig: written by the worker, read by the engine, over any restart."""

import logging
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from ezrec_tui.files import write_atomic
from ezrec_tui.model import Value

log = logging.getLogger(__name__)


class Fit(Value):
    """How a rig fitted a booking's footage."""

    rig_made: AwareDatetime
    """Which rig: another one says nothing of it."""
    booking_id: str
    label: str
    recorded: AwareDatetime
    """When its recording ended."""
    shift_px: float
    moved: bool
    """Whether that is more than may be."""


def read_fit(path: Path) -> Fit | None:
    """None where nothing is known; a damaged file is as good as none. Raises OSError."""
    try:
        return Fit.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        log.warning("%s is not understood, and looked over: %s", path, error)
        return None


def write_fit(path: Path, fit: Fit) -> None:
    """Raises OSError."""
    write_atomic(path, fit.model_dump_json(indent=1) + "\n")
