"""What the screen's snapshot says in a word or two. Pure."""

from collections.abc import Sequence

from ezrec_tui.bookings.schedule import Schedule
from ezrec_tui.engine.session import Session
from ezrec_tui.model import Alert, Banner, CameraState, CameraStatus, Level, RecordingState


def banner(
    running: Sequence[Session], cameras: Sequence[CameraStatus], plans: Schedule, alerts: Sequence[Alert]
) -> Banner:
    """The state of the whole venue: what somebody has to look at goes before what goes on."""
    states = {session.state for session in running}
    if any(session.held_ns is not None for session in running):
        return Banner.ALERT
    if RecordingState.RECORDING in states:
        failing = any(camera.state in (CameraState.LOST, CameraState.STALLED) for camera in cameras)
        return Banner.ALERT if failing else Banner.RECORDING
    if RecordingState.STARTING in states:
        return Banner.STARTING
    if states:
        return Banner.FINISHING
    if any(alert.level is Level.FAILED for alert in alerts):
        return Banner.ALERT
    return Banner.ARMED if plans.arming else Banner.IDLE
