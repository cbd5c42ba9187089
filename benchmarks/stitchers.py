"""Others who join pictures: OpenCV's high-level Stitcher, and the package `stitching` in an environment of its own.

Both have their own defaults, but for one thing: where they find that the pictures do not belong together they are
asked again with a lower threshold, and that is counted.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.judge import Way
from ezrec_tui.video.lens import Points

Bgr = NDArray[np.uint8]
PACKAGE = "stitching-headless==0.7.0"
EASY = 0.4
"""Confidence that is enough when the usual one (1) is not reached."""


@dataclass(frozen=True, slots=True)
class Sphere:
    """How one of them lays a camera's picture onto its canvas: OpenCV's spherical warper."""

    inner: Points
    """The camera's matrix, (3, 3): focal length and middle, in pixels."""
    turn: Points
    """From the camera's directions to the canvas's, (3, 3)."""
    scale: float
    offset: tuple[float, float]
    """Of the canvas's first pixel on the sphere."""

    def way(self, canvas: Points) -> Points:
        """From canvas pixels (..., 2) to the camera's."""
        across, down = np.moveaxis((canvas + np.array(self.offset)) / self.scale, -1, 0)
        rays = np.stack([np.sin(down) * np.sin(across), -np.cos(down), np.sin(down) * np.cos(across)], axis=-1)
        seen = rays @ (self.inner @ np.linalg.inv(self.turn)).T
        ahead = np.where(seen[..., 2] > 1e-9, seen[..., 2], np.nan)
        return seen[..., :2] / ahead[..., None]


@dataclass(frozen=True, slots=True)
class Stitched:
    """A picture that one of them made, (height, width, 3)."""

    picture: Bgr
    spheres: tuple[Sphere, Sphere]
    seconds: float
    """Of the processor."""
    eased: bool
    """The lower threshold was needed."""

    @property
    def ways(self) -> tuple[Way, Way]:
        left, right = self.spheres
        return left.way, right.way


def opencv_once(pairs: Sequence[tuple[Bgr, Bgr]]) -> list[Stitched | None]:
    """OpenCV's Stitcher: the geometry from the first pair, the others composed by it. None: it would not."""
    stitcher, eased = _begun(pairs[0])
    if stitcher is None:
        return [None] * len(pairs)
    return [_composed(stitcher, pair, eased) for pair in pairs]


def opencv_each(pairs: Sequence[tuple[Bgr, Bgr]]) -> list[Stitched | None]:
    """OpenCV's Stitcher, from the beginning for each pair. None: it would not."""
    made = list[Stitched | None]()
    for pair in pairs:
        began = time.process_time()
        stitcher, eased = _begun(pair)
        made.append(None if stitcher is None else _composed(stitcher, pair, eased, began))
    return made


def _begun(pair: tuple[Bgr, Bgr]) -> "tuple[cv2.Stitcher | None, bool]":
    for threshold in (1.0, EASY):
        stitcher = cv2.Stitcher.create(cv2.Stitcher_PANORAMA)
        stitcher.setPanoConfidenceThresh(threshold)
        if stitcher.estimateTransform(pair) == cv2.Stitcher_OK:
            return stitcher, threshold == EASY
    return None, True


def _composed(
    stitcher: cv2.Stitcher, pair: tuple[Bgr, Bgr], eased: bool, began: float | None = None
) -> Stitched | None:
    began = time.process_time() if began is None else began
    status, picture = stitcher.composePanorama(pair)
    if status != cv2.Stitcher_OK:
        return None
    seconds = time.process_time() - began
    cameras, share = stitcher.cameras(), stitcher.workScale()
    scale = float(np.median([camera.focal for camera in cameras])) / share
    larger = np.diag([1 / share, 1 / share, 1])
    inners = [larger @ np.asarray(camera.K(), np.float64) for camera in cameras]
    warper = cv2.PyRotationWarper("spherical", scale)
    size = pair[0].shape[1::-1]
    corners = [
        warper.warpRoi(size, inner.astype(np.float32), camera.R.astype(np.float32))[:2]
        for inner, camera in zip(inners, cameras, strict=True)
    ]
    offset = min(float(x) for x, _ in corners), min(float(y) for _, y in corners)
    left, right = (
        Sphere(inner, np.asarray(camera.R, np.float64), scale, offset)
        for inner, camera in zip(inners, cameras, strict=True)
    )
    return Stitched(np.asarray(picture, np.uint8), (left, right), seconds, eased)


def stitching(pairs: Sequence[tuple[Bgr, Bgr]], folder: Path) -> list[Stitched | None]:
    """The package `stitching`, from the beginning for each pair, as it knows no other way. None: it would not.

    Raises CalledProcessError when it cannot be installed.
    """
    given, made = folder / "given.npz", folder / "made.npz"
    np.savez(given, left=np.stack([left for left, _ in pairs]), right=np.stack([right for _, right in pairs]))
    program = Path(__file__).with_name("stitching_package.py")
    subprocess.run([_environment() / "bin" / "python", program, given, made, str(EASY)], check=True)
    results = list[Stitched | None]()
    with np.load(made) as found:
        for number in range(len(pairs)):
            if f"picture{number}" not in found:
                results.append(None)
                continue
            left, right = (
                Sphere(inner, turn, float(found[f"scale{number}"]), (float(x), float(y)))
                for inner, turn, (x, y) in zip(
                    found[f"inner{number}"], found[f"turn{number}"], found[f"offset{number}"], strict=True
                )
            )
            seconds, eased = float(found[f"seconds{number}"]), bool(found[f"eased{number}"])
            results.append(Stitched(found[f"picture{number}"], (left, right), seconds, eased))
    return results


def _environment() -> Path:
    """Made once, with the OpenCV that we have ourselves."""
    wanted = f"{PACKAGE}-{sys.version_info.major}.{sys.version_info.minor}-{version('opencv-python-headless')}"
    home = Path.home() / ".cache" / "ezrec" / wanted.replace("==", "-")
    if not (home / "ready").exists():
        print(f"installing {PACKAGE} into {home} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        opencv = f"opencv-python-headless=={version('opencv-python-headless')}"
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE, opencv]
        subprocess.run([home / "bin" / "python", *words], check=True)
        (home / "ready").touch()
    return home
