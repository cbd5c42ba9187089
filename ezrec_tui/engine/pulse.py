"""The engine's sign of life to systemd, given by its own event loop: it has decided, and its API has answered."""

import asyncio
import logging
from pathlib import Path

from ezrec_tui.clock import Clock
from ezrec_tui.systemd import Service

BEAT_SECONDS = 5.0
"""The unit's WatchdogSec is six of them."""
LOOK_SECONDS = 0.2
ANSWER_SECONDS = 10.0
REQUEST = b"GET /v1/snapshot HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n"

log = logging.getLogger(__name__)


async def keep_beating(service: Service, decided: asyncio.Event, api: Path, clock: Clock) -> None:
    """Beat for as long as `decided` is set again and again and HTTP is answered on the Unix socket `api`.

    What the answer says does not matter: an engine that records and cannot say it would not get better by an end.
    """
    while True:
        decided.clear()
        await decided.wait()
        if answers := await _answers(api):
            service.beat()
        await clock.sleep(BEAT_SECONDS if answers else LOOK_SECONDS)


async def _answers(api: Path) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_unix_connection(api)
            try:
                writer.write(REQUEST)
                return (await reader.read(7)).startswith(b"HTTP/1.")
            finally:
                writer.close()
    except OSError as error:  # a limit that has passed is one, too
        log.warning("the engine's API does not answer: %r", error)
        return False
