"""The coming bookings: when, who, how soon."""

from datetime import datetime

from textual.content import Content

from ezrec_tui.model import UpcomingBooking
from ezrec_tui.tui.widgets.panel import Panel, apart, heading, line, page
from ezrec_tui.tui.wording import day, starts_in, time_of_day


class Upcoming(Panel):
    fades = True
    shows_time = True

    def draw(self, width: int, height: int) -> Content:
        texts, strong = self.look.texts, self.look.profile.strong
        lines = [heading(line((texts.next, strong("$ink"))), width, self.look)]
        bookings = self.snapshot.upcoming if self.snapshot else ()
        if not bookings:
            lines.append(line((self.look.cut(texts.no_bookings, width), "$muted")))
        room = height - 1
        shown = bookings if len(bookings) <= room else bookings[: max(0, room - 1)]
        lines += [self._row(booking, width, self.now) for booking in shown]
        if len(bookings) > len(shown):
            lines.append(line((texts.more.format(count=len(bookings) - len(shown)), "$muted")))
        return page(lines, height)

    def _row(self, booking: UpcomingBooking, width: int, now: datetime) -> Content:
        look = self.look
        start, end = (time_of_day(at, look.venue) for at in (booking.start, booking.end))
        when = f"{start}{look.glyphs.dash}{end}  "
        if booking.start.astimezone(look.venue).date() != now.astimezone(look.venue).date():
            when = f"{day(booking.start, look.venue, look.texts, near=now)} {when}"
        soon = f"  {starts_in(booking.start - now, look.texts)}"
        label = look.cut(look.name(booking.label), width - len(when) - len(soon))
        return apart(line((when, "$ink"), (label, "$ink")), line((soon, "$muted")), width)
