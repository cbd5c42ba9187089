"""Where one camera's frames lie between another's, and how the two drift apart. Pure.

An offset is that of the second camera behind the first: positive where its frames are exposed later. It is one of
nearest frames, so it lies within half a frame interval either way; a whole frame apart is no offset at all.
"""

import cmath
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from ezrec_tui.model import NS, Manifest, Segment

JOINED = 1.5
"""Frame intervals between two segments up to which the camera ran on, and was not opened again."""


def phase_ns(differences_ns: Iterable[int], fps: int) -> float | None:
    """The offset that these differences of sensor times have in common; None without any.

    Each may be out by any number of whole frames. It is their median on the circle of one frame interval, so that
    stray values and those at its ends (+0.49 and -0.49 of a frame) do no harm.
    """
    interval_ns = NS / fps
    differences = list(differences_ns)
    if not differences:
        return None
    middle = cmath.phase(sum(cmath.exp(2j * math.pi * (d % interval_ns) / interval_ns) for d in differences))
    middle_ns = middle / (2 * math.pi) * interval_ns
    around = median(_wrapped(d - middle_ns, interval_ns) for d in differences)
    return _wrapped(middle_ns + around, interval_ns)


def offset_ms(segments: Sequence[Segment], manifest: Manifest) -> float | None:
    """The offset over a whole recording, in ms: the median at the ends of the second camera's segments."""
    first, second = _pair(segments, manifest)
    offset_ns = phase_ns(_differences(first, second), manifest.fps)
    return None if offset_ns is None else round(offset_ns / 1e6, 3)


def drift_ppm(segments: Sequence[Segment], manifest: Manifest) -> float | None:
    """How much longer the second camera's frame interval is than the first's, in millionths; None without footage."""
    intervals_ns = [_interval_ns(mine, manifest.fps) for mine in _pair(segments, manifest)]
    if intervals_ns[0] is None or intervals_ns[1] is None:
        return None
    return round((intervals_ns[1] / intervals_ns[0] - 1) * 1e6, 1)


def _wrapped(value: float, interval: float) -> float:
    return (value + interval / 2) % interval - interval / 2


def _pair(segments: Sequence[Segment], manifest: Manifest) -> tuple[list[Segment], list[Segment]]:
    """Segments of the first and of the second camera; nothing when there are not two."""
    cameras = [count.camera for count in manifest.cameras]
    if len(cameras) != 2:
        return [], []
    first, second = ([s for s in segments if s.camera == camera] for camera in cameras)
    return first, second


def _differences(first: Sequence[Segment], second: Sequence[Segment]) -> Iterator[int]:
    """Of each end of the second camera's segments to the nearest end of the first's, where both ran."""
    begins = [segment.first_ns for segment in first]
    for ns in (ns for segment in second for ns in (segment.first_ns, segment.last_ns)):
        at = bisect_right(begins, ns) - 1
        if at >= 0 and ns <= first[at].last_ns + NS:
            yield min(ns - first[at].first_ns, ns - first[at].last_ns, key=abs)


def _interval_ns(segments: Sequence[Segment], fps: int) -> float | None:
    """The measured frame interval of one camera, over all that it recorded without being opened again."""
    span_ns = count = 0
    last_ns: int | None = None
    for segment in segments:
        from_ns = segment.first_ns
        if last_ns is not None and 0 < segment.first_ns - last_ns <= JOINED * NS / fps:
            from_ns = last_ns
        span_ns += segment.last_ns - from_ns
        count += round((segment.last_ns - from_ns) * fps / NS)
        last_ns = segment.last_ns
    return span_ns / count if count else None
