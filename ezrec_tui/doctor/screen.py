"""Whether the screen works: it is started as the kiosk starts it, on a pseudo-terminal, and what it draws is read."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ezrec_tui.doctor.checks import Failed, Found

SIZE = (120, 33)
"""Columns and rows."""
END_SECONDS = 10.0
LOOK_SECONDS = 0.2
SEE = "start `ezrec` on a terminal, and see what it says"
RECENT = 1 << 18
"""So much of what was drawn last is looked at, in bytes."""

CONTROL = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[@-Z\\-_=>])", re.DOTALL
)
"""Sequences that set colours, move the cursor, or ask the terminal something."""


def look_at_screen(socket: Path, shows: str, folder: Path, environment: Mapping[str, str], seconds: float) -> Found:
    """Open the screen on the engine of `socket`, wait until it shows that text, and end it as systemd would.

    `folder` is where it runs; a `.env` there counts. Raises Failed.
    """
    began = time.monotonic()
    with _screen(socket, folder, environment) as (process, terminal):
        drawn = b""
        while shows not in text_of(drawn):
            if time.monotonic() - began > seconds:
                raise Failed(f"it did not show the engine's state within {seconds:g} s", SEE)
            if not select.select([terminal], [], [], LOOK_SECONDS)[0]:
                continue
            if not (more := _read(terminal)):
                raise Failed(f"it ended by itself: {_last_line(drawn)}", SEE)
            drawn = (drawn + more)[-RECENT:]
        took = time.monotonic() - began
        process.terminate()
        status = _wait(process, terminal)
    if status is None:
        raise Failed(f"it did not end within {END_SECONDS:g} s", "restart the service ezrec-kiosk")
    if status:
        raise Failed(f"it ended with status {status}", SEE)
    return Found(f"it showed the engine's state after {took:.1f} s, and ended")


def text_of(drawn: bytes) -> str:
    """What was drawn, without the terminal's control sequences."""
    return CONTROL.sub(b" ", drawn).decode(errors="replace")


@contextmanager
def _screen(
    socket: Path, folder: Path, environment: Mapping[str, str]
) -> Generator[tuple["subprocess.Popen[bytes]", int]]:
    """The screen's process and our end of its terminal; neither is left behind. Raises Failed."""
    try:
        ours, its = pty.openpty()
    except OSError as error:
        raise Failed(f"no terminal can be opened for it: {error}", "look whether /dev/pts is mounted") from error
    try:
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "ezrec_tui", "--kiosk", "--read-only"],
            stdin=its, stdout=its, stderr=its, cwd=folder, start_new_session=True,
            env={**environment, "EZREC_SOCKET": str(socket), "TERM": "xterm-256color"},
        )  # fmt: skip
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(its)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _wait(process: "subprocess.Popen[bytes]", terminal: int) -> int | None:
    """Its exit status; it is read from meanwhile, as it says good-bye to the terminal. None: it does not end."""
    deadline = time.monotonic() + END_SECONDS
    while process.poll() is None:
        if time.monotonic() > deadline:
            return None
        if select.select([terminal], [], [], LOOK_SECONDS)[0]:
            _read(terminal)
    return process.returncode


def _read(terminal: int) -> bytes:
    """Empty when nobody is at the other end any more: Linux makes an error of that."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def _last_line(drawn: bytes) -> str:
    lines = [line.strip() for line in text_of(drawn).splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"
