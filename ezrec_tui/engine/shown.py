"""What the screen's snapshot says in a word or two. Pure."""

from collections.abc import Sequence

from ezrec_tui.bookings.schedule import Schedule
from ezrec_tui.config import Settings
from ezrec_tui.engine.session import Session
from ezrec_tui.model import Alert, Banner, CameraState, CameraStatus, Level, RecordingState, Setup
from ezrec_tui.video.method import NOT_CALIBRATED, settle


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


def setup(settings: Settings, calibrated: bool) -> Setup:
    """How the venue is set up, and what of it cannot be had; `calibrated`: there is a rig file."""
    width, height = settings.resolution
    cameras = 2 if settings.dual_camera_mode else 1
    no_rig = None if calibrated else NOT_CALIBRATED
    method, reasons = settle(settings.merge_method, width, settings.overlap, cameras, no_rig)
    return Setup(
        width=width,
        height=height,
        fps=settings.recording_fps,
        bitrate=settings.recording_bitrate,
        method=method,
        asked=settings.merge_method,
        fallbacks=reasons,
    )
