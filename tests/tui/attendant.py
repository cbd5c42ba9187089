"""Pressing keys on a screen of this process: which there are, and what a key would do where the screen is now."""

import asyncio

from textual import events

from ezrec_tui.tui.actions import ACTS
from ezrec_tui.tui.app import ScreenApp
from ezrec_tui.tui.screens.dialogs import Dialog

LIMIT = 120.0
"""Seconds after which what is waited for will not come."""

WRITTEN = {"space": " ", "plus": "+", "minus": "-"}
"""What the keys write that have a name."""

KEYS = (
    *sorted({act.key for act in ACTS}),
    *("enter", "escape", "up", "down", "left", "right", "tab", "shift+tab", "pageup", "pagedown", "home", "end"),
    *("s", "S", "y", "x", "q", "space", "backspace", "ctrl+c", "ctrl+q", "ctrl+z", "ctrl+p", "f11", "f12", "insert"),
    *("ñ", "1", "2", "3", "4", "5", "6", "7", "0", "f8", "f8", "s", "f3", "f10"),
)


async def strike(app: ScreenApp, key: str) -> None:
    """Press a key and wait until the app and then its screen have dealt with it, and no longer."""
    app.post_message(events.Key(key, WRITTEN.get(key, key if len(key) == 1 else None)))
    for pump in (app, app.screen):
        dealt = asyncio.Event()
        if pump.call_later(dealt.set):
            await asyncio.wait_for(dealt.wait(), LIMIT)


def title(app: ScreenApp) -> str | None:
    """What the open dialog asks; empty until it is drawn, None when there is none."""
    if not isinstance(app.screen, Dialog):
        return None
    shown = app.screen.query("#title")
    return str(shown.first().render()).strip() if shown else ""
