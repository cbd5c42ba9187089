"""Bookings decoded frame number by frame number: real engine, real recorders, in real time."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, Answer, CameraState, JobState, Snapshot, StartRecording
from tests.engine.running import RunningEngine, running_engine
from tests.whole.numbers import (
    FPS,
    Recorded,
    assert_shows,
    between_frames,
    frames_within,
    planned,
    recorded,
    sensor_time,
)

pytestmark = pytest.mark.alone

SIZE = 320, 180
PLAIN = {"MERGE_METHOD": "side_by_side"}
LEAD = timedelta(seconds=3)
"""From the booking to the first start: the cameras run by then."""


def book(data: Path, start: datetime, **slots: tuple[float, float]) -> None:
    """Bookings by name, from and to so many seconds after `start`."""
    rows = [
        {
            "id": name,
            "start_time": (start + timedelta(seconds=begin)).isoformat(),
            "end_time": (start + timedelta(seconds=end)).isoformat(),
        }
        for name, (begin, end) in slots.items()
    ]
    (data / "bookings.json").write_text(json.dumps(rows))


def cameras_are_up(snapshot: Snapshot) -> bool:
    up = (CameraState.IDLE, CameraState.ARMED, CameraState.RECORDING)
    return len(snapshot.cameras) == 2 and all(camera.state in up for camera in snapshot.cameras)


def act(asked: Awaitable[Answer]) -> tuple[int, int, str]:
    """Do it; sensor time before and after, and the booking's id."""

    async def ask() -> Answer:
        return await asked

    before = sensor_ns()
    answer = asyncio.run(ask())
    assert answer.ok, answer.message
    return before, sensor_ns(), answer.booking_id or ""


def is_done(booking_id: str) -> Callable[[Snapshot], bool]:
    return lambda seen: any(job.booking_id == booking_id and job.state is JobState.DONE for job in seen.jobs)


def videos(engine: RunningEngine, *names: str) -> dict[str, Recorded]:
    """Wait for the videos of these bookings and decode them."""
    for name in names:
        engine.until(is_done(name))
    return {name: recorded(engine.data, name, SIZE) for name in names}


def wanted(start: datetime, begin: float, end: float) -> range:
    first, last = (sensor_time(start + timedelta(seconds=seconds)) for seconds in (begin, end))
    return frames_within(first, last)


def tell(one: Recorded, name: str, frames: range) -> None:
    left, right = ([number for number in half if number is not None] for half in one.halves)
    late = [half[0] - frames[0] for half in (left, right)]
    over = [half[-1] - frames[-1] for half in (left, right)]
    print(f"{name}: {len(left)} frames; start late by {late} frames, stop by {over} frames")


def test_every_kind_of_booking_has_each_of_its_frames_once_and_no_other(tmp_path: Path) -> None:
    with running_engine(tmp_path, **PLAIN) as engine:
        engine.until(cameras_are_up)
        start = between_frames(datetime.now(UTC) + LEAD)
        slots = {
            "first": (0.0, 6.0),
            "second": (6.0, 12.0),
            "third": (12.0, 15.0),
            "overlapping": (3.0, 9.0),
            "extended": (1.0, 7.0),
            "shortened": (1.5, 11.0),
            "resumed": (0.5, 8.0),
            "stopped": (2.0, 14.0),
            "cut": (1.0, 14.0),
        }
        book(tmp_path, start, **slots)

        def wait(seconds: float) -> None:
            engine.until(lambda seen: seen.at >= start + timedelta(seconds=seconds))

        wait(3)
        act(engine.client.extend("extended", 3 / 60))
        act(engine.client.extend("shortened", -4 / 60))
        act(engine.client.stop("resumed"))
        adhoc_from, adhoc_to, adhoc = act(engine.client.start(StartRecording(minutes=4 / 60)))
        wait(4)
        act(engine.client.resume("resumed"))
        wait(5)
        stops = {"stopped": act(engine.client.stop("stopped")), "cut": act(engine.client.extend("cut", -60))}
        found = videos(engine, *slots, adhoc)

    as_booked = slots | {"extended": (1.0, 10.0), "shortened": (1.5, 7.0)}
    ended_now = {name: as_booked.pop(name) for name in stops}
    for name, (begin, end) in as_booked.items():
        frames = wanted(start, begin, end)
        tell(found[name], name, frames)
        assert_shows(found[name], frames)
        assert abs(len(found[name].seen.left) - (end - begin) * FPS) <= 1
    for before, after in pairwise(("first", "second", "third")):
        for ending, beginning in zip(found[before].halves, found[after].halves, strict=True):
            assert (beginning[0] or 0) - (ending[-1] or 0) == 1, f"between {before} and {after}"

    for name, (begin, _) in ended_now.items():
        frames = planned(found[name].manifest)
        tell(found[name], name, frames)
        assert_shows(found[name], frames)
        assert frames[0] == wanted(start, begin, begin + 1)[0]
        asked_from, asked_to, _ = stops[name]
        assert frames[-1] in frames_within(asked_from - NS // FPS, asked_to), f"{name}: it ends at that instant"

    started = planned(found[adhoc].manifest)
    tell(found[adhoc], "ad hoc", started)
    assert_shows(found[adhoc], started)
    assert started[0] in frames_within(adhoc_from, adhoc_to + NS // FPS), "it begins at the instant of the start"
    assert abs(len(started) - 4 * FPS) <= 1


def test_neighbours_with_rolls_overlap_by_exactly_the_rolls(tmp_path: Path) -> None:
    with running_engine(tmp_path, **PLAIN, PRE_ROLL_SECONDS="2", POST_ROLL_SECONDS="1") as engine:
        engine.until(cameras_are_up)
        start = between_frames(datetime.now(UTC) + LEAD + timedelta(seconds=2))
        book(tmp_path, start, before=(0, 4), after=(4, 8), extended=(0, 4))
        engine.until(lambda seen: seen.at >= start + timedelta(seconds=1))
        act(engine.client.extend("extended", 2 / 60))
        found = videos(engine, "before", "after", "extended")
    for name, (begin, end) in {"before": (-2, 5), "after": (2, 9), "extended": (-2, 7)}.items():
        frames = wanted(start, begin, end)
        tell(found[name], name, frames)
        assert_shows(found[name], frames)
