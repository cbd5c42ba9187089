"""Everything a viewer can do, in one table. Keys, tabs, footer, help and questions come from it.

An act on the engine names what it can be done to right now (`targets`): with nothing to be done to, it is not
available, and the screen says why. What the engine makes of it comes back as its Answer. Where a list is shown, an
act on what is listed is done to the line that is chosen.
"""

from ezrec_tui.model import MergeMethod, StartRecording
from ezrec_tui.tui import targets
from ezrec_tui.tui.act import Act, EngineAct, Minutes, PickMethod, Question, ReadAlert, ScreenAct, Situation
from ezrec_tui.tui.look import Place
from ezrec_tui.tui.texts import Texts

HOME = frozenset({Place.HOME})
CAMERAS = frozenset({Place.CAMERAS})
ELSEWHERE = frozenset(Place) - HOME
SETUP = frozenset({Place.SETUP})
IDENTIFY = frozenset({Place.IDENTIFY})
UNDER = {Place.LOG: Place.ACTS, Place.IDENTIFY: Place.CAMERAS}
"""Screens without a digit of their own, and whose they stand under."""

ACTS: tuple[Act, ...] = (
    ScreenAct("home", "1", lambda t: t.home, lambda t: t.home_does, opens=Place.HOME),
    ScreenAct("jobs", "2", lambda t: t.jobs, lambda t: t.jobs_does, opens=Place.JOBS),
    ScreenAct("bookings", "3", lambda t: t.bookings, lambda t: t.bookings_does, opens=Place.BOOKINGS),
    ScreenAct("alerts", "4", lambda t: t.alerts, lambda t: t.alerts_does, opens=Place.ALERTS),
    ScreenAct("acts", "5", lambda t: t.log, lambda t: t.acts_does, opens=Place.ACTS),
    ScreenAct("cameras", "6", lambda t: t.cameras, lambda t: t.cameras_does, opens=Place.CAMERAS),
    ScreenAct("setup", "7", lambda t: t.setup, lambda t: t.setup_does, opens=Place.SETUP),
    ScreenAct("help", "f1", lambda t: t.help, lambda t: t.help_does, opens=Place.HELP),
    EngineAct(
        "start",
        "f2",
        lambda t: t.start,
        lambda t: t.start_does,
        targets=targets.none_running,
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
        targets=targets.running,
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
        targets=targets.running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _given: engine.highlight(target.id),
        on=HOME,
    ),
    EngineAct(
        "retry",
        "f5",
        lambda t: t.retry,
        lambda t: t.retry_does,
        targets=targets.failed_jobs,
        unavailable=lambda t: t.nothing_to_retry,
        command=lambda engine, target, _given: engine.retry_job(target.id),
        on=frozenset({Place.HOME, Place.JOBS}),
    ),
    ScreenAct(
        "identify",
        "f3",
        lambda t: t.identify,
        lambda t: t.identify_does,
        opens=Place.IDENTIFY,
        on=SETUP | CAMERAS,
        hindrance=lambda situation: None if targets.two_cameras(situation) else lambda t: t.one_camera,
    ),
    EngineAct(
        "calibrate",
        "f4",
        lambda t: t.calibrate,
        lambda t: t.calibrate_does,
        targets=targets.cameras_to_calibrate,
        unavailable=lambda t: t.no_calibration_now,
        command=lambda engine, _venue, _given: engine.calibrate(),
        ask=Question(
            lambda t: t.calibrate_title,
            lambda t: t.calibrate_body,
            lambda t: t.calibrate_safe,
            lambda t: t.calibrate_confirm,
        ),
        on=SETUP,
        guarded=True,
    ),
    EngineAct(
        "calibrate_from",
        "f4",
        lambda t: t.calibrate_from,
        lambda t: t.calibrate_from_does,
        targets=targets.footage_to_calibrate_from,
        unavailable=lambda t: t.no_footage_to_calibrate_from,
        command=lambda engine, target, _given: engine.calibrate(target.id),
        ask=Question(
            lambda t: t.calibrate_title,
            lambda t: t.calibrate_from_body,
            lambda t: t.calibrate_safe,
            lambda t: t.calibrate_confirm,
        ),
        on=frozenset({Place.JOBS, Place.ALERTS}),
        guarded=True,
    ),
    EngineAct(
        "test_cameras",
        "f5",
        lambda t: t.test_cameras,
        lambda t: t.test_cameras_does,
        targets=targets.cameras_to_test,
        unavailable=lambda t: t.no_test_now,
        command=lambda engine, _venue, _given: engine.test_cameras(),
        on=SETUP,
        guarded=True,
    ),
    EngineAct(
        "swap",
        "f6",
        lambda t: t.swap,
        lambda t: t.swap_does,
        targets=targets.two_cameras,
        unavailable=lambda t: t.no_two_cameras,
        command=lambda engine, _venue, _given: engine.swap_cameras(),
        ask=Question(lambda t: t.swap_title, lambda t: t.swap_body, lambda t: t.swap_safe, lambda t: t.swap_confirm),
        on=SETUP | CAMERAS | IDENTIFY,
        guarded=True,
    ),
    EngineAct(
        "method",
        "f7",
        lambda t: t.method,
        lambda t: t.method_key_does,
        targets=targets.two_cameras,
        unavailable=lambda t: t.one_camera,
        command=lambda engine, _venue, given: engine.set_method(MergeMethod(given.choice)),
        ask=PickMethod(lambda t: t.method_title, lambda t: t.method_body),
        on=SETUP,
        guarded=True,
    ),
    EngineAct(
        "acknowledge",
        "f7",
        lambda t: t.acknowledge,
        lambda t: t.acknowledge_does,
        targets=targets.alert,
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
        targets=targets.running,
        unavailable=lambda t: t.nothing_to_stop,
        command=lambda engine, target, _given: engine.stop(target.id),
        ask=Question(lambda t: t.stop_title, lambda t: t.stop_body, lambda t: t.stop_safe, lambda t: t.stop_confirm),
    ),
    EngineAct(
        "resume",
        "f9",
        lambda t: t.resume,
        lambda t: t.resume_does,
        targets=targets.stopped,
        unavailable=lambda t: t.nothing_to_resume,
        command=lambda engine, target, _given: engine.resume(target.id),
    ),
    EngineAct(
        "sooner",
        "plus",
        lambda t: t.sooner,
        lambda t: t.sooner_does,
        targets=targets.can_go_sooner,
        unavailable=lambda t: t.not_in_line,
        command=lambda engine, target, _given: engine.set_priority(target.id, target.priority - 1),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "later",
        "minus",
        lambda t: t.later,
        lambda t: t.later_does,
        targets=targets.can_go_later,
        unavailable=lambda t: t.not_in_line,
        command=lambda engine, target, _given: engine.set_priority(target.id, target.priority + 1),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "pause_job",
        "p",
        lambda t: t.pause_job,
        lambda t: t.pause_job_does,
        targets=lambda situation: targets.chosen_job(situation, *targets.UNDER_WAY),
        unavailable=lambda t: t.no_job_to_pause,
        command=lambda engine, target, _given: (engine.resume_job if target.held else engine.pause_job)(target.id),
        on=frozenset({Place.JOBS}),
    ),
    EngineAct(
        "cancel_job",
        "delete",
        lambda t: t.cancel,
        lambda t: t.cancel_job_does,
        targets=targets.job_to_give_up,
        unavailable=lambda t: t.no_job_to_cancel,
        command=lambda engine, target, _given: engine.cancel_job(target.id),
        ask=Question(
            lambda t: t.cancel_job_title,
            lambda t: t.cancel_job_body,
            lambda t: t.cancel_job_safe,
            lambda t: t.cancel_job_confirm,
        ),
        on=frozenset({Place.JOBS}),
        guarded=True,
    ),
    EngineAct(
        "cancel_booking",
        "delete",
        lambda t: t.cancel,
        lambda t: t.cancel_booking_does,
        targets=targets.coming_booking,
        unavailable=lambda t: t.no_booking_to_cancel,
        command=lambda engine, target, _given: engine.cancel_booking(target.id),
        ask=Question(
            lambda t: t.cancel_booking_title,
            lambda t: t.cancel_booking_body,
            lambda t: t.cancel_booking_safe,
            lambda t: t.cancel_booking_confirm,
        ),
        on=frozenset({Place.BOOKINGS}),
        guarded=True,
    ),
    ScreenAct(
        "guide",
        "g",
        lambda t: t.guide,
        lambda t: t.guide_does,
        on=CAMERAS,
        hindrance=lambda situation: None if targets.overlap(situation) else lambda t: t.no_overlap,
    ),
    ScreenAct(
        "link",
        "f3",
        lambda t: t.link,
        lambda t: t.link_does,
        on=frozenset({Place.JOBS}),
        hindrance=lambda situation: None if targets.delivered_job(situation) else lambda t: t.no_link,
        spare=True,
    ),
    ScreenAct("log", "f6", lambda t: t.engine, lambda t: t.log_does, opens=Place.LOG, on=frozenset({Place.ACTS})),
    ScreenAct("log_back", "f6", lambda t: t.acts, lambda t: t.acts_does, opens=Place.ACTS, on=frozenset({Place.LOG})),
    ScreenAct("back", "escape", lambda t: t.back, lambda t: t.back_does, on=ELSEWHERE),
    ScreenAct("language", "l", lambda t: t.other_language, lambda t: t.language_does, spare=True),
    ScreenAct("quit", "f10", lambda t: t.quit, lambda t: t.quit_does, kiosk=False),
    ScreenAct("restart", "f10", lambda t: t.restart, lambda t: t.restart_does, kiosk=True, guarded=True),
)

ACT = {act.id: act for act in ACTS}


def there(situation: Situation) -> tuple[Act, ...]:
    """The acts there are at all on this terminal, on whichever screen."""
    return tuple(act for act in ACTS if isinstance(act, EngineAct) or _is_there(act, situation))


def _is_there(act: ScreenAct, situation: Situation) -> bool:
    return act.kiosk in (None, situation.kiosk) and (situation.pin_set or not act.guarded)


def here(situation: Situation) -> tuple[Act, ...]:
    """Those that have a key on this screen."""
    return tuple(act for act in there(situation) if situation.place in act.on)


def offered(situation: Situation) -> tuple[Act, ...]:
    """Those that its viewer may do at all."""
    return tuple(act for act in there(situation) if not (situation.read_only and isinstance(act, EngineAct)))


def pressed(situation: Situation, key: str) -> Act | None:
    """What a key does on this screen."""
    return next((act for act in here(situation) if act.key == key), None)


def key_name(act: Act, texts: Texts) -> str:
    """The key as it is printed on the keyboard."""
    return texts.key_names.get(act.key, act.key.upper())
