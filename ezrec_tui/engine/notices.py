"""Notices: what is wrong for as long as its cause lasts. They become alerts, and leave the screen with their cause."""

from dataclasses import dataclass

from ezrec_tui.model import Level


@dataclass(frozen=True, slots=True)
class Notice:
    """Something wrong, as it stands now. The same topic is the same trouble, whatever its words."""

    topic: str
    level: Level
    what: str
    to_do: str
    booking_id: str | None = None
    once: bool = False
    """Never told again after somebody has seen it, though its cause comes back."""
