"""The API over TCP, on a real engine: it keeps to what it says of itself, whatever is asked."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import httpx
import pytest
from pydantic import TypeAdapter

from ezrec_tui.model import Answer, Booking, CameraState, CameraStatus, FullStatus, Recorded
from tests.engine.api.openapi import PUBLISHED, as_published
from tests.engine.running import PATIENCE, RunningEngine, running_engine

TOKEN, READ_TOKEN = "only-for-this-test-" + "t" * 32, "only-for-this-test-" + "r" * 32
WITHOUT_END = ("events", "stream")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    settings = {"EZREC_API_LISTEN": "127.0.0.1:0", "EZREC_API_TOKEN": TOKEN, "EZREC_API_READ_TOKEN": READ_TOKEN}
    with running_engine(tmp_path_factory.mktemp("contract"), **settings, EZREC_API_RATE="10000") as running:
        running.until(lambda seen: all(camera.state is CameraState.IDLE for camera in seen.cameras))
        yield running


def address_of(engine: RunningEngine) -> str:
    found = re.search(r"the API listens on (127\.0\.0\.1:\d+)", engine.log)
    assert found, engine.log
    return f"http://{found[1]}"


@contextmanager
def asking(engine: RunningEngine, token: str = TOKEN) -> Generator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=address_of(engine), headers=headers, timeout=PATIENCE) as http:
        yield http


def operations(http: httpx.Client) -> list[tuple[str, str]]:
    described: dict[str, dict[str, object]] = http.get("/v1/openapi.json").json()["paths"]
    return [(method, path) for path, methods in described.items() for method in methods]


def test_the_published_description_is_that_of_the_engine(engine: RunningEngine) -> None:
    with asking(engine) as http:
        served = as_published(http.get("/v1/openapi.json").json())
    assert served == PUBLISHED.read_text(), "`python -m tests.engine.api.openapi` writes docs/openapi.json anew"


def test_whatever_is_asked_nothing_fails_and_every_answer_is_one_that_is_described(
    engine: RunningEngine, tmp_path: Path
) -> None:
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{address_of(engine)}/v1/openapi.json",
        "--header", f"Authorization: Bearer {TOKEN}",
        "--phases", "coverage,fuzzing", "--max-examples", "3", "--seed", "1", "--no-color",
        # a wrong token is tried below: some of them, and the right one is not taken for a while
        "--exclude-checks", "ignored_auth",
    ]  # fmt: skip
    for name in WITHOUT_END:
        command += ["--exclude-operation-id", name]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=3 * PATIENCE)
    print(re.findall(r"\d+ generated, .*", run.stdout))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in engine.log


def test_without_a_token_there_is_nothing_and_with_the_one_for_looking_no_act(engine: RunningEngine) -> None:
    with asking(engine) as http, asking(engine, "") as stranger, asking(engine, READ_TOKEN) as reader:
        for method, path in [*operations(http), ("get", "/v1/openapi.json"), ("get", "/"), ("get", "/docs")]:
            assert stranger.request(method, path).status_code == 401, (method, path)
            if method != "get":
                assert reader.request(method, path).status_code == 403, (method, path)
        assert reader.get("/v1/status").status_code == 200
        assert len(operations(http)) > 30


def test_an_act_over_tcp_is_noted_with_the_address_it_came_from_and_no_token_is_written_anywhere(
    engine: RunningEngine,
) -> None:
    with asking(engine) as http, asking(engine, TOKEN[:-1] + "x") as other:
        assert http.post("/v1/cameras/swap").status_code == 200
        assert http.post("/v1/cameras/swap", headers={"X-Ezrec-Viewer": "ana"}).status_code == 200
        assert [act["by"] for act in http.get("/v1/acts?count=2").json()] == [
            "token from 127.0.0.1 (ana)", "token from 127.0.0.1"
        ]  # fmt: skip
        assert other.get("/v1/status").status_code == 401
    written = [path for path in engine.data.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"only-for-this-test" in path.read_bytes()]


def test_bookings_and_recordings_are_read_one_by_one_and_page_by_page(engine: RunningEngine) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    with asking(engine) as http:
        slot = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
        assert http.post("/v1/bookings", json={**slot, "id": "b/7%2F", "user_id": "ana"}).status_code == 200
        booking = Booking.model_validate_json(http.get("/v1/bookings/b%2F7%252F").text)
        assert (booking.id, booking.user_id, booking.start) == ("b/7%2F", "ana", start)
        assert http.get("/v1/bookings/b%2F8").status_code == 404

        begun = [http.post("/v1/recordings", json={"minutes": 60, "title": title}).json() for title in ("one", "two")]
        ids = [one["booking_id"] for one in begun]
        engine.until(lambda seen: {one.booking_id for one in seen.recordings} >= set(ids))
        newest = TypeAdapter(list[Recorded]).validate_json(http.get("/v1/recordings?count=1").text)
        assert [one.booking_id for one in newest] == ids[1:]
        before = {"count": 1, "before": newest[0].started_at.isoformat()}
        older = TypeAdapter(list[Recorded]).validate_json(http.get("/v1/recordings", params=before).text)
        assert [(one.booking_id, one.label) for one in older] == [(ids[0], "one")]
        one = Recorded.model_validate_json(http.get(f"/v1/recordings/{ids[0]}").text)
        assert one.end - one.start == timedelta(minutes=60)
        assert http.get("/v1/recordings/b%2F7").status_code == 404

        engine.until(lambda seen: all(camera.state is CameraState.RECORDING for camera in seen.cameras))
        status = FullStatus.model_validate_json(http.get("/v1/status").text)
        assert status.is_recording
        assert {one.booking_id for one in status.recent} >= set(ids)
        cameras = TypeAdapter(list[CameraStatus]).validate_json(http.get("/v1/cameras").text)
        assert [camera.index for camera in cameras] == [0, 1]
        figures = http.get("/v1/metrics")
        assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert re.search(r'^ezrec_camera_state\{camera="1",.*state="recording"\} 1$', figures.text, re.MULTILINE)
        assert re.search(r'^ezrec_process_threads\{process="recorder-0"\} \d+$', figures.text, re.MULTILINE)


def test_the_cameras_are_seen_live_as_motion_jpeg_each_on_its_side(engine: RunningEngine) -> None:
    with asking(engine, READ_TOKEN) as http:
        left, right = (http.get("/v1/cameras/picture", params={"camera": camera}) for camera in (0, 1))
        assert left.headers["content-type"] == "image/jpeg"
        assert size_of(left.content) == size_of(right.content) == (320, 180)
        assert left.content != right.content
        came, whole = b"", list[bytes]()
        with http.stream("GET", "/v1/cameras/stream", params={"camera": 1}) as stream:
            assert stream.headers["content-type"] == "multipart/x-mixed-replace; boundary=picture"
            for some in stream.iter_raw():
                came += some
                whole = came.split(b"--picture\r\nContent-Type: image/jpeg\r\n")[1:-1]
                if len(whole) == 3:
                    break
        pictures = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in whole]
        assert [size_of(picture) for picture in pictures] == [(320, 180)] * 3
        assert len(set(pictures)) == 3, "each one is new"
        assert http.get("/v1/cameras/picture", params={"camera": 2}).status_code == 422


def size_of(jpeg: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(jpeg), "r") as file:
        frame = next(file.decode(video=0))
        return frame.width, frame.height


def test_an_address_that_is_taken_is_told_and_stops_no_engine(engine: RunningEngine, tmp_path: Path) -> None:
    taken = address_of(engine).removeprefix("http://")
    settings = {"EZREC_API_LISTEN": taken, "EZREC_API_TOKEN": TOKEN, "DUAL_CAMERA_MODE": "false"}
    with running_engine(tmp_path / "other", **settings) as other:
        seen = other.until(lambda seen: any(taken in alert.what for alert in seen.alerts))
        assert seen.cameras


def test_a_path_that_knows_other_methods_says_which(engine: RunningEngine) -> None:
    with asking(engine) as http:
        refused = http.put("/v1/bookings", content=json.dumps({}))
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
        assert Answer.model_validate_json(refused.text).message


def test_the_page_on_the_api_names_every_path_of_it() -> None:
    page = (PUBLISHED.parent / "api.md").read_text()
    paths: list[str] = list(json.loads(PUBLISHED.read_text())["paths"])
    assert "/v1/status" in paths
    missing = [path for path in paths if f"{path}`" not in page and f"`{path.rpartition('/')[2]}`" not in page]
    assert missing == []
