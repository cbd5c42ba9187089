"""The writer: one thread that owns the ring and the recordings, and alone touches the disk.

One thread for all recordings, as they share the disk: what one waits for, all wait for. Commands come in the same
queue as packets, so that all that decides happens here, in order, without a lock.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ezrec_tui.cameras.camera import CameraSpec, Packet
from ezrec_tui.logs import about
from ezrec_tui.model import NS, CameraCount
from ezrec_tui.recorder.intake import Inbox
from ezrec_tui.recorder.messages import Arm, Disarm, Message, Order, SetEnd, Start
from ezrec_tui.recorder.recording import Recording, newest
from ezrec_tui.recorder.ring import Ring
from ezrec_tui.recorder.talk import Engine

TICK_SECONDS = 0.1
ARMED_ALONE_NS = 60 * NS
"""An armed recorder waits so long for an engine: what it is armed for begins by then, or somebody is there."""
RESUMABLE = 16
"""Finished recordings that are remembered, for one whose end is moved after it has passed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """What the writer has done, for others to read: replaced as a whole."""

    armed: bool = False
    recording: bool = False
    """A recording has begun."""
    written: dict[str, int] = field(default_factory=dict[str, int])
    """Frames on the disk, by booking, of recordings under way."""
    count: CameraCount | None = None
    """Of the recording that began last; None without one."""
    bytes_in_all: int = 0
    error: str | None = None


class Writer(threading.Thread):
    """Works through the inbox until its None, then closes what is open."""

    def __init__(
        self,
        inbox: Inbox,
        spec: CameraSpec,
        *,
        ring_ns: int,
        now: Callable[[], int],
        send: Callable[[Message], None],
        want_packets: Callable[[bool], None],
        changed: Callable[[], None],
        alone_ns: int,
        not_needed: Callable[[], None],
    ) -> None:
        """`alone_ns`: how long it records without an engine; `not_needed` is called when that is over."""
        super().__init__(name="writer", daemon=True)
        self.account = Account()
        self._inbox, self._spec, self._now, self._send = inbox, spec, now, send
        self._want_packets, self._changed = want_packets, changed
        self._alone_ns, self._not_needed = alone_ns, not_needed
        self._alone_since_ns: int | None = None
        self._ring = Ring(ring_ns)
        self._armed = False
        self._recordings: dict[str, Recording] = {}
        self._ended: dict[str, Recording] = {}
        self._bytes_ended = 0

    def run(self) -> None:
        while True:
            try:
                ticks = bool(self._recordings) or self._alone_since_ns is not None
                item = self._inbox.get(timeout=TICK_SECONDS if ticks else None)
            except queue.Empty:
                for recording in self._recordings.values():
                    recording.tick(self._now())
            else:
                if item is None:
                    break
                if isinstance(item, Packet):
                    self._take(item)
                elif isinstance(item, Engine):
                    self._note(item)
                else:
                    self._obey(item)
            self._forget_finished()
            self._end_if_not_needed()
            self._publish()
        for recording in self._recordings.values():
            recording.close()

    def _take(self, packet: Packet) -> None:
        self._ring.append(packet)
        for recording in self._recordings.values():
            recording.take(packet, self._ring)

    def _note(self, engine: Engine) -> None:
        """An engine is there, or gone: what is recorded goes on without one."""
        if engine is Engine.LEFT:
            self._alone_since_ns = self._now()
            for booking_id in self._recordings:
                log.warning("the engine is gone; recording goes on", extra=about(booking_id))
        elif self._alone_since_ns is not None:
            log.info("an engine is there again, after %.1f s", (self._now() - self._alone_since_ns) / NS)
            self._alone_since_ns = None

    def _end_if_not_needed(self) -> None:
        """Alone it goes on only with what is wanted already, and not for ever: nobody could stop it."""
        if self._alone_since_ns is None:
            return
        patience_ns = self._alone_ns if self._recordings else ARMED_ALONE_NS if self._armed else 0
        if self._now() - self._alone_since_ns >= patience_ns:
            log.info("no engine, and nothing to record" if not self._recordings else "no engine for too long")
            self._alone_since_ns = None
            self._not_needed()

    def _obey(self, command: Order) -> None:
        match command:
            case Arm():
                self._armed = True
            case Disarm():
                self._armed = False
            case Start():
                self._start(command)
            case SetEnd(booking_id=booking_id, end_ns=end_ns):
                if booking_id in self._recordings:
                    self._recordings[booking_id].set_end(end_ns)
                elif booking_id in self._ended and end_ns > self._ended[booking_id].end_ns:
                    self._resume(booking_id, end_ns)
        self._want_packets(self._armed or bool(self._recordings))

    def _start(self, start: Start) -> None:
        running = self._recordings.get(start.booking_id)
        if running is not None:
            running.say_started()
            running.set_end(start.end_ns)
            return
        ended = self._ended.get(start.booking_id)
        if ended is not None and ended.start.folder == start.folder:
            self._resume(start.booking_id, start.end_ns)
            return
        log.info("to be recorded in %s", start.folder, extra=about(start.booking_id))
        self._recordings[start.booking_id] = Recording(start, self._spec, self._send)

    def _resume(self, booking_id: str, end_ns: int) -> None:
        log.info("goes on", extra=about(booking_id))
        recording = self._ended.pop(booking_id)
        self._bytes_ended -= recording.bytes
        self._recordings[booking_id] = recording
        recording.resume(end_ns, self._ring)

    def _forget_finished(self) -> None:
        finished = [r for r in self._recordings.values() if r.finished]
        for recording in finished:
            del self._recordings[recording.start.booking_id]
            self._bytes_ended += recording.bytes
            self._ended[recording.start.booking_id] = recording
            if len(self._ended) > RESUMABLE:
                del self._ended[next(iter(self._ended))]
        if finished:
            self._want_packets(self._armed or bool(self._recordings))

    def _publish(self) -> None:
        recordings = self._recordings.values()
        shown = newest(recordings)
        before = self.account
        self.account = Account(
            armed=self._armed,
            recording=shown is not None,
            written={r.start.booking_id: r.count.written for r in recordings},
            count=shown.count if shown else None,
            bytes_in_all=self._bytes_ended + sum(r.bytes for r in recordings),
            error=next((r.error for r in recordings if r.error), None),
        )
        if (before.armed, before.recording, before.error) != (
            self.account.armed,
            self.account.recording,
            self.account.error,
        ):
            self._changed()
