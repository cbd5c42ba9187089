"""How the venue's videos are joined: what was asked for and what is used, how the cameras stand to each other, and
what came of calibrating them."""

from datetime import datetime

from textual.content import Content

from ezrec_tui.model import Calibration, MergeMethod, RigStatus, Snapshot
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.listing import Fact
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import Panel, heading, line
from ezrec_tui.tui.widgets.rows import fact_lines
from ezrec_tui.tui.wording import brief_moment, number, short


class Joining(Panel):
    """As many lines as it needs, which is why it sets its own height."""

    fades = True
    shows_time = True

    def redraw(self) -> None:
        if self.size.width:
            self.styles.height = len(self._lines(self.size.width))
        super().redraw()

    def draw(self, width: int, height: int) -> Content:
        return Content("\n").join(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        look, snapshot = self.look, self.snapshot
        title = heading(line((look.texts.joining, look.profile.strong("$ink"))), width, look)
        facts = joining_facts(snapshot, self.now, look) if snapshot else []
        return [title, *fact_lines(facts, width, look)]


def joining_facts(snapshot: Snapshot, now: datetime, look: Look) -> list[Fact]:
    texts, setup = look.texts, snapshot.setup
    facts = [Fact(texts.joined, _how(snapshot, look))]
    if setup.asked is not setup.method:
        facts.append(Fact(texts.asked_for, f"{look.glyphs.alert} {texts.method_name[setup.asked]}", "$look"))
    facts += [Fact("", look.said(why), "$look") for why in setup.fallbacks]
    facts += _rig(setup.rig, now, look)
    problem = setup.rig.problem if setup.rig else ""
    if problem and not any(problem in why for why in setup.fallbacks):
        facts.append(Fact("", f"{look.glyphs.alert} {look.said(problem)}", "$look"))
    return [*facts, *([_calibration(snapshot.calibration, now, look)] if snapshot.calibration else [])]


def _how(snapshot: Snapshot, look: Look) -> str:
    words = look.texts.merge_method[snapshot.setup.method]
    if snapshot.setup.method is MergeMethod.FEATHER:
        return words.format(pixels=round(snapshot.overlap * snapshot.setup.width))
    return words


def _rig(rig: RigStatus | None, now: datetime, look: Look) -> list[Fact]:
    """How the cameras stand to each other; nothing of a rig that cannot be read but its problem."""
    texts, dot = look.texts, look.glyphs.dot
    if rig is None:
        key = "" if look.read_only else texts.key_calibrates.format(key=key_name(ACT["calibrate"], texts))
        return [Fact(texts.calibrated, f"{texts.never}; {key}" if key else texts.never, "$muted")]
    if rig.made is None:
        return []
    made = brief_moment(rig.made, look.venue, texts, now)
    fit = texts.rig_fit.format(inliers=rig.inliers, matches=rig.matches, error=number(rig.rmse_px, 2, texts))
    size = texts.rig_size.format(width=rig.width, height=rig.height, overlap=rig.overlap_px)
    moved = texts.rig_not_looked_at
    if rig.shift_px is not None:
        moved = texts.rig_moved.format(shift=number(rig.shift_px, 1, texts))
    tone = "$look" if rig.moved_in is not None else "$ink"
    alarm = f"{look.glyphs.alert} " if rig.moved_in is not None else ""
    return [
        Fact(texts.calibrated, f"{made} {dot} {look.said(rig.projection)} {dot} {fit}"),
        Fact(texts.rig_picture, size),
        Fact(texts.rig_since, f"{alarm}{moved}", tone),
    ]


def _calibration(calibration: Calibration, now: datetime, look: Look) -> Fact:
    """The one that runs, or what came of the last one."""
    texts, glyphs = look.texts, look.glyphs
    label = look.name(calibration.footage_of)
    if calibration.running:
        words = texts.calibrating_footage if label else texts.calibrating_cameras
        gone = short((now - calibration.at).total_seconds())
        return Fact(texts.calibration, f"{glyphs.armed} {words.format(label=label, time=gone)}", "$info")
    shape, tone = (glyphs.good, "$ok") if calibration.ok else (glyphs.lost, "$act-ink")
    when = brief_moment(calibration.at, look.venue, texts, now)
    source = texts.from_footage.format(label=label) if label else texts.from_cameras
    # What came of one that went well are the numbers of the rig.
    why = "" if calibration.ok else f": {look.said(calibration.message)}"
    return Fact(texts.calibration, f"{shape} {when}, {source}{why}", tone)
