"""`ezrec calibrate`: from two videos or two stills to the rig file that the panorama is made by."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, Failure, footage_files, say

GENTLE = 10
"""Niceness: a recorder goes first."""
PREVIEWS = (".jpg", ".jpeg", ".png")


def calibrate(
    left: Annotated[Path, typer.Argument(help="A video, a folder of segments, or a still.", show_default=False)],
    right: Annotated[Path, typer.Argument(help="The right camera's.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The rig file to write.", show_default=False)] = ...,  # pyright: ignore[reportArgumentType]
    preview: Annotated[
        Path | None, typer.Option(help="A picture to write: the two joined, and below it where.", show_default=False)
    ] = None,
    distortion: Annotated[
        tuple[float, float] | None,
        typer.Option(metavar="K1 K2", help="Of the lenses, when known; else it is found.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find out how two cameras stand to each other, so that their pictures become one."""
    from ezrec_tui.video.calibrate import Known, numbers
    from ezrec_tui.video.calibrate import calibrate as find
    from ezrec_tui.video.preview import write_preview
    from ezrec_tui.video.probe import VideoError
    from ezrec_tui.video.rig_file import save_rig
    from ezrec_tui.video.stills import MOMENTS, gather

    os.nice(GENTLE)
    if preview and preview.suffix.lower() not in PREVIEWS:
        raise typer.BadParameter(f"{preview}: end its name in one of {', '.join(PREVIEWS)}", param_hint="--preview")
    try:
        say("reading pictures of both cameras")
        scenes = gather(footage_files(left), footage_files(right), common_clock=left.is_dir(), count=MOMENTS)
        say(f"looking for what both see, in {len(scenes.left)} pictures of each")
        rig = find(scenes, datetime.now(UTC), Known(distortion=distortion))
    except VideoError as error:
        raise Failure(f"no rig: {error}") from error
    save_rig(rig, output)
    if preview:
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
