"""From where on a value is a warning and a failure; what is wrong ends only well on the other side of the limit."""

from collections.abc import Iterable
from dataclasses import dataclass

from ezrec_tui.model import NS, Level

MARGIN = 0.1
"""Of a limit: so far has a value to come back before its level falls."""
_ORDER = (Level.OK, Level.WARNING, Level.FAILED)


def worst(levels: Iterable[Level]) -> Level:
    return max(levels, key=_ORDER.index, default=Level.OK)


@dataclass(frozen=True, slots=True)
class Limits:
    """Two limits; `rising` when high is bad."""

    warning: float
    failed: float
    rising: bool

    def level(self, value: float, before: Level = Level.OK) -> Level:
        """The level of a value that was at `before` until now."""
        now = self._level(value, 0)
        return worst((now, min(before, self._level(value, MARGIN), key=_ORDER.index)))

    def _level(self, value: float, margin: float) -> Level:
        def over(limit: float) -> bool:
            return value >= limit * (1 - margin) if self.rising else value <= limit * (1 + margin)

        return Level.FAILED if over(self.failed) else Level.WARNING if over(self.warning) else Level.OK


class Steady:
    """A level that rises when it has been that bad for `patience` seconds, and falls when it was better for `calm`."""

    def __init__(self, patience: float = 0, calm: float = 0) -> None:
        self._patience_ns, self._calm_ns = patience * NS, calm * NS
        self._told = {Level.WARNING: False, Level.FAILED: False}
        self._otherwise_ns: dict[Level, int] = {}
        """Since when it is otherwise than it is told."""

    def look(self, level: Level, now_ns: int) -> Level:
        """The level to tell, given the one that is seen now."""
        for bad, told in self._told.items():
            is_bad = _ORDER.index(level) >= _ORDER.index(bad)
            if is_bad is told:
                self._otherwise_ns.pop(bad, None)
                continue
            waits_ns = self._patience_ns if is_bad else self._calm_ns
            if now_ns - self._otherwise_ns.setdefault(bad, now_ns) >= waits_ns:
                self._told[bad] = is_bad
                del self._otherwise_ns[bad]
        return worst(bad for bad, told in self._told.items() if told)


class Gauge:
    """A value held against its limits, with patience (see `Steady`)."""

    def __init__(self, limits: Limits, patience: float = 0, calm: float = 0) -> None:
        self._limits, self._steady = limits, Steady(patience, calm)
        self._seen = Level.OK

    def look(self, value: float, now_ns: int) -> Level:
        self._seen = self._limits.level(value, self._seen)
        return self._steady.look(self._seen, now_ns)
