"""`python -m ezrec_tui.console -o FILE`: makes the kiosk's font, for setfont. It loads nothing else of the program, so
that the screen need not wait for it."""

import argparse
import sys
from pathlib import Path

from ezrec_tui.console.font import CellSize, NoFont, build_font, size_for
from ezrec_tui.console.psf import write_font


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ezrec_tui.console", description="Make the kiosk's console font.")
    parser.add_argument("-o", dest="out", type=Path, required=True, help="the PSF file to write, for setfont")
    parser.add_argument(
        "--size", type=CellSize, choices=list(CellSize), help="of a cell; default: as fits this display"
    )
    given = parser.parse_args()
    try:
        given.out.write_bytes(write_font(build_font(given.size or size_for())))
    except (NoFont, OSError) as error:
        sys.exit(f"ezrec: {error}")


if __name__ == "__main__":
    main()
