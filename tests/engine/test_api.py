"""What the screen can do, a script can do: every act over the API and the command line, on a real engine."""

import asyncio
import json
import stat
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from ezrec_tui.client import EngineError
from ezrec_tui.model import (
    Answer,
    Banner,
    CameraState,
    JobState,
    MergeMethod,
    NewBooking,
    RecordingState,
    Snapshot,
    StartRecording,
)
from tests.engine.running import PATIENCE, RunningEngine, running_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("api")) as running:
        running.until(lambda snapshot: all(camera.state is CameraState.IDLE for camera in snapshot.cameras))
        yield running


def state_of(snapshot: Snapshot, booking_id: str | None) -> RecordingState | None:
    return next((one.state for one in snapshot.recordings if one.booking_id == booking_id), None)


def test_a_recording_is_started_extended_marked_stopped_resumed_and_stopped_by_acts(engine: RunningEngine) -> None:
    client = engine.client
    started = asyncio.run(client.start(StartRecording(minutes=30, title="Ana & [b]Luis[/b]")))
    assert started.ok
    recording = started.booking_id
    assert recording
    snapshot = engine.until(lambda seen: state_of(seen, recording) is RecordingState.RECORDING)
    assert snapshot.banner is Banner.RECORDING
    end = snapshot.recordings[0].end
    assert asyncio.run(client.extend(recording, 15)).ok
    snapshot = engine.until(lambda seen: seen.recordings[0].end != end)
    assert abs(snapshot.recordings[0].end - end - timedelta(minutes=15)) < timedelta(milliseconds=1)
    assert asyncio.run(client.extend(recording, -20)).ok
    assert asyncio.run(client.highlight(recording, "goal")).ok
    engine.until(lambda seen: seen.recordings[0].highlights == 1)

    assert asyncio.run(client.stop(recording)).ok
    assert not asyncio.run(client.stop(recording)).ok, "it is stopped already"
    engine.until(lambda seen: state_of(seen, recording) is RecordingState.STOPPED)
    assert asyncio.run(client.resume(recording)).ok
    engine.until(lambda seen: state_of(seen, recording) is RecordingState.RECORDING)
    assert not asyncio.run(client.resume(recording)).ok, "it runs already"

    in_the_way = engine.data / "published.db"
    in_the_way.mkdir()
    assert asyncio.run(client.stop(recording)).ok
    engine.until(lambda seen: job_is(seen, recording, JobState.WAITING))
    assert engine.cli("jobs", "pause", recording).returncode == 0
    engine.until(lambda seen: job_is(seen, recording, JobState.PAUSED))
    assert not asyncio.run(client.pause_job(recording)).ok, "it is paused already"
    in_the_way.rmdir()
    assert asyncio.run(client.resume_job(recording)).ok
    assert engine.cli("jobs", "resume", recording).returncode == 1, "it goes on already"
    snapshot = engine.until(lambda seen: job_is(seen, recording, JobState.DONE))
    assert not any(one.booking_id == recording for one in snapshot.recordings)
    job = asyncio.run(client.job(recording))
    assert job.video
    assert Path(job.video).exists()
    assert not asyncio.run(client.retry_job(recording)).ok, "it is done"
    assert [video.booking_id for video in asyncio.run(client.videos())] == [recording]


def job_is(seen: Snapshot, booking_id: str, state: JobState) -> bool:
    return any(job.booking_id == booking_id and job.state is state for job in seen.jobs)


