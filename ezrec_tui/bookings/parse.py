"""The door of the bookings: what a row from outside says becomes a Booking, or is refused with a reason.

Rows come from people's files and from a database that others write. Nothing in them raises: every JSON value is
either a booking of ours, somebody else's, or Rejected.

What is not plain:

- Times with an offset or Z are taken as they are. Times without one are the venue's wall time. A wall time that the
  clock skips (spring) is read with the offset from before the change, one that it shows twice (autumn) as the first
  of the two; if the booking would then end before it starts, the other readings are tried.
- Older rows have `date` and `HH:MM`; an end that is not after the start is on the next day.
- An unknown status counts as scheduled, so that a new word of the venue's app costs no recording; the word is kept.
- The fields that decide what is recorded and for whom have to be right. `email` and `title` are for people: if they
  are not text, they are kept aside.
"""

import itertools
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from ezrec_tui.model import Booking, BookingSource, BookingStatus

FIELDS = frozenset({"id", "user_id", "start_time", "end_time", "status", "camera_id", "recording_id", "email", "title"})
ALIASES = {
    "canceled": BookingStatus.CANCELLED,
    "skipped": BookingStatus.SKIPPED_MISSING_FILE,
}
NO_DAY = date(2000, 1, 1)
LONGEST_ID = 200
DEEPEST = 50
"""Levels of nesting that are kept of a field we do not know."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something outside that is wrong: which row (or file), and why, in a line for people."""

    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.id}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Door:
    """What has to be known to read a row."""

    zone: tzinfo
    """Of times that name none."""
    camera_id: str = ""
    """Rows of other cameras are not ours. With none, all rows are."""
    user_id: str = ""
    """Owner of rows that name none."""

    def booking(self, row: object, source: BookingSource = BookingSource.FILE) -> Booking | Rejected | None:
        """Read a row; None for a row of another camera. Never raises on what JSON can hold."""
        if not isinstance(row, dict):
            return Rejected("", f"a booking is an object with fields, this is {_kind(row)}")
        fields: dict[Any, Any] = row
        identifier = ""
        try:
            camera = _text(fields, "camera_id")
            if camera is not None and self.camera_id and camera != self.camera_id:
                return None
            identifier = _identifier(fields)
            start, end = _times(fields, self.zone)
            status, stranger = _status(fields)
            kept = {str(name): value for name, value in fields.items() if name not in FIELDS or name in stranger}
            for name in ("email", "title"):
                if not isinstance(fields.get(name), str | None):
                    kept[name] = fields[name]
            return Booking(
                id=identifier,
                user_id=_text(fields, "user_id") or self.user_id,
                start=start,
                end=end,
                status=status,
                camera_id=camera,
                recording_id=_text(fields, "recording_id"),
                email=_words(fields.get("email")),
                title=_words(fields.get("title")),
                source=source,
                extra=_clean(kept),
            )
        except _WrongRowError as wrong:
            return Rejected(identifier or _shown_id(fields), str(wrong))

    def bookings(
        self, rows: Iterable[object], source: BookingSource = BookingSource.FILE
    ) -> tuple[tuple[Booking, ...], tuple[Rejected, ...]]:
        """Read rows: the bookings, and what is wrong. Of rows with one id the last counts."""
        found: dict[str, Booking] = {}
        wrong: dict[Rejected, None] = {}
        for number, row in enumerate(rows, start=1):
            read = self.booking(row, source)
            if read is None:
                continue
            if isinstance(read, Rejected):
                wrong[Rejected(read.id or f"booking number {number}", read.reason)] = None
                continue
            if read.id in found:
                wrong[Rejected(read.id, "there is more than one booking with this id; the last one counts")] = None
            if "status" in read.extra:
                reason = f"the status {_shown(read.extra['status'])} is not known; it counts as scheduled"
                wrong[Rejected(read.id, reason)] = None
            found.pop(read.id, None)
            found[read.id] = read
        return tuple(found.values()), tuple(wrong)


class _WrongRowError(Exception):
    """Why a row is refused."""


def _identifier(fields: dict[Any, Any]) -> str:
    identifier = _text(fields, "id")
    if identifier is None:
        raise _WrongRowError("it has no id")
    if len(identifier) > LONGEST_ID:
        raise _WrongRowError(f"its id has {len(identifier)} characters; {LONGEST_ID} is the most")
    if not identifier.isprintable():
        raise _WrongRowError("its id holds characters that cannot be printed")
    return identifier


def _text(fields: dict[Any, Any], name: str) -> str | None:
    """A field as text; numbers become text, and what is absent, null or blank is None."""
    value = fields.get(name)
    match value:
        case None:
            return None
        case str():
            return _whole(value) if value.strip() else None
        case bool():
            raise _WrongRowError(f"its {name} is {_kind(value)}, not text")
        case int() | float():
            return _digits(value, name)
        case _:
            raise _WrongRowError(f"its {name} is {_kind(value)}, not text")


