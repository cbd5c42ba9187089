"""Events for other programs: one JSON file each under `<data>/events`, whole or not there at all."""

import contextlib
import json
import logging
from datetime import datetime
from pathlib import Path

from ezrec_tui.files import safe_name, write_atomic
from ezrec_tui.logs import about
from ezrec_tui.model import EventType

log = logging.getLogger(__name__)


def put_event(data: Path, event: EventType, booking_id: str, at: datetime, **details: object) -> Path:
    """Write `<data>/events/<type>_<booking>.event`; the same event again replaces it. Raises OSError."""
    path = data / "events" / f"{event}_{safe_name(booking_id)}.event"
    body = {"event_type": event.value, "booking_id": booking_id, "timestamp": at.isoformat(), **details}
    write_atomic(path, json.dumps(body, default=str) + "\n")
    log.info("event %s", event.value, extra=about(booking_id))
    return path


def prune_events(data: Path, before: datetime) -> int:
    """Delete events written before then, and return how many. One that others take away meanwhile is no error."""
    count = 0
    for path in (data / "events").glob("*.event"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                count += 1
    return count
