"""Large digits, read from across a room."""

from collections.abc import Sequence
from itertools import groupby

from textual.content import Content

from ezrec_tui.tui.glyphs import Glyphs
from ezrec_tui.tui.widgets.panel import line

PIXELS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
}
"""Each character, three by five (the colon one by five)."""

STROKES = {
    "0": ("╭─╮", "│ │", "╰─╯"),
    "1": ("╶╮ ", " │ ", "╶┴╴"),
    "2": ("╶─╮", "╭─╯", "╰─╴"),
    "3": ("╶─╮", " ─┤", "╶─╯"),
    "4": ("╷ ╷", "╰─┤", "  ╵"),
    "5": ("╭─╴", "╰─╮", "╶─╯"),
    "6": ("╭─╴", "├─╮", "╰─╯"),
    "7": ("╶─╮", "  │", "  ╵"),
    "8": ("╭─╮", "├─┤", "╰─╯"),
    "9": ("╭─╮", "╰─┤", "╶─╯"),
    ":": (" ", ":", " "),
}
"""The same in three lines of strokes, where there is no room for more."""


def rows_for(texts: Sequence[str], height: int, width: int) -> int:
    """How many of `height` lines the digits of each text may have, so that all look alike and fit `width` cells."""
    for scale in range(height // 5, 0, -1):
        if all(2 * scale * len(_pixels(text, 0)) <= width for text in texts):
            return 5 * scale
    return 3 if height >= 3 and all(len(_pixels(text, 0)) <= width for text in texts) else 1


def large_digits(text: str, rows: int, height: int, colour: str, glyphs: Glyphs) -> list[Content]:
    """`text` (digits and colons), `rows` lines high as `rows_for` says, in `height` lines.

    `colour` is a style variable, `$ink` for one.
    """
    blank = Content("")
    if rows >= 5:
        return (_blocks(text, rows // 5, colour, glyphs.block) + [blank] * height)[:height]
    drawn = [text]
    if rows == 3:
        drawn = _halves(text, glyphs.halves) if glyphs.halves else _strokes(text)
    above = (height - rows) // 2 if rows == 3 else height // 2
    return ([blank] * above + [line((row, colour)) for row in drawn] + [blank] * height)[:height]


def _pixels(text: str, row: int) -> str:
    return " ".join(PIXELS[character][row] for character in text)


def _strokes(text: str) -> list[str]:
    return [" ".join(STROKES[character][row] for character in text) for row in range(3)]


def _halves(text: str, halves: str) -> list[str]:
    """Two rows of pixels a line; a sixth row is empty."""
    upper, lower, full = halves
    rows = [_pixels(text, row) for row in range(5)]
    rows.append(" " * len(rows[0]))
    shapes = {("#", "#"): full, ("#", " "): upper, (" ", "#"): lower, (" ", " "): " "}
    return ["".join(shapes[pair] for pair in zip(rows[row], rows[row + 1], strict=True)) for row in (0, 2, 4)]


def _blocks(text: str, scale: int, colour: str, block: str) -> list[Content]:
    """A pixel is `2 * scale` cells wide and `scale` lines high."""
    style = colour if block else f"on {colour}"
    across, lines = 2 * scale, list[Content]()
    for row in range(5):
        runs = [(pixel, len(list(run))) for pixel, run in groupby(_pixels(text, row))]
        parts = [
            ((block or " ") * across * count, style) if pixel == "#" else (" " * across * count, "")
            for pixel, count in runs
        ]
        lines += [line(*parts)] * scale
    return lines
