"""What every part of the screen needs to draw: language, kind of terminal, the venue's zone; and how the engine is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import Alert, Booking, CameraPicture, DoneAct, RigPicture, ShareLink
from ezrec_tui.tui import wording
from ezrec_tui.tui.glyphs import Glyphs
from ezrec_tui.tui.profile import TRUECOLOR, Profile
from ezrec_tui.tui.texts import ENGLISH, Texts

OLD_SECONDS = 3.0
"""Age from which what is shown is called old."""


class Place(StrEnum):
    """The screens. One is shown at a time; home lies under all others."""

    HOME = "home"
    JOBS = "jobs"
    BOOKINGS = "bookings"
    ALERTS = "alerts"
    ACTS = "acts"
    LOG = "log"
    CAMERAS = "cameras"
    IDENTIFY = "identify"
    SETUP = "setup"
    HELP = "help"


@dataclass(frozen=True)
class Look:
    """How things are said and drawn."""

    texts: Texts = ENGLISH
    profile: Profile = TRUECOLOR
    venue: tzinfo | None = None
    """None, until an engine named it, is the machine's own zone."""
    read_only: bool = False
    """Its viewer only looks on: no key is named that does something."""

    @property
    def glyphs(self) -> Glyphs:
        return self.profile.glyphs

    def name(self, text: str) -> str:
        """A name or message from outside, made harmless."""
        return wording.harmless(text, self.glyphs.unknown, console=self.profile.is_console)

    def said(self, text: str) -> str:
        """A sentence of the engine's, in the screen's language and made harmless."""
        return self.name(self.texts.said(text))

    def fit(self, text: str, cells: int) -> str:
        return wording.fit(text, cells, self.glyphs.ellipsis)

    def cut(self, text: str, cells: int) -> str:
        return wording.cut(text, cells, self.glyphs.ellipsis)


@dataclass(frozen=True, slots=True)
class Message:
    """What the screen says about the viewer's last act, in passing."""

    text: str = ""
    good: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """How the screen stands with the engine."""

    live: bool = False
    """The stream is open and its last word was a snapshot."""
    failed: bool = False
    """The last try to reach the engine failed."""
    age: float | None = None
    """Seconds since the last snapshot, counted once they are more than a few; else None."""

    @property
    def lost(self) -> bool:
        """What is shown cannot be trusted any more."""
        return not self.live and self.age is not None


@dataclass(frozen=True, slots=True)
class Joined:
    """What the cameras' joined picture looked like when they were calibrated."""

    made: datetime
    """When that was."""
    picture: RigPicture


@dataclass(frozen=True, slots=True)
class Records:
    """What is asked of the engine only while a screen shows it. None is not known yet."""

    bookings: tuple[Booking, ...] | None = None
    log: tuple[LogLine, ...] | None = None
    alerts: tuple[Alert, ...] | None = None
    acts: tuple[DoneAct, ...] | None = None
    joined: Joined | None = None
    links: Mapping[str, ShareLink] = field(default_factory=dict[str, ShareLink])
    """Those that the viewer asked for, by booking."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a camera saw last, asked of the engine only while a screen shows it."""

    picture: CameraPicture
    age: int = 0
    """Whole seconds since it was exposed."""
