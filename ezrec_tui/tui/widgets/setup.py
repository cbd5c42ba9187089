"""What the machine has and is set up with: each camera with what its test showed, and all else that is settled."""

from datetime import datetime, timedelta

from textual import events
from textual.content import Content

from ezrec_tui.model import CameraTest, CameraTestResult, Snapshot
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.listing import Fact
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.camera import camera_title
from ezrec_tui.tui.widgets.panel import Panel, apart, bar, heading, line, page
from ezrec_tui.tui.widgets.rows import fact_lines
from ezrec_tui.tui.wording import brief_moment, mbit, number, wrap

AROUND_TEST = timedelta(seconds=5)
"""Time that a test takes besides the recording: the cameras start, and what came is looked at."""


class CameraSetup(Panel):
    """A camera: what it is, how it is, and what it gave when it was tested last; as many lines as that needs."""

    fades = True
    shows_time = True

    def __init__(self, index: int) -> None:
        super().__init__(id=f"camera-{index}")
        self.index = index

    def redraw(self) -> None:
        if self.size.width:
            self.styles.height = len(self._lines(self.size.width))
        super().redraw()

    def draw(self, width: int, height: int) -> Content:
        return Content("\n").join(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        look, texts = self.look, self.look.texts
        cameras = self.snapshot.cameras if self.snapshot else ()
        if self.snapshot is None or self.index >= len(cameras):
            title = line((texts.cameras, look.profile.strong("$ink")))
            return (
                [heading(title, width, look), line((texts.no_cameras, "$muted"))] if self.index == 0 else [Content("")]
            )
        camera = cameras[self.index]
        facts = [Fact(texts.serial, look.name(camera.serial))]
        if camera.error:
            facts.append(Fact(texts.why, look.said(camera.error), "$act-ink"))
        title = camera_title(camera, self.snapshot, look)
        return [heading(title, width, look), *self._known(facts, self.snapshot.camera_test, width)]

    def _known(self, facts: list[Fact], test: CameraTest | None, width: int) -> list[Content]:
        """The facts, and what there is to say of a test."""
        look, texts = self.look, self.look.texts
        if test is None:
            key = "" if look.read_only else texts.key_tests.format(key=key_name(ACT["test_cameras"], texts))
            words = f"{texts.not_tested}; {key}" if key else texts.not_tested
            return fact_lines([*facts, Fact(texts.test, words, "$muted")], width, look)
        if test.running:
            return [*fact_lines(facts, width, look), *countdown(test, self.now, width, look)]
        result = next((one for one in test.results if one.index == self.index), None)
        if result is None:
            return fact_lines(facts, width, look)
        when = brief_moment(test.at, look.venue, texts, self.now)
        lines = fact_lines([*facts, *result_facts(result, when, look)], width, look)
        problem = look.said(result.problem)
        return [*lines, *(line((part, "$ink")) for part in wrap(problem, width) if problem)]


def countdown(test: CameraTest, now: datetime, width: int, look: Look) -> list[Content]:
    """How far a test is."""
    texts, gone = look.texts, now - test.at
    whole = timedelta(seconds=test.seconds) + AROUND_TEST
    words = texts.testing.format(seconds=int(test.seconds))
    left = max(0, int((whole - gone).total_seconds()))
    return [
        line((f"{look.glyphs.armed} {look.cut(words, width - 2)}", look.profile.strong("$info"))),
        bar(gone / whole, width, look, "$info"),
        line((look.cut(texts.test_left.format(seconds=left) if left else texts.test_looked_at, width), "$muted")),
    ]


def result_facts(result: CameraTestResult, when: str, look: Look) -> list[Fact]:
    """What a camera gave: the verdict in a word, a shape and a colour, then what was counted."""
    texts, glyphs = look.texts, look.glyphs
    shape, word, tone = (glyphs.lost, texts.test_bad, "$act-ink")
    if result.ok:
        shape, word, tone = (glyphs.good, texts.test_good, "$ok")
    frames = texts.test_frames.format(written=result.written, expected=result.expected, dropped=result.dropped)
    return [
        Fact(texts.test, f"{shape} {word} {glyphs.dot} {when}", tone),
        Fact(texts.test_frames_label, frames, "$look" if result.dropped else "$ink"),
        Fact(texts.picture_rate, f"{number(result.fps, 1, texts)} fps, {mbit(result.bitrate, texts)}"),
    ]


SETTLED, BETWEEN = 6, 3
"""Lines of what is settled, and those that set the parts of the screen apart where there is room for them as well."""


class Settled(Panel):
    """What was set up, and who looks. It has the room that the others leave, and so knows how much there is."""

    fades = True

    def __init__(self, viewer: str, *, kiosk: bool, read_only: bool) -> None:
        super().__init__()
        self._viewer = viewer
        self._kiosk = kiosk
        self._read_only = read_only

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        is_airy = self.screen.has_class("-airy")
        self.screen.set_class(event.size.height >= SETTLED + (0 if is_airy else BETWEEN), "-airy")

    def draw(self, width: int, height: int) -> Content:
        look, texts = self.look, self.look.texts
        role = texts.looks_on if self._read_only else texts.looks_kiosk if self._kiosk else texts.looks_acts
        facts = [Fact(texts.viewer, f"{look.name(self._viewer)} {look.glyphs.dot} {role}".removeprefix(" "))]
        facts += settled_facts(self.snapshot, look) if self.snapshot else []
        title = line((texts.settled, look.profile.strong("$ink")))
        version = f" EZREC {look.name(self.snapshot.version)}" if self.snapshot else ""
        top = apart(heading(title, width - len(version), look), line((version, "$muted")), width)
        return page([top, *fact_lines(facts, width, look)], height)


def settled_facts(snapshot: Snapshot, look: Look) -> list[Fact]:
    """What follows from the venue's settings."""
    texts, setup = look.texts, snapshot.setup
    each = f"{setup.width}x{setup.height}, {setup.fps} fps, {mbit(setup.bitrate, texts)}"
    language = texts.language_is.format(key=key_name(ACT["language"], texts), other=texts.other_language)
    return [
        Fact(texts.each_camera, each),
        Fact(texts.pin, texts.pin_is_set if snapshot.pin_set else texts.pin_is_not_set),
        Fact(texts.language, language),
        Fact(texts.zone, look.name(snapshot.timezone)),
    ]
