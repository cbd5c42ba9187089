"""Opens the screen on this terminal. The rest of the program need not know how it is drawn."""

import asyncio
import contextlib
import logging
import os
import pwd
import select
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from logging.handlers import SysLogHandler
from pathlib import Path

SYSTEM_LOG = Path("/dev/log")

LONGEST_VIEWER = 200
"""Characters that the engine takes of a viewer's name."""

CUT_SECONDS = 1.0
"""Between two looks whether the terminal is still there."""


def run_screen(
    socket: Path,
    *,
    kiosk: bool = False,
    read_only: bool = False,
    language: str | None = None,
    beside: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Show the engine on `socket` until the viewer quits or SIGTERM comes; then the terminal is as it was.

    In `kiosk` there is no way out but SIGTERM and the venue's PIN, if there is one; its log goes to the system's, as
    nothing that is printed on its console stays. A `read_only` screen changes nothing. `language` is `en` or `es`;
    without one the engine's is spoken. What is given as `beside` runs along with the screen, and the screen ends when
    it does; it is cancelled when the viewer quits first. Raises SystemExit with status 1 when the screen broke.
    """
    # Shift+F8 comes as a space with the Kitty protocol's fallback on a console, and would press what has the focus.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from ezrec_tui.client import EngineClient
    from ezrec_tui.clock import SystemClock
    from ezrec_tui.console.front import console_number, stay_in_front
    from ezrec_tui.console.loaded import loaded_characters
    from ezrec_tui.systemd import Service
    from ezrec_tui.tui.app import ScreenApp
    from ezrec_tui.tui.profile import choose_profile, console_set_up, console_torn_down

    profile = choose_profile(os.environ, loaded_characters(sys.stderr.fileno()))
    viewer = viewer_name(os.environ)
    if kiosk and SYSTEM_LOG.is_socket():
        logging.getLogger().addHandler(SysLogHandler(str(SYSTEM_LOG)))
    terminal = sys.stderr.fileno()
    console = console_number(terminal) if profile.is_console else None
    service = Service(os.environ)

    def beat() -> None:
        service.beat()
        if kiosk and console is not None:
            stay_in_front(terminal, console)

    app = ScreenApp(
        EngineClient(socket, viewer),
        SystemClock(),
        profile,
        kiosk=kiosk,
        read_only=read_only,
        language=language,
        viewer=viewer,
        beat=beat,
    )

    async def show() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, app.exit)
        watch = asyncio.create_task(_end_with(terminal))
        companion = asyncio.ensure_future(beside()) if beside else None
        if companion is not None:
            companion.add_done_callback(lambda _: app.exit())
        await app.run_async(mouse=False)
        watch.cancel()
        if companion is not None:
            companion.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await companion

    if console is not None:
        _write(console_set_up(profile))
    try:
        asyncio.run(show())
    finally:
        if console is not None:
            # A console keeps the last picture: a screen that has gone must not look alive.
            _write(console_torn_down())
    if app.return_code:
        raise SystemExit(app.return_code)


def viewer_name(environment: Mapping[str, str]) -> str:
    """Who sits before this terminal, as far as the machine knows: its user, and from where over SSH."""
    user = environment.get("USER") or environment.get("LOGNAME") or pwd.getpwuid(os.getuid()).pw_name
    address, *_ = environment.get("SSH_CONNECTION", "").split() or [""]
    return (f"{user} from {address}" if address else user)[:LONGEST_VIEWER]


async def _end_with(terminal: int) -> None:
    """End the process when its terminal is gone and no SIGHUP came with that: nobody can see the screen or leave it,
    and it would read and draw for ever."""
    poll = select.poll()
    poll.register(terminal, 0)
    while not any(event & select.POLLHUP for _, event in poll.poll(0)):
        await asyncio.sleep(CUT_SECONDS)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.raise_signal(signal.SIGHUP)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