def _digits(number: float, name: str) -> str:
    if isinstance(number, float) and not math.isfinite(number):
        raise _WrongRowError(f"its {name} is not a number")
    whole = int(number)
    if abs(whole) >= 10**LONGEST_ID:
        raise _WrongRowError(f"its {name} is a number of more than {LONGEST_ID} digits")
    return str(whole) if whole == number else str(number)


def _status(fields: dict[Any, Any]) -> tuple[BookingStatus, tuple[str, ...]]:
    """The status, and the names of fields that were not understood."""
    value = fields.get("status")
    if value is None:
        return BookingStatus.SCHEDULED, ()
    if not isinstance(value, str):
        raise _WrongRowError(f"its status is {_kind(value)}, not text")
    word = re.sub(r"[\s_-]", "", value).lower()
    if not word:
        return BookingStatus.SCHEDULED, ()
    if word in ALIASES:
        return ALIASES[word], ()
    try:
        return BookingStatus(word), ()
    except ValueError:
        return BookingStatus.SCHEDULED, ("status",)


# Times


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a time field says: a date or none, a time of day, an offset or none."""

    day: date | None
    at: datetime
    """On NO_DAY where `day` is None; naive where the row names no offset."""

    def readings(self, day: date, zone: tzinfo) -> tuple[datetime, ...]:
        """What it can mean on that day, in UTC, the likelier first."""
        moved = self.at + (day - NO_DAY) if self.day is None else self.at
        if moved.tzinfo is not None:
            return (moved.astimezone(UTC),)
        first, second = (moved.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return (first,) if first == second else (first, second)


def _times(fields: dict[Any, Any], zone: tzinfo) -> tuple[datetime, datetime]:
    """Start and end in UTC, so that comparing and adding never meet a zone's rules again."""
    start, end = _moment(fields, "start_time"), _moment(fields, "end_time")
    first = start.day or _date(fields)
    last = end.day or first
    begins = start.readings(first, zone)
    for begin, finish in itertools.product(begins, end.readings(last, zone)):
        if begin < finish:
            return begin, finish
    if end.day is None and end.at.time() < start.at.time():
        return begins[0], end.readings(last + timedelta(days=1), zone)[0]
    said_start, said_end = _shown(fields["start_time"]), _shown(fields["end_time"])
    raise _WrongRowError(f"its end ({said_end}) is not after its start ({said_start})")


def _moment(fields: dict[Any, Any], name: str) -> _Moment:
    value = fields.get(name)
    if value is None:
        raise _WrongRowError(f"it has no {name}")
    if not isinstance(value, str):
        raise _WrongRowError(f"its {name} is {_kind(value)}, not a time")
    text = value.strip().upper()
    midnight = re.sub(r"(^|[T ])24:00(:00(\.0+)?)?(?=$|Z|[+-])", r"\g<1>00:00", text)
    late = timedelta(days=midnight != text)
    try:
        if re.match(r"[0-9]{1,2}:", text):
            of_day = time.fromisoformat(midnight if midnight[1] != ":" else f"0{midnight}")
            return _Moment(None, datetime.combine(NO_DAY, of_day) + late)
        if not re.search(r"[T ][0-9]", text):
            raise ValueError
        moment = datetime.fromisoformat(re.sub(r"\s+(?=Z|[+-])", "", midnight)) + late
        if not 1971 <= moment.year <= 2199:
            raise _WrongRowError(f"its {name} is in the year {moment.year}")
        return _Moment(moment.date(), moment)
    except (ValueError, OverflowError):
        raise _WrongRowError(f"its {name} is {_shown(value)}, not a time like 2026-05-30T18:00:00+02:00") from None


def _date(fields: dict[Any, Any]) -> date:
    value = fields.get("date")
    if value is None or value == "":
        raise _WrongRowError("its start_time is a time of day, and it has no date")
    try:
        if not isinstance(value, str):
            raise ValueError
        day = date.fromisoformat(re.split(r"[T ]", value.strip().upper())[0])
        if not 1971 <= day.year <= 2199:
            raise ValueError
    except ValueError:
        raise _WrongRowError(f"its date is {_shown(value)}, not a date like 2026-05-30") from None
    return day


# Values


def _words(value: object) -> str | None:
    return _whole(value) if isinstance(value, str) and value.strip() else None


def _whole(text: str) -> str:
    """Text that can be stored: halves of UTF-16 pairs, which JSON can spell, become question marks."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _clean(value: Any, depth: int = 0) -> Any:
    """A JSON value that can be written again as JSON. Raises _WrongRowError when it is nested too deep."""
    if depth > DEEPEST:
        raise _WrongRowError(f"a field of it is nested deeper than {DEEPEST} levels")
    match value:
        case str():
            return _whole(value)
        case dict():
            return {_whole(str(name)): _clean(item, depth + 1) for name, item in value.items()}
        case list():
            return [_clean(item, depth + 1) for item in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


def _shown(value: object) -> str:
    """A value in a message: short, on one line, printable."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _shown_id(fields: dict[Any, Any]) -> str:
    value = fields.get("id")
    if not isinstance(value, str) or not value.strip():
        return ""
    return value if value.isprintable() and len(value) <= 60 else _shown(value)
