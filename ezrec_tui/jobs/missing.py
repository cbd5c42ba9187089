"""Footage that one camera lacks while the recording ran: from when to when, for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from ezrec_tui.model import NS, Manifest

NOTED_NS = 2 * NS
"""What is shorter is no lack worth a word: that much may a kill cost."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A camera without footage, on the recording's clock."""

    camera: int
    from_ns: int
    until_ns: int


def missing(manifest: Manifest) -> list[Missing]:
    """Where each camera of a finalised recording has no footage, in order of camera and time."""
    found: list[Missing] = []
    for count in manifest.cameras:
        at_ns = manifest.start_ns
        spans = [(s.first_ns, s.last_ns) for s in manifest.segments if s.camera == count.camera]
        for first_ns, last_ns in [*sorted(spans), (manifest.end_ns, manifest.end_ns)]:
            until_ns = min(first_ns, manifest.end_ns)
            if until_ns - at_ns > NOTED_NS:
                found.append(Missing(count.camera, at_ns, until_ns))
            at_ns = max(at_ns, last_ns)
    return found


def sentence(gap: Missing, manifest: Manifest, zone: tzinfo) -> str:
    """What is said of it, the times on the venue's clock."""

    def clock(at_ns: int) -> str:
        at: datetime = manifest.epoch + timedelta(microseconds=at_ns / 1000)
        return at.astimezone(zone).strftime("%H:%M:%S")

    seconds = round((gap.until_ns - gap.from_ns) / NS)
    if gap.from_ns <= manifest.start_ns and gap.until_ns >= manifest.end_ns:
        return f"camera {gap.camera + 1} gave no footage at all ({seconds} s)"
    return f"camera {gap.camera + 1} gave no footage from {clock(gap.from_ns)} to {clock(gap.until_ns)} ({seconds} s)"


def is_about_missing(sentence: str) -> bool:
    """Whether a line of a job's fallbacks is one of these."""
    return sentence.startswith("camera ") and " gave no footage " in sentence
