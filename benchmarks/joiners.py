"""The ways to join two cameras' pictures that are compared, and what they join."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks import stitchers
from benchmarks.judge import Way
from benchmarks.stitchers import Stitched
from benchmarks.truth import Filming, Truth
from ezrec_tui.model import MergeMethod
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.frames import ITU709
from ezrec_tui.video.lens import Points
from ezrec_tui.video.panorama import Panorama
from ezrec_tui.video.planes import Canvas, even, planes_of
from ezrec_tui.video.probe import Colour
from ezrec_tui.video.rig import canvas_rays, lens_of
from ezrec_tui.video.rig_file import Rig, RigCamera, load_rig

Bgr = NDArray[np.uint8]

EVERY = 0.4
"""Seconds of the scene from frame to frame: players are somewhere else in each."""
PANORAMA, FEATHER, SIDE_BY_SIDE = "panorama", "feather", "side_by_side"
ONCE, EACH, STITCHING = "opencv_stitcher_once", "opencv_stitcher_each_frame", "stitching"


@dataclass(frozen=True, slots=True)
class Joined:
    """A frame as one of the ways made it."""

    picture: Bgr
    ways: tuple[Way, Way]
    seconds: float
    """Of the processor."""


@dataclass(frozen=True, slots=True)
class Videos:
    """What two cameras filmed of a known scene; a frame each EVERY seconds of the scene."""

    truth: Truth
    filming: Filming
    files: tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Frames of both cameras, decoded, left and right, of one moment each."""

    frames: tuple[tuple[VideoFrame, VideoFrame], ...]

    @property
    def pictures(self) -> list[tuple[Bgr, Bgr]]:
        return [(bgr(left), bgr(right)) for left, right in self.frames]


def film(truth: Truth, folder: Path, total: int) -> Videos:
    filming = Filming(truth)
    return Videos(truth, filming, filming.film(folder, total, every=EVERY))


def decoded(videos: Videos, chosen: Sequence[int]) -> Pairs:
    """The frames with these numbers, which grow."""
    sides = list[list[VideoFrame]]()
    for path in videos.files:
        with av.open(str(path)) as container:
            sides.append([frame for number, frame in enumerate(container.decode(video=0)) if number in chosen])
    return Pairs(tuple(zip(*sides, strict=True)))


def calibrated(files: tuple[Path, Path], folder: Path) -> Rig:
    """What `ezrec calibrate` finds from two videos or stills."""
    path = folder / "rig.json"
    words = ["calibrate", *map(str, files), "-o", str(path)]
    subprocess.run([sys.executable, "-m", "ezrec_tui", *words], check=True)
    return load_rig(path)


Make = Callable[[], list[Joined | None]]


def contenders(pairs: Pairs, rig: Rig, overlap: int, folder: Path) -> dict[str, Make]:
    """The ways to join, each of which makes all frames; None for one that it would not make.

    `overlap` is feather's, in pixels.
    """

    def flat(method: MergeMethod) -> Make:
        composer = Composer(method, even(rig.left.width), even(rig.left.height), overlap)
        shift = composer.width - even(rig.left.width)
        return lambda: _composed(composer, pairs, (_moved(0), _moved(shift)))

    return {
        PANORAMA: lambda: _composed(Panorama(rig, Colour()), pairs, (_way(rig, rig.left), _way(rig, rig.right))),
        FEATHER: flat(MergeMethod.FEATHER),
        SIDE_BY_SIDE: flat(MergeMethod.SIDE_BY_SIDE),
        ONCE: lambda: _others(stitchers.opencv_once(pairs.pictures)),
        EACH: lambda: _others(stitchers.opencv_each(pairs.pictures)),
        STITCHING: lambda: _stitching(pairs, folder),
    }


def best_overlap(truth: Truth) -> int:
    """Columns of the left picture that lie, in the middle of all places that both see, in the right one too."""
    columns, rows = np.meshgrid(np.arange(0, truth.width, 8.0), np.arange(0, truth.height, 8.0))
    left = np.stack([columns, rows], axis=-1)
    right = truth.pixels(1, truth.place(0, left))
    both = np.all((right >= 0) & (right <= (truth.width - 1, truth.height - 1)), axis=-1)
    return even(truth.width - round(float(np.median((left - right)[both][:, 0]))))


def _moved(shift: int) -> Way:
    return lambda canvas: canvas - np.array([shift, 0])


def _way(rig: Rig, camera: RigCamera) -> Way:
    def way(canvas: Points) -> Points:
        rays = canvas_rays(rig.canvas, canvas[..., 0], canvas[..., 1])
        return lens_of(camera).pixels(rays @ np.array(camera.matrix).T)

    return way


def _composed(composer: Composer | Panorama, pairs: Pairs, ways: tuple[Way, Way]) -> list[Joined | None]:
    made = list[Joined | None]()
    for left, right in pairs.frames:
        canvas = Canvas(composer.width, composer.height)
        began = time.process_time()
        composer.compose(planes_of(left), planes_of(right), canvas.planes)
        seconds = time.process_time() - began
        made.append(Joined(bgr(canvas.frame), ways, seconds))
    return made


def bgr(frame: VideoFrame) -> Bgr:
    return np.asarray(frame.reformat(format="bgr24", src_colorspace=ITU709).to_ndarray(), np.uint8)


def _others(made: list[Stitched | None]) -> list[Joined | None]:
    eased, none = sum(one is not None and one.eased for one in made), sum(one is None for one in made)
    if eased or none:
        print(f"of {len(made)} pairs {eased} with a lower threshold alone, {none} not at all")
    return [one and Joined(one.picture, one.ways, one.seconds) for one in made]


def _stitching(pairs: Pairs, folder: Path) -> list[Joined | None]:
    try:
        return _others(stitchers.stitching(pairs.pictures, folder))
    except subprocess.CalledProcessError as error:
        print(f"without the package stitching: {error}")
        return [None] * len(pairs.frames)
