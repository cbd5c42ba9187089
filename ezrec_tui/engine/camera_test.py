"""The camera test, decided: whether one may begin, and whether what came of it is all right. Pure."""

from collections.abc import Mapping, Sequence

from ezrec_tui.check.findings import Decoded
from ezrec_tui.model import NS, CameraCount, CameraState, CameraStatus, CameraTestResult, Segment
from ezrec_tui.plural import plural

TOLERATED = 0.02
"""Part of the frames that may be missing, and by which the rate may be off."""
RUNS = (CameraState.ARMED, CameraState.RECORDING)
"""A camera in one of these states gives frames."""
TEST_AGAIN = "check the camera's cable, then test again"


def hindrance(
    recording: str | None, next_one: str | None, full: bool, under_way: str, to_do: str = "test the cameras"
) -> str:
    """Why the cameras may not be looked at now; empty if they may.

    `recording`, `next_one`: what people call these bookings; `under_way`: what is (see `waits_for`); `to_do`: what was
    asked for.
    """
    if recording is not None:
        return f"{recording} is being recorded: {to_do} when it is over"
    if next_one is not None:
        return f"{next_one} begins within a minute: {to_do} when it is over"
    if full:
        return "the disk is full: make room on it first"
    return under_way


def waits_for(testing: bool, calibrating: bool) -> str:
    """What has to end before the cameras are looked at; empty if nothing has."""
    if testing:
        return "a camera test is running: wait for its result"
    if calibrating:
        return "a calibration is running: wait for its result"
    return ""


def failed(index: int, serial: str, problem: str) -> CameraTestResult:
    """Of a camera of which nothing can be said."""
    return CameraTestResult(index=index, serial=serial, ok=False, problem=problem)


def judge(
    status: CameraStatus,
    complaint: str,
    count: CameraCount,
    segments: Sequence[Segment],
    decoded: Mapping[str, Decoded] | None,
    fps: int,
) -> CameraTestResult:
    """The result of one camera.

    `status`: as it was when recording began; `complaint`: of its recorder; `segments`: of this camera, and what
    decoding them gave, by name, None when that failed; `fps`: as it is set.
    """
    longest = max(segments, key=lambda segment: segment.frames, default=None)
    rate = _rate(longest) if longest else 0.0
    problem = _problem(status, complaint, count, segments, decoded, rate, fps)
    return CameraTestResult(
        index=status.index,
        serial=status.serial,
        ok=not problem,
        problem=problem,
        fps=round(rate, 2),
        expected=count.expected,
        written=count.expected - count.missing,
        dropped=count.missing,
        bitrate=round(longest.bytes * 8 * rate / longest.frames) if longest else 0,
    )


def _problem(
    status: CameraStatus,
    complaint: str,
    count: CameraCount,
    segments: Sequence[Segment],
    decoded: Mapping[str, Decoded] | None,
    rate: float,
    fps: int,
) -> str:
    """What is wrong and what to do, the gravest first; empty when all is well."""
    if status.state not in RUNS:
        return f"no picture ({status.error or 'the camera does not start'}): {TEST_AGAIN}"
    if complaint:
        return complaint
    if not segments:
        return f"nothing was recorded: {TEST_AGAIN}"
    if count.missing > count.expected * TOLERATED:
        return f"{count.missing} of {count.expected} frames are missing: {TEST_AGAIN}"
    if abs(rate - fps) > fps * TOLERATED:
        return f"{rate:.1f} frames a second instead of {fps}: set RECORDING_FPS to what the camera can do"
    if decoded is None:
        return "what it recorded could not be looked at: test again, and look into the log if it stays so"
    broken = sum(max(0, segment.frames - _frames(decoded, segment)) for segment in segments)
    if broken:
        return (
            f"{broken} recorded {plural(broken, 'frame', 'frames')} cannot be decoded:"
            " look at the disk and at the camera's cable, then test again"
        )
    return ""


def _rate(segment: Segment) -> float:
    """Frames a second."""
    span_ns = segment.last_ns - segment.first_ns
    return (segment.frames - 1) * NS / span_ns if span_ns > 0 else 0.0


def _frames(decoded: Mapping[str, Decoded], segment: Segment) -> int:
    return decoded[segment.name].frames if segment.name in decoded else 0
