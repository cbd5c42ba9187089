"""Has the worker make room: how much is needed is decided here; what may go, there (see `delivery.retention`)."""

from collections.abc import Callable, Sequence

from ezrec_tui.clock import Clock
from ezrec_tui.engine.disk import Room
from ezrec_tui.engine.notices import Notice
from ezrec_tui.jobs.messages import Sweep, Swept
from ezrec_tui.model import NS, Level

OFTEN_NS, SELDOM_NS = 60 * NS, 3600 * NS
"""Between two sweeps: while the disk is short of room, and for what was kept for long enough."""


class Sweeping:
    """When the next sweep is due, and what came of the last one."""

    def __init__(self, clock: Clock, send: Callable[[Sweep], bool]) -> None:
        """`send` tells the worker; False while there is none to tell."""
        self._clock, self._send = clock, send
        self._sent_ns: int | None = None
        self._swept: Swept | None = None

    def step(self, room: Room | None, running: Sequence[str]) -> None:
        """Ask for a sweep when one is due. `running`: bookings that are being recorded."""
        if room is None:
            return
        now_ns = self._clock.sensor_ns()
        pause_ns = OFTEN_NS if room.short else SELDOM_NS
        due = self._sent_ns is None or now_ns - self._sent_ns >= pause_ns
        if due and self._send(Sweep(need=room.short, running=tuple(running))):
            self._sent_ns = now_ns

    def hear(self, swept: Swept) -> None:
        self._swept = swept

    def notices(self, room: Room | None) -> list[Notice]:
        """What somebody has to know: nothing may go though the disk fills up, and videos that the store lost."""
        if self._swept is None:
            return []
        told = [
            Notice(
                f"lost:{lost.booking_id}",
                Level.FAILED,
                f"the store does not prove to have the video of {lost.label} any more: {lost.why}",
                f"its files here are kept; look at what lies in the store at {lost.key}",
                lost.booking_id,
            )
            for lost in self._swept.lost
        ]
        if room is not None and room.level is not Level.OK and self._swept.hindrance:
            what = f"the disk fills up and nothing more may be deleted: {self._swept.hindrance}"
            to_do = "see that the videos are delivered, or move other files to another disk"
            told.append(Notice("disk:nothing-may-go", room.level, what, to_do))
        return told
