"""`ezrec console-font`: what the kiosk's unit and the installer call."""

from pathlib import Path
from typing import Annotated

import typer

from ezrec_tui.cli.common import Failure, say
from ezrec_tui.console.font import CellSize, NoFont, build_font, size_for
from ezrec_tui.console.psf import write_font


def console_font(
    out: Annotated[Path, typer.Option("--out", "-o", help="The PSF file to write; for setfont.")],
    size: Annotated[CellSize | None, typer.Option(help="Of a cell. Default: as fits this display.")] = None,
) -> None:
    """Make the kiosk's font for the Linux console."""
    chosen = size or size_for()
    try:
        out.write_bytes(write_font(build_font(chosen)))
    except NoFont as error:
        raise Failure(str(error)) from error
    say(f"the console's font at {chosen}: {out}")
