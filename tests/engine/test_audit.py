"""Every act is noted with who asked for it, as the kernel knows him, and what became of it."""

import asyncio
import os
import pwd
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from ezrec_tui.client import VIEWER_HEADER, EngineClient
from ezrec_tui.engine.notices import Notice
from ezrec_tui.engine.peers import PeerProtocol, user_name, who
from ezrec_tui.engine.store import MIGRATIONS, StateStore
from ezrec_tui.model import DoneAct, Level, NewBooking
from tests.engine.running import PATIENCE, RunningEngine, running_engine

ME = pwd.getpwuid(os.getuid()).pw_name
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
UNKNOWN_USER = 54321


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("audit")) as running:
        running.until(lambda snapshot: len(snapshot.cameras) == 2)
        yield running


def last_act(engine: RunningEngine) -> DoneAct:
    return asyncio.run(engine.client.acts(1))[0]


def test_an_act_is_noted_with_the_user_and_from_where_he_says_that_he_sits(engine: RunningEngine) -> None:
    client = EngineClient(engine.socket, f"{ME} from 10.0.0.7")
    asyncio.run(client.swap_cameras())
    act = last_act(engine)
    assert (act.act, act.by, act.ok) == ("swap cameras", f"{ME} (from 10.0.0.7)", True)
    assert f"act swap cameras by={ME} (from 10.0.0.7)" in engine.log


def test_a_refused_act_is_noted_too_with_its_booking_and_why(engine: RunningEngine) -> None:
    asyncio.run(engine.client.stop("b7"))
    assert last_act(engine).model_dump(exclude={"at"}) == {
        "act": "stop", "by": ME, "booking_id": "b7", "ok": False, "message": "b7 is not being recorded"
    }  # fmt: skip


def test_an_act_of_the_command_line_is_noted_like_one_of_the_screen(engine: RunningEngine) -> None:
    engine.environment |= {"USER": "maria", "SSH_CONNECTION": "10.0.0.9 50022 10.0.0.1 22"}
    engine.cli("jobs", "retry", "no-such-booking")
    act = last_act(engine)
    assert (act.act, act.booking_id) == ("retry job", "no-such-booking")
    assert act.by == f"{ME} (maria from 10.0.0.9)", "the kernel's word first, then his own"


def test_no_act_of_the_api_is_left_out(engine: RunningEngine) -> None:
    """Those that the API describes, each asked for once."""
    now = datetime.now(UTC)
    bodies: dict[str, object] = {
        "/v1/recordings/{booking_id}/extend": {"minutes": 5},
        "/v1/recordings/{booking_id}/highlight": {},
        "/v1/bookings": NewBooking(start=now + timedelta(days=1), end=now).model_dump(mode="json"),
        "/v1/jobs/{booking_id}/priority": {"priority": 1},
        "/v1/jobs/{booking_id}/link": {},
        "/v1/alerts/{alert_id}/acknowledge": {},
        "/v1/pin": {"pin": "0"},
        "/v1/recordings": {"minutes": 1},
        "/v1/cameras/calibrate": {"booking_id": "nobody"},
        "/v1/method": {"method": "feather"},
    }
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(engine.socket)), base_url="http://engine") as http:
        described: dict[str, dict[str, object]] = http.get("/v1/openapi.json").json()["paths"]
        acts = [(path, m) for path, methods in described.items() for m in methods if m in ("post", "delete")]
        assert len(acts) > 10
        for path, method in acts:
            before = asyncio.run(engine.client.acts(1000))
            there = path.replace("{booking_id}", "nobody").replace("{alert_id}", "4711")
            answer = http.request(method, there, json=bodies.get(path))
            assert answer.status_code in (200, 403, 404, 409), (path, answer.text)
            after = asyncio.run(engine.client.acts(1000))
            assert len(after) == len(before) + 1, f"{method} {path} is not noted"
            assert after[0].by == ME
            assert after[0].message == answer.json()["message"]


def test_who_acknowledges_an_alert_stands_with_it(engine: RunningEngine, tmp_path: Path) -> None:
    (engine.data / "bookings.json").write_text('[{"id": "b9", "start_time": "never", "end_time": "never"}]')
    alert = engine.until(lambda seen: bool(seen.alerts)).alerts[0]
    assert asyncio.run(engine.client.acknowledge(alert.id)).ok
    engine.until(lambda seen: alert.id not in [one.id for one in seen.alerts])
    [seen] = [one for one in asyncio.run(engine.client.alerts()) if one.id == alert.id]
    assert seen.acknowledged_by == ME
    assert seen.acknowledged_at is not None
    assert seen.what == alert.what


