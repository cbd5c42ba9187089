"""Keys that the kernel takes before any program sees them, undone: no privilege is needed for one's own console."""

import array
import fcntl
import os
import termios

VT_GETSTATE, VT_ACTIVATE = 0x5603, 0x5606
"""linux/vt.h."""


def console_number(terminal: int) -> int | None:
    """Which virtual console of the kernel is behind the descriptor; None when none is, whatever TERM claims."""
    if not os.isatty(terminal):
        return None
    name = os.ttyname(terminal).removeprefix("/dev/tty")
    return int(name) if name.isdigit() else None


def stay_in_front(terminal: int, number: int) -> None:
    """Bring the process's own console back to the front (Alt+Fn) and let its picture go on (Scroll Lock).

    Raises OSError when the descriptor is not the console that this process is led by.
    """
    termios.tcflow(terminal, termios.TCOOFF)
    termios.tcflow(terminal, termios.TCOON)
    state = array.array("H", [0, 0, 0])
    fcntl.ioctl(terminal, VT_GETSTATE, state)
    if state[0] != number:
        fcntl.ioctl(terminal, VT_ACTIVATE, number)
