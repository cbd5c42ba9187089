"""The camera test: what a real recording gives, told for each camera, and nothing of it kept."""

import asyncio
import json
import os
import signal
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.check.findings import Decoded
from ezrec_tui.engine.camera_test import hindrance, judge, waits_for
from ezrec_tui.model import (
    NS,
    CameraCount,
    CameraState,
    CameraStatus,
    CameraTest,
    NewBooking,
    RecordingState,
    Segment,
    Snapshot,
    StartRecording,
)
from tests.engine.running import PATIENCE, RunningEngine, running_engine

SLOW = {"RECORDING_FPS": "10"}
"""No frame is dropped on a busy machine."""


def are_idle(seen: Snapshot) -> bool:
    return bool(seen.cameras) and all(camera.state is CameraState.IDLE for camera in seen.cameras)


def is_testing(seen: Snapshot) -> bool:
    return seen.camera_test is not None and seen.camera_test.running


def is_tested(seen: Snapshot) -> bool:
    return seen.camera_test is not None and not seen.camera_test.running


def is_writing(engine: RunningEngine) -> bool:
    return any(path.stat().st_size for path in engine.data.glob("camera-test/*/camera-*.ts"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("test"), **SLOW) as running:
        running.until(are_idle)
        yield running


def test_five_seconds_of_each_camera_are_recorded_looked_at_and_thrown_away(engine: RunningEngine) -> None:
    done = engine.cli("cameras", "test", "--json")
    assert done.returncode == 0, done.stderr
    assert "recording 5 s of each camera" in done.stderr
    test = CameraTest.model_validate_json(done.stdout)
    assert [result.index for result in test.results] == [0, 1]
    for result in test.results:
        assert result.ok, result.problem
        assert result.serial.startswith("testpattern")
        assert (result.expected, result.written + result.dropped) == (50, 50)
        assert abs(result.fps - 10) < 0.2
        assert result.bitrate > 10_000
    assert not (engine.data / "camera-test").exists()
    assert not list(engine.data.glob("recordings/**/*.ts"))
    snapshot = engine.until(are_idle)
    assert snapshot.camera_test == test, "the last one stays to be seen"
    assert (snapshot.jobs, snapshot.alerts) == ((), ())
    assert asyncio.run(engine.client.acts(1))[0].act == "test cameras"


def test_a_second_test_is_refused_while_one_runs_and_a_recording_that_begins_cuts_it_off(engine: RunningEngine) -> None:
    client = engine.client
    assert asyncio.run(client.test_cameras()).ok
    assert asyncio.run(client.test_cameras()).message == "a camera test is running: wait for its result"
    engine.until(lambda seen: is_testing(seen) and is_writing(engine))
    started = asyncio.run(client.start(StartRecording(minutes=30, title="Ana")))
    assert started.booking_id is not None
    snapshot = engine.until(is_tested)
    assert snapshot.camera_test is not None
    assert [(result.ok, result.problem) for result in snapshot.camera_test.results] == [
        (False, "cut off: Ana is being recorded; test again when it is over")
    ] * 2
    assert not (engine.data / "camera-test").exists()
    engine.until(lambda seen: any(one.state is RecordingState.RECORDING for one in seen.recordings))
    refused = asyncio.run(client.test_cameras())
    assert refused.message == "Ana is being recorded: test the cameras when it is over"
    assert asyncio.run(client.extend(started.booking_id, -60)).ok
    engine.until(lambda seen: not seen.recordings)
    assert not [
        alert.what for alert in asyncio.run(client.alerts()) if "missing" in alert.what or "write" in alert.what
    ]


def test_it_is_refused_within_a_minute_of_a_booking(engine: RunningEngine) -> None:
    start = datetime.now(UTC) + timedelta(seconds=50)
    booking = NewBooking(start=start, end=start + timedelta(hours=1), title="Luis", id="soon")
    assert asyncio.run(engine.client.book(booking)).ok
    engine.until(lambda seen: any(camera.state is CameraState.ARMED for camera in seen.cameras))
    refused = asyncio.run(engine.client.test_cameras())
    assert refused.message == "Luis begins within a minute: test the cameras when it is over"
    assert engine.cli("cameras", "test").stderr.strip() == f"ezrec: {refused.message}"
    asyncio.run(engine.client.cancel_booking("soon"))


def test_a_lost_camera_says_what_to_do_and_the_other_one_is_fine(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_text("this is no video")
    with running_engine(tmp_path / "data", CAMERA_1_SERIAL=f"file:{tmp_path / 'broken.mp4'}", **SLOW) as engine:
        engine.until(lambda seen: [c.state for c in seen.cameras] == [CameraState.IDLE, CameraState.LOST])
        done = engine.cli("cameras", "test")
        results = asyncio.run(engine.client.snapshot()).camera_test
    assert results is not None
    fine, lost = results.results
    assert (fine.ok, fine.problem, lost.ok, lost.written) == (True, "", False, 0)
    assert lost.problem.startswith("no picture (")
    assert lost.problem.endswith("): check the camera's cable, then test again")
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith("camera 1   testpattern")
    assert "  ok  50 of 50 frames  10.0 fps" in first or "  ok  49 of 50 frames" in first
    assert second == f"camera 2   {lost.serial}  failed  {lost.problem}"


def test_what_a_killed_test_left_is_deleted_at_the_start_and_never_taken_for_a_recording(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_engine(data, **SLOW) as engine:
        engine.until(are_idle)
        assert asyncio.run(engine.client.test_cameras()).ok
        engine.until(lambda _seen: is_writing(engine))
        os.kill(engine.process.pid, signal.SIGKILL)
        engine.process.wait(PATIENCE)
        assert is_writing(engine), "there is something left to be deleted"
        report = json.loads(engine.cli("check", "--json").stdout)
        assert (report["recordings"], report["segments"], report["findings"]) == (0, 0, [])
    with running_engine(data, **SLOW) as engine:
        snapshot = engine.until(are_idle)
        assert not (data / "camera-test").exists()
        assert (snapshot.recordings, snapshot.jobs, snapshot.alerts, snapshot.camera_test) == ((), (), (), None)


# What is judged


def segment(frames: int = 150, fps: float = 30) -> Segment:
    last_ns = round((frames - 1) * NS / fps)
    return Segment(camera=0, name="camera-0_0.ts", first_ns=0, last_ns=last_ns, frames=frames, bytes=3_750_000)


STATUS = CameraStatus(index=0, serial="cam0", state=CameraState.ARMED)
COUNT = CameraCount(camera=0, serial="cam0", expected=150)
NO_START = STATUS.model_copy(update={"state": CameraState.STARTING})
BROKEN = {"camera-0_0.ts": Decoded(frames=140, errors=3, seconds=5)}
WHOLE = {"camera-0_0.ts": Decoded(frames=150, errors=0, seconds=5)}


def test_a_good_camera_is_all_right_with_what_was_measured() -> None:
    result = judge(STATUS, "", COUNT, [segment()], WHOLE, 30)
    assert (result.ok, result.problem) == (True, "")
    assert (result.fps, result.expected, result.written, result.dropped) == (30.0, 150, 150, 0)
    assert result.bitrate == 6_000_000


@pytest.mark.parametrize(
    ("status", "complaint", "count", "segments", "decoded", "problem"),
    [
        (NO_START, "", COUNT, [], {}, "no picture (the camera does not start)"),
        (STATUS, "cannot write to /x: No space left: make room", COUNT, [segment()], WHOLE, "cannot write to /x"),
        (STATUS, "", COUNT.model_copy(update={"missing": 150}), [], {}, "nothing was recorded"),
        (STATUS, "", COUNT.model_copy(update={"missing": 4}), [segment()], WHOLE, "4 of 150 frames are missing"),
        (STATUS, "", COUNT, [segment(fps=25)], WHOLE, "25.0 frames a second instead of 30"),
        (STATUS, "", COUNT, [segment()], None, "could not be looked at"),
        (STATUS, "", COUNT, [segment()], BROKEN, "10 recorded frames cannot"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_said_with_what_to_do(
    status: CameraStatus,
    complaint: str,
    count: CameraCount,
    segments: list[Segment],
    decoded: dict[str, Decoded] | None,
    problem: str,
) -> None:
    result = judge(status, complaint, count, segments, decoded, 30)
    assert not result.ok
    assert problem in result.problem
    assert ": " in result.problem, "and what to do"


def test_three_frames_in_a_hundred_and_fifty_may_be_missing() -> None:
    assert judge(STATUS, "", COUNT.model_copy(update={"missing": 3}), [segment()], WHOLE, 30).ok


def test_whatever_goes_before_a_test_refuses_it() -> None:
    busy = waits_for(testing=True, calibrating=True)
    assert hindrance(None, None, full=False, under_way=waits_for(False, False)) == ""
    assert "being recorded" in hindrance("Ana", "Luis", full=True, under_way=busy)
    assert "Luis begins within a minute" in hindrance(None, "Luis", full=True, under_way=busy)
    assert "the disk is full" in hindrance(None, None, full=True, under_way=busy)
    assert hindrance(None, None, full=False, under_way=busy) == "a camera test is running: wait for its result"
    assert waits_for(testing=False, calibrating=True) == "a calibration is running: wait for its result"
