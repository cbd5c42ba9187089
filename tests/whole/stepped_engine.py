"""`python -m tests.whole.stepped_engine FILE`: the engine, its wall clock off by as many seconds as the file says."""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from ezrec_tui.clock import SystemClock
from ezrec_tui.config import load_settings
from ezrec_tui.engine.process import run


class SteppedClock(SystemClock):
    """The machine's clocks, but for the wall's, which is as wrong as a file says, from the moment it says so."""

    def __init__(self, offset: Path) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._offset.read_text()))


if __name__ == "__main__":
    asyncio.run(run(load_settings(), SteppedClock(Path(sys.argv[1]))))
