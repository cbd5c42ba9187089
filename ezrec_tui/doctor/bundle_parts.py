"""What a support bundle holds. What is taken is listed, by name and by column; all else stays where it is."""

import asyncio
import platform
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib import metadata
from itertools import islice
from pathlib import Path

from pydantic import JsonValue, SecretStr, ValidationError

from ezrec_tui import __version__
from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.config import Settings, SettingsError
from ezrec_tui.doctor.known_secrets import is_secret
from ezrec_tui.folders import Folders
from ezrec_tui.model import Manifest, Status
from ezrec_tui.recording_files import MANIFEST

PACKAGES = ("av", "boto3", "botocore", "dbos", "httpx", "numpy", "opencv-python-headless", "picamera2", "psutil",
            "pydantic", "textual", "typer", "uvicorn")  # fmt: skip
NEWEST_MANIFESTS = 50
NEWEST_ROWS = 500
ENGINE_SECONDS = 10.0
OF_A_BOOKING = ("id", "start", "end", "status", "source")

ROWS = {
    "engine.db": {
        "recordings": """SELECT booking_id, folder, state, started_at, submitted FROM recordings
                         ORDER BY started_at DESC""",
        "alerts": """SELECT id, at, level, what, to_do, booking_id, acknowledged_at, over_at FROM alerts
                     ORDER BY id DESC""",
        "overrides": "SELECT booking_id, end_at, stopped_at, cancelled FROM overrides",
        "acts": "SELECT id, at, act, booking_id FROM acts ORDER BY id DESC",
    },
    "jobs.db": {
        "workflows": """SELECT workflow_uuid, name, status, queue_name, priority, recovery_attempts, created_at,
                        updated_at FROM workflow_status ORDER BY created_at DESC""",
        "steps": """SELECT workflow_uuid, function_id, function_name, started_at_epoch_ms, completed_at_epoch_ms
                    FROM operation_outputs ORDER BY completed_at_epoch_ms DESC""",
    },
    "outbox.db": {
        "waiting": """SELECT id, booking_id, "table", action, created_at, attempts, last_error, tried_at, retry_at,
                      refused FROM outbox WHERE sent_at IS NULL ORDER BY id""",
        "counts": 'SELECT "table", action, sent_at IS NOT NULL AS sent, count(*) AS rows FROM outbox GROUP BY 1, 2, 3',
    },
}  # fmt: skip
"""Of each database, by table: how things stand, and nothing that was only passed on."""


class Unreadable(Exception):
    """Something that was to go into the bundle cannot be read; the text says why."""


def versions() -> JsonValue:
    """Of EZREC, of what it is built on, and of the machine."""
    found: dict[str, JsonValue] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    model = Path("/proc/device-tree/model")
    return {
        "ezrec": __version__,
        "python": sys.version,
        "system": platform.freedesktop_os_release().get("PRETTY_NAME") if Path("/etc/os-release").exists() else None,
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "machine": model.read_text(errors="replace").rstrip("\0") if model.exists() else None,
        "packages": found,
    }


def settings(said: Settings | SettingsError) -> JsonValue:
    """By name, with what each says; of a secret, whether it is set."""
    if isinstance(said, SettingsError):
        return {"wrong": str(said)}
    return {name.upper(): _setting(name, getattr(said, name)) for name in Settings.model_fields}


def _setting(name: str, value: object) -> JsonValue:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if is_secret(name):
        return "set" if value else "not set"
    return None if value is None else str(value)


def engine(socket: Path) -> Iterator[tuple[str, JsonValue]]:
    """What the engine shows now, and its jobs. Raises Unreadable."""
    client = EngineClient(socket)
    try:
        snapshot = asyncio.run(asyncio.wait_for(client.snapshot(), ENGINE_SECONDS))
        jobs = asyncio.run(asyncio.wait_for(client.jobs(), ENGINE_SECONDS))
    except (EngineError, TimeoutError) as error:
        raise Unreadable(str(error) or "the engine does not answer") from error
    yield "snapshot.json", snapshot.model_dump(mode="json")
    yield "jobs.json", [job.model_dump(mode="json") for job in jobs]


def status(data: Path) -> Iterator[tuple[str, JsonValue]]:
    """What was last told to other programs. Raises OSError and ValueError."""
    path = data / "status.json"
    if path.exists():
        yield path.name, Status.model_validate_json(path.read_bytes()).model_dump(mode="json")


def databases(data: Path) -> Iterator[tuple[str, JsonValue]]:
    """How recordings, jobs and rows stand, newest first, engine or not."""
    for name, tables in ROWS.items():
        if not (data / name).exists():
            continue
        try:
            with closing(sqlite3.connect(f"file:{data / name}?mode=ro", uri=True)) as database:
                database.row_factory = sqlite3.Row
                for table, question in tables.items():
                    rows = database.execute(f"SELECT * FROM ({question}) LIMIT {NEWEST_ROWS}")
                    yield f"databases/{Path(name).stem}-{table}.json", [dict(row) for row in rows]
        except sqlite3.Error as error:
            yield f"databases/{Path(name).stem}.json", {"unreadable": str(error)}


def manifests(folders: Folders) -> Iterator[tuple[str, JsonValue]]:
    """Of the newest recordings; of their bookings only when and which. Raises OSError."""
    found = sorted((folders.data / "recordings").glob(f"*/*/{MANIFEST}"), key=lambda path: path.parent, reverse=True)
    for path in islice(found, NEWEST_MANIFESTS):
        name = f"manifests/{path.parent.parent.name}-{path.parent.name}.json"
        try:
            manifest = Manifest.model_validate_json(path.read_bytes())
        except ValidationError as error:
            yield name, {"damaged": [str(wrong["loc"]) for wrong in error.errors()]}
            continue
        document = manifest.model_dump(mode="json", exclude={"booking"})
        yield name, document | {"booking": manifest.booking.model_dump(mode="json", include=set(OF_A_BOOKING))}
