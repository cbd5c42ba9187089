"""Whether the steps that are under way still move. One that hangs for good holds up every video behind it.

A thread that hangs cannot be ended, so the process is: nothing is lost by that, the engine starts it anew, and the job
goes on where it was.
"""

import asyncio
import faulthandler
import logging
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ezrec_tui.logs import about
from ezrec_tui.model import JobStep

LOOK_SECONDS, LOOKS = 10.0, 60
"""A step that does not move for ten minutes hangs. Looks are counted, not seconds: a machine that slept made none."""
EXIT_STATUS = 70

log = logging.getLogger(__name__)


class Pulse:
    """Of all steps under way. `watch` lives on a loop until it is cancelled; any thread may beat."""

    def __init__(self) -> None:
        self._silent: dict[tuple[JobStep, str], int] = {}
        """Looks without a beat, of each step of a booking."""

    @contextmanager
    def of(self, step: JobStep, booking_id: str) -> Generator[Callable[[], None]]:
        """Around a step: what to call whenever it moves."""

        what = step, booking_id

        def beat() -> None:
            self._silent[what] = 0

        beat()
        try:
            yield beat
        finally:
            self._silent.pop(what, None)

    async def watch(self) -> None:
        """End this process when a step hangs, and leave in the log where it does."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for what in list(self._silent):
                self._silent[what] = self._silent.get(what, 0) + 1
                if self._silent[what] > LOOKS:
                    step, booking_id = what
                    log.critical("%s hangs: the worker ends, and goes on anew", step, extra=about(booking_id))
                    logging.shutdown()
                    faulthandler.dump_traceback()
                    os._exit(EXIT_STATUS)
