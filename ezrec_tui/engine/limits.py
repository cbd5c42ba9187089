"""From where on a value is a warning and a failure; what is wrong ends only well on the other side of the limit."""

from dataclasses import dataclass

from ezrec_tui.model import Level

MARGIN = 0.1
"""Of a limit: so far has a value to come back before its level falls."""
_ORDER = (Level.OK, Level.WARNING, Level.FAILED)


@dataclass(frozen=True, slots=True)
class Limits:
    """Two limits; `rising` when high is bad."""

    warning: float
    failed: float
    rising: bool

    def level(self, value: float, before: Level = Level.OK) -> Level:
        """The level of a value that was at `before` until now."""
        now = self._level(value, 0)
        return max(now, min(before, self._level(value, MARGIN), key=_ORDER.index), key=_ORDER.index)

    def _level(self, value: float, margin: float) -> Level:
        def over(limit: float) -> bool:
            return value >= limit * (1 - margin) if self.rising else value <= limit * (1 + margin)

        return Level.FAILED if over(self.failed) else Level.WARNING if over(self.warning) else Level.OK
