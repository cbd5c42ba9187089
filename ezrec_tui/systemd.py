"""What a service tells systemd that started it (the protocol of sd_notify), in two words."""

import contextlib
import socket
from collections.abc import Mapping


class Service:
    """Started by systemd with Type=notify and WatchdogSec=, or by anybody else: then there is nobody to be told."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._ready = False

    def beat(self) -> None:
        """Call it from the loop that has to be alive, every few seconds; the first time says that all is ready.

        A systemd that cannot be reached is not an error here: what it does not hear, it acts upon.
        """
        state = "WATCHDOG=1" if self._ready else "READY=1"
        self._ready = True
        if self._address:
            with (
                contextlib.suppress(OSError),
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to,
            ):
                to.sendto(state.encode(), self._address)
