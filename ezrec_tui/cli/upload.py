"""`ezrec upload`: one file to the store, as the videos of bookings go there."""

import random
import signal
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ezrec_tui.cli.bar import Bar
from ezrec_tui.cli.common import AsJson, Failure, print_json, say, settings
from ezrec_tui.model import Progress

if TYPE_CHECKING:
    from ezrec_tui.delivery.store import Store, Stored

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds between two tries while the line is down: doubled each time, with jitter."""


def upload(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, show_default=False)],
    key: Annotated[
        str, typer.Option(help="Its name in the store, like ana/2026-11-23/match.mp4.", show_default=False)
    ] = ...,  # pyright: ignore[reportArgumentType]
    wait: Annotated[
        float, typer.Option(min=0, metavar="MINUTES", help="How long to go on trying while nothing gets through.")
    ] = 10,
    as_json: AsJson = False,
) -> None:
    """Bring a file to the store: now, whatever UPLOAD_HOURS says, and never over another one.

    Ctrl-C ends it; the same command goes on where it was.
    """
    from ezrec_tui.delivery.store import AlreadyThere, Refused, Stopped, Unreachable, open_store

    _require_usable(key)
    chosen = settings()
    try:
        store = open_store(chosen, chosen.ezrec_data_dir.absolute())
        with _stop_by_signal() as stop, Bar(file.name) as bar:
            stored = _put(store, file.absolute(), key, wait * 60, bar, stop)
    except Stopped:
        raise Failure("stopped: the same command goes on where it was") from None
    except Unreachable as error:
        raise Failure(f"{error.what} The same command goes on where it was.") from error
    except AlreadyThere as error:
        raise Failure(f"{error.what} Choose another --key, or move that one away.") from error
    except Refused as error:
        raise Failure(str(error)) from error
    if as_json:
        sums = {"bytes": stored.size, "sent": stored.moved, "sha256": stored.checksum}
        print_json({"key": stored.key, "url": stored.url, **sums})
    else:
        there = "" if stored.moved else ", of which nothing had to be sent"
        say(f"{stored.url}: {stored.size} bytes{there}")


def _put(store: "Store", file: Path, key: str, wait: float, bar: Bar, stop: threading.Event) -> "Stored":
    """Raises Refused, Stopped; Unreachable when nothing has got through for `wait` seconds."""
    from ezrec_tui.delivery.store import Stopped, Unreachable

    delay, got_through_at, done = FIRST_WAIT, time.monotonic(), 0.0

    def on_progress(progress: Progress) -> None:
        nonlocal delay, got_through_at, done
        if progress.done > done:
            delay, got_through_at, done = FIRST_WAIT, time.monotonic(), progress.done
        bar.show(progress)

    while True:
        try:
            return store.put(file, key, on_progress=on_progress, should_stop=stop.is_set)
        except Unreachable as error:
            if time.monotonic() - got_through_at >= wait:
                raise
            say(str(error))
        if stop.wait(delay * random.uniform(0.5, 1)):
            raise Stopped
        delay = min(2 * delay, LONGEST_WAIT)


@contextmanager
def _stop_by_signal() -> Generator[threading.Event]:
    """Ctrl-C and SIGTERM end the upload in order, at once."""
    stop = threading.Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _require_usable(key: str) -> None:
    if not all(part not in ("", ".", "..") and part.isprintable() for part in key.split("/")):
        raise typer.BadParameter("write it as parts with a slash between, like ana/2026-11-23/match.mp4")
