"""Who takes the processor first: always a recorder. All else that takes much of it says so here."""

import os

GENTLE = 10
"""Of commands that somebody waits for."""
GENTLEST = 19
"""Of what is made in the background. The disk follows it. Not SCHED_IDLE: a lock on a database that the engine shares
must not be held by somebody who never gets the processor."""


def be_gentle(niceness: int) -> None:
    """Leave this process at least so nice; said again, it is no nicer."""
    os.nice(max(0, niceness - os.nice(0)))