def test_a_name_that_somebody_gives_himself_stays_in_its_line_and_its_length(engine: RunningEngine) -> None:
    hostile = "x\r\nact stop by=root\x1b[31m‮ " + "y" * 1000
    asyncio.run(EngineClient(engine.socket, hostile).swap_cameras())
    by = last_act(engine).by
    assert by.startswith(f"{ME} (xact stop by=root")
    assert by.isprintable()
    assert len(by) <= len(ME) + 203
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(engine.socket)), base_url="http://engine") as http:
        headers = {VIEWER_HEADER: "%ff%0a%", "X-Forwarded-For": "10.1.1.1"}
        assert http.post("/v1/cameras/swap", headers=headers).status_code == 200
    assert last_act(engine).by == f"{ME} (�%)"
    asyncio.run(engine.client.stop("b1\x1b[31m\tact stop by=root"))
    assert ": b1 [31m act stop by=root is not being recorded booking=b1�[31m\tact stop by=root" in engine.log


def test_what_is_said_beyond_the_peer_stands_in_brackets() -> None:
    assert who("maria", "") == "maria"
    assert who("maria", "maria") == "maria"
    assert who("maria", "maria%20from%2010.0.0.7") == "maria (from 10.0.0.7)"
    assert who("maria", "mariana") == "maria (mariana)"
    assert who("root", "maria") == "root (maria)"


@contextmanager
def listening(folder: Path) -> Generator[Path]:
    """A server that says who asks."""
    api = FastAPI()

    async def client(request: Request) -> list[object]:
        return [request.client.host, request.client.port] if request.client else []

    api.get("/")(client)
    path = folder / "peers"
    server = uvicorn.Server(uvicorn.Config(api, http=PeerProtocol, uds=str(path), log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        limit = datetime.now(UTC) + timedelta(seconds=PATIENCE)
        while not server.started:
            assert datetime.now(UTC) < limit
        path.chmod(0o666)
        yield path
    finally:
        server.should_exit = True
        thread.join()


def test_the_kernel_says_who_is_at_the_other_end_of_the_socket(tmp_path: Path) -> None:
    with (
        listening(tmp_path) as path,
        httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://peers") as http,
    ):
        assert http.get("/").json() == [ME, os.getpid()]
        assert http.get("/").json() == [ME, os.getpid()], "of every request of a connection"


def test_a_user_whom_the_machine_does_not_know_is_called_by_his_number() -> None:
    assert user_name(0) == "root"
    assert user_name(UNKNOWN_USER) == f"uid {UNKNOWN_USER}"


def test_the_newest_ten_thousand_acts_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ezrec_tui.engine.store.KEPT_ACTS", 10)
    store = StateStore(tmp_path / "engine.db")
    for number in range(25):
        store.put_act(DoneAct(at=AT, by="ana", act="stop", booking_id=f"b{number}", ok=number % 2 == 0, message="m"))
    acts = store.acts(1000)
    assert [act.booking_id for act in acts] == [f"b{number}" for number in range(24, 14, -1)]
    assert [act.ok for act in acts[:2]] == [True, False]
    assert [act.booking_id for act in store.acts(2)] == ["b24", "b23"]


def test_acts_of_before_the_audit_log_are_kept_over_the_upgrade(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "engine.db") as db:
        db.executescript(MIGRATIONS[0] + MIGRATIONS[1] + "PRAGMA user_version = 2;")
        db.execute("INSERT INTO acts (at, act, booking_id, outcome) VALUES (?, 'stop', 'b1', 'stopped')", [str(AT)])
    [act] = StateStore(tmp_path / "engine.db").acts(10)
    assert act == DoneAct(at=AT, by="", act="stop", booking_id="b1", ok=True, message="stopped")


def test_alerts_that_were_seen_and_that_are_over_are_told_apart(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    first = store.put_alert(AT, Level.WARNING, "camera lost", "check the cable")
    assert first is not None
    store.acknowledge_alert(first.id, "ana", AT + timedelta(minutes=1))
    store.hold([Notice("disk:full", Level.FAILED, "the disk is full", "make room")], AT)
    store.hold([], AT + timedelta(minutes=2))
    store.put_alert(AT, Level.FAILED, "no video", "look")
    assert [alert.what for alert in store.alerts()] == ["no video", "the disk is full", "camera lost"]
    assert [alert.what for alert in store.open_alerts()] == ["no video"]
    assert [(one.acknowledged_by, one.acknowledged_at, one.over_at) for one in store.alerts()] == [
        (None, None, None), (None, None, AT + timedelta(minutes=2)), ("ana", AT + timedelta(minutes=1), None)
    ]  # fmt: skip
    assert len(store.alerts(2)) == 2
