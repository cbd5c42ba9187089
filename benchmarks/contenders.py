"""The ways to make the video that are compared. Each runs as a process of its own (see `command`)."""

import shutil
import subprocess
import sys
import threading
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.codec.context import ThreadType
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks import footage
from benchmarks.truth import Filming, Truth
from ezrec_tui.config import LogoPosition
from ezrec_tui.model import MergeMethod
from ezrec_tui.video import encode, probe
from ezrec_tui.video.align import timeline
from ezrec_tui.video.brand import Logo, overlays
from ezrec_tui.video.calibrate import calibrate
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.encode import Encoding
from ezrec_tui.video.frames import Frames, Look
from ezrec_tui.video.panorama import Panorama
from ezrec_tui.video.planes import Canvas, planes_of
from ezrec_tui.video.probe import Colour
from ezrec_tui.video.render import RenderJob, render
from ezrec_tui.video.rig_file import load_rig, save_rig
from ezrec_tui.video.source import Shape
from ezrec_tui.video.stills import Scenes

BITRATE = 12_000_000
PRESET = "ultrafast"
TRUTH_FILES = "truth-left.ts", "truth-right.ts"
POOL = 12
"""Finished canvases that the floor encodes to and fro."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is rendered, by whatever way."""

    folder: Path
    width: int
    height: int
    overlap: int
    frames: int
    fps: int
    times: int = 1
    """How often our renders show the footage, one after the other."""

    @property
    def left(self) -> Path:
        return self.folder / "left.ts"

    @property
    def right(self) -> Path:
        return self.folder / "right.ts"

    @property
    def logos(self) -> tuple[Logo, ...]:
        large, small = self.height * 400 // 1080, self.height * 120 // 1080
        return (
            Logo(self.folder / "large.png", LogoPosition.BOTTOM_RIGHT, large, large),
            Logo(self.folder / "small.png", LogoPosition.TOP_RIGHT, small, small),
        )

    @property
    def encoding(self) -> Encoding:
        width = 2 * self.width - self.overlap
        return Encoding(width, self.height, Fraction(self.fps), BITRATE, PRESET, Colour())

    @property
    def truth_size(self) -> tuple[int, int]:
        """Of the pictures that the panorama is made of; no smaller than what can be calibrated well."""
        return max(self.width, 640), max(self.height, 360)

    @property
    def rig(self) -> Path:
        return self.folder / "rig.json"

    def size(self, name: str) -> tuple[int, int]:
        """Width and height of a contender's video."""
        if name in OF_TRUTH:
            canvas = load_rig(self.rig).canvas
            return canvas.width, canvas.height
        return self.encoding.width, self.encoding.height

    def output(self, name: str) -> Path:
        return self.folder / f"{name}.mp4"


def prepare(setting: Setting) -> None:
    """Make the footage and the logos, and store the first finished canvases, for the floor to encode."""
    footage.cameras(setting.folder, setting.width, setting.height, setting.overlap, setting.frames, setting.fps)
    for logo in setting.logos:
        footage.logo(logo.path, logo.width, logo.height)
    left, right = (probe.footage((path,), True) for path in (setting.left, setting.right))
    line = timeline(left.times, right.times, Fraction(setting.fps), end_ns=int(left.times[: POOL + 1][-1]))
    encoding = setting.encoding
    composer = Composer(MergeMethod.FEATHER, setting.width, setting.height, setting.overlap)
    ready, _ = overlays(setting.logos, encoding.width, encoding.height, encoding.colour)
    frames = Frames(left, right, line, Look(composer, ready, encoding, Shape(setting.width, setting.height)))
    pool = [frame.to_ndarray() for frame in frames.each(lambda: None, 1)]
    frames.close()
    np.save(setting.folder / "pool.npy", np.stack(pool))
    _prepare_truth(setting)


