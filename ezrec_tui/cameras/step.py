"""Two cameras in step: the Pi's own synchronisation in software, where libcamera has it. Pure."""

import logging
from collections.abc import Mapping
from typing import Any

from ezrec_tui.model import NS

SERVER, CLIENT = 1, 2
"""Values of SyncMode: one camera sets the pace, the others follow it, over multicast."""

log = logging.getLogger(__name__)


def synchronising(index: int, offered: Mapping[str, Any]) -> dict[str, object]:
    """The controls that put a camera in step: the left one sets the pace. Empty where there is no such control."""
    return {"SyncMode": SERVER if index == 0 else CLIENT} if "SyncMode" in offered else {}


class Step:
    """Whether a camera is in step with the other one. No frame waits for it: it may never come to be."""

    LIMIT_NS = 10 * NS
    """After so long without, it is said: the cameras are filmed and paired as they are."""

    def __init__(self, serial: str) -> None:
        self.reached = False
        self._serial = serial
        self._since_ns: int | None = None
        self._said = False

    def see(self, sensor_ns: int, ready: bool) -> None:
        """What a frame's metadata says."""
        if self._since_ns is None:
            self._since_ns = sensor_ns
        waited_ns = sensor_ns - self._since_ns
        if ready and not self.reached:
            log.info("camera %s is in step with the other after %.1f s", self._serial, waited_ns / NS)
            self.reached = True
        elif not self.reached and not self._said and waited_ns >= self.LIMIT_NS:
            log.warning(
                "camera %s is not in step with the other after %d s; it goes on without", self._serial, waited_ns // NS
            )
            self._said = True
