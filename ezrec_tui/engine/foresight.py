"""Warnings ahead of time: a camera that is not well 24 hours, 1 hour and 10 minutes before a booking. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ezrec_tui.engine.notices import Notice
from ezrec_tui.model import NS, Booking, CameraState, CameraStatus, HealthItem, Level

LEADS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))
"""Before a booking; told again at each."""
UNWELL_NS = 20 * NS
"""A camera that is not well for so long is not just starting."""
MISSING_NS = 10 * NS
"""A camera that is being recorded is back within this, or it is missing."""
WELL_NS = 10 * NS
"""One that is well for so long has not just been started again."""
WELL = frozenset({CameraState.IDLE, CameraState.ARMED, CameraState.RECORDING})
TO_DO = "check the camera's cable and power; this goes away by itself when the camera is back"


@dataclass
class _Pulse:
    since_ns: int
    """Since when it is well, or not."""
    well: bool
    unwell_ns: int | None = None
    """Since when it was not well for long enough to be sure of it."""


class Pulses:
    """Which cameras are not well: for a while, so that a restart or a stumble is not one."""

    def __init__(self, unwell_ns: int = UNWELL_NS, well_ns: int = WELL_NS) -> None:
        self._unwell_ns, self._well_ns = unwell_ns, well_ns
        self._pulses: dict[int, _Pulse] = {}

    def look(self, cameras: Sequence[CameraStatus], now_ns: int) -> dict[int, str]:
        """The cameras that are not well, and why. Ask often."""
        unwell: dict[int, str] = {}
        for camera in cameras:
            well = camera.state in WELL
            pulse = self._pulses.setdefault(camera.index, _Pulse(now_ns, well))
            if pulse.well is not well:
                pulse.well, pulse.since_ns = well, now_ns
            if not well and pulse.unwell_ns is None:
                pulse.unwell_ns = now_ns
            if well and now_ns - pulse.since_ns >= self._well_ns:
                pulse.unwell_ns = None
            if pulse.unwell_ns is not None and now_ns - pulse.unwell_ns >= self._unwell_ns:
                unwell[camera.index] = camera.error or "it gives no picture"
        return unwell


def item(unwell: Mapping[int, str]) -> HealthItem:
    """All cameras in one, given those that are not well, and why."""
    detail = "; ".join([f"camera {camera + 1}: {why}" for camera, why in sorted(unwell.items())])
    level = Level.FAILED if unwell else Level.OK
    return HealthItem(key="cameras", level=level, detail=f"{detail}; {TO_DO}" if unwell else "")


def lead_of(start: datetime, now: datetime) -> timedelta | None:
    """The shortest lead that has begun for a booking that starts later; None before them all, and once it started."""
    left = start - now
    return next((lead for lead in LEADS if timedelta(0) < left <= lead), None)


def ahead(upcoming: Iterable[Booking], unwell: Mapping[int, str], now: datetime) -> list[Notice]:
    """What is to be told of bookings to come, in the order given, the camera that is not well in each."""
    told: list[Notice] = []
    for booking in upcoming if unwell else ():
        lead = lead_of(booking.start, now)
        for camera, why in sorted(unwell.items()) if lead else ():
            what = f"{booking.label} starts in less than {_words(lead)} and camera {camera + 1} is not well: {why}"
            level = Level.FAILED if lead == LEADS[0] else Level.WARNING
            topic = f"ahead:{booking.id}:{camera}:{_words(lead)}"
            told.append(Notice(topic, level, what, TO_DO, booking.id, once=True))
    return told


def missing_now(running: Iterable[tuple[str, str]], unwell: Mapping[int, str]) -> list[Notice]:
    """What is to be told of recordings under way, given as booking id and label."""
    return [
        Notice(
            f"missing:{booking_id}:{camera}",
            Level.FAILED,
            f"camera {camera + 1} is missing in the recording of {label}: {why}",
            "check the camera's cable and power; it goes on in the same recording by itself when it is back",
            booking_id,
        )
        for booking_id, label in running
        for camera, why in sorted(unwell.items())
    ]


def _words(lead: timedelta | None) -> str:
    return {LEADS[0]: "10 minutes", LEADS[1]: "1 hour", LEADS[2]: "24 hours"}.get(lead or LEADS[2], "")
