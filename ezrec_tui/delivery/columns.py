"""Tables of the venue's app, with whatever columns they have there."""

import logging
from collections.abc import Callable

from ezrec_tui.database import Refused, Reply, Row

log = logging.getLogger(__name__)


class Columns:
    """Remembers which columns the far side turned out not to have."""

    def __init__(self) -> None:
        self._absent: dict[str, set[str]] = {}

    def without_unknown(self, table: str, row: Row, send: Callable[[Row], Reply]) -> Reply:
        """Send what the far side has columns for. Raises what `send` raises about anything else."""
        absent = self._absent.setdefault(table, set())
        while True:
            columns = {name: value for name, value in row.items() if name not in absent}
            if not columns:
                return Reply([])
            try:
                return send(columns)
            except Refused as error:
                if error.missing_column not in columns:
                    raise
                absent.add(error.missing_column)
                log.warning("the table %s has no column %s; it is left out", table, error.missing_column)
