"""Which frame of each camera belongs into each frame of the video. Pure: timestamps in, a timeline out.

The video runs at a constant rate. The left camera drives: its frames are taken one after the other as long as its
clock and the video's agree to within three quarters of a frame, so that neither jitter nor a phase near the half
makes frames flip; slow drift costs one repeated or dropped frame each time a whole frame has gathered. The right
camera follows the left one's own timestamps by the same rule, so the two halves are never a whole frame apart.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ezrec_tui.model import NS, Highlight

MISSING = -1
"""In place of a frame's index: the camera has nothing to show, its part of the picture is dark."""
HOLD_NS = NS
"""How long a camera's last frame stands when no new one comes."""
CUT_NS = NS // 2
"""When both cameras miss for longer, that time is cut out of the video."""
REACH = 0.75
"""How far a frame may lie from its place, in frame intervals, before one is repeated or dropped."""
WINDOW = 15
"""Frames that are looked at to find which one is nearest to begin with."""
SAME_RATE = 0.05
"""Sources whose rate is this near to the video's (or a multiple of it) go one frame at a time."""

WholeT = TypeVar("WholeT", bound=np.signedinteger)


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which no camera gave a frame; not in the video."""

    at_ns: int
    seconds: float
    frame: int
    """The first frame of the video after it."""

    @property
    def title(self) -> str:
        return f"Footage missing ({max(1, round(self.seconds))} s)"


@dataclass(frozen=True, slots=True)
class Span:
    """Frames of the video that follow one another without a cut."""

    first: int
    """Its first frame in the video."""
    frames: int
    start_ns: int
    """The recording's time at that frame."""


@dataclass(frozen=True, slots=True)
class Track:
    """One camera's part in the video."""

    index: NDArray[np.int32]
    """For each frame of the video, which of the camera's frames is shown, or MISSING; never goes back."""
    held: int
    """Frames of the video that repeat the picture before."""
    dropped: int
    """Frames of the camera that belong into the video's time and are not shown."""
    dark: int
    """Frames of the video without a picture."""


