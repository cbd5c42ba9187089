"""Pictures of two cameras at the same moments: from two videos, spread over their length, or from two stills."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from ezrec_tui.model import NS
from ezrec_tui.video.planes import ROTATIONS
from ezrec_tui.video.probe import VideoError, footage, open_video, to_ns

STILLS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
MOMENTS = 11
"""Pictures of each camera to calibrate with: enough that a player who moves is nowhere in most of them."""
APART_NS = NS // 15
"""How far two cameras' pictures of one moment may lie apart: two frames of a slow camera."""

Bgr = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Scenes:
    """The same moments, as the left and the right camera saw them: (height, width, 3) each, one or more."""

    left: tuple[Bgr, ...]
    right: tuple[Bgr, ...]

    def still(self) -> tuple[Bgr, Bgr]:
        """What does not move: the middle of all pictures, pixel by pixel. No players, and little noise."""
        return _middle(self.left), _middle(self.right)


def gather(
    left: tuple[Path, ...],
    right: tuple[Path, ...],
    common_clock: bool,
    count: int,
    widest: int | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Scenes:
    """At most `count` moments of two cameras' files (each a still, a video, or segments in order). Raises VideoError.

    With `common_clock` the files' own timestamps are compared; without it both begin at the same moment. Videos' wider
    pictures are made `widest` wide. When `go_on` says no, the moments found so far are all, if any.
    """
    stills = [path.suffix.lower() in STILLS for path in (left[0], right[0])]
    if all(stills):
        return Scenes((_still(left[0]),), (_still(right[0]),))
    if any(stills):
        raise VideoError(f"{left[0]} and {right[0]}: one is a still, the other a video; give two of a kind")
    films = _Film(left, common_clock), _Film(right, common_clock)
    pictures = list[tuple[Bgr, Bgr]]()
    for moments in _common_moments(*films, count):
        if not go_on():
            return Scenes(tuple(here for here, _ in pictures), tuple(there for _, there in pictures))
        here, there = (film.picture(at) for film, at in zip(films, moments, strict=True))
        if here is not None and there is not None:
            pictures.append((narrowed(here, widest), narrowed(there, widest)))
    if not pictures:
        raise VideoError(f"{left[0]} and {right[0]}: have no moment in common; give videos of the same time")
    return Scenes(tuple(here for here, _ in pictures), tuple(there for _, there in pictures))


def narrowed(picture: Bgr, widest: int | None) -> Bgr:
    """The picture, no wider than that."""
    height, width = picture.shape[:2]
    if widest is None or width <= widest:
        return picture
    size = widest, round(height * widest / width)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


class _Film:
    """One camera's files on one clock; pictures are found by seeking."""

    def __init__(self, paths: tuple[Path, ...], common_clock: bool) -> None:
        self._files = list[tuple[Path, int, NDArray[np.int64]]]()
        notes = list[str]()
        for path in paths:
            found = footage((path,), common_clock)
            notes += found.notes
            if found.paths:
                self._files.append((path, found.offsets[0], found.times))
        if not self._files:
            raise VideoError(notes[0].removeprefix("left out: ") if notes else f"{paths[0]}: has no frames in it")
        self.times = np.unique(np.concatenate([times for _, _, times in self._files]))

    def picture(self, time_ns: int) -> Bgr | None:
        """The frame with exactly this time; None when it is damaged."""
        path, offset, _ = next(file for file in self._files if time_ns in file[2])
        found = _frame(path, time_ns - offset, seek=True)
        return _frame(path, time_ns - offset, seek=False) if found is None else found


def _common_moments(left: _Film, right: _Film, count: int) -> list[tuple[int, int]]:
    """Times of the left and of the right film that belong together, spread over the time that both cover."""
    first, last = max(left.times[0], right.times[0]), min(left.times[-1], right.times[-1])
    targets = first + (last - first) * (np.arange(count) + 0.5) / count
    found = dict[int, int]()
    for target in targets:
        here = _nearest(left.times, int(target))
        there = _nearest(right.times, here)
        if abs(here - there) <= APART_NS:
            found[here] = there
    return list(found.items())


def _nearest(times: NDArray[np.int64], target: int) -> int:
    at = bisect_left(times.data, target)
    return min((int(time) for time in times[max(0, at - 1) : at + 1]), key=lambda time: abs(time - target))


def _frame(path: Path, time_ns: int, seek: bool) -> Bgr | None:
    with open_video(path) as (container, stream):
        base = stream.time_base
        if base is None:
            raise VideoError(f"{path}: has no time base; replace the file")
        try:
            if seek:
                container.seek(round(time_ns / NS / base), stream=stream, backward=True)
            for frame in container.decode(stream):
                if frame.pts is None or to_ns(frame.pts, base) < time_ns:
                    continue
                if to_ns(frame.pts, base) > time_ns or frame.is_corrupt:
                    return None
                picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                turned = round(frame.rotation / 90) * 90 % 360
                return np.asarray(cv2.rotate(picture, ROTATIONS[turned]), np.uint8) if turned else picture
        except FFmpegError:
            return None
    return None


def _still(path: Path) -> Bgr:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise VideoError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise VideoError(f"{path}: not a picture that can be read; replace the file")
    return np.asarray(picture, np.uint8)


def _middle(pictures: tuple[Bgr, ...]) -> Bgr:
    middle = pictures[0].copy()
    if len(pictures) > 2:
        for row in range(middle.shape[0]):  # a row at a time, as sorting copies
            middle[row] = np.sort([picture[row] for picture in pictures], axis=0)[len(pictures) // 2]
    return middle
