"""What a check finds: one line each, with what to do."""

from enum import StrEnum
from pathlib import Path

from ezrec_tui.model import Value


class Kind(StrEnum):
    MANIFEST_MISSING = "manifest_missing"
    MANIFEST_DAMAGED = "manifest_damaged"
    MANIFEST_DIFFERS = "manifest_differs"
    """It does not list what is there."""
    JOURNAL_TORN = "journal_torn"
    SEGMENT_MISSING = "segment_missing"
    SEGMENT_UNLISTED = "segment_unlisted"
    SEGMENT_TORN = "segment_torn"
    """Shorter than its journal says."""
    SEGMENT_EMPTY = "segment_empty"
    """Of no byte."""
    SEGMENT_UNREADABLE = "segment_unreadable"
    """In no journal, and no whole frame is in it."""
    SEGMENT_CHANGED = "segment_changed"
    """Its SHA-256 is not the one noted."""
    SEGMENT_DAMAGED = "segment_damaged"
    RECORDING_MISSING = "recording_missing"
    """The engine knows it, and its folder is gone."""
    RECORDING_ORPHAN = "recording_orphan"
    """The engine does not know it."""
    RECORDING_EMPTY = "recording_empty"
    VIDEO_MISSING = "video_missing"
    VIDEO_ORPHAN = "video_orphan"
    VIDEO_CHANGED = "video_changed"
    VIDEO_DAMAGED = "video_damaged"
    RECORD_MISSING = "record_missing"
    """Published as completed, but no row of a video."""
    RECORD_DIFFERS = "record_differs"
    DELIVERED_MISSING = "delivered_missing"
    DELIVERED_CHANGED = "delivered_changed"
    LEFTOVER = "leftover"
    DATABASE_DAMAGED = "database_damaged"
    UNREADABLE = "unreadable"


LEFT_BY_A_KILL = {Kind.JOURNAL_TORN, Kind.SEGMENT_UNLISTED, Kind.SEGMENT_EMPTY, Kind.LEFTOVER}
"""What a kill or a power cut leaves lying: it is known how to read it, and costs nothing."""


class Finding(Value):
    kind: Kind
    path: Path
    what: str
    to_do: str
    mended: bool = False

    @property
    def harmless(self) -> bool:
        return self.kind in LEFT_BY_A_KILL

    def __str__(self) -> str:
        return f"{self.what} ({self.path}): {'mended' if self.mended else self.to_do}"


class Decoded(Value):
    """What decoding a file gave."""

    frames: int
    """Whole ones."""
    errors: int
    """Packets that are incomplete or could not be decoded, and pictures that came out damaged."""
    seconds: float
    """From the first frame to the end of the last, by their timestamps."""


class Report(Value):
    """All of one check."""

    path: Path
    recordings: int = 0
    segments: int = 0
    videos: int = 0
    bytes: int = 0
    """Read and decoded."""
    under_way: tuple[Path, ...] = ()
    """Recordings that run: not touched."""
    findings: tuple[Finding, ...] = ()

    @property
    def clean(self) -> bool:
        """Nothing is wrong any more."""
        return all(finding.mended or finding.harmless for finding in self.findings)
