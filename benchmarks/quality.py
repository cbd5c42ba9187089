"""How true the joined picture is, beside other ways to join the same two videos.

    python -m benchmarks.quality [--size 1920x1080] [--frames 8] [--apart 0] [--json FILE] [--short]

Two cameras film one wide, moving, known scene (`truth`): turned, with lenses that bend, another exposure and white
balance, and noise; H.264. `ezrec calibrate` finds the rig from their videos. Then the same decoded frames are joined
by the render's own composers (panorama, feather with the overlap that suits the scene best, side by side), by OpenCV's
high-level Stitcher (once for all frames, and anew for each), and by the package `stitching`; none of the results is
encoded again. How they are laid against the truth is told in `judge`.

Ends with status 1 when a bar is not met. Times are CPU seconds of one thread, from two decoded pictures to the joined
one; they are not judged.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import stitchers
from benchmarks.joiners import (
    EACH,
    EVERY,
    FEATHER,
    ONCE,
    PANORAMA,
    SIDE_BY_SIDE,
    Joined,
    Videos,
    best_overlap,
    calibrated,
    contenders,
    decoded,
    film,
)
from benchmarks.judge import Marks, judge, lay
from benchmarks.truth import Truth
from ezrec_tui.config import parse_size
from ezrec_tui.video.rig_file import Rig

FOOTAGE = 24
"""Frames of each video at the least; so many moments the calibration can choose from."""
ABOVE_DB = 6.0
"""What the panorama has to be truer by, in the overlap, than what knows nothing of the rig."""
LARGEST_PX = 0.5
"""Misalignment, in the mean."""


@dataclass(frozen=True, slots=True)
class Result:
    """Of one way, the mean of all frames that it made."""

    frames: int
    sizes: int
    """How many different canvases they are on: with more than one there is no video."""
    marks: Marks
    misalignment_px: float
    misalignment_p95_px: float
    cpu_seconds: float
    """A frame."""


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
        total = max(asked.frames, FOOTAGE)
        chosen = [(2 * number + 1) * total // (2 * asked.frames) for number in range(asked.frames)]
        videos = film(Truth(width, height, apart=asked.apart), folder, total)
        rig = calibrated(videos.files, folder)
        found = dict[str, Result]()
        makes = contenders(decoded(videos, chosen), rig, best_overlap(videos.truth), folder)
        for name, make in makes.items():
            print(f"{name} ...", flush=True)
            result = judged(videos, chosen, make())
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


def judged(videos: Videos, chosen: Sequence[int], made: list[Joined | None]) -> Result | None:
    """The chosen frames of one way against the truth; None when it made none."""
    marks, apart, seconds, sizes = list[Marks](), list[NDArray[np.float64]](), list[float](), set[tuple[int, int]]()
    ways, laid = None, None
    for number, one in zip(chosen, made, strict=True):
        if one is None:
            continue
        height, width = one.picture.shape[:2]
        if laid is None or one.ways is not ways:
            ways, laid = one.ways, lay(videos.truth, (width, height), one.ways)
        marks.append(judge(one.picture, videos.filming.soft(number * EVERY), laid))
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
        cpu_seconds=float(np.mean(seconds)),
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
    print(f"{'':28}" + "".join(f"{column:>8}" for column in columns) + f"{'CPU s':>12}")
    for name, result in found.items():
        marks = result.marks
        numbers = (
            f"{marks.psnr_overlap:8.1f}{marks.psnr_all:8.1f}{marks.ssim_overlap:8.3f}{marks.ssim_all:8.3f}"
            f"{result.misalignment_px:8.2f}{result.misalignment_p95_px:8.2f}{marks.step:8.1f}{marks.step_around:8.1f}"
        )
        notes = [f"on {result.sizes} canvases"] * (result.sizes > 1) + [f"{result.frames} of {count} frames"] * (
            result.frames < count
        )
        print(f"{name:28}{numbers}{result.cpu_seconds:12.3f}  {', '.join(notes)}")


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
