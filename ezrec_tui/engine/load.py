"""Whether the machine keeps up: rendering makes way for the recorders, and a disk that is too slow is told.

Pure: what the cameras say and the sensors' clock in, decisions out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import NS, CameraState, CameraStatus, HealthItem, Level

PAUSE_SECONDS = 1.0
"""Footage waiting for the disk, from which on rendering makes way."""
CALM_SECONDS = 0.25
"""Footage that may wait while all is well."""
CALM_NS = 10 * NS
"""All has to be well for so long before rendering goes on, or a warning ends."""
HELPLESS_NS = 30 * NS
"""When frames are lost though rendering has made way for so long, it was not to blame,"""
EXCUSED_NS = 600 * NS
"""and is not paused for lost frames for so long."""
SLOW_SECONDS, FAILING_SECONDS = 2.0, 8.0
"""Footage waiting for the disk, from which on it is a warning, and a failure. The queue takes 20 s."""
STILL_NS = 6 * NS
"""A disk that takes nothing for so long, while footage waits for it, fails."""


FLOWING = frozenset({CameraState.ARMED, CameraState.RECORDING})
"""A camera is still shown as armed when the disk stands still at the first frames of a recording."""


@dataclass(frozen=True, slots=True)
class Line:
    """One camera's line to the disk."""

    camera: int
    recording: bool
    waiting: float
    """Seconds of footage that wait."""
    dropped: int
    growing: bool


def lines(cameras: Sequence[CameraStatus], fps: int) -> list[Line]:
    return [
        Line(c.index, c.state in FLOWING, c.queue / fps, c.dropped, c.growing)
        for c in cameras
    ]  # fmt: skip


class Load:
    """Decides whether rendering makes way."""

    def __init__(self) -> None:
        self.paused = False
        self._paused_ns = 0
        self._trouble_ns = 0
        self._excused_until_ns: int | None = None
        self._dropped: dict[int, int] = {}

    def look(self, cameras: Sequence[Line], now_ns: int) -> bool:
        """Whether rendering should be paused now."""
        recording = [line for line in cameras if line.recording]
        lost = any(line.dropped > self._dropped.get(line.camera, line.dropped) for line in recording)
        self._dropped = {line.camera: line.dropped for line in recording}
        waits = max((line.waiting for line in recording), default=0.0)
        lost = lost and not self._is_excused(now_ns)
        if self.paused and lost and now_ns - self._paused_ns > HELPLESS_NS and waits < PAUSE_SECONDS:
            self._excused_until_ns = now_ns + EXCUSED_NS
            lost = False
        if waits >= (CALM_SECONDS if self.paused else PAUSE_SECONDS) or lost:
            if not self.paused:
                self._paused_ns = now_ns
            self.paused, self._trouble_ns = True, now_ns
        elif not recording or now_ns - self._trouble_ns >= CALM_NS:
            self.paused = False
        return self.paused

    def _is_excused(self, now_ns: int) -> bool:
        return self._excused_until_ns is not None and now_ns < self._excused_until_ns


class Writing:
    """Judges whether the disk takes what the cameras give."""

    def __init__(self) -> None:
        self._level = Level.OK
        self._well_ns: int | None = None
        """Since when all is well, while the level is not down yet."""
        self._grew_ns: dict[int, int] = {}
        self.waiting = 0.0

    def look(self, cameras: Sequence[Line], now_ns: int) -> Level:
        recording = [line for line in cameras if line.recording]
        self.waiting = max((line.waiting for line in recording), default=0.0)
        for line in recording:
            if line.growing or line.waiting < CALM_SECONDS:
                self._grew_ns[line.camera] = now_ns
        self._grew_ns = {line.camera: self._grew_ns.get(line.camera, now_ns) for line in recording}
        still = any(now_ns - grew_ns >= STILL_NS for grew_ns in self._grew_ns.values())
        if self.waiting >= FAILING_SECONDS or still:
            self._level, self._well_ns = Level.FAILED, None
        elif self.waiting >= SLOW_SECONDS:
            self._level, self._well_ns = Level.FAILED if self._level is Level.FAILED else Level.WARNING, None
        elif self.waiting >= CALM_SECONDS:
            self._well_ns = None
        elif self._level is not Level.OK:
            self._well_ns = now_ns if self._well_ns is None else self._well_ns
            if not recording or now_ns - self._well_ns >= CALM_NS:
                self._level, self._well_ns = Level.OK, None
        return self._level

    def item(self) -> HealthItem:
        detail = "" if self._level is Level.OK else f"{self.waiting:.0f} s of footage wait for the disk; {TO_DO}"
        return HealthItem(
            key="writing", level=self._level, value=round(self.waiting, 1), unit="s", detail=detail
        )  # fmt: skip

    def notices(self) -> list[Notice]:
        match self._level:
            case Level.OK:
                return []
            case Level.WARNING:
                what = "the disk is too slow: footage waits for it; nothing is lost yet"
            case Level.FAILED:
                what = "the disk does not take the footage: what cannot wait any longer is lost"
        return [Notice(f"writing:{self._level.value}", self._level, what, TO_DO)]


TO_DO = "end other programs that write; if it stays so, the disk or card is failing: replace it"
