"""The camera's side of the queue: takes packets on the camera's thread, at once, and never fails."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue

from ezrec_tui.cameras.camera import Packet
from ezrec_tui.model import NS
from ezrec_tui.recorder.messages import Order
from ezrec_tui.recorder.talk import Engine

Inbox = SimpleQueue[Packet | Order | Engine | None]
"""What the writer works through, in order: packets, orders, and whether an engine is there; None is the end."""

WINDOW_NS = 3 * NS
"""Rates are measured over so long."""
LATE_NS = NS // 2

log = logging.getLogger(__name__)


class Intake:
    """Puts packets into the inbox while there is room.

    Without room a packet is lost, and with it all up to the next keyframe, as they cannot be decoded without it.
    The lock guards the figures, which the camera's thread writes and others read.
    """

    def __init__(self, inbox: Inbox, limit: int, now: Callable[[], int]) -> None:
        """`limit`: packets that may wait."""
        self._inbox, self._limit, self._now = inbox, limit, now
        self._lock = threading.Lock()
        self._window: deque[tuple[int, int]] = deque()
        self._needs_keyframe = True
        self._captured = 0
        self._overflowed = 0
        self._unsaid_overflowed = self._unsaid_unencoded = 0
        """Since the last packet that was put into the inbox, for the next one to tell."""
        self._last_sensor_ns: int | None = None
        self._arrived_ns: int | None = None

    def take(self, packet: Packet) -> None:
        """The camera's sink."""
        with self._lock:
            if self._last_sensor_ns is not None and packet.sensor_ns <= self._last_sensor_ns:
                # no arrival: a clock that stays back ends as a stall, and the camera is opened again
                self._needs_keyframe = True
                return
            self._last_sensor_ns = packet.sensor_ns
            self._arrived_ns = self._now()
            self._captured += 1
            self._window.append((packet.sensor_ns, len(packet.data)))
            while self._window[0][0] < packet.sensor_ns - WINDOW_NS:
                self._window.popleft()
            if self._needs_keyframe and not packet.keyframe:
                self._lose(packet)
            elif self._inbox.qsize() >= self._limit:
                if not self._needs_keyframe:
                    log.error("the disk is too slow: %d packets wait, frames are lost", self._limit)
                self._needs_keyframe = True
                self._lose(packet)
            else:
                self._needs_keyframe = False
                self._inbox.put(self._with_losses(packet))

    def _lose(self, packet: Packet) -> None:
        self._overflowed += 1
        self._unsaid_overflowed += 1
        self._unsaid_unencoded += packet.unencoded

    def _with_losses(self, packet: Packet) -> Packet:
        if self._unsaid_overflowed == 0:
            return packet
        told = replace(packet, unencoded=packet.unencoded + self._unsaid_unencoded, overflowed=self._unsaid_overflowed)
        self._unsaid_overflowed = self._unsaid_unencoded = 0
        return told

    @property
    def captured(self) -> int:
        """Packets since the process began."""
        with self._lock:
            return self._captured

    @property
    def overflowed(self) -> int:
        """Packets that found no room, or came behind one that did not."""
        with self._lock:
            return self._overflowed

    @property
    def last_sensor_ns(self) -> int | None:
        with self._lock:
            return self._last_sensor_ns

    @property
    def arrived_ns(self) -> int | None:
        """When the last packet came."""
        with self._lock:
            return self._arrived_ns

    def rates(self) -> tuple[float, int]:
        """Frames and bits per second over the last seconds; they fall to 0 when nothing comes."""
        now_ns = self._now()
        with self._lock:
            recent = [(at, size) for at, size in self._window if at > now_ns - WINDOW_NS]
        if len(recent) < 2:
            return 0.0, 0
        first_ns, last_ns = recent[0][0], recent[-1][0]
        span_ns = (now_ns if now_ns - last_ns > LATE_NS else last_ns) - first_ns
        bits = 8 * sum(size for _, size in recent[1:])
        return (len(recent) - 1) * NS / span_ns, bits * NS // span_ns
