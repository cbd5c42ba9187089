"""`ezrec demo`: everything, on this machine, with nothing set up."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ezrec_tui.cli.common import AsJson, Failure, say
from ezrec_tui.config import parse_size
from ezrec_tui.model import MergeMethod

if TYPE_CHECKING:
    from ezrec_tui.demo.run import Demo, DemoResult

LINGER_SECONDS = 4.0
"""So long the screen shows the published video before it ends."""


def demo(
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Length of the booking.")] = 20,
    headless: Annotated[bool, typer.Option("--headless", help="A line a transition in place of the screen.")] = False,
    data: Annotated[Path | None, typer.Option(help="Where to work; kept. Default: a new folder.")] = None,
    method: Annotated[
        MergeMethod, typer.Option(help="How the two pictures are joined; for a panorama it calibrates first.")
    ] = MergeMethod.FEATHER,
    fps: Annotated[int, typer.Option(min=5, max=60, help="Frames a second.")] = 30,
    size: Annotated[str, typer.Option(help="Of each camera's picture.")] = "1920x1080",
    as_json: AsJson = False,
) -> None:
    """Everything, on this machine, with nothing set up: from a booking to a published video."""
    from ezrec_tui.demo.run import Demo, DemoError, DemoOptions, demo_folder

    try:
        width, height = parse_size(size)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--size") from error
    options = DemoOptions(seconds, data or demo_folder(), method, fps, (width, height))
    show = not headless and sys.stdout.isatty()
    running = Demo(options, (lambda _: None) if show else say)
    try:
        with running.engine():
            result = _beside_screen(running) if show else asyncio.run(running.drive())
    except DemoError as error:
        raise Failure(str(error)) from error
    finally:
        running.close()
    if result is None:
        say(f"left before the video was ready; what was recorded is in {options.data}")
    elif as_json:
        print(json.dumps(asdict(result)))
    else:
        say(f"joined as {result.method}{_by(result.rig)}")
        say(f"the video: {result.video}")


def _by(rig: dict[str, Any] | None) -> str:
    if rig is None:
        return ""
    return ", by {inliers} of {matches} points that fit to {rmse_px:.2f} px".format(**rig)


def _beside_screen(running: "Demo") -> "DemoResult | None":
    """Drive the demo under the screen; none when the viewer left first."""
    from ezrec_tui.tui.run import run_screen

    results: list[DemoResult] = []

    async def drive() -> None:
        results.append(await running.drive())
        await asyncio.sleep(LINGER_SECONDS)

    run_screen(running.socket, beside=drive)
    return results[0] if results else None