@dataclass(frozen=True, slots=True)
class Timeline:
    fps: Fraction
    frames: int
    left: Track
    right: Track
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]

    def frame_at(self, at_ns: int) -> int | None:
        """The video's frame at an instant of the recording (the next one, if cut out); None outside."""
        if not self.spans or at_ns < self.spans[0].start_ns:
            return None
        for span in self.spans:
            offset = max(0, (at_ns - span.start_ns) * self.fps.numerator // (NS * self.fps.denominator))
            if offset < span.frames:
                return span.first + offset
        return None


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter's start."""

    frame: int
    title: str


def distinct(numbers: NDArray[WholeT]) -> NDArray[WholeT]:
    """In order, each once. `np.unique` does more, and loads numpy's masked arrays for it, which takes 0.2 s."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def timeline(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    fps: Fraction,
    start_ns: int | None = None,
    end_ns: int | None = None,
) -> Timeline:
    """Lay two cameras' frames (times in ns, strictly growing, either may be empty) on a constant rate.

    What lies before `start_ns`, or at or after `end_ns`, is left out; only a partner of a frame that is in may lie
    outside, by less than a frame. Where a stretch begins, a left frame whose partner was never taken is left out; where
    it ends, a right one is: the next video's first left frame takes it.
    """
    merged = distinct(np.concatenate((left, right)))
    if start_ns is not None:
        merged = merged[merged >= start_ns]
    if end_ns is not None:
        merged = merged[merged < end_ns]
    frame_ns = NS * fps.denominator // fps.numerator
    gaps: list[Gap] = []
    spans: list[Span] = []
    shown: tuple[list[int], list[int]] = ([], [])
    at = 0
    before = start_ns
    for first_ns, last_ns in _stretches(merged, frame_ns):
        if before is not None and first_ns - before > CUT_NS:
            gaps.append(Gap(before, (first_ns - before) / NS, at))
        start, rows = _span(left, right, fps, first_ns, last_ns, start_ns, end_ns)
        for camera, track in zip(shown, rows, strict=True):
            camera.extend(track)
        spans.append(Span(at, len(rows[0]), start))
        at += len(rows[0])
        before = last_ns + frame_ns
    if before is not None and end_ns is not None and end_ns - before > CUT_NS:
        gaps.append(Gap(before, (end_ns - before) / NS, at))
    return Timeline(
        fps=fps,
        frames=at,
        left=_track(left, shown[0], start_ns, end_ns),
        right=_track(right, shown[1], start_ns, end_ns),
        spans=tuple(spans),
        gaps=tuple(gaps),
    )


def marks(line: Timeline, highlights: tuple[Highlight, ...]) -> tuple[Mark, ...]:
    """Chapters: where footage is missing, and the highlights. In order, one a frame; gaps at the very end have none."""
    titles: dict[int, list[str]] = {}
    for gap in line.gaps:
        if gap.frame < line.frames:
            titles.setdefault(gap.frame, []).append(gap.title)
    for highlight in highlights:
        frame = line.frame_at(highlight.at_ns)
        if frame is not None:
            titles.setdefault(frame, []).append(highlight.label or "Highlight")
    return tuple(Mark(frame, ", ".join(titles[frame])) for frame in sorted(titles))


def _stretches(merged: NDArray[np.int64], frame_ns: int) -> list[tuple[int, int]]:
    """First and last timestamp of every stretch in which no gap is long enough to be cut."""
    if not merged.size:
        return []
    cuts = np.flatnonzero(np.diff(merged) > CUT_NS + frame_ns)
    firsts = np.concatenate(([0], cuts + 1))
    lasts = np.concatenate((cuts, [merged.size - 1]))
    return [(int(merged[a]), int(merged[b])) for a, b in zip(firsts, lasts, strict=True)]


def _span(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    fps: Fraction,
    first_ns: int,
    last_ns: int,
    start_ns: int | None,
    end_ns: int | None,
) -> tuple[int, tuple[list[int], list[int]]]:
    """Start time and the indices (left, right) of one stretch."""
    frame_ns = NS * fps.denominator // fps.numerator
    low = first_ns if start_ns is None else max(first_ns, start_ns)
    high = last_ns + 1 if end_ns is None else min(last_ns + 1, end_ns)
    driver = _Follower(left, low, high, frame_ns)
    partner = _Follower(right, first_ns - frame_ns + 1, last_ns + frame_ns, frame_ns)
    origin = first_ns
    if driver.first_ns is not None and driver.first_ns - first_ns <= 1.5 * frame_ns:
        origin = driver.first_ns
        if partner.first_ns is not None and 0.5 < (partner.first_ns - origin) / frame_ns <= 1.5:
            origin = driver.second_ns or origin
    most = int((last_ns - origin + REACH * frame_ns) * fps / NS) + 1
    targets = [origin + number * NS * fps.denominator // fps.numerator for number in range(most)]
    lefts = driver.follow(targets)
    rights = partner.follow(_seen_from(left, lefts, targets, frame_ns))
    end = _last_pair(lefts, rights)
    return origin, (lefts[:end], rights[:end])


def _seen_from(times: NDArray[np.int64], shown: list[int], targets: list[int], frame_ns: int) -> list[int]:
    """The targets moved to the times of the frames shown there; where none is new, by as much as the last one was."""
    seen: list[int] = []
    phase, last = 0, MISSING
    for index, target in zip(shown, targets, strict=True):
        if index not in (MISSING, last):
            offset = int(times[index]) - target
            phase = offset if abs(offset) <= frame_ns else 0
            last = index
        seen.append(target + phase)
    return seen


def _last_pair(lefts: list[int], rights: list[int]) -> int:
    """How many frames of a span there are without a picture at its very end that only the right camera has."""

    def new(track: list[int], at: int, other: int) -> bool:
        return track[at] != MISSING and track[at] != track[other]

    end = len(lefts)
    while end > 1 and not new(lefts, end - 1, end - 2) and not new(rights, end - 1, end - 2):
        end -= 1
    if end > 2 and MISSING not in (lefts[end - 1], rights[end - 1]):
        both_before = new(lefts, end - 2, end - 3) and new(rights, end - 2, end - 3)
        if both_before and not new(lefts, end - 1, end - 2):
            end -= 1
    return end


class _Follower:
    """Which frame of one camera to show at each instant of a span, asked for in order."""

    def __init__(self, times: NDArray[np.int64], low: int, high: int, frame_ns: int) -> None:
        self._times = times.data
        self._first = bisect_left(self._times, low)
        self._stop = bisect_left(self._times, high)
        own_ns = float(np.median(np.diff(times))) if times.size > 1 else float(frame_ns)
        steps = frame_ns / own_ns
        step = round(steps)
        self._step = step if step and abs(steps - step) <= SAME_RATE * step else 0
        self._reach = REACH * max(frame_ns, min(own_ns, CUT_NS) if not self._step else 0)

    @property
    def first_ns(self) -> int | None:
        return self._times[self._first] if self._first < self._stop else None

    @property
    def second_ns(self) -> int | None:
        return self._times[self._first + 1] if self._first + 1 < self._stop else None

    def follow(self, targets: list[int]) -> list[int]:
        """The frame to show at each of these times, which grow."""
        if self._first == self._stop:
            return [MISSING] * len(targets)
        shown: list[int] = []
        last = MISSING
        for position, target in enumerate(targets):
            last = self._begin(targets, position) if last == MISSING else self._go_on(last, target)
            shown.append(last if last != MISSING and target - self._times[last] <= HOLD_NS else MISSING)
        return shown

    def _begin(self, targets: list[int], position: int) -> int:
        """The first frame: nearest not by its own time alone, which jitters, but in the middle of those after it."""
        nearest = self._nearest(targets[position])
        if not -HOLD_NS <= self._times[nearest] - targets[position] <= self._reach:
            return MISSING  # a picture is never shown before it was taken
        if not self._step:
            return nearest
        window = targets[position : position + WINDOW]

        def distance(first: int) -> float:
            frames = range(first, self._stop, self._step)
            return abs(median(self._times[frame] - target for frame, target in zip(frames, window, strict=False)))

        return min(range(max(nearest - 1, self._first), min(nearest + 2, self._stop)), key=distance)

    def _go_on(self, last: int, target: int) -> int:
        following = last + self._step
        if self._step and following < self._stop and self._times[following] - target >= -self._reach:
            return following if self._times[following] - target <= self._reach else last
        return max(last, self._nearest_within_reach(target))

    def _nearest(self, target: int) -> int:
        after = bisect_right(self._times, target, self._first, self._stop)
        if after == self._first:
            return after
        if after == self._stop or target - self._times[after - 1] <= self._times[after] - target:
            return after - 1
        return after

    def _nearest_within_reach(self, target: int) -> int:
        nearest = self._nearest(target)
        return nearest - 1 if self._times[nearest] - target > self._reach else nearest


def _track(times: NDArray[np.int64], shown: list[int], start_ns: int | None, end_ns: int | None) -> Track:
    index = np.array(shown, np.int32)
    seen = index != MISSING
    held = int(np.count_nonzero((index[1:] == index[:-1]) & seen[1:]))
    inside = np.ones(times.size, bool)
    if start_ns is not None:
        inside &= times >= start_ns
    if end_ns is not None:
        inside &= times < end_ns
    inside[index[seen]] = False
    return Track(index, held, int(np.count_nonzero(inside)), int(np.count_nonzero(~seen)))
