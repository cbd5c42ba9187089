"""What became of a recording's frames: pure, from its segments.

    expected = written within the span + missing
    missing  = before the first frame + gaps between frames + after the last one
    gaps     = dropped (the sensor gave nothing) + captured, but not written

Gaps are counted between neighbours, each in whole frame intervals, so that a sensor that runs a little fast or slow
makes no frame appear or vanish in an hour.
"""

import math
from collections.abc import Sequence

from ezrec_tui.model import NS, CameraCount, Manifest, Segment

ROUNDING = 0.001
"""Of a frame interval: PTS that were read from a file are rounded to 90 kHz."""


def intervals(span_ns: int, fps: int) -> int:
    """Frame intervals in a span, to the nearest."""
    return round(span_ns * fps / NS)


def complete_segment(segment: Segment, fps: int) -> Segment:
    """A segment that was not counted when it was written (a kill left it open) counts what it holds."""
    if segment.captured:
        return segment
    expected = max(segment.frames, intervals(segment.last_ns - segment.first_ns, fps) + 1)
    return segment.model_copy(
        update={
            "expected": expected,
            "captured": segment.frames,
            "encoded": segment.frames,
            "dropped": expected - segment.frames,
        }
    )


def count_frames(camera: CameraCount, segments: Sequence[Segment], manifest: Manifest) -> CameraCount:
    """A camera's account of a recording, from all its segments in time order. `camera`: what its recorder counted."""
    mine = [complete_segment(segment, manifest.fps) for segment in segments if segment.camera == camera.camera]
    written, gaps = _written_and_gaps(mine, manifest.fps)
    captured = max(camera.captured, sum(segment.captured for segment in mine), written)
    encoded = max(camera.encoded, sum(segment.encoded for segment in mine), written)
    counted = camera.model_copy(
        update={
            "captured": captured,
            "dropped": max(0, gaps - (captured - written)),
            "encoded": min(encoded, captured),
            "written": written,
            "bytes": sum(segment.bytes for segment in mine),
        }
    )
    return counted.model_copy(
        update=_account_of_span([s for segment in mine if (s := _clipped(segment, manifest))], manifest)
    )


def _account_of_span(segments: Sequence[Segment], manifest: Manifest) -> dict[str, object]:
    """What was to be there from the start to the end; `segments` lie within."""
    if not segments:
        all_of_it = intervals(manifest.end_ns - manifest.start_ns, manifest.fps)
        return {"expected": all_of_it, "missing": all_of_it, "start_late": None, "stop_late": None}
    written, gaps = _written_and_gaps(segments, manifest.fps)
    start_late = (segments[0].first_ns - manifest.start_ns) * manifest.fps / NS
    stop_late = (segments[-1].last_ns - manifest.end_ns) * manifest.fps / NS
    before = max(0, math.floor(start_late + ROUNDING))
    after = max(0, math.ceil(-stop_late - ROUNDING) - 1)
    missing = before + gaps + after
    return {
        "expected": written + missing,
        "missing": missing,
        "start_late": round(start_late, 2),
        "stop_late": round(stop_late, 2),
    }


def _clipped(segment: Segment, manifest: Manifest) -> Segment | None:
    """The part of a segment that lies within the recording's span, to the frame; None without any.

    Frames missing in a segment that is cut are taken to lie within the span.
    """
    if segment.last_ns < manifest.start_ns or segment.first_ns >= manifest.end_ns:
        return None
    interval_ns = NS / manifest.fps
    before = max(0, math.ceil((manifest.start_ns - segment.first_ns) / interval_ns - ROUNDING))
    after = max(0, math.floor((segment.last_ns - manifest.end_ns) / interval_ns + ROUNDING) + 1)
    if before + after == 0:
        return segment
    return segment.model_copy(
        update={
            "first_ns": segment.first_ns + round(before * interval_ns),
            "last_ns": segment.last_ns - round(after * interval_ns),
            "frames": max(1, segment.frames - before - after),
        }
    )


def _written_and_gaps(segments: Sequence[Segment], fps: int) -> tuple[int, int]:
    """Different frames in segments of one camera, and frames missing within and between them."""
    written = gaps = 0
    last_ns: int | None = None
    for segment in segments:
        written += segment.frames
        gaps += max(0, intervals(segment.last_ns - segment.first_ns, fps) + 1 - segment.frames)
        if last_ns is not None:
            between = intervals(segment.first_ns - last_ns, fps) - 1
            gaps += max(0, between)
            written += min(0, between)  # two segments may share frames
        last_ns = segment.last_ns
    return written, gaps
