"""The thread that sends the outbox: what the engine and the jobs have put there, in order, as the line allows."""

import logging
import random
import threading
from collections.abc import Callable

from ezrec_tui.database import Unreachable
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import Publisher

IDLE_SECONDS = 1.0
"""Between two looks at what the engine has put there."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 300.0
"""Seconds between tries while the line is down: doubled each time, with jitter."""

log = logging.getLogger(__name__)


class Sender:
    """Drains the outbox for as long as the process lives."""

    def __init__(self, outbox: Outbox, publisher: Publisher, on_sent: Callable[[], None]) -> None:
        """`on_sent` is called, on the sender's thread, when rows got through."""
        self._outbox, self._publisher, self._on_sent = outbox, publisher, on_sent
        self._wake = threading.Event()
        self._drained = threading.Condition()
        self.trouble: str | None = None
        """Why nothing gets through at present."""

    def start(self) -> None:
        threading.Thread(target=self._run, name="outbox", daemon=True).start()

    def wake(self) -> None:
        """Send what is there now."""
        self._wake.set()

    def send(self, booking_id: str, seconds: float) -> bool:
        """Wait so long for all of a booking's rows to be sent; shorter when the line is down."""
        with self._drained:
            self.wake()
            self._drained.wait_for(lambda: self.trouble is not None or self._outbox.is_sent(booking_id), seconds)
        return self._outbox.is_sent(booking_id)

    def _run(self) -> None:
        delay = 0.0
        while True:
            self._wake.wait(delay * random.uniform(0.5, 1) or IDLE_SECONDS)
            self._wake.clear()
            try:
                sent = self._outbox.drain(self._publisher)
            except Unreachable as error:
                delay = min(max(FIRST_DELAY, 2 * delay), LONGEST_DELAY)
                self._settle(str(error))
                continue
            delay = 0.0
            self._settle(None)
            if sent:
                self._on_sent()

    def _settle(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            log.log(logging.WARNING if trouble else logging.INFO, "%s", trouble or "the database answers again")
        with self._drained:
            self.trouble = trouble
            self._drained.notify_all()
