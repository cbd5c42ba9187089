"""A few pictures out of a recording, to look at: from its whole length, and without reading all of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ezrec_tui.jobs.plan import in_their_places
from ezrec_tui.model import Segment
from ezrec_tui.recording_files import find_segments, read_manifest
from ezrec_tui.video.errors import VideoError
from ezrec_tui.video.stills import Scenes, gather


def scenes_of(
    folder: Path, count: int, widest: int | None = None, go_on: Callable[[], bool] = lambda: True
) -> tuple[Scenes, tuple[str, str]]:
    """At most `count` moments of a recording, and the serials of its cameras, left and right; it may still run.

    `widest` and `go_on` are `stills.gather`'s. Raises RecordingError, VideoError, OSError.
    """
    manifest = read_manifest(folder)
    segments = manifest.segments if manifest.finalised else find_segments(folder)
    cameras = in_their_places(manifest)
    chosen = some(segments, [camera.camera for camera in cameras], count)
    if len(chosen) < 2 or not all(chosen):
        raise VideoError(f"{folder}: has no footage of two cameras; take a recording that has")
    left, right = (tuple(folder / segment.name for segment in side) for side in chosen)
    scenes = gather(left, right, common_clock=True, count=count, widest=widest, go_on=go_on)
    return scenes, (cameras[0].serial, cameras[1].serial)


def some(segments: Sequence[Segment], cameras: Sequence[int], count: int) -> list[list[Segment]]:
    """Segments of each of these cameras, in order: at most `count` of the first one's, spread over its footage, and
    those of the others that overlap with them in time. Pure.
    """
    sides = [sorted((s for s in segments if s.camera == camera), key=lambda s: s.first_ns) for camera in cameras]
    if not sides or not sides[0]:
        return [[] for _ in sides]
    first = sides[0]
    step = max(1.0, len(first) / count)
    kept = [first[int((number + 0.5) * step)] for number in range(min(count, len(first)))]

    def overlaps(one: Segment) -> bool:
        return any(one.first_ns <= other.last_ns and other.first_ns <= one.last_ns for other in kept)

    return [kept, *([one for one in side if overlaps(one)] for side in sides[1:])]
