"""Pairing of frames by their timestamps: pure, so it is tested with any timestamps there may be."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ezrec_tui.model import NS, Highlight
from ezrec_tui.video.align import CUT_NS, HOLD_NS, MISSING, REACH, Mark, marks, timeline

FPS = Fraction(30)
FRAME = NS // 30
NONE = np.empty(0, np.int64)


def times(count: int, rate: float = 30, start_ns: int = 0) -> NDArray[np.int64]:
    return np.array([start_ns + round(n * NS / rate) for n in range(count)], np.int64)


def changes(index: NDArray[np.int32]) -> int:
    """How often a track does anything but go on by one."""
    return int(np.count_nonzero(np.diff(index) != 1))


JITTER = 0.1
"""Of a camera's timestamps, in frames, either way."""


@st.composite
def camera(draw: st.DrawFn, drift: float = 0.002) -> NDArray[np.int64]:
    """About 30 fps with a phase, drift and jitter of a fifth of a frame at most."""
    count = draw(st.integers(30, 400))
    rate = 30 * (1 + draw(st.floats(-drift, drift)))
    phase = draw(st.integers(0, FRAME - 1))
    jitter = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).uniform(-JITTER, JITTER, count) * FRAME
    return times(count, rate, 60 * NS + phase) + jitter.astype(np.int64)


anything = st.lists(st.integers(0, 20 * NS), max_size=120, unique=True).map(lambda t: np.array(sorted(t), np.int64))


@given(camera())
def test_a_source_near_the_rate_is_used_frame_by_frame_whatever_its_jitter(left: NDArray[np.int64]) -> None:
    line = timeline(left, NONE, FPS)
    drifted = abs((int(left[-1]) - int(left[0])) / FRAME - (left.size - 1))
    assert changes(line.left.index) <= drifted + 1 + 2 * JITTER
    assert line.left.index[0] == 0
    assert left.size - 1 - line.left.index[-1] <= (drifted >= REACH - 2 * JITTER)


@given(camera(drift=0), camera(drift=0))
def test_two_cameras_of_one_rate_stay_consecutive_on_both_halves_and_within_a_frame(
    left: NDArray[np.int64], right: NDArray[np.int64]
) -> None:
    both = min(int(left[-1]), int(right[-1])) + 1
    line = timeline(left, right, FPS, end_ns=both)
    assert changes(line.left.index) == 0
    assert changes(line.right.index) == 0
    apart = np.abs(left[line.left.index] - right[line.right.index])
    assert apart.max() < FRAME


@given(camera(), camera())
def test_drift_between_the_cameras_costs_one_change_a_frame_of_drift(
    left: NDArray[np.int64], right: NDArray[np.int64]
) -> None:
    both = min(int(left[-1]), int(right[-1])) + 1
    line = timeline(left, right, FPS, end_ns=both)
    drifted = 0.004 * line.frames
    assert changes(line.right.index) <= drifted + 2


@given(anything, anything, st.integers(0, 5 * NS), st.integers(5 * NS, 20 * NS), st.sampled_from([24, 25, 30, 60]))
@settings(max_examples=300)
def test_whatever_the_timestamps_frames_never_go_back_and_nothing_foreign_is_shown(
    left: NDArray[np.int64], right: NDArray[np.int64], start: int, end: int, fps: int
) -> None:
    line = timeline(left, right, Fraction(fps), start, end)
    frame = NS // fps
    for camera_times, track in ((left, line.left), (right, line.right)):
        assert track.index.size == line.frames
        shown = track.index[track.index != MISSING]
        assert np.all(np.diff(shown) >= 0)
        used = camera_times[shown]
        assert np.all(used > start - frame)
        assert np.all(used < end + frame)
        assert track.dark == np.count_nonzero(track.index == MISSING)
    driver = left[line.left.index[line.left.index != MISSING]]
    assert np.all((driver >= start) & (driver < end))
    assert sum(span.frames for span in line.spans) == line.frames
    total = line.frames / fps + sum(gap.seconds for gap in line.gaps)
    assert total <= (end - start) / NS + (2 + len(line.spans)) * 1.75 / fps


@given(anything)
def test_no_picture_stands_for_longer_than_a_second(left: NDArray[np.int64]) -> None:
    line = timeline(left, times(600), FPS)
    for span in line.spans:
        for offset in range(span.frames):
            index = line.left.index[span.first + offset]
            if index != MISSING:
                now = span.start_ns + offset * FRAME
                assert -CUT_NS <= now - int(left[index]) <= HOLD_NS + FRAME


def test_the_partner_is_the_nearest_in_time() -> None:
    left = times(60)
    early = timeline(left, times(61, start_ns=-FRAME + 5_000_000), FPS)
    assert (early.right.index == early.left.index + 1).all()
    late = timeline(left, times(60, start_ns=5_000_000), FPS)
    assert (late.right.index == late.left.index).all()


def test_frames_before_the_start_and_from_the_end_on_are_left_out() -> None:
    line = timeline(times(90), times(90), FPS, start_ns=20 * FRAME - 1, end_ns=80 * FRAME - 1)
    assert line.left.index.tolist() == list(range(20, 80))
    assert line.right.index.tolist() == list(range(20, 80))
    assert (line.left.dropped, line.left.held) == (0, 0)


