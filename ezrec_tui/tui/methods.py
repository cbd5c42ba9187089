"""The ways to join two pictures, each with what it does and why it cannot be had now. Pure."""

from dataclasses import dataclass

from ezrec_tui.model import MergeMethod, Snapshot
from ezrec_tui.tui.look import Look

OFFERED = (MergeMethod.PANORAMA, MergeMethod.FEATHER, MergeMethod.SIDE_BY_SIDE)
"""The best first; one camera alone is never asked for."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to join them, as the screen says it."""

    method: MergeMethod
    label: str
    words: str
    """A line: what it does, or why it cannot be had now."""
    asked: bool
    """Whether it is the one that was asked for."""


def ways_to_join(snapshot: Snapshot, look: Look) -> list[Way]:
    texts, asked = look.texts, snapshot.setup.asked
    ways = list[Way]()
    for method in OFFERED:
        name = texts.method_name[method]
        words = _hindrance(method, snapshot, look) or f"{name}: {texts.method_does[method]}"
        label = texts.method_now.format(name=name) if method is asked else name
        ways.append(Way(method, label, words, method is asked))
    return ways


def _hindrance(method: MergeMethod, snapshot: Snapshot, look: Look) -> str:
    """Why it cannot be had; empty where it can, as far as is known. Of panorama the rig tells, of any other way the
    engine, once it was asked for."""
    texts, rig = look.texts, snapshot.setup.rig
    if method is MergeMethod.PANORAMA:
        why = texts.never_calibrated if rig is None else look.said(rig.problem)
        return texts.method_hindered.format(name=texts.method_name[method], why=why) if why else ""
    return next((look.said(why) for why in snapshot.setup.fallbacks if why.startswith(f"{method}: ")), "")
