"""The thread that sends the outbox: what the engine and the jobs have put there, in order, as the line allows."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ezrec_tui.database import NotLetIn, Refused
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import Publisher
from ezrec_tui.jobs.facts import End

LOOK_SECONDS = 1.0
"""Between two looks at what the engine has put there. What fails is tried again by the outbox's own clock."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why a booking's rows are not sent."""

    why: str
    end: End
    """REFUSED: the database refuses one of them. SHUT: it takes none, or there is no way to it, until a person has
    mended the key or the settings. UNREACHABLE: the line or the service."""


class Sender:
    """Drains the outbox for as long as the process lives."""

    def __init__(
        self,
        outbox: Outbox,
        open_publisher: Callable[[], Publisher],
        on_sent: Callable[[], object],
        now: Callable[[], datetime],
    ) -> None:
        """`open_publisher` is asked when there is something to send; `on_sent` is called when something was."""
        self._outbox, self._open_publisher, self._on_sent, self._now = outbox, open_publisher, on_sent, now
        self._publisher: Publisher | None = None
        self._trouble: str | None = None
        self._wake = threading.Event()
        self._looked = threading.Condition()

    def start(self) -> None:
        threading.Thread(target=self._run, name="outbox", daemon=True).start()

    def wake(self) -> None:
        """Send what is there now."""
        self._wake.set()

    def send(self, booking_id: str, seconds: float) -> Unsent | None:
        """Have a booking's rows tried now, and wait so long until all are sent; why, if they are not."""
        self._outbox.hurry(booking_id)
        with self._looked:
            self.wake()
            self._looked.wait_for(lambda: not self._outbox.waiting(booking_id) or self._reason(booking_id), seconds)
        return self.unsent(booking_id)

    def unsent(self, booking_id: str) -> Unsent | None:
        """What keeps a booking's rows here, by what was tried last; None when all are sent."""
        if not self._outbox.waiting(booking_id):
            return None
        return self._reason(booking_id) or Unsent("the database takes long to answer", End.UNREACHABLE)

    def _reason(self, booking_id: str) -> Unsent | None:
        if self._trouble:
            return Unsent(self._trouble, End.SHUT)
        if trouble := self._outbox.trouble:
            return Unsent(str(trouble), End.SHUT if isinstance(trouble, NotLetIn) else End.UNREACHABLE)
        rows = (row for row in self._outbox.failing() if row.booking_id == booking_id)
        return next((Unsent(row.error, End.REFUSED if row.refused else End.UNREACHABLE) for row in rows), None)

    def _run(self) -> None:
        while True:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                sent, trouble = self._drain(), None
            except (Refused, sqlite3.Error) as error:
                sent, trouble = 0, f"nothing can be published: {error}"
            if trouble and trouble != self._trouble:
                log.error("%s", trouble)
            with self._looked:
                self._trouble = trouble
                self._looked.notify_all()
            if sent:
                self._on_sent()

    def _drain(self) -> int:
        if self._publisher is None:
            if not self._outbox.waiting():
                return 0
            self._publisher = self._open_publisher()
        return self._outbox.drain(self._publisher, self._now())
