"""The banner: one word, one shape and one colour for what the venue's cameras are doing, and for how much longer.

`banner_view` decides what it says, `Banner` only draws it.
"""

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from ezrec_tui.model import Banner as State
from ezrec_tui.model import RecordingState, RecordingStatus, Snapshot
from ezrec_tui.tui.actions import ACT, key_name
from ezrec_tui.tui.look import Link, Look
from ezrec_tui.tui.widgets.digits import large_digits, rows_for
from ezrec_tui.tui.widgets.panel import Panel, apart, bar, line, page
from ezrec_tui.tui.wording import day, digits, short, time_of_day

ORDER = (
    RecordingState.RECORDING,
    RecordingState.STARTING,
    RecordingState.STOPPED,
    RecordingState.FINISHING,
    RecordingState.ARMED,
    RecordingState.FINISHED,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A time in large digits, under what it means."""

    label: str
    digits: str


@dataclass(frozen=True, slots=True)
class BannerView:
    """What the banner says."""

    word: str
    shape: str
    tone: str
    """ok, look, act, info or calm."""
    what: str
    when: str = ""
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    """In place of the figures."""
    fraction: float | None = None


def banner_view(snapshot: Snapshot | None, link: Link, now: datetime, look: Look) -> BannerView:
    """What the banner says of a snapshot at an instant."""
    texts, glyphs = look.texts, look.glyphs
    if snapshot is None:
        word, shape, tone = (texts.connecting, glyphs.pending, "calm")
        if link.failed:
            word, shape, tone = (texts.no_contact, glyphs.lost, "act")
        return BannerView(word, shape, tone, texts.lost_first, notes=(texts.lost_retry,))
    if link.lost:
        return _lost(snapshot, link, look)
    recordings = in_order(snapshot)
    if not recordings:
        view = _next(snapshot, now, look)
    elif recordings[0].state is RecordingState.STOPPED:
        view = _stopped(recordings[0], now, look)
    else:
        view = _recording(recordings[0], now, look)
    if snapshot.banner is not State.ALERT:
        return view
    state = f"{view.word} {glyphs.dot} " if recordings else ""
    return BannerView(
        texts.banner[State.ALERT],
        glyphs.alert,
        "act",
        state + view.what,
        view.when,
        view.figures,
        view.notes,
        view.fraction,
    )


def in_order(snapshot: Snapshot | None) -> list[RecordingStatus]:
    """The recordings of a snapshot, the one for the banner first."""
    recordings = snapshot.recordings if snapshot else ()
    return sorted(recordings, key=lambda one: ORDER.index(one.state))


def _lost(snapshot: Snapshot, link: Link, look: Look) -> BannerView:
    texts = look.texts
    notes = [texts.lost_retry]
    if snapshot.recordings:
        first = in_order(snapshot)[0]
        state = state_word(first.state, look)
        notes.insert(0, texts.lost_recording.format(state=state, label=look.name(first.label)))
    meaning = texts.lost_meaning.format(age=short(link.age or 0))
    return BannerView(texts.no_contact, look.glyphs.lost, "act", meaning, notes=tuple(notes))


def state_word(state: RecordingState, look: Look) -> str:
    """What a recording does, in the banner's words."""
    texts = look.texts
    match state:
        case RecordingState.ARMED:
            return texts.banner[State.ARMED]
        case RecordingState.STARTING:
            return texts.banner[State.STARTING]
        case RecordingState.RECORDING:
            return texts.banner[State.RECORDING]
        case RecordingState.FINISHING | RecordingState.FINISHED:
            return texts.banner[State.FINISHING]
        case RecordingState.STOPPED:
            return texts.stopped


def _recording(first: RecordingStatus, now: datetime, look: Look) -> BannerView:
    texts, glyphs = look.texts, look.glyphs
    shape, tone = {
        RecordingState.ARMED: (glyphs.armed, "info"),
        RecordingState.STARTING: (glyphs.armed, "info"),
        RecordingState.RECORDING: (glyphs.recording, "ok"),
    }.get(first.state, (glyphs.finishing, "info"))
    what = look.name(first.label)
    word = state_word(first.state, look)
    if first.state is RecordingState.ARMED and now < first.start:
        figures = (Figure(texts.next_begins_in, digits(first.start - now)), _clock(now, look))
        when = _from_to(first.start, first.end, now, look)
        return BannerView(word, shape, tone, what, when, figures)
    elapsed, left = now - first.start, first.end - now
    end = Figure(texts.left, digits(left)) if now <= first.end else Figure(texts.over, digits(-left))
    when = texts.until.format(end=time_of_day(first.end, look.venue))
    return BannerView(
        word,
        shape,
        tone,
        what,
        when,
        (Figure(texts.elapsed, digits(elapsed)), end),
        fraction=elapsed / (first.end - first.start),
    )


def _stopped(stopped: RecordingStatus, now: datetime, look: Look) -> BannerView:
    texts, glyphs = look.texts, look.glyphs
    what = look.name(stopped.label)
    if stopped.resume_until is None or stopped.resume_until <= now:
        return BannerView(texts.stopped, glyphs.stopped, "calm", what, notes=(texts.resume_gone,))
    seconds = int((stopped.resume_until - now).total_seconds())
    words = texts.resume_within.format(key=key_name(ACT["resume"], texts))
    words = texts.resumable if look.read_only else words
    figures = (Figure(words, f"0:{seconds:02}"), _clock(now, look))
    return BannerView(texts.stopped, glyphs.stopped, "look", what, f"{words} {seconds} s", figures)


def _next(snapshot: Snapshot, now: datetime, look: Look) -> BannerView:
    texts, glyphs = look.texts, look.glyphs
    shape, tone = {
        State.ARMED: (glyphs.armed, "info"),
        State.STARTING: (glyphs.armed, "info"),
        State.RECORDING: (glyphs.recording, "ok"),
        State.FINISHING: (glyphs.finishing, "info"),
    }.get(snapshot.banner, (glyphs.idle, "calm"))
    word = texts.banner[State.IDLE if snapshot.banner is State.ALERT else snapshot.banner]
    if not snapshot.upcoming:
        return BannerView(
            word, shape, tone, texts.nothing_recorded, figures=(Figure(texts.nothing_coming, ""), _clock(now, look))
        )
    first = snapshot.upcoming[0]
    figures = (Figure(texts.next_begins_in, digits(first.start - now)), _clock(now, look))
    if snapshot.banner in (State.IDLE, State.ALERT):
        return BannerView(word, shape, tone, texts.nothing_recorded, figures=figures)
    when = _from_to(first.start, first.end, now, look)
    return BannerView(word, shape, tone, look.name(first.label), when, figures)


def _clock(now: datetime, look: Look) -> Figure:
    return Figure(look.texts.it_is, time_of_day(now, look.venue))


def _from_to(start: datetime, end: datetime, now: datetime, look: Look) -> str:
    span = look.texts.from_to.format(start=time_of_day(start, look.venue), end=time_of_day(end, look.venue))
    today = start.astimezone(look.venue).date() == now.astimezone(look.venue).date()
    return span if today else f"{day(start, look.venue, look.texts)}  {span}"


class Banner(Panel):
    """Six lines at least; from twelve on a broad band and large digits, from seventeen on very large ones."""

    shows_time = True

    def draw(self, width: int, height: int) -> Content:
        view = banner_view(self.snapshot, self.link, self.now, self.look)
        lines = self._band(view, width, broad=height >= 12)
        if height >= 12:
            lines.append(Content(""))
        room = height - len(lines) - 1
        lines += self._notes(view, width, room) if view.notes else self._figures(view, width, room)
        lines.append(self._progress(view, width))
        return page(lines, height)

    def _band(self, view: BannerView, width: int, *, broad: bool) -> list[Content]:
        colour = f"$on-{view.tone} on ${view.tone}"
        strong = self.look.profile.strong(colour)
        word = f"  {view.shape} {view.word}   "
        when = line((f" {view.when}  ", strong))
        if not view.when or len(word) + when.cell_length > width:
            when = line((" ", colour))
        what = self.look.cut(view.what, width - len(word) - when.cell_length)
        text = apart(line((word, strong), (what, colour)), when, width, colour)
        empty = line((" " * width, colour))
        return [empty, text, empty] if broad else [text]

    def _figures(self, view: BannerView, width: int, room: int) -> list[Content]:
        half = width // 2 - 1
        height = max(1, room - 1 - (room > 6))
        rows = rows_for([figure.digits for figure in view.figures], height, half - 2)
        labels, columns = list[Content](), list[list[Content]]()
        for figure in view.figures:
            labels.append(line((self.look.fit(f"  {figure.label}", half), "$muted")))
            columns.append(large_digits(figure.digits, rows, height, "$ink", self.look.glyphs))
        lines = [line(*labels)]
        for row in range(len(columns[0]) if columns else 0):
            lines.append(
                line(*(line("  ", part[row], " " * max(0, half - 2 - part[row].cell_length)) for part in columns))
            )
        return (lines + [Content("")] * room)[:room]

    def _notes(self, view: BannerView, width: int, room: int) -> list[Content]:
        notes = [line((self.look.cut(f"  {note}", width), "$ink")) for note in view.notes]
        above = max(0, (room - len(notes)) // 2)
        return ([Content("")] * above + notes + [Content("")] * room)[:room]

    def _progress(self, view: BannerView, width: int) -> Content:
        if view.fraction is None:
            return Content("")
        percent = f"{min(100, max(0, int(view.fraction * 100)))} %"
        return line("  ", bar(view.fraction, max(0, width - 9), self.look, f"${view.tone}"), f"{percent:>5}")
