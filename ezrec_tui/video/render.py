"""One pass from two cameras' files to the finished video.

Each camera is decoded in a thread of its own, a third composes and lays on the logos, and the caller's thread encodes
and writes. Short lines between them keep the memory flat, whatever the length.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from ezrec_tui import files
from ezrec_tui.model import Highlight, MergeMethod, Progress
from ezrec_tui.plural import plural
from ezrec_tui.video import align, brand, encode, intro, kernel
from ezrec_tui.video.align import Gap, Timeline
from ezrec_tui.video.brand import Logo
from ezrec_tui.video.compose import Composer
from ezrec_tui.video.encode import Encoding
from ezrec_tui.video.fit import check_fit
from ezrec_tui.video.frames import Frames, Look
from ezrec_tui.video.method import NOT_CALIBRATED, settle
from ezrec_tui.video.panorama import Panorama
from ezrec_tui.video.planes import even
from ezrec_tui.video.probe import Footage, Probe, VideoError, footage, probe
from ezrec_tui.video.rig_file import AGAIN, Rig, RigError, fitting_rig
from ezrec_tui.video.source import Shape

REPORT_SECONDS = 0.2
"""Between two reports of progress, and at most between two looks at `should_stop`."""


class Stopped(Exception):
    """`should_stop` said so; nothing is left behind."""


@dataclass(frozen=True, slots=True)
class RenderJob:
    """What to make of what. Either camera's files may be empty."""

    left: tuple[Path, ...]
    right: tuple[Path, ...]
    output: Path
    fps: Fraction | int
    cache: Path
    """Folder of converted intros."""
    start_ns: int | None = None
    end_ns: int | None = None
    """What to use, on the files' common clock; None: all there is."""
    common_clock: bool = True
    """The files' timestamps count on one clock; else both cameras' first frames belong together."""
    method: MergeMethod = MergeMethod.FEATHER
    overlap: int = 0
    """Pixels of a camera's picture that both see."""
    rig: Path | None = None
    """How the cameras stand to each other; a panorama needs it."""
    serials: tuple[str, str] = ("", "")
    """Of the left and the right camera, as far as they are known."""
    trust_rig: bool = True
    """Without it a rig that no serials tie to these cameras has to fit by what the pictures show."""
    logos: tuple[Logo, ...] = ()
    intro: Path | None = None
    output_width: int | None = None
    bitrate: int = 12_000_000
    """Bits per second."""
    preset: str = "ultrafast"
    """Of x264."""
    highlights: tuple[Highlight, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class RenderResult:
    video: Path
    poster: Path
    width: int
    height: int
    frames: int
    """Recorded ones, without the intro."""
    intro_frames: int
    duration_seconds: float
    """Of the whole, with the intro."""
    method: MergeMethod
    """The one that was used."""
    fallbacks: tuple[str, ...]
    """What was asked for and could not be done, or was damaged, a line each."""
    gaps: tuple[Gap, ...]
    held: tuple[int, int]
    """Frames in which the left and the right camera's picture is repeated."""
    dropped: tuple[int, int]
    """Frames of the left and the right camera that are not shown."""
    dark: tuple[int, int]
    """Frames in which the left and the right camera shows nothing."""


def render(
    job: RenderJob,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> RenderResult:
    """Make the video and its poster (`<name>.jpg` beside it). Both appear whole or not at all.

    Raises VideoError when no video can be made, Stopped, OSError when the folder cannot be written.
    """
    cv2.setNumThreads(1)
    plan = _plan(job)
    prepared = _intro(job, plan, should_stop)
    poster_path = job.output.with_suffix(".jpg")
    partial = job.output.with_name(f".{job.output.name}.partial")
    job.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        poster, lost = _make(job, plan, prepared, partial, on_progress, should_stop)
        files.write_atomic(poster_path, poster)
        files.commit_file(partial, job.output)
    except FFmpegError as error:
        raise VideoError(f"{job.output}: cannot be written ({error.strerror}); look at the folder and disk") from error
    finally:
        partial.unlink(missing_ok=True)
    damage = [
        f"{side} camera: {count} {plural(count, 'picture was', 'pictures were')} damaged; the one before stands in"
        for side, count in zip(("left", "right"), lost, strict=True)
        if count
    ]
    line, encoding = plan.line, plan.look.encoding
    intro_frames = prepared.frames if prepared else 0
    return RenderResult(
        video=job.output,
        poster=poster_path,
        width=encoding.width,
        height=encoding.height,
        frames=line.frames,
        intro_frames=intro_frames,
        duration_seconds=float((intro_frames + line.frames) / encoding.fps),
        method=plan.method,
        fallbacks=(*plan.notes, *damage),
        gaps=line.gaps,
        held=(line.left.held + lost[0], line.right.held + lost[1]),
        dropped=(line.left.dropped, line.right.dropped),
        dark=(line.left.dark, line.right.dark),
    )


@dataclass(slots=True)
class _Plan:
    """All that is decided before the first picture is decoded."""

    left: Footage
    right: Footage
    line: Timeline
    method: MergeMethod
    look: Look
    notes: list[str]


def _plan(job: RenderJob) -> _Plan:
    notes: list[str] = []
    left, right = (footage(paths, job.common_clock) for paths in (job.left, job.right))
    notes += [*left.notes, *right.notes]
    line = align.timeline(left.times, right.times, Fraction(job.fps), job.start_ns, job.end_ns)
    if not line.frames:
        found = "; ".join(notes) if notes else "no file has a frame in the time asked for"
        raise VideoError(f"{job.output.name}: there is nothing to make a video of: {found}")
    abouts = [_first_probe(side.paths) for side in (left, right)]
    about = abouts[0] or abouts[1]
    if about is None:
        raise VideoError(f"{job.output.name}: no picture of any camera can be decoded")
    shape = Shape(even(about.width), even(about.height), about.colour.full_range)
    other = abouts[1]
    if other is not None and (other.width, other.height) != (about.width, about.height):
        notes.append(
            f"the right camera's picture is {other.width}x{other.height}, the left one {about.width}x{about.height};"
            " it is scaled to the left one's size"
        )
    seen = sum(track.dark < line.frames for track in (line.left, line.right))
    rig, swapped, no_rig = _rig(job, abouts) if job.method is MergeMethod.PANORAMA else (None, False, NOT_CALIBRATED)
    if swapped:
        return _plan(replace(job, left=job.right, right=job.left, serials=job.serials[::-1]))
    method, reasons = settle(job.method, shape.width, job.overlap, seen, no_rig)
    notes += reasons
    compiled = kernel.installed()
    if rig is not None and method is MergeMethod.PANORAMA:
        composer = Panorama(rig, about.colour, compiled)
    else:
        composer = Composer(method, shape.width, shape.height, job.overlap, shape.full_range, compiled)
    width, height = composer.width, composer.height
    if job.output_width is not None:
        height = max(2, even(round(height * job.output_width / width)))
        width = max(2, even(job.output_width))
    encoding = Encoding(width, height, Fraction(job.fps), job.bitrate, job.preset, about.colour)
    overlays, missing = brand.overlays(job.logos, width, height, about.colour, compiled)
    notes += missing
    return _Plan(left, right, line, method, Look(composer, overlays, encoding, shape), notes)


def _rig(job: RenderJob, abouts: list[Probe | None]) -> tuple[Rig | None, bool, str | None]:
    """The rig, and whether the pictures have to change places for it; or why there is none that fits.

    A camera without a picture is taken to be as the other one. When left and right were swapped since the rig was
    found, its cameras are told by their serials; that no camera itself has changed places, only the pictures can show.
    """
    if job.rig is None or not job.rig.exists():
        return None, False, NOT_CALIBRATED
    left, right = ((about.width, about.height) for about in (abouts[0] or abouts[1], abouts[1] or abouts[0]) if about)
    try:
        rig, swapped = fitting_rig(job.rig, (left, right), job.serials)
    except RigError as error:
        return None, False, str(error)
    both = bool(job.left and job.right)
    vouched = job.trust_rig or all((*job.serials, rig.left.serial, rig.right.serial))
    if both and (swapped or not vouched):
        lefts, rights = (job.right, job.left) if swapped else (job.left, job.right)
        try:
            check_fit(rig, lefts, rights, job.common_clock)
        except VideoError as error:
            if swapped:
                return (
                    None,
                    False,
                    f"{job.rig}: since this rig was found, left and right were swapped; {error}; {AGAIN}",
                )
            return None, False, f"{job.rig}: {error}; {AGAIN}"
    return rig, swapped, None


def _first_probe(paths: tuple[Path, ...]) -> Probe | None:
    """Of the first file with a picture that can be decoded."""
    for path in paths:
        with contextlib.suppress(VideoError):
            return probe(path, guess_rate=False)
    return None


def _intro(job: RenderJob, plan: _Plan, should_stop: Callable[[], bool]) -> intro.Intro | None:
    if job.intro is None:
        return None
    try:
        prepared = intro.prepare(job.intro, plan.look.encoding, job.cache, should_stop)
    except VideoError as error:
        plan.notes.append(f"intro: {error}; it is left out")
        return None
    if prepared is None:
        raise Stopped
    return prepared


def _make(
    job: RenderJob,
    plan: _Plan,
    prepared: intro.Intro | None,
    partial: Path,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> tuple[bytes, tuple[int, int]]:
    """Write the file; the poster's bytes, and how many pictures of each camera were lost to damage."""
    line, encoding = plan.line, plan.look.encoding
    marks = align.marks(line, job.highlights)
    intro_frames, audio_packets = (prepared.frames, prepared.audio_packets) if prepared else (0, 0)
    report = _Report(line.frames, on_progress, should_stop)
    with (
        contextlib.closing(Frames(plan.left, plan.right, line, plan.look)) as frames,
        encode.open_mp4(partial, intro_frames + line.frames, audio_packets, len(marks) + 2) as output,
    ):
        output.metadata["title"] = job.title or job.output.stem
        output.set_chapters(encode.chapters(marks, intro_frames, line.frames, encoding.fps))
        stream = encode.add_encoder(output, encoding)
        if prepared is not None:
            intro.join(prepared, output, stream, encoding.fps)
        for position, frame in enumerate(frames.each(report.idle, REPORT_SECONDS)):
            frame.pts = intro_frames + position
            _mux(output, stream.encode(frame))
            report.done(position + 1)
        _mux(output, stream.encode(None))
        return frames.poster, frames.lost


def _mux(output: OutputContainer, packets: "list[Packet[Any]]") -> None:
    for packet in packets:
        packet.duration = 1
        output.mux(packet)


class _Report:
    """Says how far the work is and hears whether to stop, a few times a second."""

    def __init__(self, total: int, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]) -> None:
        self._total = total
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._began = self._said = time.monotonic()

    def idle(self) -> None:
        if self._should_stop():
            raise Stopped

    def done(self, frames: int) -> None:
        now = time.monotonic()
        if now - self._said < REPORT_SECONDS and frames < self._total:
            return
        self._said = now
        self.idle()
        rate = frames / max(now - self._began, 1e-6)
        left = (self._total - frames) / rate
        self._on_progress(Progress(done=frames, total=self._total, unit="frames", rate=rate, seconds_left=left))
