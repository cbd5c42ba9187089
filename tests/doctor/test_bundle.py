"""The support bundle: what helps is in it, and no secret is, in whatever form and wherever it was."""

import base64
import json
import os
import re
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from ezrec_tui.config import SettingsError, load_settings
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.doctor import bundle
from ezrec_tui.doctor.bundle import Bundle, write_bundle
from ezrec_tui.engine.store import StateStore
from ezrec_tui.log_file import LogFile
from ezrec_tui.log_lines import LogLine
from ezrec_tui.model import Booking, Boot, Level, Manifest, PublishedStatus
from ezrec_tui.recording_files import write_manifest
from tests.engine.running import running_engine

NOW = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
PIN = "471199"
PASSWORD = "pa/ss w@rd+%1?"
USER_PASSWORD = "otherPass77"
JOBS_PASSWORD = "jobsPass88"
SETTINGS = {
    "SUPABASE_URL": f"http://ezrec:{USER_PASSWORD}@127.0.0.1:1",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_NoRowLevel123456",
    "SUPABASE_ANON_KEY": "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmVkQnlOb2JvZHk",
    "AWS_ACCESS_KEY_ID": "AKIAPLANTED12345678",
    "AWS_SECRET_ACCESS_KEY": "wJalr/XUtn+FEMI/K7MDENG",
    "AWS_S3_BUCKET": "court",
    "S3_ENDPOINT_URL": "http://127.0.0.1:1",
    "EZREC_PIN": PIN,
    "EZREC_API_TOKEN": "0f1e2d3c4b5a69788796a5b4c3d2e1f0aa",
}
ENVIRONMENT = {
    "SMTP_PASSWORD": PASSWORD,
    "DATABASE_URL": f"postgres://jobs:{quote(PASSWORD, safe='')}@10.0.0.2/jobs",
    "EZREC_JOBS_URL": f"postgresql://ezrec:{JOBS_PASSWORD}@10.0.0.3/jobs",
}
DOTENV = {"SOME_API_TOKEN": "tok_fromDotenv9876"}
SIGNATURE = "5f3c9d0e5f3c9d0e5f3c9d0e"
"""Of a presigned link that somebody else made: known to no setting."""
BEARER = "0b7f1cbeaRerOfSomebody"
ROW = "rowOfTheDatabase42"
"""Stands in a booking's row under a name that says nothing."""
SECRETS = (
    *(SETTINGS[name] for name in SETTINGS if "KEY" in name or "TOKEN" in name), PIN, PASSWORD, USER_PASSWORD,
    JOBS_PASSWORD, *DOTENV.values(), SIGNATURE,
    BEARER, ROW,
)  # fmt: skip
FOOTAGE = b"\x47\x40FOOTAGE-OF-THE-COURT"
LINK = f"https://court.example/v.mp4?X-Amz-Credential=AKIAPLANTED12345678%2F2026&X-Amz-Signature={SIGNATURE}"
EXTRA = {"door": ROW, "access_token": BEARER, "link": LINK}


def forms(secret: str) -> Iterator[str]:
    """A secret as it may stand in a text, also within something longer that was encoded."""
    yield from (secret, quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe=""))
    yield json.dumps(secret)[1:-1]
    yield secret.encode().hex()
    if len(secret) < 8:
        return
    for before in range(3):
        whole = base64.b64encode(bytes(before) + secret.encode())[2 * (before > 0) + (before > 1) : -4].decode()
        yield from (whole, whole.replace("+", "-").replace("/", "_"), quote(whole, safe=""))


def sentences() -> Iterator[str]:
    """What a careless program might log."""
    for secret in SECRETS[:-3]:
        for form in (secret, quote(secret, safe=""), quote_plus(secret), repr(secret), json.dumps({"value": secret})):
            if not secret.isdigit():
                yield f"refused: {form} is not known"
        for user in ("a", "ab", "abc"):
            basic = base64.b64encode(f"{user}:{secret}".encode()).decode()
            yield f"sent {{'Authorization': 'Basic {basic}'}}"
            if len(secret) >= 8:
                yield f"the body was {basic}"
    yield f"PIN {PIN} is wrong"
    yield f"pin={PIN}"
    yield f"redirected to {LINK}"
    yield f"redirected to {quote(LINK, safe='')}"
    yield f"curl -H 'Authorization: Bearer {BEARER}'"
    yield f'{{"access_token": "{BEARER}", "refresh_token": "{BEARER}"}}'


def plant(data: Path) -> None:
    """Secrets everywhere that the bundle looks, and footage."""
    log = LogFile(data / "logs", file_bytes=3000)
    for text in sentences():
        log.append(LogLine(at=NOW, level="ERROR", source="careless", booking="b1", text=text).written())
    log.append("torn {" + "\n".join(sentences()))
    log.append(LogLine(at=NOW, level="INFO", source="engine", text="the last line").written())
    (data / "logs" / "engine-output.log").write_text("Traceback\n" + "\n".join(sentences()))
    booking = Booking(
        id="b1", start=NOW, end=NOW + timedelta(hours=1), user_id="player-7", email="ana@club.example", extra=EXTRA
    )
    for name in ("b1", "damaged"):
        folder = data / "recordings" / "2026-03-01" / name
        folder.mkdir(parents=True)
        (folder / "camera-0-000000.ts").write_bytes(FOOTAGE)
    boots = (Boot(boot_id="boot", epoch_sensor_ns=0),)
    end_ns = 3600 * 10**9
    manifest = Manifest(
        booking=booking, epoch=NOW, boots=boots, end_ns=end_ns, fps=30, width=320, height=180, cameras=()
    )
    write_manifest(data / "recordings" / "2026-03-01" / "b1", manifest)
    (data / "recordings" / "2026-03-01" / "damaged" / "manifest.json").write_text(json.dumps(EXTRA))
    store = StateStore(data / "engine.db")
    for text in sentences():
        store.put_alert(NOW, Level.FAILED, text, text, "b1")
    store.close()
    outbox = Outbox(data / "outbox.db")
    outbox.put_status("b1", PublishedStatus.RECORDING, NOW)
    outbox.close()
    with closing(sqlite3.connect(data / "outbox.db")) as database:
        body, error = json.dumps(EXTRA), " ".join(sentences())
        database.execute("UPDATE outbox SET body = ?, last_error = ?", (body, error))
        database.commit()


