"""Pictures for people: what each way to join makes of two cameras' pictures, as a whole and where they meet.

    python -m benchmarks.sheet [--into docs]

Writes `stitching-court.jpg` (a known scene, each way's whole picture), `stitching-seam.jpg` (the seam, enlarged, while
players cross it), `stitching-apart.jpg` (the same of those who warp, with the cameras ten centimetres from each other),
`stitching-weir.jpg` and `stitching-roof.jpg` (photographs taken by hand, whole and enlarged).
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks.joiners import (
    EACH,
    EVERY,
    FEATHER,
    SIDE_BY_SIDE,
    Bgr,
    Joined,
    Pairs,
    Videos,
    best_overlap,
    calibrated,
    contenders,
    decoded,
    film,
)
from benchmarks.judge import lay
from benchmarks.truth import Truth
from ezrec_tui.cameras.court import SHADOW, figures
from ezrec_tui.video.frames import ITU709
from ezrec_tui.video.lens import Points
from ezrec_tui.video.planes import even
from ezrec_tui.video.rig import camera_map
from ezrec_tui.video.rig_file import Rig

SIZE = 1280, 720
FRAMES, INSTANTS = 60, 5
WIDE, CLOSE, TALL = 1000, 198, 240
"""Pixels of the sheets: their width, and width and height of what is enlarged."""
GAP, PAPER, INK = 2, 255, (30, 30, 30)
LABEL = 20
QUALITY = 68
PHOTOGRAPHS = Path(__file__).parent.parent / "tests" / "video" / "pictures"
TITLES = {
    "panorama": "panorama",
    "feather": "feather",
    "side_by_side": "side by side",
    "opencv_stitcher_once": "OpenCV's Stitcher, once",
    "stitching": "the package stitching",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path("docs"), help="folder of the pictures")
    into: Path = parser.parse_args().into
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="ezrec-sheet-") as name:
        folder = Path(name)
        for apart, whole, close in ((0.0, "court", "seam"), (0.1, None, "apart")):
            videos = film(Truth(*SIZE, apart=apart), folder, FRAMES)
            rig = calibrated(videos.files, folder)
            chosen, where = crossings(videos, rig)
            pairs = decoded(videos, chosen)
            made = joined(pairs, rig, best_overlap(videos.truth), folder)
            if whole:
                write(into / f"stitching-{whole}.jpg", [(name, fitted(ones[0])) for name, ones in made.items()])
            strips = [
                (name, crossing(videos.truth, ones, where))
                for name, ones in made.items()
                if whole or name not in (FEATHER, SIDE_BY_SIDE)
            ]
            write(into / f"stitching-{close}.jpg", strips)
        for name, left, right in (("weir", "weir_1", "weir_2"), ("roof", "roof_2", "roof_1")):
            files = PHOTOGRAPHS / f"{left}.jpg", PHOTOGRAPHS / f"{right}.jpg"
            rig = calibrated(files, folder)
            pairs = Pairs(((still(files[0]), still(files[1])),))
            made = joined(pairs, rig, overlap(rig), folder)
            write(into / f"stitching-{name}.jpg", [(name, both(ones[0], rig)) for name, ones in made.items()])


def joined(pairs: Pairs, rig: Rig, overlap: int, folder: Path) -> dict[str, list[Joined | None]]:
    """What each way makes; feather and side by side only of pictures of one size."""
    makes = contenders(pairs, rig, overlap, folder)
    alike = (rig.left.width, rig.left.height) == (rig.right.width, rig.right.height)
    left_out = {EACH} if alike else {EACH, FEATHER, SIDE_BY_SIDE}
    return {name: make() for name, make in makes.items() if name not in left_out}


def crossings(videos: Videos, rig: Rig) -> tuple[list[int], Points]:
    """Frames in which a player is on the seam, and the middle of each such player in the scene, (n, 2)."""
    truth = videos.truth
    map_x, map_y = camera_map(rig, rig.left)
    rows = np.arange(rig.canvas.height)
    columns = np.array(rig.seam) - 1
    seam = truth.place(0, np.stack([map_x[rows, columns], map_y[rows, columns]], axis=-1).astype(np.float64))
    found = list[tuple[float, int, tuple[float, float]]]()
    for number in range(FRAMES):
        drawn = figures(number * EVERY, *truth.size)
        nearest = list[tuple[float, int, tuple[float, float]]]()
        for shadow, shirt in zip(drawn, drawn[3:], strict=False):
            if shadow.colour == SHADOW and shirt.half_height > shadow.half_height:
                at = float(np.interp(shirt.y, seam[:, 1], seam[:, 0]))
                nearest.append((abs(shirt.x - at), number, (shirt.x, shirt.y)))
        found.append(min(nearest))
    best = sorted(sorted(found)[:INSTANTS], key=lambda one: one[1])
    return [number for _, number, _ in best], np.array([place for _, _, place in best])


def crossing(truth: Truth, made: Sequence[Joined | None], where: Points) -> Bgr:
    """What is shown around these places of the scene, one beside the other."""
    cuts = list[Bgr]()
    for one, place in zip(made, where, strict=True):
        if one is None:
            cuts.append(blank(TALL, CLOSE))
            continue
        height, width = one.picture.shape[:2]
        laid = lay(truth, (width, height), one.ways)
        away = np.hypot(laid.places[0] - place[0], laid.places[1] - place[1])
        row, column = np.unravel_index(np.argmin(np.where(laid.seen, away, np.inf)), away.shape)
        cuts.append(cut(one.picture, int(column), int(row), CLOSE, TALL))
    return beside(cuts)


def both(one: Joined | None, rig: Rig) -> Bgr:
    """A whole picture, and beside it, enlarged, what is in the middle of what both cameras see."""
    if one is None:
        return blank(TALL, WIDE)
    picture = one.picture
    height, width = picture.shape[:2]
    row = np.stack(np.broadcast_arrays(np.arange(float(width)), height / 2), axis=-1)
    left, right = (way(row)[:, 0] for way in one.ways)
    # As far from the right picture's left edge as from the left picture's right one.
    middle = int(np.nanargmin(np.abs(rig.left.width - left - right)))
    large = 2 * CLOSE + GAP
    whole = resized(picture, (WIDE - large - GAP) / width)
    close = cut(picture, middle, height // 2, large // 2, whole.shape[0] // 2)
    return beside([whole, padded(resized(close, 2), whole.shape[0])])


def overlap(rig: Rig) -> int:
    """Feather's, for pictures of which nothing but the rig is known: columns of the left picture, in the middle."""
    left, right = (np.stack(camera_map(rig, camera), axis=-1) for camera in (rig.left, rig.right))
    seen = (left[..., 0] >= 0) & (right[..., 0] >= 0)
    return even(rig.left.width - round(float(np.median((left - right)[seen][:, 0]))))


