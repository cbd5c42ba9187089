"""What an act of the viewer's is made of, and the situation that decides whether it can be done now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Alert, Answer, Booking, Job, RecordingStatus, Snapshot
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.texts import Texts

Word = Callable[[Texts], str]
"""A text, in whatever language is on."""

Chosen = Job | Booking | Alert | None
"""The line of a list that the viewer has chosen, where acts can be done to it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is done to: a recording or a job (by its booking's id), an alert (by its number), or the venue."""

    id: str = ""
    label: str = ""
    priority: int = 0
    """Of a job."""
    held: bool = False
    """A job that a person has paused."""
    start: datetime | None = None
    end: datetime | None = None
    """Of a recording or a booking."""
    kept_days: int = 0
    """Of a job, were it given up now."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the viewer gave along with an act."""

    minutes: int = 0
    name: str = ""
    choice: str = ""
    by: str = ""
    """Who the viewer is."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before a dangerous act. Enter and Esc are safe; `key` alone confirms, and it never opens anything."""

    title: Word
    body: Word
    """May hold {label}, {end} and {when} of what it is done to."""
    safe: Word
    confirm: Word
    key: str = "s"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Asks for how many minutes, before an act that does no harm."""

    title: Word
    body: Word
    choices: tuple[int, ...]
    first: int
    """The one that has the focus."""
    change: bool = False
    """They move an end. One that would end a recording at once has to be confirmed with `key`."""
    key: str = "s"
    name: Word | None = None
    """Asks for a name as well."""


@dataclass(frozen=True, slots=True)
class PickMethod:
    """Asks how videos are to be joined; says of each way what it does, and why it cannot be had now."""

    title: Word
    body: Word


@dataclass(frozen=True, slots=True)
class ReadAlert:
    """Shows an alert whole; taking it off the screen is a key of its own."""

    key: str = "s"


@dataclass(frozen=True, slots=True)
class EngineAct:
    """Something the engine does. `command` gets the target, and what the viewer gave."""

    id: str
    key: str
    label: Word
    does: Word
    targets: Callable[["Situation"], Sequence[Target]]
    unavailable: Word
    command: Callable[[EngineClient, Target, Given], Awaitable[Answer]]
    ask: Question | Minutes | PickMethod | ReadAlert | None = None
    on: frozenset[Place] = frozenset(Place)
    """The screens on which its key does it."""
    guarded: bool = False
    """Asks for the venue's PIN before anything else, where one is set."""


@dataclass(frozen=True, slots=True)
class ScreenAct:
    """Something the screen does by itself."""

    id: str
    key: str
    label: Word
    does: Word
    kiosk: bool | None = None
    """In a kiosk alone, or everywhere but there; None is on both."""
    opens: Place | None = None
    """The screen it shows."""
    on: frozenset[Place] = frozenset(Place)
    spare: bool = False
    """Left out of the footer where there is no room."""
    hindrance: Callable[["Situation"], Word | None] = lambda _: None
    """Why it cannot be done now; None when it can."""
    guarded: bool = False
    """Asks for the venue's PIN; without one there is no such act."""


Act = EngineAct | ScreenAct


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which acts are available."""

    snapshot: Snapshot | None = None
    live: bool = False
    """The engine answers, and the snapshot is what it says now."""
    kiosk: bool = False
    read_only: bool = False
    busy: str | None = None
    """The act that the engine has not answered yet."""
    place: Place = Place.HOME
    chosen: Chosen = None

    @property
    def pin_set(self) -> bool:
        return self.snapshot is not None and self.snapshot.pin_set

    @property
    def recordings(self) -> tuple[RecordingStatus, ...]:
        return self.snapshot.recordings if self.snapshot else ()

    def refusal(self, act: Act) -> Word | None:
        """Why the act cannot be done now; None when it can."""
        if isinstance(act, ScreenAct) and not act.guarded:
            return act.hindrance(self)
        if isinstance(act, EngineAct) and self.read_only:
            return lambda t: t.read_only
        if self.snapshot is None or not self.live:
            return lambda t: t.not_live
        if self.busy is not None:
            return lambda t: t.busy
        return None if isinstance(act, ScreenAct) or act.targets(self) else act.unavailable
