"""`ezrec logs`: what was logged, over all files of the log and while it grows."""

import time
from collections import deque
from typing import Annotated

import typer

from ezrec_tui.cli.common import Failure, say, settings
from ezrec_tui.folders import Folders
from ezrec_tui.log_lines import LogLine, follow, plain, read_all

LOOK_SECONDS = 0.25
FIRST_LINES = 20
"""Shown before those that come."""


def logs(
    booking: Annotated[
        str | None, typer.Option("--booking", help="Only what is about this booking.", show_default=False)
    ] = None,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl+C.")] = False,
    lines: Annotated[
        int | None,
        typer.Option("--lines", "-n", min=0, help="Only so many of the last; with -f 20.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON document a line.")] = False,
) -> None:
    """What was logged, the oldest first; it needs no engine."""
    chosen = settings()
    folder = Folders(chosen.ezrec_data_dir, chosen.timezone).logs
    if not folder.is_dir():
        raise Failure(f"there is no log ({folder}): nothing has run here yet, or EZREC_DATA_DIR is another folder")

    def show(line: LogLine) -> None:
        print(line.written() if as_json else plain(line, chosen.timezone), flush=following)

    def is_wanted(line: LogLine) -> bool:
        return booking is None or line.booking == booking

    if not following:
        wanted = filter(is_wanted, read_all(folder))
        for line in wanted if lines is None else deque(wanted, lines):
            show(line)
        return
    held = deque[LogLine](maxlen=FIRST_LINES if lines is None else lines)
    goes_by = held.append

    def wait() -> bool:
        nonlocal goes_by
        while held:
            show(held.popleft())
        goes_by = show
        time.sleep(LOOK_SECONDS)
        return True

    try:
        for line in filter(is_wanted, follow(folder, wait)):
            goes_by(line)
    except KeyboardInterrupt:
        say("")
