"""A list as a screen shows it: what is in it, a line for each, and all that is known of the chosen one.

Pure: what it says follows from the scene alone. `screens.listed` draws it and moves in it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from textual.content import Content

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Snapshot
from ezrec_tui.tui.act import Chosen, Situation
from ezrec_tui.tui.look import Look, Place, Records
from ezrec_tui.tui.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a list is made from."""

    snapshot: Snapshot | None
    records: Records
    now: datetime
    look: Look
    situation: Situation


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of the chosen one: under its label, over as many lines as it takes."""

    label: str
    value: str
    tone: str = "$ink"


class Listing(ABC, Generic[T]):
    """What a screen lists."""

    place: Place
    has_detail = True
    """Whether more is known of an item than its line says."""
    asks_every = 0
    """Seconds from one `ask` to the next; 0 for a list that is in the snapshot."""
    stays_at_end = False
    """Whether who looks at the last line goes on looking at the last line when more come."""

    @abstractmethod
    def title(self, texts: Texts) -> str: ...

    @abstractmethod
    def empty(self, texts: Texts) -> str:
        """What is said when nothing is in it."""

    @abstractmethod
    def items(self, scene: Scene) -> Sequence[T] | None:
        """None when it is not known yet."""

    @abstractmethod
    def key(self, item: T) -> str:
        """Tells it from all others, and stays the same when it changes."""

    @abstractmethod
    def row(self, item: T, width: int, scene: Scene) -> Content: ...

    def detail(self, item: T, scene: Scene) -> Sequence[Fact]:
        """The most telling first."""
        return ()

    def first(self, items: Sequence[T], scene: Scene) -> int:
        """The one that is chosen when the screen opens."""
        return 0

    def chosen(self, item: T) -> Chosen:
        """It, as something that acts can be done to."""
        return None

    async def ask(self, engine: EngineClient, records: Records) -> Records:
        """The records with what the list needs of the engine."""
        return records
