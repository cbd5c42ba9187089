"""What the test-pattern cameras see, as pictures and videos, made without waiting for their time to pass."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.cameras.test_pattern import TestPattern
from ezrec_tui.model import NS
from ezrec_tui.video.stills import Scenes

FPS = 30


SIZE, OVERLAP = (640, 360), 80


def pictures(index: int, numbers: range, size: tuple[int, int] = SIZE, overlap: int = OVERLAP) -> Iterator[Picture]:
    """A camera's pictures with these numbers, one after the other in the same memory."""
    scene = TestPattern(CameraSpec(index, "testpattern", *size, FPS, 1_000_000, overlap=overlap))
    picture = Picture(*size)
    scene.open(0)
    for number in numbers:
        scene.draw(picture, number, number * NS // FPS)
        yield picture


def scenes(size: tuple[int, int] = SIZE, overlap: int = OVERLAP) -> Scenes:
    """Some moments of both cameras."""
    left, right = (
        tuple(
            np.asarray(cv2.cvtColor(picture.i420, cv2.COLOR_YUV2BGR_I420), np.uint8)
            for picture in pictures(index, range(0, 280, 40), size, overlap)
        )
        for index in (0, 1)
    )
    return Scenes(left, right)


def film(
    folder: Path, frames: int = 12, step: int = 40, size: tuple[int, int] = SIZE, overlap: int = OVERLAP
) -> tuple[Path, Path]:
    """`left.mp4` and `right.mp4` of every `step`-th of the cameras' pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    left, right = folder / "left.mp4", folder / "right.mp4"
    for index, path in enumerate((left, right)):
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", FPS)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "18"}
            for count, picture in enumerate(pictures(index, range(0, frames * step, step), size, overlap)):
                frame = VideoFrame.from_ndarray(picture.i420, format="yuv420p")
                frame.pts, frame.time_base = count, Fraction(1, FPS)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return left, right
