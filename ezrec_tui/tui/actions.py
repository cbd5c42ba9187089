"""Everything a viewer can do, in one table. Keys, footer, help and questions come from it.

An act on the engine names what it can be done to right now (`targets`): with nothing to be done to, it is not
available, and the screen says why. What the engine makes of it comes back as its Answer.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ezrec_tui.client import EngineClient
from ezrec_tui.model import Answer, JobState, RecordingState, Snapshot, StartRecording
from ezrec_tui.tui.texts import Texts

Word = Callable[[Texts], str]
"""A text, in whatever language is on."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is done to: a recording or a job (by its booking's id), an alert (by its number), or the venue."""

    id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before a dangerous act. Enter and Esc are safe; `key` alone confirms, and it never opens anything."""

    title: Word
    body: Word
    """May hold {label} and {end} of a recording."""
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
    plus: bool = False


@dataclass(frozen=True, slots=True)
class ReadAlert:
    """Shows an alert whole; taking it off the screen is a key of its own."""

    key: str = "s"


@dataclass(frozen=True, slots=True)
class EngineAct:
    """Something the engine does. `command` gets the target's id, and the minutes where they were asked for (else 0)."""

    id: str
    key: str
    label: Word
    does: Word
    targets: Callable[[Snapshot], Sequence[Target]]
    unavailable: Word
    command: Callable[[EngineClient, str, int], Awaitable[Answer]]
    ask: Question | Minutes | ReadAlert | None = None


@dataclass(frozen=True, slots=True)
class ScreenAct:
    """Something the screen does by itself."""

    id: str
    key: str
    label: Word
    does: Word
    in_kiosk: bool = True


Act = EngineAct | ScreenAct

RUNNING = (RecordingState.STARTING, RecordingState.RECORDING)
VENUE = Target()


def _running(snapshot: Snapshot) -> list[Target]:
    return [Target(one.booking_id, one.label) for one in snapshot.recordings if one.state in RUNNING]


def _stopped(snapshot: Snapshot) -> list[Target]:
    return [
        Target(one.booking_id, one.label)
        for one in snapshot.recordings
        if one.state is RecordingState.STOPPED and one.resume_until is not None and one.resume_until > snapshot.at
    ]


def _none_running(snapshot: Snapshot) -> list[Target]:
    return [] if _running(snapshot) else [VENUE]


def _failed_jobs(snapshot: Snapshot) -> list[Target]:
    failed = [job for job in snapshot.jobs if job.state is JobState.FAILED]
    return [Target(job.booking_id, job.label or job.booking_id) for job in failed]


def _two_cameras(snapshot: Snapshot) -> list[Target]:
    return [VENUE] if len(snapshot.cameras) > 1 else []


def _newest_alert(snapshot: Snapshot) -> list[Target]:
    return [Target(str(alert.id), alert.what) for alert in snapshot.alerts[:1]]


ACTS: tuple[Act, ...] = (
    ScreenAct("help", "f1", lambda t: t.help, lambda t: t.help_does),
    EngineAct(
        "start",
        "f2",
        lambda t: t.start,
        lambda t: t.start_does,
        targets=_none_running,
        unavailable=lambda t: t.already_recording,
        command=lambda engine, _id, minutes: engine.start(StartRecording(minutes=minutes)),
        ask=Minutes(lambda t: t.start_title, lambda t: t.start_body, (15, 30, 60, 90, 120), 60),
    ),
    EngineAct(
        "extend",
        "f3",
        lambda t: t.extend,
        lambda t: t.extend_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, minutes: engine.extend(target, minutes),
        ask=Minutes(lambda t: t.extend_title, lambda t: t.extend_body, (5, 15, 30), 15, plus=True),
    ),
    EngineAct(
        "highlight",
        "f4",
        lambda t: t.highlight,
        lambda t: t.highlight_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _minutes: engine.highlight(target),
    ),
    EngineAct(
        "retry",
        "f5",
        lambda t: t.retry,
        lambda t: t.retry_does,
        targets=_failed_jobs,
        unavailable=lambda t: t.nothing_to_retry,
        command=lambda engine, target, _minutes: engine.retry_job(target),
    ),
    EngineAct(
        "swap",
        "f6",
        lambda t: t.swap,
        lambda t: t.swap_does,
        targets=_two_cameras,
        unavailable=lambda t: t.no_two_cameras,
        command=lambda engine, _id, _minutes: engine.swap_cameras(),
        ask=Question(
            lambda t: t.swap_title, lambda t: t.swap_body, lambda t: t.swap_safe, lambda t: t.swap_confirm, key="s"
        ),
    ),
    EngineAct(
        "acknowledge",
        "f7",
        lambda t: t.acknowledge,
        lambda t: t.acknowledge_does,
        targets=_newest_alert,
        unavailable=lambda t: t.nothing_to_acknowledge,
        command=lambda engine, target, _minutes: engine.acknowledge(int(target), by="screen"),
        ask=ReadAlert(),
    ),
    EngineAct(
        "stop",
        "f8",
        lambda t: t.stop,
        lambda t: t.stop_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _minutes: engine.stop(target),
        ask=Question(
            lambda t: t.stop_title, lambda t: t.stop_body, lambda t: t.stop_safe, lambda t: t.stop_confirm, key="s"
        ),
    ),
    EngineAct(
        "resume",
        "f9",
        lambda t: t.resume,
        lambda t: t.resume_does,
        targets=_stopped,
        unavailable=lambda t: t.nothing_to_resume,
        command=lambda engine, target, _minutes: engine.resume(target),
    ),
    ScreenAct("quit", "f10", lambda t: t.quit, lambda t: t.quit_does, in_kiosk=False),
)

ACT = {act.id: act for act in ACTS}


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

    @property
    def acts(self) -> tuple[Act, ...]:
        """Those there are at all on this screen."""
        return tuple(act for act in ACTS if isinstance(act, EngineAct) or act.in_kiosk or not self.kiosk)

    def refusal(self, act: Act) -> Word | None:
        """Why the act cannot be done now; None when it can."""
        if isinstance(act, ScreenAct):
            return None
        if self.read_only:
            return lambda t: t.read_only
        if self.snapshot is None or not self.live:
            return lambda t: t.not_live
        if self.busy is not None:
            return lambda t: t.busy
        return None if act.targets(self.snapshot) else act.unavailable


def key_name(act: Act) -> str:
    """The key as it is printed on the keyboard."""
    return act.key.upper()
