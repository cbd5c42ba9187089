"""Every character the screen draws that is not a letter, digit or plain punctuation: one table, two sets.

The rich set is for terminal emulators and for the console with the kiosk's font. The console set holds only what
Debian's Uni2-Terminus can draw, for a console whose font nobody changed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Shapes stand for a state wherever a colour does, so that the screen reads in grey."""

    idle: str
    armed: str
    recording: str
    finishing: str
    stopped: str
    alert: str
    lost: str
    good: str
    pending: str
    bar_full: str
    bar_empty: str
    rule: str
    dot: str
    ellipsis: str
    dash: str
    swap: str
    grows: str
    above: str
    below: str
    cursor: str
    halves: str
    """Upper half, lower half and full block, for pictures and for digits of three lines; empty where a font may lack
    them."""
    steps: str
    """Columns that fill more and more of a cell, up to all of it."""
    upright: str
    begins: str
    """This and the next: the ends of a span."""
    ends: str
    block: str
    """What larger digits are made of: cells full of ink; empty for a coloured ground, which no font can interrupt."""
    unknown: str
    """Stands for a character that is harmful or cannot be drawn."""


RICH = Glyphs(
    idle="○",
    armed="▶",
    recording="●",
    finishing="◆",
    stopped="■",
    alert="▲",
    lost="✗",
    good="✓",
    pending="○",
    bar_full="━",
    bar_empty="─",
    rule="─",
    dot="·",
    ellipsis="…",
    dash="–",
    swap="↔",
    grows="↑",
    above="↑",
    below="↓",
    cursor="›",
    halves="▀▄█",
    block="",
    steps="▁▂▃▄▅▆▇█",
    upright="│",
    begins="├",
    ends="┤",
    unknown="·",
)

CONSOLE = Glyphs(
    idle="•",
    armed="▶",
    recording="●",
    finishing="♦",
    stopped="■",
    alert="▲",
    lost="✗",
    good="√",
    pending="•",
    bar_full="█",
    bar_empty="░",
    rule="─",
    dot="·",
    ellipsis="…",
    dash="–",
    swap="↔",
    grows="↑",
    above="↑",
    below="↓",
    cursor="›",
    halves="",
    block="█",
    steps="░█",
    upright="│",
    begins="├",
    ends="┤",
    unknown="?",
)
