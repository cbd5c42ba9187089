"""Large digits, read from across a room. They are made of coloured cells, so any font can show them."""

from itertools import groupby

from textual.content import Content

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


def large_digits(text: str, height: int, width: int, colour: str, halves: str) -> list[Content]:
    """`text` (digits and colons) in at most `height` lines and `width` cells, as large as fits; always `height` lines.

    `colour` is a style variable, `$ink` for one; `halves` are the half blocks of the glyphs.
    """
    blank = Content("")
    for scale in range(height // 5, 0, -1):
        lines = _blocks(text, scale, colour)
        if lines[0].cell_length <= width:
            return (lines + [blank] * height)[:height]
    if height >= 3:
        strokes = _halves(text, halves) if halves else _strokes(text)
        if len(strokes[0]) <= width:
            above = (height - 3) // 2
            return ([blank] * above + [line((row, colour)) for row in strokes] + [blank] * height)[:height]
    return ([blank] * (height // 2) + [line((text, colour))] + [blank] * height)[:height]


def _strokes(text: str) -> list[str]:
    return [" ".join(STROKES[character][row] for character in text) for row in range(3)]


def _halves(text: str, halves: str) -> list[str]:
    """Two rows of pixels a line; a sixth row is empty."""
    upper, lower, full = halves
    rows = [" ".join(PIXELS[character][row] for character in text) for row in range(5)]
    rows.append(" " * len(rows[0]))
    shapes = {("#", "#"): full, ("#", " "): upper, (" ", "#"): lower, (" ", " "): " "}
    return ["".join(shapes[pair] for pair in zip(rows[row], rows[row + 1], strict=True)) for row in (0, 2, 4)]


def _blocks(text: str, scale: int, colour: str) -> list[Content]:
    across, lines = 2 * scale, list[Content]()
    for row in range(5):
        pixels = " ".join(PIXELS[character][row] for character in text)
        runs = [(pixel, len(list(run))) for pixel, run in groupby(pixels)]
        parts = [(" " * across * count, f"on {colour}" if pixel == "#" else "") for pixel, count in runs]
        lines += [line(*parts)] * scale
    return lines
