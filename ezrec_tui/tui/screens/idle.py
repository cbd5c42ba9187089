"""The idle clock: after a while without a key, and only when there is nothing to look at. It wanders, so that no
picture burns itself into the glass."""

import random
from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.content import Content

from ezrec_tui.model import Banner, Snapshot
from ezrec_tui.tui.look import Link, Look
from ezrec_tui.tui.screens.base import ToldScreen
from ezrec_tui.tui.widgets.digits import large_digits, rows_for
from ezrec_tui.tui.widgets.panel import Panel, line, page
from ezrec_tui.tui.wording import day, time_of_day

IDLE_SECONDS = 300
"""Without a key, until the clock is shown."""

BEFORE_BOOKING = timedelta(minutes=5)
"""So long before a booking the screen shows what is coming."""


def may_idle(snapshot: Snapshot | None, link: Link, now: datetime) -> bool:
    """Whether there is nothing that somebody might have to see."""
    if snapshot is None or not link.live or link.lost:
        return False
    if snapshot.recordings or snapshot.alerts or snapshot.banner is not Banner.IDLE:
        return False
    return all(one.start - now > BEFORE_BOOKING for one in snapshot.upcoming)


def idle_lines(snapshot: Snapshot | None, now: datetime, look: Look, width: int, height: int) -> list[Content]:
    """The clock's picture: the same for a whole minute, elsewhere in the next."""
    texts = look.texts
    time = time_of_day(now, look.venue)
    rows = max(3, min(15, (height - 5) // 5 * 5))
    clock = large_digits(time, rows_for((time,), rows, 2 * width // 3), rows, "$muted", look.glyphs)
    while clock and not clock[-1].cell_length:
        clock.pop()
    under = [Content(""), line((day(now, look.venue, texts), "$muted"))]
    if snapshot and snapshot.upcoming:
        first = snapshot.upcoming[0]
        same = first.start.astimezone(look.venue).date() == now.astimezone(look.venue).date()
        when = time_of_day(first.start, look.venue)
        when = when if same else f"{day(first.start, look.venue, texts, near=now)} {when}"
        words = texts.idle_next.format(when=when, label=look.name(first.label))
        under.append(line((look.cut(words, width - 4), "$muted")))
    under.append(line((look.cut(texts.idle_hint, width - 4), "$faint")))
    lines = [*clock, *under]
    across = max(one.cell_length for one in lines)
    wander = random.Random(int(now.timestamp()) // 60)
    left, top = wander.randint(0, max(0, width - across)), wander.randint(0, max(0, height - len(lines)))
    return [Content("")] * top + [line(" " * left, one) for one in lines]


class IdleClock(Panel):
    shows_time = True

    def draw(self, width: int, height: int) -> Content:
        return page(idle_lines(self.snapshot, self.now, self.look, width, height), height)


class IdleScreen(ToldScreen):
    """Takes no key: the app wakes it with the first."""

    CSS_PATH = "idle.tcss"

    def compose(self) -> ComposeResult:
        yield self.told(IdleClock())
