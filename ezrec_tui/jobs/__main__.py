"""`python -m ezrec_tui.jobs --parent PID`: the worker, a child of the engine."""

import argparse
import asyncio
import faulthandler
import logging
import os
import signal
import sys

from ezrec_tui.child import Channel, be_killed_first, end_with_parent, share_memory_pools
from ezrec_tui.clock import Clock, SystemClock
from ezrec_tui.config import Settings, SettingsError, load_settings
from ezrec_tui.jobs.messages import Command, commands
from ezrec_tui.logs import log_as_child
from ezrec_tui.niceness import GENTLEST, be_gentle


def main(clock: Clock | None = None) -> None:
    """Live as a worker, by the machine's clocks or by another."""
    parser = argparse.ArgumentParser(prog="python -m ezrec_tui.jobs")
    parser.add_argument("--parent", type=int, required=True, help="process id of the engine")
    parent: int = parser.parse_args().parent
    share_memory_pools()
    channel = Channel(commands)
    be_killed_first()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    end_with_parent(parent)
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(f"settings: {error}")
    log_as_child(settings.log_level)
    faulthandler.register(signal.SIGUSR1)  # to the log: what every thread is at
    be_gentle(GENTLEST)
    asyncio.run(_live(settings, clock or SystemClock(), channel))


async def _live(settings: Settings, clock: Clock, channel: Channel[Command]) -> None:
    """Run until the engine closes the channel, and end at once: whatever is under way is durable."""
    from ezrec_tui.jobs.worker import run  # DBOS takes a second to import

    status = 0
    try:
        await run(settings, clock, channel)
    except Exception:
        logging.getLogger(__name__).exception("the worker cannot go on")
        status = 1
    channel.close()
    logging.shutdown()
    os._exit(status)


if __name__ == "__main__":
    main()
