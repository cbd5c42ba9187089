"""`ezrec calibrate`: from two videos or two stills to the rig file that the panorama is made by; or by the engine."""

import json
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, Failure, ask, engine, footage_files, print_json, say, writing
from ezrec_tui.client import EngineClient
from ezrec_tui.model import Calibration
from ezrec_tui.niceness import GENTLE, be_gentle
from ezrec_tui.plural import plural

PREVIEWS = (".jpg", ".jpeg", ".png")


def calibrate(
    left: Annotated[
        Path | None, typer.Argument(help="A video, a folder of segments, or a still.", show_default=False)
    ] = None,
    right: Annotated[Path | None, typer.Argument(help="The right camera's.", show_default=False)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The rig file to write.", show_default=False)
    ] = None,
    cameras: Annotated[
        bool, typer.Option("--cameras", help="Have the engine do it, from what its cameras see now.")
    ] = False,
    booking: Annotated[
        str | None, typer.Option(help="Have the engine do it, from this booking's footage.", show_default=False)
    ] = None,
    preview: Annotated[
        Path | None, typer.Option(help="A picture to write: the two joined, and below it where.", show_default=False)
    ] = None,
    distortion: Annotated[
        tuple[float, float] | None,
        typer.Option(metavar="K1 K2", help="Of the lenses, when known; else it is found.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find out how two cameras stand to each other, so that their pictures become one.

    From two files into a rig file; or by the engine for its own videos: then --cameras or --booking stands alone.
    """
    files = [left, right, output]
    if [None not in files, cameras, booking is not None].count(True) != 1 or (
        None in files and any((*files, preview, distortion))
    ):
        raise typer.BadParameter("give LEFT, RIGHT and --output; or --cameras alone, or --booking alone")
    if left is None or right is None or output is None:
        _by_engine(booking, as_json)
    else:
        _from_files(left, right, output, preview, distortion, as_json)


def _by_engine(booking: str | None, as_json: bool) -> None:
    client = engine()
    answer = ask(client.calibrate(booking))
    if not answer.ok:
        raise Failure(answer.message)
    say(answer.message)
    result = ask(_result(client))
    if as_json:
        print_json(result)
    if not result.ok:
        raise Failure(f"no rig: {result.message}")
    if not as_json:
        say(result.message)


async def _result(client: EngineClient) -> Calibration:
    async with aclosing(client.follow()) as snapshots:
        async for snapshot in snapshots:
            if snapshot.calibration is None:
                raise Failure("the engine was started again meanwhile: calibrate again")
            if not snapshot.calibration.running:
                return snapshot.calibration
    raise AssertionError("following ends by an error alone")


def _from_files(
    left: Path,
    right: Path,
    output: Path,
    preview: Path | None,
    distortion: tuple[float, float] | None,
    as_json: bool,
) -> None:
    from ezrec_tui.video.calibrate import Known, numbers
    from ezrec_tui.video.calibrate import calibrate as find
    from ezrec_tui.video.preview import write_preview
    from ezrec_tui.video.probe import VideoError
    from ezrec_tui.video.rig_file import save_rig
    from ezrec_tui.video.stills import MOMENTS, gather

    be_gentle(GENTLE)
    if preview and preview.suffix.lower() not in PREVIEWS:
        raise typer.BadParameter(f"{preview}: end its name in one of {', '.join(PREVIEWS)}", param_hint="--preview")
    try:
        say("reading pictures of both cameras")
        scenes = gather(footage_files(left), footage_files(right), common_clock=left.is_dir(), count=MOMENTS)
        count = len(scenes.left)
        say(f"looking for what both see, in {count} {plural(count, 'picture', 'pictures')} of each")
        rig = find(scenes, datetime.now(UTC), Known(distortion=distortion))
    except VideoError as error:
        raise Failure(f"no rig: {error}") from error
    with writing(output):
        save_rig(rig, output)
    if preview:
        with writing(preview):
            write_preview(rig, scenes, preview)
    if as_json:
        canvas = rig.canvas
        document = {
            "matches": rig.matches,
            "inliers": rig.inliers,
            "rmse_px": rig.rmse_px,
            "overlap_px": rig.overlap_px,
            "size": f"{canvas.width}x{canvas.height}",
            "method": canvas.method.value,
        }
        print(json.dumps(document))
    else:
        say(f"{output}: {numbers(rig)}")
