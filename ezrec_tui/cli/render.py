"""`ezrec render`: stitch and brand any two videos, outside any booking."""

import json
import re
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ezrec_tui.cli.bar import Bar
from ezrec_tui.cli.common import AsJson, Failure, footage_files, say, writing
from ezrec_tui.config import LogoPosition, parse_size
from ezrec_tui.model import MergeMethod
from ezrec_tui.plural import plural
from ezrec_tui.recording_files import MANIFEST, RecordingError, find_segments, read_manifest

LOGO = re.compile(r"(?P<file>.+)@(?P<position>[a-z_]+)(:(?P<size>\d+x\d+))?")
DEFAULT_LOGO_SIZE = (120, 120)
OVERLAP_SHARE = 8
"""Without --overlap, an eighth of the left picture's width, as the recorder's own settings have it."""


def render(
    left: Annotated[
        Path, typer.Argument(help="A video, a folder of segments, or a recording's folder.", show_default=False)
    ],
    right: Annotated[
        Path | None, typer.Argument(help="The other camera's; none: a single picture, or a recording's two.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The MP4 to write.", show_default=False)] = ...,  # pyright: ignore[reportArgumentType]
    method: Annotated[
        MergeMethod | None,
        typer.Option(help="How the two pictures are joined; with a rig as a panorama, else by feather."),
    ] = None,
    overlap: Annotated[int | None, typer.Option(min=0, help="Pixels both see; default an eighth of the width.")] = None,
    rig: Annotated[
        Path | None,
        typer.Option(
            help="For a panorama: the file that `ezrec calibrate` wrote.",
            show_default=False,
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    logo: Annotated[list[str] | None, typer.Option(metavar="FILE@POSITION[:WxH]", help="May be given again.")] = None,
    intro: Annotated[Path | None, typer.Option(help="A video to go in front.")] = None,
    preset: Annotated[str, typer.Option(help="Of x264.")] = "ultrafast",
    bitrate: Annotated[int, typer.Option(min=100_000, help="Bits per second.")] = 12_000_000,
    as_json: AsJson = False,
) -> None:
    """Stitch and brand any two videos, outside any booking."""
    from ezrec_tui.video.probe import VideoError
    from ezrec_tui.video.render import RenderJob
    from ezrec_tui.video.render import render as make

    chosen = method or (MergeMethod.PANORAMA if rig else MergeMethod.FEATHER)
    if rig and chosen is not MergeMethod.PANORAMA:
        raise typer.BadParameter(f"{chosen} uses no rig: leave it out, or --method", param_hint="--rig")
    if not rig and chosen is MergeMethod.PANORAMA:
        say("a panorama needs a rig: make one with `ezrec calibrate LEFT RIGHT -o rig.json`, and give it with --rig")
    if rig:
        say("looking whether the rig fits")
    try:
        given = _given(left, right)
        rate, width = _rate_and_width((given.left or given.right)[0])
        job = RenderJob(
            left=given.left,
            right=given.right,
            output=output,
            fps=rate,
            cache=output.parent,
            start_ns=given.start_ns,
            end_ns=given.end_ns,
            common_clock=left.is_dir(),
            method=chosen,
            overlap=width // OVERLAP_SHARE // 2 * 2 if overlap is None else overlap,
            rig=rig,
            serials=given.serials,
            trust_rig=False,
            logos=tuple(_logo(text) for text in logo or ()),
            intro=intro,
            bitrate=bitrate,
            preset=preset,
            title=output.stem,
        )
        began = time.monotonic()
        with writing(output), Bar(output.name) as bar:
            result = make(job, bar.show)
    except (VideoError, RecordingError) as error:
        raise Failure(str(error)) from error
    for fallback in result.fallbacks:
        say(f"done without: {fallback}")
    if as_json:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        document = {
            "video": str(result.video),
            "frames": result.frames,
            "duration_seconds": result.duration_seconds,
            "method": result.method.value,
            "fallbacks": list(result.fallbacks),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
            "wall_seconds": round(time.monotonic() - began, 3),
            "peak_memory_mb": round(usage.ru_maxrss / 1024, 1),
        }
        print(json.dumps(document))
    else:
        frames = f"{result.frames} {plural(result.frames, 'frame', 'frames')}"
        say(f"{result.video}: {frames}, {result.duration_seconds:.1f} s, {result.method.value}")


@dataclass(frozen=True, slots=True)
class _Given:
    """Both cameras' files; of a recording also what the booking shows of them, and which cameras they were."""

    left: tuple[Path, ...]
    right: tuple[Path, ...]
    start_ns: int | None = None
    end_ns: int | None = None
    serials: tuple[str, str] = ("", "")


def _given(left: Path, right: Path | None) -> _Given:
    """Raises RecordingError, Failure."""
    from ezrec_tui.jobs.plan import footage, serials

    if right is not None or not (left / MANIFEST).exists():
        return _Given(footage_files(left), footage_files(right) if right else ())
    manifest = read_manifest(left).model_copy(update={"segments": find_segments(left)})
    lefts, rights = footage(left, manifest)
    if not lefts and not rights:
        raise Failure(f"no footage in the recording ({left}): take another one")
    return _Given(lefts, rights, manifest.start_ns, manifest.end_ns, serials(manifest))


def _logo(text: str):
    from ezrec_tui.video.brand import Logo

    found = LOGO.fullmatch(text)
    if not found or found["position"] not in set(LogoPosition):
        places = ", ".join(LogoPosition)
        raise typer.BadParameter(f"{text}: write FILE@POSITION or FILE@POSITION:WxH with one of {places}")
    width, height = parse_size(found["size"]) if found["size"] else DEFAULT_LOGO_SIZE
    return Logo(Path(found["file"]), LogoPosition(found["position"]), width, height)


def _rate_and_width(path: Path):
    from ezrec_tui.video.probe import probe

    found = probe(path)
    return found.rate, found.width
