"""Values as people read them: pure functions from a value to text, in a language and a width of terminal cells."""

import unicodedata
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.cells import cell_len, chop_cells, set_cell_size

from ezrec_tui.console.letters import LETTERS
from ezrec_tui.model import Progress
from ezrec_tui.tui.texts import Texts

MINUTE, HOUR, DAY = 60, 3600, 86400


def harmless(text: str, unknown: str, *, console: bool = False) -> str:
    """A name from outside, fit to be drawn: one line, nothing that steers a terminal or turns the writing around.

    Control, format, private and unassigned characters become `unknown`; runs of space become one. On the console
    so does every character that is not among its font's letters: Latin, Greek and Cyrillic.
    """
    shown = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(character if _drawable(character, console) else unknown for character in shown)


def _drawable(character: str, console: bool) -> bool:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return False
    if unicodedata.combining(character):
        return False
    return not console or character in LETTERS


def width(text: str) -> int:
    """Cells that the text takes."""
    return cell_len(text)


def fit(text: str, cells: int, ellipsis: str) -> str:
    """The text in exactly that many cells: filled up with spaces, or cut with an ellipsis."""
    if cells <= 0:
        return ""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(set_cell_size(text, cells - 1).rstrip() + ellipsis, cells)


def cut(text: str, cells: int, ellipsis: str) -> str:
    """The text in at most that many cells."""
    return fit(text, min(cells, cell_len(text)), ellipsis)


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most that many cells, broken at spaces; a longer word is cut through. At least one."""
    if cells <= 0:
        return [""]
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= cells:
            lines[-1] = joined
            continue
        parts = chop_cells(word, cells)
        lines[-1:] = [lines[-1], *parts] if lines[-1] else parts
    return lines


def number(value: float, decimals: int, texts: Texts) -> str:
    """As the language writes it; thousands are set apart from five digits on."""
    text = f"{value:{',' if abs(value) >= 10_000 else ''}.{decimals}f}"
    return text.translate({ord("."): texts.decimal, ord(","): texts.thousands})


def zone(name: str) -> tzinfo:
    """The venue's zone by its name in a snapshot. Raises ValueError for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"not a time zone: {name!r}") from error


def time_of_day(at: datetime, venue: tzinfo | None, *, seconds: bool = False) -> str:
    return at.astimezone(venue).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime, venue: tzinfo | None, texts: Texts, *, near: datetime | None = None) -> str:
    """The day; `near` another one, within the week, its weekday alone."""
    local = at.astimezone(venue)
    if near is not None and timedelta() <= local.date() - near.astimezone(venue).date() < timedelta(days=7):
        return texts.weekdays[local.weekday()]
    return texts.day.format(weekday=texts.weekdays[local.weekday()], day=local.day, month=texts.months[local.month - 1])


def moment(at: datetime, venue: tzinfo | None, texts: Texts, now: datetime) -> str:
    """A time of day, and the day as well unless it is today."""
    today = at.astimezone(venue).date() == now.astimezone(venue).date()
    time = time_of_day(at, venue, seconds=True)
    return time if today else f"{day(at, venue, texts)}  {time}"


def brief_moment(at: datetime, venue: tzinfo | None, texts: Texts, now: datetime) -> str:
    """A time of day if it is today, else the day."""
    today = at.astimezone(venue).date() == now.astimezone(venue).date()
    return time_of_day(at, venue) if today else day(at, venue, texts)


def digits(span: timedelta) -> str:
    """`H:MM:SS`, never negative; days are counted in hours."""
    seconds = max(0, int(span.total_seconds()))
    return f"{seconds // HOUR}:{seconds % HOUR // MINUTE:02}:{seconds % MINUTE:02}"


def short(seconds: float) -> str:
    """`8 s`, `2:05`, `1:02:05`: how long something takes or has taken."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE}:{whole % MINUTE:02}"
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02}"


def starts_in(span: timedelta, texts: Texts) -> str:
    """How soon something starts, in words; minutes are rounded up, so that `in 1 min` is never late."""
    seconds = int(span.total_seconds())
    if seconds <= 0:
        return texts.now
    if seconds < MINUTE:
        return texts.in_seconds.format(seconds=seconds)
    minutes = -(-seconds // MINUTE)
    if minutes < 60:
        return texts.in_minutes.format(minutes=minutes)
    if seconds < DAY:
        return texts.in_hours.format(hours=minutes // 60, minutes=minutes % 60)
    return texts.in_days.format(days=seconds // DAY, hours=seconds % DAY // HOUR)


def size(count: float, texts: Texts) -> str:
    """Bytes, in powers of a thousand."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{number(count, 0 if unit in ('B', 'kB') else 1, texts)} {unit}"
        count /= 1000
    raise AssertionError("unreachable")


def mbit(bits_per_second: float, texts: Texts) -> str:
    return f"{number(bits_per_second / 1e6, 1, texts)} Mbit/s"


def rate(progress: Progress, texts: Texts) -> str:
    """How fast a step goes, in the words of its unit; empty when that is not known."""
    if progress.rate is None:
        return ""
    match progress.unit:
        case "bytes":
            return mbit(progress.rate * 8, texts)
        case "frames":
            return f"{number(progress.rate, 0, texts)} fps"
        case "seconds":
            return f"{number(progress.rate, 1, texts)}x"
        case _:
            return f"{number(progress.rate, 1, texts)} {progress.unit}/s"
