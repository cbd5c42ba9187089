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
from dataclasses import dataclass

from ezrec_tui.logs import about
from ezrec_tui.model import JobStep

LOOK_SECONDS, LOOKS = 10.0, 60
"""A step that does not move for ten minutes hangs. Looks are counted, not seconds: a machine that slept made none."""
EXIT_STATUS = 70

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Moving:
    """A step under way."""

    step: JobStep
    booking_id: str
    silent: int = 0
    """Looks since it was seen to move."""

    def beat(self) -> None:
        self.silent = 0


class Pulse:
    """Of all steps under way. `watch` lives on the loop that takes them; any thread may beat."""

    def __init__(self) -> None:
        self._under_way: set[_Moving] = set()

    @contextmanager
    def of(self, step: JobStep, booking_id: str) -> Generator[Callable[[], None]]:
        """Around a step: what to call whenever it moves; after its end that does nothing."""
        one = _Moving(step, booking_id)
        self._under_way.add(one)
        try:
            yield one.beat
        finally:
            self._under_way.remove(one)

    async def watch(self) -> None:
        """End this process when a step hangs, and leave in the log where it does."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for one in self._under_way:
                one.silent += 1
                if one.silent > LOOKS:
                    log.critical("%s hangs: the worker ends, and goes on anew", one.step, extra=about(one.booking_id))
                    logging.shutdown()
                    faulthandler.dump_traceback()
                    os._exit(EXIT_STATUS)
