"""Videos of the test-pattern cameras, made without waiting for their time to pass."""

from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.cameras.test_pattern import TestPattern
from ezrec_tui.model import NS

FPS = 30


def spec(index: int, size: tuple[int, int] = (640, 360), overlap: int = 80) -> CameraSpec:
    return CameraSpec(index, "testpattern", *size, FPS, 1_000_000, overlap=overlap)


def film(folder: Path, frames: int, step: int = 1, size: tuple[int, int] = (640, 360), overlap: int = 80) -> list[Path]:
    """`left.mp4` and `right.mp4` of every `step`-th of the cameras' frames."""
    paths = [folder / "left.mp4", folder / "right.mp4"]
    for index, path in enumerate(paths):
        scene, picture = TestPattern(spec(index, size, overlap)), Picture(*size)
        scene.open(0)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", FPS)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "18"}
            for number in range(frames):
                scene.draw(picture, number * step, number * step * NS // FPS)
                frame = VideoFrame.from_ndarray(picture.i420, format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return paths
