"""Which exposure the cameras keep to, so that the seam between their pictures does not show. Pure.

One camera, the leader, finds its exposure, gain and white balance by itself; the others are held at what it measures,
told again whenever that has changed by more than the eye sees. So both follow the day's light over a long booking, and
are apart for no longer than it takes to tell it: less than a second while the light changes, not at all while it does
not. A value held for good would be wrong after the next cloud, and held cameras no longer measure the light by which to
mend it; copies taken seldom or slowly would show the seam whenever the light changes. A leader that is lost hands over
to the other camera, which then finds its own from where it stands, and follows when it is back: nothing jumps.

In a hall the light stays, and what moves an automatic exposure is a white shirt near the camera. There (`lock`) all
cameras, the leader too, are held at what was measured once it has settled, until they are let go.
"""

from collections.abc import Sequence

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.config import MatchExposure
from ezrec_tui.model import NS

SEEN = 0.01
"""A change by less, as a share, shows in no picture."""
STEADY, STEADY_NS = 0.05, NS
"""Settled is what changed by no more in so long. A camera that has just been opened is not,"""
UNSETTLED_NS = 5 * NS
"""and one that never is, is followed after so long as it is."""


class Matching:
    """Decides for all cameras of a court. One that says nothing of its exposure may be told to keep to another's."""

    def __init__(self, how: MatchExposure) -> None:
        self._how = how
        self._leader: int | None = None
        self._common: Exposure | None = None
        self._settling = _Settling()
        self._locked = False
        self._since_ns: int | None = None

    def let_go(self) -> None:
        """The cameras do not run any more: what was decided is over."""
        self._leader = self._common = self._since_ns = None
        self._locked = False

    def look(self, measured: Sequence[Exposure | None], held: Sequence[bool], now_ns: int) -> list[Exposure | None]:
        """What each camera is to keep to; None: what it finds by itself. Empty as long as nothing is decided.

        `measured`: of each camera's newest frame, None of one that does not run or cannot be set. `held`: whether it
        is kept to that, as by an engine before this one.
        """
        if self._how is MatchExposure.OFF:
            return [None] * len(measured)
        if not self._locked:
            self._follow(measured, held, now_ns)
        if self._common is None:
            return []
        return [
            None if camera == self._leader and not self._locked else self._common
            for camera in range(len(measured))
        ]  # fmt: skip

    def _follow(self, measured: Sequence[Exposure | None], held: Sequence[bool], now_ns: int) -> None:
        present = [camera for camera, exposure in enumerate(measured) if exposure is not None]
        if self._leader not in present:
            free = [camera for camera in present if not held[camera]]
            if not free and self._leader is None and not self._has_waited(measured, now_ns):
                return
            self._leader = next(iter(free + present), self._leader)
            self._settling = _Settling()
        leads = None if self._leader is None else measured[self._leader]
        if leads is None:
            return
        self._settling.look(leads, now_ns)
        if self._settling.is_over and (self._common is None or differ(leads, self._common, SEEN)):
            self._common = leads
        self._locked = self._settling.rests and self._how is MatchExposure.LOCK

    def _has_waited(self, measured: Sequence[Exposure | None], now_ns: int) -> bool:
        """Whether it is known that nobody leads: after a new engine's start the leader may not have spoken yet."""
        if self._since_ns is None:
            self._since_ns = now_ns
        return None not in measured or now_ns - self._since_ns >= UNSETTLED_NS


class _Settling:
    """Whether the exposure of a camera that has just been opened has come to rest."""

    def __init__(self) -> None:
        self.rests = False
        self.is_over = False
        """It rests, or did once, or there was no more waiting for that."""
        self._began_ns: int | None = None
        self._near: Exposure | None = None
        self._since_ns = 0

    def look(self, exposure: Exposure, now_ns: int) -> None:
        if self._began_ns is None:
            self._began_ns = now_ns
        if self._near is None or differ(exposure, self._near, STEADY):
            self._near, self._since_ns = exposure, now_ns
        self.rests = now_ns - self._since_ns >= STEADY_NS
        self.is_over = self.is_over or self.rests or now_ns - self._began_ns >= UNSETTLED_NS


def differ(one: Exposure, other: Exposure, share: float) -> bool:
    """Whether anything of them differs by more than a share, or only one of them says it."""
    mine, others = _figures(one), _figures(other)
    return mine.keys() != others.keys() or any(abs(mine[name] - others[name]) > share * others[name] for name in mine)


def _figures(exposure: Exposure) -> dict[str, float]:
    red, blue = exposure.colour_gains or (None, None)
    figures = {"time": exposure.time_us, "gain": exposure.gain, "red": red, "blue": blue}
    return {name: figure for name, figure in figures.items() if figure is not None}
