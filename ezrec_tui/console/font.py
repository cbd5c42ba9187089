"""The kiosk's font: a Uni2-Terminus of Debian's console-setup, with the signs of the screen drawn into it. It is the
bold one, which is read from farther away.

A console font has 512 glyphs, and Uni2-Terminus uses all of them: signs that no screen of ours shows and letters of
languages that few names are written in make room.
"""

from enum import StrEnum
from pathlib import Path

from ezrec_tui.console.psf import Bitmap, Font, read_font
from ezrec_tui.console.shapes import AREAS, draw, shade, thin_lines


class CellSize(StrEnum):
    """Width and height of a cell in pixels, the smallest first."""

    SMALL = "8x16"
    MIDDLE = "12x24"
    LARGE = "16x32"

    @property
    def pixels(self) -> tuple[int, int]:
        width, height = self.split("x")
        return int(width), int(height)


SOURCES = {
    CellSize.SMALL: "Uni2-TerminusBold16",
    CellSize.MIDDLE: "Uni2-TerminusBold24x12",
    CellSize.LARGE: "Uni2-TerminusBold32x16",
}
"""console-setup's names of the fonts."""

FONT_FOLDER = Path("/usr/share/consolefonts")
"""Where console-setup-linux puts its fonts."""

FRAMEBUFFER = Path("/sys/class/graphics/fb0/virtual_size")
LEAST_COLUMNS, LEAST_ROWS = 80, 24

REPLACED = "☺☻☼‼↨∟⌐⌠⌡∩≡ⁿ∙∞₧ƒ₮ˆ˜ˇ˘˙˛˝΄΅∈∅‖‗′″⇐⇑⇒⇓⇔⇕∧∨∪⌂≠ϳϴ‰†‡¤¦ĈĉĊċĜĝĠġĤĥĦħĴĵŜŝŬŭŴŵŶŷṀṁ"
"""What makes room: one glyph each. The letters are Maltese, Welsh and of Esperanto."""


class NoFont(Exception):
    """The font cannot be made; the text says why and what to do."""


def signs(base: Font) -> dict[str, Bitmap]:
    """All signs that are drawn, at the size of the font's cells."""
    drawn = {sign: draw(area, base.width, base.height) for sign, area in AREAS.items()}
    drawn["▓"] = shade(base.width, base.height)
    across, down = (base.glyphs[base.table[line]] for line in "─│")
    return drawn | thin_lines(across, down, base.width)


def with_signs(base: Font) -> Font:
    """The font with all signs in it. Raises NoFont when it has too few glyphs that nobody needs."""
    drawn = signs(base)
    glyphs, characters = list(base.glyphs), [held - drawn.keys() for held in base.characters]
    replaced = set(REPLACED)
    free = [index for index, held in enumerate(characters) if held <= replaced and index != base.table.get(" ")]
    if len(free) < len(drawn):
        raise NoFont(f"the font has room for {len(free)} signs, and {len(drawn)} are needed: take a Uni2-Terminus")
    for index, (sign, bitmap) in zip(free, drawn.items(), strict=False):
        glyphs[index], characters[index] = bitmap, frozenset(sign)
    return Font(base.width, base.height, tuple(glyphs), tuple(characters))


def build_font(size: CellSize, folder: Path = FONT_FOLDER) -> Font:
    """The kiosk's font with cells of that size. Raises NoFont."""
    source = folder / f"{SOURCES[size]}.psf.gz"
    try:
        base = read_font(source.read_bytes())
    except OSError as error:
        raise NoFont(f"no console font ({source}): install the package console-setup-linux") from error
    except ValueError as error:
        raise NoFont(f"{error} ({source}): install the package console-setup-linux again") from error
    return with_signs(base)


def size_for(framebuffer: Path = FRAMEBUFFER) -> CellSize:
    """The largest size that leaves room for the screen on this machine's display; the smallest when none is known."""
    try:
        across, down = (int(pixels) for pixels in framebuffer.read_text().split(","))
    except (OSError, ValueError):
        return CellSize.SMALL
    fitting = [
        size for size in CellSize if across >= LEAST_COLUMNS * size.pixels[0] and down >= LEAST_ROWS * size.pixels[1]
    ]
    return [CellSize.SMALL, *fitting][-1]
