"""Run by `stitchers` in an environment that has the package `stitching`, and nothing of ours:

    python stitching_package.py GIVEN.npz MADE.npz CONFIDENCE

GIVEN has the pictures `left` and `right`, (n, height, width, 3). MADE has for each number what came out, and by which
geometry; what it would not stitch, not with CONFIDENCE either, is not in it.
"""

import sys
import time
import warnings
from typing import Any

import cv2
import numpy as np
from stitching import Stitcher  # pyright: ignore[reportMissingImports]
from stitching.images import Images  # pyright: ignore[reportMissingImports]
from stitching.stitching_error import StitchingError, StitchingWarning  # pyright: ignore[reportMissingImports]
from stitching.warper import Warper  # pyright: ignore[reportMissingImports]


def stitched(pair: list[Any], confidence: float) -> tuple[Any, Any, Any]:
    """The picture, the stitcher that made it, and the cameras as it took them to stand. Raises StitchingError."""
    stitcher: Any = Stitcher(confidence_threshold=confidence)
    cameras: list[Any] = []
    straighten = stitcher.perform_wave_correction

    def noting(found: Any) -> Any:
        cameras.extend(straighten(found))
        return cameras

    stitcher.perform_wave_correction = noting
    picture = stitcher.stitch(pair)
    if len(cameras) < len(pair):
        raise StitchingError("one of the pictures was left out")
    return picture, stitcher, cameras


def geometry(stitcher: Any, cameras: Any) -> dict[str, Any]:
    """Matrices and places of both cameras' pictures on the canvas."""
    to_final = stitcher.images.get_ratio(Images.Resolution.MEDIUM, Images.Resolution.FINAL)
    from_low = stitcher.images.get_ratio(Images.Resolution.LOW, Images.Resolution.FINAL)
    sizes = stitcher.images.get_scaled_img_sizes(Images.Resolution.FINAL)
    warped, _ = stitcher.warper.warp_rois(sizes, cameras, to_final)
    placed, _ = stitcher.cropper.crop_rois(None, None, from_low)
    cut = [part.times(from_low).corner for part in stitcher.cropper.intersection_rectangles]
    return {
        "inner": np.stack([Warper.get_K(camera, to_final) for camera in cameras]).astype(np.float64),
        "turn": np.stack([camera.R for camera in cameras]).astype(np.float64),
        "scale": stitcher.warper.scale * to_final,
        "offset": np.array(warped) + np.array(cut) - np.array(placed),
    }


def main(given: str, made: str, confidence: float) -> None:
    cv2.setNumThreads(1)
    warnings.simplefilter("ignore", StitchingWarning)
    pictures = np.load(given)
    found: dict[str, Any] = {}
    pairs = list(zip(pictures["left"], pictures["right"], strict=True))
    # The first one once more: it is compiled at its first use.
    for number, pair in [(0, pairs[0]), *enumerate(pairs)]:
        began = time.process_time()
        for enough in (1.0, confidence):
            try:
                picture, stitcher, cameras = stitched(list(pair), enough)
            except StitchingError:
                continue
            about = {"picture": picture, "seconds": time.process_time() - began, "eased": enough < 1}
            found |= {f"{name}{number}": value for name, value in (about | geometry(stitcher, cameras)).items()}
            break
    np.savez(made, **found)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
