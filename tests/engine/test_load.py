"""Rendering makes way for the recorders, comes back with patience, and a slow disk is told."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.engine.load import (
    CALM_NS,
    CALM_SECONDS,
    EXCUSED_NS,
    FAILING_SECONDS,
    HELPLESS_NS,
    PAUSE_SECONDS,
    SLOW_SECONDS,
    STILL_NS,
    Line,
    Load,
    Writing,
    lines,
)
from ezrec_tui.model import NS, CameraState, CameraStatus, Level

WELL = Line(camera=0, recording=True, waiting=0.0, dropped=0, growing=True)
TICK_NS = NS // 5

waits = st.lists(st.tuples(st.floats(0, 20), st.booleans()), min_size=1, max_size=200)


def test_what_waits_is_counted_in_seconds_of_footage() -> None:
    camera = CameraStatus(index=1, serial="s", state=CameraState.RECORDING, queue=45, dropped=3, growing=True)
    assert lines([camera], fps=30) == [Line(1, True, 1.5, 3, True)]


def test_a_disk_that_stands_still_at_the_first_frames_is_seen_too() -> None:
    camera = CameraStatus(index=0, serial="s", state=CameraState.ARMED, queue=600)
    assert Writing().look(lines([camera], fps=30), 0) is Level.FAILED
    assert Load().look(lines([camera], fps=30), 0)


@given(waits)
def test_rendering_is_paused_whenever_footage_waits_and_goes_on_only_after_calm(
    looks: list[tuple[float, bool]],
) -> None:
    load, dropped, trouble_ns = Load(), 0, None
    for number, (waiting, drops) in enumerate(looks):
        now_ns = number * TICK_NS
        before = load.paused
        dropped += drops and number > 0
        paused = load.look([replace(WELL, waiting=waiting, dropped=dropped)], now_ns)
        if waiting >= PAUSE_SECONDS or (before and waiting >= CALM_SECONDS):
            trouble_ns = now_ns
            assert paused
        elif drops and number > 0 and paused:
            trouble_ns = now_ns
        if before and not paused:
            assert trouble_ns is not None
            assert now_ns - trouble_ns >= CALM_NS


def test_a_dropped_frame_pauses_rendering_and_a_restarted_count_does_not() -> None:
    load = Load()
    assert not load.look([replace(WELL, dropped=500)], 0), "what was lost before it was looked at"
    assert not load.look([WELL], TICK_NS), "the recorder was started again and counts from zero"
    assert load.look([replace(WELL, dropped=1)], 2 * TICK_NS)
    assert load.look([replace(WELL, dropped=1)], 2 * TICK_NS + CALM_NS - 1)
    assert not load.look([replace(WELL, dropped=1)], 2 * TICK_NS + CALM_NS)


def test_rendering_goes_on_when_nothing_is_recorded_any_more() -> None:
    load = Load()
    assert load.look([replace(WELL, waiting=5)], 0)
    assert not load.look([replace(WELL, recording=False, waiting=5)], TICK_NS)


def test_a_camera_that_loses_frames_whatever_rendering_does_does_not_stop_it_for_ever() -> None:
    load, dropped, paused_ns = Load(), 0, 0
    hours = 2
    for number in range(hours * 3600):
        dropped += number % 5 == 0
        paused_ns += NS * load.look([replace(WELL, dropped=dropped)], number * NS)
    assert paused_ns < hours * 3600 * NS // 10
    most_at_once = HELPLESS_NS + 2 * CALM_NS
    assert paused_ns <= most_at_once * (hours * 3600 * NS // EXCUSED_NS + 1)


@given(waits)
def test_a_slow_disk_is_a_warning_a_failing_one_a_failure_and_neither_is_ever_silence(
    looks: list[tuple[float, bool]],
) -> None:
    writing = Writing()
    for number, (waiting, growing) in enumerate(looks):
        level = writing.look([replace(WELL, waiting=waiting, growing=growing)], number * TICK_NS)
        if waiting >= FAILING_SECONDS:
            assert level is Level.FAILED
        elif waiting >= SLOW_SECONDS:
            assert level is not Level.OK
        assert bool(writing.notices()) == (level is not Level.OK)
        assert (writing.item().detail != "") == (level is not Level.OK)


def test_a_disk_that_takes_nothing_is_a_failure_though_little_waits_yet() -> None:
    writing, stuck = Writing(), replace(WELL, waiting=0.5, growing=False)
    assert writing.look([WELL], 0) is Level.OK
    assert writing.look([stuck], STILL_NS - 1) is Level.OK
    assert writing.look([stuck], STILL_NS) is Level.FAILED
    assert writing.look([WELL], STILL_NS + 1) is Level.FAILED
    assert writing.look([WELL], STILL_NS + 1 + CALM_NS) is Level.OK


def test_a_stalled_camera_is_no_failing_disk() -> None:
    writing = Writing()
    writing.look([WELL], 0)
    assert writing.look([replace(WELL, growing=False)], 60 * NS) is Level.OK, "nothing waits for the disk"
