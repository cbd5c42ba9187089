"""Every frame of a recording is accounted for: expected ones are written or missing, and it is said where."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.accounting import count_frames
from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, Segment

FPS = 25
FRAME_NS = NS // FPS
AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
SPAN = 1000
"""Frames of the recording, whose start is frame 0 of its grid."""


def manifest(phase_ns: int = 0) -> Manifest:
    """A recording of SPAN frames; frame 0 of the camera's grid is `phase_ns` after its start."""
    return Manifest(
        booking=Booking(id="b1", start=AT, end=AT + timedelta(minutes=1)),
        epoch=AT,
        boots=(Boot(boot_id="x", epoch_sensor_ns=0),),
        start_ns=60 * NS - phase_ns,
        end_ns=60 * NS + SPAN * FRAME_NS - phase_ns,
        fps=FPS,
        width=320,
        height=180,
        cameras=(CameraCount(camera=0, serial="x"),),
    )


def segment(first: int, last: int, frames: int | None = None, captured: int = 0) -> Segment:
    """From frame `first` to frame `last`, both in it."""
    return Segment(
        camera=0,
        name=f"{first}",
        first_ns=60 * NS + first * FRAME_NS,
        last_ns=60 * NS + last * FRAME_NS,
        frames=last - first + 1 if frames is None else frames,
        bytes=100,
        captured=captured,
        encoded=captured,
    )


def count(*segments: Segment, phase_ns: int = 0) -> CameraCount:
    whole = manifest(phase_ns)
    return count_frames(whole.cameras[0], segments, whole)


@pytest.mark.parametrize("phase_ns", [0, 1, FRAME_NS // 2, FRAME_NS * 99 // 100])
def test_a_whole_recording_misses_nothing_whatever_the_cameras_phase(phase_ns: int) -> None:
    counted = count(segment(-20, 249), segment(250, 499), segment(500, 1000), phase_ns=phase_ns)
    assert (counted.expected, counted.missing, counted.dropped) == (SPAN, 0, 0)
    assert counted.written == 20 + SPAN + 1, "with the keyframe before, and a frame after"
    assert counted.bytes == 300
    assert counted.start_late == pytest.approx(phase_ns / FRAME_NS, abs=0.01)
    assert counted.stop_late == pytest.approx(phase_ns / FRAME_NS - 1, abs=0.01)


def test_frames_missing_at_the_very_start_and_end_are_missing() -> None:
    counted = count(segment(12, 989))
    assert (counted.expected, counted.written, counted.missing) == (SPAN, 978, 22)
    assert counted.dropped == 0, "the sensor was not asked"
    assert (counted.start_late, counted.stop_late) == (12, -11)


def test_a_camera_that_never_came_misses_all_of_it() -> None:
    counted = count()
    assert (counted.expected, counted.missing, counted.start_late) == (SPAN, SPAN, None)
    elsewhere = count(segment(-300, -200))
    assert (elsewhere.expected, elsewhere.missing, elsewhere.stop_late) == (SPAN, SPAN, None)


def test_what_the_sensor_did_not_give_and_what_was_lost_behind_it_are_told_apart() -> None:
    counted = count(segment(0, 499, frames=480, captured=490), segment(510, 999, captured=494))
    assert counted.written == 970
    assert counted.captured == 984
    assert counted.lost == counted.missing == 30
    assert counted.dropped == 30 - 14
    assert counted.encoded == 984


def test_frames_that_two_segments_share_are_counted_once() -> None:
    counted = count(segment(0, 99), segment(90, 149), segment(155, 999))
    assert (counted.written, counted.missing, counted.expected) == (995, 5, SPAN)


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 30)), min_size=1, max_size=8), st.integers(-30, 30))
def test_what_is_expected_is_always_written_or_missing(parts: list[tuple[int, int]], first: int) -> None:
    segments, there = list[Segment](), set[int]()
    for frames, gap in parts:
        segments.append(segment(first, first + frames - 1))
        there |= set(range(first, first + frames))
        first += frames + gap
    counted = count(*segments)
    assert counted.written == len(there)
    inside = there & set(range(SPAN))
    if inside:
        assert counted.missing == SPAN - len(inside)
        assert counted.expected == SPAN
    assert counted.dropped == counted.lost


def test_a_sensor_that_runs_a_little_slow_for_hours_misses_nothing() -> None:
    slow = FRAME_NS + FRAME_NS // 10_000
    hours = manifest().model_copy(update={"end_ns": 60 * NS + 3 * 3600 * NS})
    segments = [
        Segment(
            camera=0,
            name=f"{at}",
            first_ns=60 * NS + at * slow,
            last_ns=60 * NS + (at + 249) * slow,
            frames=250,
            bytes=1,
        )
        for at in range(0, 3 * 3600 * FPS - 30, 250)
    ]
    counted = count_frames(hours.cameras[0], segments, hours)
    assert (counted.dropped, counted.missing) == (0, 0)
    assert counted.written == 270_000
    assert counted.expected == 270_000 - 27, "one in ten thousand fewer fit"