def unpacked(file: Path) -> dict[str, str]:
    with tarfile.open(file) as archive:
        found = {one.name.removeprefix("ezrec-bundle/"): archive.extractfile(one) for one in archive.getmembers()}
        return {name: member.read().decode() for name, member in found.items() if member}


def leaks(texts: Mapping[str, str]) -> list[str]:
    """Where a secret stands, as it is or within base64 or percent-encoding."""
    found = list[str]()
    for name, text in texts.items():
        runs = (
            base64.b64decode(run + "=" * (-len(run) % 4), altchars=b"-_" if "-" in run or "_" in run else None)
            for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", text)
            if len(run) % 4 != 1
        )
        decoded = b"\n".join(runs).decode("latin-1")
        found += [f"{name}: {form}" for secret in SECRETS for form in forms(secret) if form in name + text]
        found += [f"{name}: {secret} in base64" for secret in SECRETS if not secret.isdigit() and secret in decoded]
    return found


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a machine that has been told secrets in every way."""
    data = tmp_path / "data"
    data.mkdir()
    for name, value in (SETTINGS | ENVIRONMENT).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EZREC_DATA_DIR", str(data))
    monkeypatch.chdir(data)
    (data / ".env").write_text("".join(f"{name}={value}\n" for name, value in DOTENV.items()))
    plant(data)
    return data


def bundle_of(data: Path) -> Bundle:
    return write_bundle(data.parent / "bundle.tar.gz", load_settings(), os.environ, NOW)


def test_no_secret_leaves_a_machine_that_runs(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    times = {"start_time": now.isoformat(), "end_time": (now + timedelta(hours=1)).isoformat()}
    row = {"id": "b2", "status": "confirmed", **times, **EXTRA}
    (planted / "bookings.json").write_text(json.dumps([row]))
    with running_engine(planted, **SETTINGS) as engine:
        engine.until(lambda seen: any(any(one.frames) for one in seen.recordings) and (planted / "jobs.db").exists())
        monkeypatch.setenv("EZREC_SOCKET", str(engine.socket))
        made = bundle_of(planted)
    texts = unpacked(made.file)
    assert leaks(texts) == []
    assert FOOTAGE not in made.file.read_bytes()
    assert not [name for name, text in texts.items() if FOOTAGE.decode("latin-1")[2:] in text]
    assert "ana@" not in "".join(texts.values())
    assert made.missing == ()
    assert {"versions.json", "settings.json", "snapshot.json", "jobs.json", "status.json"} <= texts.keys()
    assert {"databases/engine-recordings.json", "logs/ezrec.log"} <= texts.keys()
    settings = json.loads(texts["settings.json"])
    assert (settings["AWS_SECRET_ACCESS_KEY"], settings["EZREC_PIN"]) == ("set", "set")
    assert settings["AWS_S3_BUCKET"] == "court"
    assert "STARTED" in texts["logs/ezrec.log"]
    assert made.file.stat().st_mode & 0o077 == 0


def test_no_secret_leaves_a_machine_whose_engine_is_dead_and_what_helps_is_there(planted: Path) -> None:
    made = bundle_of(planted)
    texts = unpacked(made.file)
    assert leaks(texts) == []
    assert [line for line in made.missing if line.startswith("engine: ")] == list(made.missing)
    manifest = json.loads(texts["manifests/2026-03-01-b1.json"])
    assert manifest["booking"].keys() == {"id", "start", "end", "status", "source"}
    assert json.loads(texts["databases/outbox-waiting.json"])[0]["booking_id"] == "b1"
    assert len(json.loads(texts["databases/engine-alerts.json"])) > 10
    assert "the last line" in texts["logs/ezrec.log"]


def test_settings_that_do_not_hold_keep_nothing_else_out(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESOLUTION", "huge")
    monkeypatch.setenv("S3_ADDRESSING", f"http://u:{USER_PASSWORD}@store")
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    made = write_bundle(planted.parent / "bundle.tar.gz", wrong.value, os.environ, NOW)
    texts = unpacked(made.file)
    assert leaks(texts) == []
    assert "RESOLUTION" in texts["settings.json"]
    assert "logs/ezrec.log" in texts


def test_a_bundle_stays_within_its_bound_and_says_what_it_left_out(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "MOST_BYTES", 20_000)
    made = bundle_of(planted)
    texts = unpacked(made.file)
    assert sum(len(text.encode()) for text in texts.values()) <= 20_000
    assert any("too many" in line for line in made.missing)
    assert "versions.json" in texts
