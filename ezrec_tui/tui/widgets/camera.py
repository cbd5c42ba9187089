"""A camera's card: is it well, does it deliver, does its file grow."""

from dataclasses import dataclass

from textual.content import Content

from ezrec_tui.model import CameraState, CameraStatus, Snapshot
from ezrec_tui.tui.look import Look
from ezrec_tui.tui.widgets.panel import Panel, heading, line, page
from ezrec_tui.tui.wording import mbit, number, size

BROKEN = (CameraState.STALLED, CameraState.LOST)


@dataclass(frozen=True, slots=True)
class Fact:
    """A measured value, in words; `alarm` when it is not as it should be."""

    label: str
    value: str
    alarm: str = ""
    """`$look` or `$act-ink`; empty when all is well."""


def camera_facts(camera: CameraStatus, look: Look) -> list[Fact]:
    """What is measured of a camera, the most telling first."""
    texts, glyphs = look.texts, look.glyphs
    facts = [
        Fact(texts.picture_rate, f"{number(camera.fps, 1, texts)} fps"),
        Fact(texts.data_rate, mbit(camera.bitrate, texts)),
        Fact(texts.dropped, number(camera.dropped, 0, texts), "$look" if camera.dropped else ""),
    ]
    if camera.offset_ms is not None:
        facts.append(
            Fact(texts.offset, f"{'+' if camera.offset_ms >= 0 else '-'}{number(abs(camera.offset_ms), 1, texts)} ms")
        )
    if camera.state is CameraState.RECORDING or camera.state in BROKEN:
        grows = f"{glyphs.grows} {texts.growing}" if camera.growing else texts.not_growing
        alarm = "" if camera.growing else "$act-ink"
        facts.append(Fact(texts.file, f"{size(camera.bytes_written, texts)} {grows}", alarm))
    return facts


def camera_title(camera: CameraStatus, snapshot: Snapshot | None, look: Look) -> Content:
    """Which one it is, and its state."""
    texts, glyphs, strong = look.texts, look.glyphs, look.profile.strong
    names = (texts.left_camera, texts.right_camera)
    name = names[camera.index] if len(snapshot.cameras if snapshot else ()) == len(names) else ""
    name = name or texts.camera_n.format(number=camera.index + 1)
    shape, tone = {
        CameraState.RECORDING: (glyphs.recording, "$ok"),
        CameraState.ARMED: (glyphs.armed, "$info"),
        CameraState.STARTING: (glyphs.armed, "$info"),
        CameraState.STALLED: (glyphs.alert, "$on-act on $act"),
        CameraState.LOST: (glyphs.lost, "$on-act on $act"),
    }.get(camera.state, (glyphs.idle, "$muted"))
    state = f"{shape} {texts.camera_state[camera.state]}"
    if camera.state in BROKEN:
        state = f" {state} "
    return line((name, strong("$ink")), "  ", (state, tone))


class CameraCard(Panel):
    """Three lines at least; there is no card for a camera that is not there."""

    fades = True

    def __init__(self, index: int) -> None:
        super().__init__(id=f"camera-{index}")
        self.index = index

    @property
    def camera(self) -> CameraStatus | None:
        cameras = self.snapshot.cameras if self.snapshot else ()
        return cameras[self.index] if self.index < len(cameras) else None

    def redraw(self) -> None:
        self.display = self.camera is not None or self.index == 0
        super().redraw()

    def draw(self, width: int, height: int) -> Content:
        look, texts, camera = self.look, self.look.texts, self.camera
        if camera is None:
            title = heading(line((texts.cameras, look.profile.strong("$ink"))), width, look)
            return page([title, line((texts.no_cameras, "$muted"))], height)
        lines = [heading(camera_title(camera, self.snapshot, look), width, look)]
        facts = camera_facts(camera, look)
        rows = height - 1 - bool(camera.error)
        lines += self._table(facts, width, rows) if rows >= 3 else self._compact(facts, width)[: max(0, rows)]
        if camera.error:
            text = look.cut(f"{look.glyphs.alert} {look.said(camera.error)}", width)
            lines.append(line((text, "$act-ink")))
        return page(lines, height)

    def _table(self, facts: list[Fact], width: int, rows: int) -> list[Content]:
        """Two facts a line, under each other; one a line where there is room."""
        columns = 1 if rows >= len(facts) else 2
        column = width // columns
        labels = [max(len(fact.label) for fact in facts[first::columns]) + 2 for first in range(columns)]
        lines = list[Content]()
        for start in range(0, len(facts), columns):
            cells = list[Content]()
            for fact, label in zip(facts[start : start + columns], labels, strict=False):
                value = f"{self.look.glyphs.alert} {fact.value}" if fact.alarm else fact.value
                cells.append(line((self.look.fit(fact.label, label), "$muted")))
                room = (column if len(facts[start:]) > 1 else width) - label
                cells.append(line((self.look.fit(value, room), fact.alarm or "$ink")))
            lines.append(line(*cells))
        return lines

    def _compact(self, facts: list[Fact], width: int) -> list[Content]:
        """Two lines: what flows, and what is lost; alarms first."""
        texts = self.look.texts
        said = {texts.dropped: "{value} {label}", texts.offset: "{value}"}
        ordered = [fact for fact in facts if fact.label == texts.file] + [f for f in facts if f.label != texts.file]
        first, second = list[Content](), list[Content]()
        for fact in ordered:
            words = said.get(fact.label, "{value}").format(label=fact.label, value=fact.value)
            words = f"{self.look.glyphs.alert} {words}" if fact.alarm else words
            target = second if fact.label in said else first
            target.append(line((words, fact.alarm or "$ink"), "  "))
        if sum(part.cell_length for part in first) > width + 2 and len(first) > 1:
            second.append(first.pop())
        return [line(*first).truncate(width), line(*second).truncate(width)]