def test_the_command_line_does_what_the_api_does(engine: RunningEngine) -> None:
    start = datetime.now(UTC) + timedelta(hours=5)
    times = ("--start", start.isoformat(), "--end", (start + timedelta(hours=1)).isoformat())
    added = engine.cli("bookings", "add", *times, "--user", "u1", "--id", "b/../1", "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout)["booking_id"] == "b/../1"
    assert engine.cli("bookings", "add", *times, "--id", "b/../1").returncode == 1
    listed = json.loads(engine.cli("bookings", "list", "--json").stdout)
    assert "b/../1" in [booking["id"] for booking in listed]
    assert engine.cli("bookings", "cancel", "b/../1").returncode == 0
    status = json.loads(engine.cli("status", "--json").stdout)
    assert "b/../1" not in [booking["booking_id"] for booking in status["upcoming"]]
    assert engine.cli("bookings", "add", "--start", "tomorrow", "--end", "later").returncode == 2
    long = engine.cli("record", "start", "--title", "x" * 201)
    assert (long.returncode, long.stderr.strip()) == (1, "ezrec: title: String should have at most 200 characters")
    assert engine.cli("record", "highlight", "b1", "--label", "x" * 201).stderr.startswith("ezrec: label: ")
    stop = engine.cli("record", "stop")
    assert (stop.returncode, stop.stderr.strip()) == (1, "ezrec: nothing is being recorded")
    unknown = engine.cli("jobs", "retry", "no-such-booking")
    assert unknown.returncode == 1
    assert "no-such-booking" in unknown.stderr


def test_cameras_are_swapped_and_alerts_acknowledged(engine: RunningEngine) -> None:
    assert asyncio.run(engine.client.swap_cameras()).ok
    assert asyncio.run(engine.client.swap_cameras()).ok
    assert not asyncio.run(engine.client.acknowledge(4711)).ok


def test_how_the_venues_videos_are_made_is_in_the_snapshot(engine: RunningEngine) -> None:
    setup = asyncio.run(engine.client.snapshot()).setup
    assert (setup.width, setup.height, setup.fps, setup.bitrate) == (320, 180, 30, 500_000)
    assert (setup.method, setup.fallbacks) == (MergeMethod.FEATHER, ())


def test_impossible_bookings_are_refused_with_a_reason(engine: RunningEngine) -> None:
    now = datetime.now(UTC)
    backwards = asyncio.run(engine.client.book(NewBooking(start=now + timedelta(hours=1), end=now)))
    assert backwards == Answer(ok=False, message="the end is not after the start")
    past = asyncio.run(engine.client.book(NewBooking(start=now - timedelta(hours=2), end=now - timedelta(hours=1))))
    assert not past.ok
    with pytest.raises(EngineError, match="no job"):
        asyncio.run(engine.client.job("nothing"))


def test_a_request_that_is_not_understood_gets_one_line_that_says_where(engine: RunningEngine) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(engine.socket)), base_url="http://engine") as http:
        refused = http.post("/v1/recordings", json={"minutes": -5})
        assert refused.status_code == 422
        assert Answer.model_validate_json(refused.text).message.startswith("minutes: ")
        assert http.post("/v1/recordings", content="{").status_code == 422
        for status, path, body in (
            (409, "/v1/bookings", {"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31T23:59:59-12:00"}),
            (409, "/v1/bookings", {"start": "2030-01-01T18:00Z", "end": "2030-01-01T19:00Z", "id": "a\nb"}),
            (422, "/v1/bookings", {"start": "2030-01-01T18:00Z", "end": "2030-01-01T19:00Z", "id": "\ud800"}),
            (422, "/v1/bookings", {"start": 1900000000, "end": 1900003600}),
            (422, "/v1/recordings", {"minutes": 1, "title": "\ud800"}),
            (422, f"/v1/alerts/{10**30}/acknowledge", {}),
        ):
            answer = http.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
            assert answer.status_code == status, (path, body, answer.text)
            assert not Answer.model_validate_json(answer.text).ok
        spec = http.get("/v1/openapi.json").json()
    assert {"/v1/snapshot", "/v1/events", "/v1/recordings", "/v1/jobs", "/v1/bookings"} <= set(spec["paths"])


def test_only_owner_and_group_may_speak_to_the_socket(engine: RunningEngine) -> None:
    assert stat.S_IMODE(engine.socket.stat().st_mode) == 0o660


def test_a_second_engine_in_the_same_folder_is_refused_in_one_line(engine: RunningEngine) -> None:
    second = engine.cli("engine")
    assert second.returncode == 1
    assert "another engine is running" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_no_process_is_left_when_the_engine_ends_or_is_killed(tmp_path: Path) -> None:
    for end in (psutil.Process.terminate, psutil.Process.kill):
        with running_engine(tmp_path / "data") as running:
            running.until(lambda snapshot: all(camera.state is CameraState.IDLE for camera in snapshot.cameras))
            own = psutil.Process(running.process.pid)
            children = own.children(recursive=True)
            assert len(children) >= 3
            end(own)
            running.process.wait(PATIENCE)
            _, alive = psutil.wait_procs(children, timeout=PATIENCE)
            assert alive == []


def test_wrong_settings_are_all_named_at_once(tmp_path: Path) -> None:
    wrong = subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "engine"],
        env={"PATH": "/usr/bin", "RESOLUTION": "big", "RECORDING_FPS": "fast", "EZREC_DATA_DIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert wrong.returncode == 1
    assert "RESOLUTION" in wrong.stderr
    assert "RECORDING_FPS" in wrong.stderr
    assert len(wrong.stderr.strip().splitlines()) == 1
