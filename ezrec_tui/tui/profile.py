"""What the terminal can show, decided once at the start: which colours, which characters.

The Linux console has eight colours behind its letters and sixteen for them; whether it can draw all signs depends on
the font that was loaded, which the kernel tells.

Few colours, each with one meaning: `ok` works, `look` wants a look, `act` wants somebody to act, `info` is about to
be done; `calm`, `muted` and `line` are quiet. `on-X` is the colour of writing on X. In grey they differ as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.color import Color
from textual.theme import Theme

from ezrec_tui.console.shapes import AREAS
from ezrec_tui.tui.glyphs import CONSOLE, RICH, Glyphs
from ezrec_tui.tui.raster import Grey


@dataclass(frozen=True)
class Profile:
    """A kind of terminal."""

    name: str
    theme: Theme
    glyphs: Glyphs
    bold: bool
    """Whether bold is bold: the Linux console makes another colour of it."""
    greys: tuple[Grey, ...]
    """What pictures are drawn in."""
    palette: tuple[str, ...] = ()
    """The console's 16 colours as rrggbb, where the screen may set them."""

    def strong(self, style: str = "") -> str:
        """The style for what is to stand out."""
        return f"bold {style}".strip() if self.bold else style

    @property
    def is_console(self) -> bool:
        return bool(self.palette)


def _theme(name: str, colours: dict[str, str]) -> Theme:
    return Theme(
        name=name,
        primary=colours["info"],
        success=colours["ok"],
        warning=colours["look"],
        error=colours["act"],
        accent=colours["info"],
        background=colours["ground"],
        surface=colours["ground"],
        panel=colours["calm"],
        foreground=colours["ink"],
        variables=colours,
    )


GREYS = tuple(Grey(232 + step, 8 + 10 * step) for step in range(24))
"""Those of the 256 colours that every such terminal has, truecolor or not: as many as a picture of noise and motion is
worth, and named in fewer bytes than a truecolor."""

CONSOLE_PALETTE = (
    *("0f1317", "c8262e", "4cc38a", "f0b429", "26303b", "6c7685", "5aa9e6", "a4adba"),
    *("566070", "ff7b80", "3f4854", "858f9e", "98a2b0", "bcc4cf", "d8dee5", "f2f5f8"),
)
"""What the theme has no use for is grey: five more for pictures. The first eight can be a ground."""


def _console_greys(palette: tuple[str, ...], numbers: tuple[int, ...]) -> tuple[Grey, ...]:
    return tuple(Grey(at, round(255 * Color.parse(f"#{palette[at]}").brightness), at < 8) for at in numbers)


TRUECOLOR = Profile(
    "truecolor",
    _theme(
        "ezrec-truecolor",
        {
            "ground": "#0f1317",
            "ink": "#e4e8ed",
            "muted": "#8a94a3",
            "faint": "#566070",
            "line": "#323c48",
            "calm": "#26303b",
            "on-calm": "#e4e8ed",
            "ok": "#4cc38a",
            "on-ok": "#06170e",
            "look": "#f0b429",
            "on-look": "#1c1400",
            "act": "#d8343c",
            "on-act": "#ffffff",
            "act-ink": "#ff7b80",
            "info": "#5aa9e6",
            "on-info": "#04121d",
        },
    ),
    RICH,
    bold=True,
    greys=GREYS,
)

ANSI256 = Profile(
    "ansi256",
    _theme(
        "ezrec-ansi256",
        {
            "ground": "#121212",
            "ink": "#e4e4e4",
            "muted": "#949494",
            "faint": "#626262",
            "line": "#3a3a3a",
            "calm": "#303030",
            "on-calm": "#e4e4e4",
            "ok": "#5faf87",
            "on-ok": "#080808",
            "look": "#ffaf00",
            "on-look": "#080808",
            "act": "#d70000",
            "on-act": "#ffffff",
            "act-ink": "#ff8787",
            "info": "#5fafd7",
            "on-info": "#080808",
        },
    ),
    RICH,
    bold=True,
    greys=GREYS,
)

CONSOLE_PROFILE = Profile(
    "console",
    Theme(
        name="ezrec-console",
        ansi=True,
        primary="ansi_cyan",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        accent="ansi_cyan",
        background="ansi_black",
        surface="ansi_black",
        panel="ansi_blue",
        foreground="ansi_white",
        variables={
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
            "ground": "ansi_black",
            "ink": "ansi_bright_white",
            "muted": "ansi_white",
            "faint": "ansi_bright_black",
            "line": "ansi_bright_black",
            "calm": "ansi_blue",
            "on-calm": "ansi_bright_white",
            "ok": "ansi_green",
            "on-ok": "ansi_black",
            "look": "ansi_yellow",
            "on-look": "ansi_black",
            "act": "ansi_red",
            "on-act": "ansi_bright_white",
            "act-ink": "ansi_bright_red",
            "info": "ansi_cyan",
            "on-info": "ansi_black",
        },
    ),
    replace(RICH, block=CONSOLE.block),
    bold=False,
    greys=_console_greys(CONSOLE_PALETTE, (0, 4, 5, 7, 8, 10, 11, 12, 13, 14, 15)),
    palette=CONSOLE_PALETTE,
)

PLAIN_CONSOLE = replace(CONSOLE_PROFILE, name="plain-console", glyphs=CONSOLE)
"""A console with another font than the kiosk's."""

OTHERS_CONSOLE = replace(
    PLAIN_CONSOLE,
    name="others-console",
    greys=(Grey(0, 0), Grey(8, 85, ground=False), Grey(7, 170), Grey(15, 255, ground=False)),
)
"""A console that is not before this program: over SSH, or in tmux. Its colours are not set, and are its own."""

PROFILES = {one.name: one for one in (CONSOLE_PROFILE, PLAIN_CONSOLE, OTHERS_CONSOLE, ANSI256, TRUECOLOR)}


def choose_profile(environment: Mapping[str, str], loaded: frozenset[str] | None = None) -> Profile:
    """The profile of the terminal that TERM and COLORTERM name; what is unknown gets 256 colours.

    `loaded` are the characters of the console's font, if this is a console that tells.
    """
    if environment.get("TERM") in {"linux", "vt100", "vt220", "ansi"}:
        if loaded is None:
            return OTHERS_CONSOLE
        return CONSOLE_PROFILE if loaded >= AREAS.keys() else PLAIN_CONSOLE
    if environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return TRUECOLOR
    return ANSI256


def console_set_up(profile: Profile) -> str:
    """What to write to a Linux console before the screen: the profile's colours, and that it never goes dark."""
    colours = "".join(f"\x1b]P{index:X}{colour}" for index, colour in enumerate(profile.palette))
    return f"{colours}\x1b[9;0]\x1b[14;0]"


def console_torn_down() -> str:
    """What to write to it when the screen has gone: its own colours, and nothing on it."""
    return "\x1b]R\x1b[2J\x1b[H"
