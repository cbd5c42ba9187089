"""The alerts that are open, in memory and in the database. A database that takes nothing stops nobody."""

import contextlib
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence

from ezrec_tui.clock import Clock
from ezrec_tui.engine.notices import Notice
from ezrec_tui.engine.store import StateStore
from ezrec_tui.logs import about
from ezrec_tui.model import Alert, Level

LOG_SECONDS = 30.0
"""Between two lines of the log that say the same while the disk is full."""
MOST_WAITING = 50
"""Alerts that wait for the disk; older ones are in the log alone."""

log = logging.getLogger(__name__)
_logged: dict[str, float] = {}


@contextlib.contextmanager
def though_disk_is_full(what: str) -> Generator[None]:
    """Go on when the disk does not take what is to be remembered: recording goes before that."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if time.monotonic() - _logged.get(what, float("-inf")) >= LOG_SECONDS:
            _logged[what] = time.monotonic()
            log.error("%s is not remembered: %s", what, error)


class Alerts:
    """Puts alerts and takes them off. Calls `on_change` when the open ones are others."""

    def __init__(self, store: StateStore, clock: Clock, on_change: Callable[[], None]) -> None:
        self._store, self._clock, self._on_change = store, clock, on_change
        self._held: frozenset[str] | None = None
        self._waiting: deque[tuple[Level, str, str, str | None]] = deque(maxlen=MOST_WAITING)
        self.open: tuple[Alert, ...] = tuple(store.open_alerts())

    def put(self, level: Level, what: str, to_do: str, booking_id: str | None = None) -> Alert | None:
        """Show something that went wrong until it is acknowledged; the same open alert is not repeated."""
        self._waiting.append((level, what, to_do, booking_id))
        return self._put_waiting()

    def hold(self, notices: Sequence[Notice]) -> None:
        """Show these for as long as they are among the notices."""
        self._put_waiting()
        topics = frozenset(notice.topic for notice in notices)
        if topics == self._held:
            return
        with though_disk_is_full("what is wrong now"):
            for notice in self._store.hold(notices, self._clock.now()):
                log.warning("%s: %s", notice.what, notice.to_do)
            self._held = topics
            self.refresh()

    def refresh(self) -> None:
        """Read them anew: one was acknowledged."""
        self.open = tuple(self._store.open_alerts())
        self._on_change()

    def _put_waiting(self) -> Alert | None:
        """Put those that wait, and give the last of them if it is new; the disk may not have taken them before."""
        alert = None
        with though_disk_is_full("an alert"):
            while self._waiting:
                level, what, to_do, booking_id = self._waiting[0]
                alert = self._store.put_alert(self._clock.now(), level, what, to_do, booking_id)
                self._waiting.popleft()
                if alert is not None:
                    grave = logging.ERROR if level is Level.FAILED else logging.WARNING
                    log.log(grave, "%s: %s", what, to_do, extra=about(booking_id))
                    self.refresh()
            return alert
        return None
