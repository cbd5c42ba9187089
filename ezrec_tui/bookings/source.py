"""What every source of bookings gives: the set as it stands, and what is wrong with it, told once."""

from dataclasses import dataclass

from ezrec_tui.bookings.parse import Rejected
from ezrec_tui.model import Booking


@dataclass(frozen=True, slots=True)
class Bookings:
    """What a source says. A source that fails keeps saying what it said last, with the failure as a problem."""

    rows: tuple[Booking, ...] = ()
    problems: tuple[Rejected, ...] = ()
    """All that is wrong now."""
    new_problems: tuple[Rejected, ...] = ()
    """What was not wrong before: to be logged and shown."""
    mended: tuple[Rejected, ...] = ()
    """What was wrong before and is not any more."""

    def then(self, rows: tuple[Booking, ...], problems: tuple[Rejected, ...]) -> "Bookings":
        """What the source says next."""
        return Bookings(
            rows=rows,
            problems=problems,
            new_problems=tuple(one for one in problems if one not in self.problems),
            mended=tuple(one for one in self.problems if one not in problems),
        )

    def differs(self, before: "Bookings") -> bool:
        return self.rows != before.rows or self.problems != before.problems
