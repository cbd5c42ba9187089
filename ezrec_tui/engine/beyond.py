"""Store and database, which lie beyond the line: their health item while they are away, and a word when that lasts."""

from collections.abc import Iterable

from ezrec_tui.engine.limits import Steady
from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import HealthItem, Level

PATIENCE_SECONDS = 900.0
"""A line that is away for so long does not just stumble."""
CALM_SECONDS = 60.0


class Beyond:
    """Remembers since when each is away."""

    def __init__(self) -> None:
        self._steady = {key: Steady(PATIENCE_SECONDS, CALM_SECONDS) for key in ("store", "database")}
        self._away: dict[str, str] = {}
        """Why those are away that have been for long."""

    def look(self, items: Iterable[HealthItem], now_ns: int) -> None:
        """`items`: of all that is watched, as they stand now."""
        seen = {item.key: item for item in items}
        for key, steady in self._steady.items():
            item = seen.get(key)
            # what has failed is told at once, by whoever found out
            is_away = item is not None and item.level is Level.WARNING
            if steady.look(Level.WARNING if is_away else Level.OK, now_ns) is Level.OK:
                self._away.pop(key, None)
            elif item is not None and is_away:
                self._away[key] = item.detail

    def notices(self) -> list[Notice]:
        return [_notice(key, why) for key, why in self._away.items()]


def _notice(key: str, why: str) -> Notice:
    if key == "store":
        what, to_do = f"the store is out of reach: {why}", "check the network; videos wait here, and go by themselves"
    else:
        what = f"the database is out of reach: {why}"
        to_do = "check the network; what is booked meanwhile is not known here, all else goes on"
    return Notice(f"away:{key}", Level.WARNING, what, to_do)