def _prepare_truth(setting: Setting) -> None:
    """Footage of two cameras with a known scene, their rig, and panoramas of it, for the floor to encode."""
    width, height = setting.truth_size
    filming = Filming(Truth(width, height))
    shots = [filming.shots(number / setting.fps) for number in range(POOL)]
    stills = [filming.shots(seconds) for seconds in (0.0, 1.7, 3.4)]
    left, right = (tuple(pair[side] for pair in stills) for side in (0, 1))
    rig = calibrate(Scenes(left, right), datetime.now(UTC))
    save_rig(rig, setting.rig)
    pictures = [[planes_of(VideoFrame.from_ndarray(shot, "bgr24").reformat(format="yuv420p")) for shot in pair]
                for pair in shots]  # fmt: skip
    for side, name in enumerate(TRUTH_FILES):
        footage.film(setting.folder / name, [pair[side] for pair in pictures], setting.frames, setting.fps)
    panorama = Panorama(rig, Colour())
    pool: list[NDArray[np.uint8]] = []
    for one, other in pictures:
        canvas = Canvas(panorama.width, panorama.height)
        panorama.compose(one, other, canvas.planes)
        pool.append(canvas.frame.to_ndarray().astype(np.uint8))
    np.save(setting.folder / "truth-pool.npy", np.stack(pool))


def floor(setting: Setting) -> None:
    """Decode both and encode the same canvas, nothing else: what no render of this kind can go below."""
    _floor(setting, "floor", (setting.left, setting.right), setting.folder / "pool.npy")


def panorama_floor(setting: Setting) -> None:
    """The same for the panorama, whose canvas is another one."""
    left, right = (setting.folder / name for name in TRUTH_FILES)
    _floor(setting, "panorama_floor", (left, right), setting.folder / "truth-pool.npy")


