"""The viewfinder of a camera: its newest picture for those who look, taken more often while somebody does."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ezrec_tui.cameras.picture import Plane, grey_preview
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS

BRISK_NS = NS // 5
"""Between two pictures while somebody looks,"""
PATIENCE_NS = 3 * NS
"""which is so long after each time that one was asked for."""
EARLY_NS = NS // 60
"""A frame may be so much too early for that: half an interval at 30 a second."""
MIDDLE_WIDTH, MIDDLE_HEIGHT = 512, 384


@dataclass(frozen=True, slots=True)
class View:
    """A picture, as far as a viewer needs it; copies of its luma."""

    sensor_ns: int
    grey: Plane
    """All of it, (height, width), at most 320 wide."""
    middle: Plane
    """Its middle as it is recorded, (height, width), at most 512x384."""


def view_of(sensor_ns: int, luma: Plane, grey: Plane | None = None) -> View:
    """Of a whole luma plane; `grey` is given by cameras that make it themselves."""
    height, width = luma.shape
    top, left = max(0, height - MIDDLE_HEIGHT) // 2, max(0, width - MIDDLE_WIDTH) // 2
    middle = luma[top : top + MIDDLE_HEIGHT, left : left + MIDDLE_WIDTH]
    return View(sensor_ns, grey_preview(luma) if grey is None else grey, middle.copy())


class Viewfinder:
    """Between the camera's thread, which puts views in, and a viewer's, which asks for them.

    The condition guards the newest view.
    """

    def __init__(self, now: Callable[[], int] = sensor_ns) -> None:
        self._now = now
        self._condition = threading.Condition()
        self._newest: View | None = None
        self._asked_ns: int | None = None

    @property
    def newest(self) -> View | None:
        return self._newest

    @property
    def wanted(self) -> bool:
        """Whether somebody looks."""
        return self._asked_ns is not None and self._now() - self._asked_ns < PATIENCE_NS

    def is_due(self, sensor_ns: int) -> bool:
        """Whether a frame exposed then is one to put in, while frames come faster than anybody looks."""
        return self.wanted and (self._newest is None or sensor_ns - self._newest.sensor_ns >= BRISK_NS - EARLY_NS)

    def put(self, view: View) -> None:
        with self._condition:
            self._newest = view
            self._condition.notify_all()

    def ask(self, after_ns: int, seconds: float) -> View | None:
        """The newest view, which was exposed after this; waits so long for one."""
        self._asked_ns = self._now()

        def found() -> View | None:
            return self._newest if self._newest is not None and self._newest.sensor_ns > after_ns else None

        with self._condition:
            return self._condition.wait_for(found, timeout=seconds)