def still(path: Path) -> VideoFrame:
    picture = cv2.imread(str(path))
    if picture is None:
        raise FileNotFoundError(path)
    return VideoFrame.from_ndarray(np.asarray(picture, np.uint8), format="bgr24").reformat(
        format="yuv420p", dst_colorspace=ITU709
    )


def fitted(one: Joined | None) -> Bgr:
    return blank(TALL, WIDE) if one is None else resized(one.picture, WIDE / one.picture.shape[1])


def cut(picture: Bgr, column: int, row: int, width: int, height: int) -> Bgr:
    """A rectangle around a pixel, moved in where it would reach out of the picture."""
    left = min(max(0, column - width // 2), max(0, picture.shape[1] - width))
    top = min(max(0, row - height // 2), max(0, picture.shape[0] - height))
    return padded(picture[top : top + height, left : left + width], height)


def resized(picture: Bgr, factor: float) -> Bgr:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def blank(height: int, width: int) -> Bgr:
    return np.full((height, width, 3), PAPER, np.uint8)


def padded(picture: Bgr, height: int) -> Bgr:
    return np.vstack([picture, blank(height - picture.shape[0], picture.shape[1])])


def beside(pictures: list[Bgr]) -> Bgr:
    parts = list[NDArray[np.uint8]]()
    for picture in pictures:
        parts += [picture, blank(picture.shape[0], GAP)]
    return np.hstack(parts[:-1])


def write(path: Path, rows: list[tuple[str, Bgr]]) -> None:
    """A sheet: each row's picture with its name above."""
    parts = list[Bgr]()
    width = max(picture.shape[1] for _, picture in rows)
    for name, picture in rows:
        title = blank(LABEL, width)
        cv2.putText(title, TITLES[name], (2, LABEL - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.45, INK, 1, cv2.LINE_AA)
        parts += [title, np.hstack([picture, blank(picture.shape[0], width - picture.shape[1])])]
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.vstack(parts), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    print(f"{path}: {path.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
