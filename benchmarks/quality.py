"""How true the joined picture is, beside other ways to join the same two videos.

    python -m benchmarks.quality [--size 1920x1080] [--frames 8] [--apart 0] [--json FILE] [--short]

Two cameras film one wide, moving, known scene (`truth`): turned, with lenses that bend, another exposure and white
balance, and noise; H.264. `ezrec calibrate` finds the rig from their videos. Then the same decoded frames are joined
by the render's own composers (panorama, feather with the overlap that suits the scene best, side by side), by OpenCV's
high-level Stitcher (once for all frames, and anew for each), and by the package `stitching`; none of the results is
encoded again. How they are laid against the truth is told in `judge`.

Ends with status 1 when a bar is not met. Times are of one thread, from two decoded pictures to the joined one; they
are not judged.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks import stitchers
from benchmarks.judge import Marks, Way, judge, lay
from benchmarks.stitchers import Stitched
from benchmarks.truth import Filming, Truth
from ezrec_tui.config import parse_size
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
FOOTAGE = 24
"""Frames of each video at the least; so many moments the calibration can choose from."""
ABOVE_DB = 6.0
"""What the panorama has to be truer by, in the overlap, than what knows nothing of the rig."""
LARGEST_PX = 0.5
"""Misalignment, in the mean."""
PANORAMA, FEATHER, SIDE_BY_SIDE = "panorama", "feather", "side_by_side"
ONCE, EACH, STITCHING = "opencv_stitcher_once", "opencv_stitcher_each_frame", "stitching"


@dataclass(frozen=True, slots=True)
class Joined:
    """A frame as one of the ways made it."""

    picture: Bgr
    ways: tuple[Way, Way]
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """Of one way, the mean of all frames that it made."""

    frames: int
    sizes: int
    """How many different canvases they are on: with more than one there is no video."""
    marks: Marks
    misalignment_px: float
    misalignment_p95_px: float
    seconds: float
    """A frame."""


@dataclass(frozen=True, slots=True)
class Footage:
    """Two videos of a known scene, and their frames, decoded."""

    truth: Truth
    filming: Filming
    files: tuple[Path, Path]
    frames: tuple[tuple[VideoFrame, VideoFrame], ...]
    moments: tuple[float, ...]
    """Of the frames: seconds of the scene."""

    @property
    def pairs(self) -> list[tuple[Bgr, Bgr]]:
        return [(_bgr(left), _bgr(right)) for left, right in self.frames]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=parse_size, default=(1920, 1080), help="of a camera's picture")
    parser.add_argument("--frames", type=int, default=8, help="that are joined and judged")
    parser.add_argument("--apart", type=float, default=0.0, help="metres from one camera to the other")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--short", action="store_true", help="few small frames; the bars are the same")
    asked = parser.parse_args()
    if asked.short:
        asked.size, asked.frames = (640, 360), 3
    width, height = asked.size
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="ezrec-quality-") as name:
        folder = Path(name)
        print(f"making two videos of {width}x{height} ...", flush=True)
        footage = film(Truth(width, height, apart=asked.apart), folder, asked.frames)
        rig = calibrated(footage, folder)
        found = dict[str, Result]()
        for name, make in contenders(footage, rig, folder).items():
            print(f"{name} ...", flush=True)
            result = judged(footage, make())
            if result is not None:
                found[name] = result
    _print(found, asked.frames)
    failed = missed(found)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(_report(asked, rig, found, failed), indent=2) + "\n")
        print(f"written to {asked.json}")
    if failed:
        sys.exit("\n".join(["", *failed]))
    print("all bars are met")


def film(truth: Truth, folder: Path, count: int) -> Footage:
    """Two videos of the scene; `count` of their frames, spread over them."""
    filming = Filming(truth)
    files = filming.film(folder, max(count, FOOTAGE), every=EVERY)
    total = max(count, FOOTAGE)
    chosen = [(2 * number + 1) * total // (2 * count) for number in range(count)]
    decoded = list[list[VideoFrame]]()
    for path in files:
        with av.open(str(path)) as container:
            decoded.append([frame for number, frame in enumerate(container.decode(video=0)) if number in chosen])
    moments = tuple(number * EVERY for number in chosen)
    return Footage(truth, filming, files, tuple(zip(*decoded, strict=True)), moments)


def calibrated(footage: Footage, folder: Path) -> Rig:
    """What `ezrec calibrate` finds from the two videos."""
    path = folder / "rig.json"
    words = ["calibrate", *map(str, footage.files), "-o", str(path)]
    subprocess.run([sys.executable, "-m", "ezrec_tui", *words], check=True)
    return load_rig(path)


Make = Callable[[], list[Joined | None]]


def contenders(footage: Footage, rig: Rig, folder: Path) -> dict[str, Make]:
    """The ways to join, each of which makes all frames; None for one that it would not make."""
    truth, overlap = footage.truth, best_overlap(footage.truth)

    def flat(method: MergeMethod) -> Make:
        composer = Composer(method, truth.width, truth.height, overlap)
        shift = composer.width - truth.width
        return lambda: _composed(composer, footage, (_moved(0), _moved(shift)))

    return {
        PANORAMA: lambda: _composed(Panorama(rig, Colour()), footage, (_way(rig, rig.left), _way(rig, rig.right))),
        FEATHER: flat(MergeMethod.FEATHER),
        SIDE_BY_SIDE: flat(MergeMethod.SIDE_BY_SIDE),
        ONCE: lambda: _others(stitchers.opencv_once(footage.pairs)),
        EACH: lambda: _others(stitchers.opencv_each(footage.pairs)),
        STITCHING: lambda: _stitching(footage, folder),
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


def _composed(composer: Composer | Panorama, footage: Footage, ways: tuple[Way, Way]) -> list[Joined | None]:
    made = list[Joined | None]()
    for left, right in footage.frames:
        canvas = Canvas(composer.width, composer.height)
        began = time.perf_counter()
        composer.compose(planes_of(left), planes_of(right), canvas.planes)
        seconds = time.perf_counter() - began
        made.append(Joined(_bgr(canvas.frame), ways, seconds))
    return made


def _bgr(frame: VideoFrame) -> Bgr:
    return np.asarray(frame.reformat(format="bgr24", src_colorspace=ITU709).to_ndarray(), np.uint8)


def _others(made: list[Stitched | None]) -> list[Joined | None]:
    eased, none = sum(one is not None and one.eased for one in made), sum(one is None for one in made)
    if eased or none:
        print(f"of {len(made)} pairs {eased} with a lower threshold alone, {none} not at all")
    return [one and Joined(one.picture, one.ways, one.seconds) for one in made]


def _stitching(footage: Footage, folder: Path) -> list[Joined | None]:
    try:
        return _others(stitchers.stitching(footage.pairs, folder))
    except subprocess.CalledProcessError as error:
        print(f"without the package stitching: {error}")
        return [None] * len(footage.frames)


def judged(footage: Footage, made: list[Joined | None]) -> Result | None:
    """All frames of one way against the truth; None when it made none."""
    marks, apart, seconds, sizes = list[Marks](), list[NDArray[np.float64]](), list[float](), set[tuple[int, int]]()
    for moment, one in zip(footage.moments, made, strict=True):
        if one is None:
            continue
        height, width = one.picture.shape[:2]
        laid = lay(footage.truth, (width, height), one.ways)
        marks.append(judge(one.picture, footage.filming.soft(moment), laid))
        apart.append(laid.apart)
        seconds.append(one.seconds)
        sizes.add((width, height))
    if not marks:
        return None
    everywhere = np.concatenate(apart)
    means = {field.name: float(np.mean([getattr(mark, field.name) for mark in marks])) for field in fields(Marks)}
    return Result(
        frames=len(marks),
        sizes=len(sizes),
        marks=Marks(**means),
        misalignment_px=float(everywhere.mean()),
        misalignment_p95_px=float(np.percentile(everywhere, 95)),
        seconds=float(np.mean(seconds)),
    )


def missed(found: dict[str, Result]) -> list[str]:
    """The bars that are not met, a line each."""
    ours = found[PANORAMA]
    least = {name: found[name].marks.psnr_overlap + ABOVE_DB for name in (FEATHER, SIDE_BY_SIDE)}
    least |= {name: found[name].marks.psnr_overlap for name in (ONCE, EACH) if name in found}
    lines = [
        f"panorama: {ours.marks.psnr_overlap:.1f} dB in the overlap, beside {name} at least {bar:.1f} are to be reached"
        for name, bar in least.items()
        if ours.marks.psnr_overlap < bar
    ]
    if ours.misalignment_px > LARGEST_PX:
        lines.append(f"panorama: misaligned by {ours.misalignment_px:.2f} px in the mean, at most {LARGEST_PX} is good")
    return lines


def _print(found: dict[str, Result], count: int) -> None:
    heads = ("PSNR, dB", "SSIM", "apart, px", "step, levels")
    columns = ("overlap", "all") * 2 + ("mean", "95 %", "overlap", "else")
    print(f"\n{'':28}" + "".join(f"{head:>16}" for head in heads))
    print(f"{'':28}" + "".join(f"{column:>8}" for column in columns) + f"{'s a frame':>12}")
    for name, result in found.items():
        marks = result.marks
        numbers = (
            f"{marks.psnr_overlap:8.1f}{marks.psnr_all:8.1f}{marks.ssim_overlap:8.3f}{marks.ssim_all:8.3f}"
            f"{result.misalignment_px:8.2f}{result.misalignment_p95_px:8.2f}{marks.step:8.1f}{marks.step_around:8.1f}"
        )
        notes = [f"on {result.sizes} canvases"] * (result.sizes > 1) + [f"{result.frames} of {count} frames"] * (
            result.frames < count
        )
        print(f"{name:28}{numbers}{result.seconds:12.3f}  {', '.join(notes)}")


def _report(asked: argparse.Namespace, rig: Rig, found: dict[str, Result], failed: list[str]) -> dict[str, object]:
    return {
        "benchmark": "quality",
        "footage": {"size": list(asked.size), "frames": asked.frames, "metres_apart": asked.apart},
        "machine": {"cpus": os.cpu_count(), "arch": platform.machine(), "python": platform.python_version()},
        "libraries": {"opencv": cv2.__version__, "stitching": stitchers.PACKAGE},
        "rig": {
            "matches": rig.matches,
            "inliers": rig.inliers,
            "rmse_px": rig.rmse_px,
            "overlap_px": rig.overlap_px,
            "canvas": [rig.canvas.method.value, rig.canvas.width, rig.canvas.height],
        },
        "mean": {name: _rounded(result) for name, result in found.items()},
        "missed": failed,
    }


def _rounded(result: Result) -> dict[str, object]:
    values = asdict(result)
    values |= values.pop("marks")
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


if __name__ == "__main__":
    main()