def test_a_dropped_frame_is_held_once_and_the_halves_stay_in_step() -> None:
    left = np.delete(times(60), 30)
    line = timeline(left, times(60), FPS)
    assert line.frames == 60
    assert line.left.held == 1
    assert line.right.index.tolist() == list(range(60))
    assert (left[line.left.index[31:]] == times(60)[31:]).all()


def test_one_camera_missing_is_held_for_a_second_then_dark_then_back() -> None:
    right = np.concatenate((times(30), times(60, start_ns=4 * NS)))
    line = timeline(times(180), right, FPS)
    assert line.frames == 180
    assert line.right.index[30:59].tolist() == [29] * 29
    assert set(line.right.index[61:119].tolist()) == {MISSING}
    assert line.right.index[120:].tolist() == list(range(30, 90))
    assert line.gaps == ()


def test_a_camera_that_begins_late_is_dark_until_then() -> None:
    line = timeline(times(90), times(66, start_ns=24 * FRAME + 5_000_000), FPS)
    assert set(line.right.index[:24].tolist()) == {MISSING}
    assert line.right.index[24:].tolist() == list(range(66))


@given(camera(drift=0), camera(drift=0), st.floats(0.3, 0.7))
def test_two_videos_that_meet_share_no_frame_and_lose_none(
    left: NDArray[np.int64], right: NDArray[np.int64], where: float
) -> None:
    """As the recorder leaves it: the first one's footage goes on for a frame, the second one's begins before."""
    last = min(int(left[-1]), int(right[-1])) + 1
    seam = int(left[0]) + round(where * (last - int(left[0])))
    first = timeline(left[left < seam + FRAME], right[right < seam + FRAME], FPS, end_ns=seam)
    later_left, later_right = (own[own >= seam - NS // 2] for own in (left, right))
    second = timeline(later_left, later_right, FPS, start_ns=seam, end_ns=last)
    assert later_left[second.left.index[0]] == left[first.left.index[-1] + 1]
    skipped = int(np.searchsorted(right, later_right[second.right.index[0]])) - int(first.right.index[-1]) - 1
    between = float(np.median(right[first.right.index] - left[first.left.index])) / FRAME
    assert skipped == 0 or abs(abs(between) - 0.5) < 0.1, "half a frame apart, either neighbour is the nearest"


def test_the_last_left_frame_is_shown_though_its_partner_was_lost_and_a_right_one_alone_is_not() -> None:
    lost = timeline(times(60), times(59), FPS)
    assert (lost.left.index[-1], lost.right.index[-1], lost.right.held) == (59, 58, 1)
    over = timeline(times(60), times(61), FPS)
    assert (over.left.index[-1], over.right.index[-1], over.frames) == (59, 59, 60)


def test_both_missing_is_cut_out_and_becomes_a_chapter() -> None:
    left = np.concatenate((times(60), times(60, start_ns=14 * NS)))
    right = np.concatenate((times(60), times(60, start_ns=14 * NS)))
    line = timeline(left, right, FPS)
    assert line.frames == 120
    assert line.left.index.tolist() == list(range(120))
    assert [(gap.frame, gap.title) for gap in line.gaps] == [(60, "Footage missing (12 s)")]
    highlights = (
        Highlight(at_ns=NS, label="goal"),
        Highlight(at_ns=8 * NS),
        Highlight(at_ns=15 * NS),
        Highlight(at_ns=99 * NS),
    )
    assert marks(line, highlights) == (
        Mark(30, "goal"),
        Mark(60, "Footage missing (12 s), Highlight"),
        Mark(90, "Highlight"),
    )


def test_half_a_second_without_both_is_held_not_cut() -> None:
    both = np.concatenate((times(30), times(30, start_ns=NS + NS // 3)))
    line = timeline(both, both, FPS)
    assert line.gaps == ()
    assert line.frames == 70
    assert line.left.held == 10


def test_missing_at_the_start_and_at_the_end_is_told() -> None:
    line = timeline(times(30, start_ns=3 * NS), NONE, FPS, start_ns=0, end_ns=9 * NS)
    assert [(gap.frame, round(gap.seconds)) for gap in line.gaps] == [(0, 3), (30, 5)]
    assert marks(line, ()) == (Mark(0, "Footage missing (3 s)"),)


def test_other_rates_are_laid_on_the_video_s_rate_by_time() -> None:
    for rate in (15, 24, 25, 50, 60):
        source = times(rate * 4, rate)
        line = timeline(source, NONE, FPS)
        assert abs(line.frames - 120) <= 2
        shown = source[line.left.index]
        place = np.arange(line.frames) * FRAME
        assert np.abs(shown - place).max() <= 0.8 * max(FRAME, NS // rate)


def test_no_footage_gives_an_empty_timeline() -> None:
    line = timeline(NONE, NONE, FPS, 0, NS)
    assert (line.frames, line.spans, line.frame_at(0)) == (0, (), None)