def _floor(setting: Setting, name: str, paths: tuple[Path, Path], stored: Path) -> None:
    width, height = setting.size(name)
    canvases = [VideoFrame.from_ndarray(picture, "yuv420p") for picture in np.load(stored)]
    there_and_back = [*range(len(canvases)), *range(len(canvases) - 2, 0, -1)]
    threads = [threading.Thread(target=_decode, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    with encode.open_mp4(setting.output(name), setting.frames, 0, 0) as output:
        stream = encode.add_encoder(output, replace(setting.encoding, width=width, height=height))
        for number in range(setting.frames):
            frame = canvases[there_and_back[number % len(there_and_back)]]
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    for thread in threads:
        thread.join()


def _decode(path: Path) -> None:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_count, stream.thread_type = 1, ThreadType.NONE
        for _ in container.decode(stream):
            pass


def ours(setting: Setting) -> None:
    """The render of this project: feather, two logos, one pass."""
    render(
        RenderJob(
            left=(setting.left,) * setting.times,
            right=(setting.right,) * setting.times,
            common_clock=setting.times == 1,
            output=setting.output("ours"),
            fps=setting.fps,
            cache=setting.folder / "cache",
            overlap=setting.overlap,
            logos=setting.logos,
            bitrate=BITRATE,
            preset=PRESET,
        )
    )


def panorama(setting: Setting) -> None:
    """The render of this project: panorama, both cameras warped, two logos, one pass."""
    left, right = (setting.folder / name for name in TRUTH_FILES)
    result = render(
        RenderJob(
            left=(left,) * setting.times,
            right=(right,) * setting.times,
            common_clock=setting.times == 1,
            output=setting.output("panorama"),
            fps=setting.fps,
            cache=setting.folder / "cache",
            method=MergeMethod.PANORAMA,
            rig=setting.rig,
            logos=setting.logos,
            bitrate=BITRATE,
            preset=PRESET,
        )
    )
    if result.fallbacks:
        sys.exit(f"no panorama: {result.fallbacks}")


def ffmpeg_command(setting: Setting) -> list[str]:
    """ffmpeg in one pass: the right picture cropped and put beside the left one, two overlays; no blend."""
    height = setting.height
    cut = setting.overlap
    large, small = setting.logos
    graph = (
        f"[1:v]crop={setting.width - cut}:{height}:{cut}:0[r];[0:v][r]hstack[w];"
        f"[2:v]scale={large.width}:{large.height}[a];[3:v]scale={small.width}:{small.height}[b];"
        "[w][a]overlay=W-w-10:H-h-10[x];[x][b]overlay=W-w-10:10"
    )
    inputs = [setting.left, setting.right, large.path, small.path]
    words = [*(word for path in inputs for word in ("-i", str(path))), "-filter_complex", graph, *_x264(setting)]
    return _ffmpeg(words, setting.output("ffmpeg"))


def three_passes(setting: Setting) -> None:
    """As usually done: OpenCV reads, blends and writes; ffmpeg lays on the logos; ffmpeg joins with an intro."""
    large, small = setting.logos
    blended, branded = setting.folder / "blended.mp4", setting.folder / "branded.mp4"
    left, right = (cv2.VideoCapture(str(path)) for path in (setting.left, setting.right))
    size = (2 * setting.width - setting.overlap, setting.height)
    writer = cv2.VideoWriter(str(blended), cv2.VideoWriter.fourcc(*"mp4v"), setting.fps, size)
    seam = setting.width - setting.overlap
    share = np.linspace(0, 1, setting.overlap, dtype=np.float32)[None, :, None]
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    while True:
        left_ok, left_picture = left.read()
        right_ok, right_picture = right.read()
        if not (left_ok and right_ok):
            break
        canvas[:, :seam] = left_picture[:, :seam]
        canvas[:, setting.width :] = right_picture[:, setting.overlap :]
        canvas[:, seam : setting.width] = (
            left_picture[:, seam:] * (1 - share) + right_picture[:, : setting.overlap] * share
        )
        writer.write(canvas)
    writer.release()
    graph = (
        f"[1:v]scale={large.width}:{large.height}[a];[2:v]scale={small.width}:{small.height}[b];"
        "[0:v][a]overlay=W-w-10:H-h-10[x];[x][b]overlay=W-w-10:10"
    )
    inputs = [blended, large.path, small.path]
    words = [*(word for path in inputs for word in ("-i", str(path))), "-filter_complex", graph, *_x264(setting)]
    subprocess.run(_ffmpeg(words, branded), check=True)
    parts = setting.folder / "parts.txt"
    parts.write_text(f"file '{branded}'\n")
    words = ["-f", "concat", "-safe", "0", "-i", str(parts), "-c", "copy"]
    subprocess.run(_ffmpeg(words, setting.output("three_passes")), check=True)


def _x264(setting: Setting) -> list[str]:
    return ["-c:v", "libx264", "-preset", PRESET, "-b:v", str(BITRATE), "-g", str(2 * setting.fps), "-bf", "0"]


def _ffmpeg(words: list[str], output: Path) -> list[str]:
    ends = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(output)]
    return ["ffmpeg", "-v", "error", "-nostdin", "-y", *words, *ends]


IN_PYTHON = {
    "prepare": prepare,
    "floor": floor,
    "ours": ours,
    "three_passes": three_passes,
    "panorama_floor": panorama_floor,
    "panorama": panorama,
}
CONTENDERS = ("floor", "ours", "ffmpeg", "three_passes", "panorama_floor", "panorama")
OF_TRUTH = ("panorama_floor", "panorama")
WITH_FFMPEG = ("ffmpeg", "three_passes")


def command(name: str, setting: Setting) -> list[str]:
    """What to start for a contender: ffmpeg itself, or this module, which then counts with all that it imports."""
    if name == "ffmpeg":
        return ffmpeg_command(setting)
    return [sys.executable, "-m", "benchmarks.contenders", name, *map(str, astuple(setting))]


def available() -> list[str]:
    """Those that this machine can run."""
    have = shutil.which("ffmpeg") is not None
    return [name for name in CONTENDERS if have or name not in WITH_FFMPEG]


if __name__ == "__main__":
    IN_PYTHON[sys.argv[1]](Setting(Path(sys.argv[2]), *map(int, sys.argv[3:])))
