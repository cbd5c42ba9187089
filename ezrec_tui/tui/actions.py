"""Everything a viewer can do, in one table. Keys, tabs, footer, help and questions come from it.

An act on the engine names what it can be done to right now (`targets`): with nothing to be done to, it is not
available, and the screen says why. What the engine makes of it comes back as its Answer. Where a list is shown, an
act on what is listed is done to the line that is chosen.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ezrec_tui.client import EngineClient
from ezrec_tui.model import (
    Alert,
    Answer,
    Booking,
    BookingStatus,
    Job,
    JobState,
    RecordingState,
    RecordingStatus,
    Snapshot,
    StartRecording,
)
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.texts import Texts

Word = Callable[[Texts], str]
"""A text, in whatever language is on."""

Chosen = Job | Booking | Alert | None
"""The line of a list that the viewer has chosen, where acts can be done to it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is done to: a recording or a job (by its booking's id), an alert (by its number), or the venue."""

    id: str = ""
    label: str = ""
    priority: int = 0
    """Of a job."""
    start: datetime | None = None
    end: datetime | None = None
    """Of a recording or a booking."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the viewer gave along with an act."""

    minutes: int = 0
    name: str = ""
    by: str = ""
    """Who the viewer is."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before a dangerous act. Enter and Esc are safe; `key` alone confirms, and it never opens anything."""

    title: Word
    body: Word
    """May hold {label}, {end} and {when} of what it is done to."""
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
    change: bool = False
    """They move an end. One that would end a recording at once has to be confirmed with `key`."""
    key: str = "s"
    name: Word | None = None
    """Asks for a name as well."""


@dataclass(frozen=True, slots=True)
class ReadAlert:
    """Shows an alert whole; taking it off the screen is a key of its own."""

    key: str = "s"


@dataclass(frozen=True, slots=True)
class EngineAct:
    """Something the engine does. `command` gets the target, and what the viewer gave."""

    id: str
    key: str
    label: Word
    does: Word
    targets: Callable[["Situation"], Sequence[Target]]
    unavailable: Word
    command: Callable[[EngineClient, Target, Given], Awaitable[Answer]]
    ask: Question | Minutes | ReadAlert | None = None
    on: frozenset[Place] = frozenset(Place)
    """The screens on which its key does it."""


@dataclass(frozen=True, slots=True)
class ScreenAct:
    """Something the screen does by itself."""

    id: str
    key: str
    label: Word
    does: Word
    in_kiosk: bool = True
    opens: Place | None = None
    """The screen it shows."""
    on: frozenset[Place] = frozenset(Place)
    spare: bool = False
    """Left out of the footer where there is no room."""


Act = EngineAct | ScreenAct

RUNNING = (RecordingState.STARTING, RecordingState.RECORDING)
LINED_UP = (JobState.QUEUED, JobState.WAITING, JobState.PAUSED)
UNDER_WAY = (*LINED_UP, JobState.RUNNING)
TO_COME = (BookingStatus.SCHEDULED, BookingStatus.CONFIRMED)
VENUE = Target()
FIRST_PRIORITY, LAST_PRIORITY = 1, 100

HOME = frozenset({Place.HOME})
ELSEWHERE = frozenset(Place) - HOME


def _job(job: Job) -> Target:
    return Target(job.booking_id, job.label or job.booking_id, job.priority)


def _recording(recording: RecordingStatus) -> Target:
    return Target(recording.booking_id, recording.label, start=recording.start, end=recording.end)


def _running(situation: "Situation") -> list[Target]:
    return [_recording(one) for one in situation.recordings if one.state in RUNNING]


def _stopped(situation: "Situation") -> list[Target]:
    return [_recording(one) for one in situation.recordings if can_resume(one, situation.snapshot)]


def can_resume(recording: RecordingStatus, snapshot: Snapshot | None) -> bool:
    """Whether it was stopped, and so short ago that the stop can be taken back."""
    until = recording.resume_until
    stopped = recording.state is RecordingState.STOPPED
    return stopped and snapshot is not None and until is not None and until > snapshot.at


def _none_running(situation: "Situation") -> list[Target]:
    return [] if _running(situation) else [VENUE]


def _failed_jobs(situation: "Situation") -> list[Target]:
    if situation.place is Place.JOBS:
        return _chosen_job(situation, JobState.FAILED)
    jobs = situation.snapshot.jobs if situation.snapshot else ()
    return [_job(job) for job in jobs if job.state is JobState.FAILED]


def _chosen_job(situation: "Situation", *states: JobState) -> list[Target]:
    job = situation.chosen
    return [_job(job)] if isinstance(job, Job) and job.state in states else []


def _can_go_sooner(situation: "Situation") -> list[Target]:
    return [job for job in _chosen_job(situation, *LINED_UP) if job.priority > FIRST_PRIORITY]


def _can_go_later(situation: "Situation") -> list[Target]:
    return [job for job in _chosen_job(situation, *LINED_UP) if job.priority < LAST_PRIORITY]


def _coming_booking(situation: "Situation") -> list[Target]:
    booking, snapshot = situation.chosen, situation.snapshot
    if not isinstance(booking, Booking) or snapshot is None or booking.status not in TO_COME:
        return []
    begun = booking.start <= snapshot.at or any(one.booking_id == booking.id for one in snapshot.recordings)
    return [] if begun else [Target(booking.id, booking.label, start=booking.start, end=booking.end)]


def _two_cameras(situation: "Situation") -> list[Target]:
    return [VENUE] if situation.snapshot and len(situation.snapshot.cameras) > 1 else []


def _alert(situation: "Situation") -> list[Target]:
    """The one that is chosen; on home the newest."""
    alerts = situation.snapshot.alerts[:1] if situation.snapshot else ()
    if situation.place is Place.ALERTS:
        alerts = (situation.chosen,) if isinstance(situation.chosen, Alert) else ()
    return [Target(str(alert.id), alert.what) for alert in alerts]


ACTS: tuple[Act, ...] = (
    ScreenAct("home", "1", lambda t: t.home, lambda t: t.home_does, opens=Place.HOME),
    ScreenAct("jobs", "2", lambda t: t.jobs, lambda t: t.jobs_does, opens=Place.JOBS),
    ScreenAct("bookings", "3", lambda t: t.bookings, lambda t: t.bookings_does, opens=Place.BOOKINGS),
    ScreenAct("alerts", "4", lambda t: t.alerts, lambda t: t.alerts_does, opens=Place.ALERTS),
    ScreenAct("log", "5", lambda t: t.log, lambda t: t.log_does, opens=Place.LOG),
    ScreenAct("help", "f1", lambda t: t.help, lambda t: t.help_does, opens=Place.HELP),
    EngineAct(
        "start",
        "f2",
        lambda t: t.start,
        lambda t: t.start_does,
        targets=_none_running,
        unavailable=lambda t: t.already_recording,
        command=lambda engine, _venue, given: engine.start(
            StartRecording(minutes=given.minutes, title=given.name or None)
        ),
        ask=Minutes(
            lambda t: t.start_title, lambda t: t.start_body, (15, 30, 60, 90, 120), 60, name=lambda t: t.start_name
        ),
        on=HOME,
    ),
    EngineAct(
        "extend",
        "f3",
        lambda t: t.extend,
        lambda t: t.extend_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, given: engine.extend(target.id, given.minutes),
        ask=Minutes(lambda t: t.extend_title, lambda t: t.extend_body, (-30, -15, -5, 5, 15, 30), 15, change=True),
        on=HOME,
    ),
    EngineAct(
        "highlight",
        "f4",
        lambda t: t.highlight,
        lambda t: t.highlight_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _given: engine.highlight(target.id),
        on=HOME,
    ),
    EngineAct(
        "retry",
        "f5",
        lambda t: t.retry,
        lambda t: t.retry_does,
        targets=_failed_jobs,
        unavailable=lambda t: t.nothing_to_retry,
        command=lambda engine, target, _given: engine.retry_job(target.id),
        on=frozenset({Place.HOME, Place.JOBS}),
    ),
    EngineAct(
        "swap",
        "f6",
        lambda t: t.swap,
        lambda t: t.swap_does,
        targets=_two_cameras,
        unavailable=lambda t: t.no_two_cameras,
        command=lambda engine, _venue, _given: engine.swap_cameras(),
        on=HOME,
        ask=Question(lambda t: t.swap_title, lambda t: t.swap_body, lambda t: t.swap_safe, lambda t: t.swap_confirm),
    ),
    EngineAct(
        "acknowledge",
        "f7",
        lambda t: t.acknowledge,
        lambda t: t.acknowledge_does,
        targets=_alert,
        unavailable=lambda t: t.nothing_to_acknowledge,
        command=lambda engine, target, given: engine.acknowledge(int(target.id), by=given.by),
        on=frozenset({Place.HOME, Place.ALERTS}),
        ask=ReadAlert(),
    ),
    EngineAct(
        "stop",
        "f8",
        lambda t: t.stop,
        lambda t: t.stop_does,
        targets=_running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _given: engine.stop(target.id),
        ask=Question(lambda t: t.stop_title, lambda t: t.stop_body, lambda t: t.stop_safe, lambda t: t.stop_confirm),
    ),
    EngineAct(
        "resume",
        "f9",
        lambda t: t.resume,
        lambda t: t.resume_does,
        targets=_stopped,
        unavailable=lambda t: t.nothing_to_resume,
        command=lambda engine, target, _given: engine.resume(target.id),
    ),
    EngineAct(
        "sooner",
        "plus",
        lambda t: t.sooner,
        lambda t: t.sooner_does,
        targets=_can_go_sooner,
        unavailable=lambda t: t.not_in_line,
        command=lambda engine, target, _given: engine.set_priority(target.id, target.priority - 1),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "later",
        "minus",
        lambda t: t.later,
        lambda t: t.later_does,
        targets=_can_go_later,
        unavailable=lambda t: t.not_in_line,
        command=lambda engine, target, _given: engine.set_priority(target.id, target.priority + 1),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "cancel_job",
        "delete",
        lambda t: t.cancel,
        lambda t: t.cancel_job_does,
        targets=lambda situation: _chosen_job(situation, *UNDER_WAY),
        unavailable=lambda t: t.no_job_to_cancel,
        command=lambda engine, target, _given: engine.cancel_job(target.id),
        ask=Question(
            lambda t: t.cancel_job_title,
            lambda t: t.cancel_job_body,
            lambda t: t.cancel_job_safe,
            lambda t: t.cancel_job_confirm,
        ),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "cancel_booking",
        "delete",
        lambda t: t.cancel,
        lambda t: t.cancel_booking_does,
        targets=_coming_booking,
        unavailable=lambda t: t.no_booking_to_cancel,
        command=lambda engine, target, _given: engine.cancel_booking(target.id),
        ask=Question(
            lambda t: t.cancel_booking_title,
            lambda t: t.cancel_booking_body,
            lambda t: t.cancel_booking_safe,
            lambda t: t.cancel_booking_confirm,
        ),
        on=frozenset({Place.BOOKINGS}),
    ),
    ScreenAct("back", "escape", lambda t: t.back, lambda t: t.back_does, on=ELSEWHERE),
    ScreenAct("language", "l", lambda t: t.other_language, lambda t: t.language_does, spare=True),
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
    place: Place = Place.HOME
    chosen: Chosen = None

    @property
    def recordings(self) -> tuple[RecordingStatus, ...]:
        return self.snapshot.recordings if self.snapshot else ()

    @property
    def acts(self) -> tuple[Act, ...]:
        """Those there are at all on this terminal, on whichever screen."""
        return tuple(act for act in ACTS if isinstance(act, EngineAct) or act.in_kiosk or not self.kiosk)

    @property
    def here(self) -> tuple[Act, ...]:
        """Those that have a key on this screen."""
        return tuple(act for act in self.acts if self.place in act.on)

    def pressed(self, key: str) -> Act | None:
        """What a key does on this screen."""
        return next((act for act in self.here if act.key == key), None)

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
        return None if act.targets(self) else act.unavailable


def key_name(act: Act, texts: Texts) -> str:
    """The key as it is printed on the keyboard."""
    return texts.key_names.get(act.key, act.key.upper())
