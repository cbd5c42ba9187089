"""`ezrec doctor --bundle`: one file to send to who is to help. No footage, no secrets, within a bound.

What goes in is chosen, not what stays out: settings by their names (of secrets only whether they are set), what the
engine shows, the log, the newest manifests, how jobs and rows stand. All texts are cleared of known secrets, of what
has the form of one, and of mail addresses; what a booking's row holds beside what EZREC reads stays out.
"""

import gzip
import io
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from ezrec_tui.config import Settings, SettingsError
from ezrec_tui.doctor import bundle_parts as parts
from ezrec_tui.doctor.known_secrets import known_secrets
from ezrec_tui.files import commit_file
from ezrec_tui.folders import Folders
from ezrec_tui.log_file import LOG_NAME, full_files
from ezrec_tui.model import Value
from ezrec_tui.redact import HIDDEN, Redactor

MOST_BYTES = 20_000_000
"""Of all that is in it, before it is compressed."""
MOST_BYTES_OF_A_FILE = 6_000_000
OUTPUT_BYTES = 200_000
"""Of what an engine that was started from the screen has printed."""
MAIL_ADDRESS = re.compile(r"[\w.+-]+@(?=[\w-]+\.\w)")

Documents = Iterator[tuple[str, JsonValue]]
"""Names of files, and what is in each."""


class Bundle(Value):
    """What became of it."""

    file: Path
    bytes: int
    contents: tuple[str, ...]
    missing: tuple[str, ...]
    """What is not in it, and why."""


def write_bundle(
    file: Path,
    settings: Settings | SettingsError,
    environment: Mapping[str, str],
    now: datetime,
    report: Value | None = None,
) -> Bundle:
    """Write the support bundle, a `.tar.gz` that its owner alone can read; `report`: what `ezrec doctor` found.

    Settings that do not hold are told, and the rest is there all the same. Raises OSError.
    """
    held = settings if isinstance(settings, Settings) else None
    data = held.ezrec_data_dir if held else Path(environment.get("EZREC_DATA_DIR", "data"))
    secrets = known_secrets(held, environment, Path(".env"))
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with (
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw,
            gzip.GzipFile(file.stem, "wb", fileobj=raw, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            writer = _Writer(archive, now, _Cleaner(secrets))
            writer.documents("versions", lambda: iter([("versions.json", parts.versions())]))
            if report is not None:
                writer.documents("report", lambda: iter([("report.json", report.model_dump(mode="json"))]))
            writer.documents("settings", lambda: iter([("settings.json", parts.settings(settings))]))
            if held:
                writer.documents("engine", lambda: parts.engine(held.socket))
            writer.documents("status", lambda: parts.status(data))
            writer.documents("databases", lambda: parts.databases(data))
            if held:
                writer.documents("manifests", lambda: parts.manifests(Folders(data, held.timezone)))
            logs = data / "logs"
            for path in [logs / LOG_NAME, *reversed(full_files(logs))]:
                writer.text(path, MOST_BYTES_OF_A_FILE)
            writer.text(logs / "engine-output.log", OUTPUT_BYTES)
            missing: list[JsonValue] = [*writer.missing]
            writer.documents("what is missing", lambda: iter([("missing.json", missing)]))
        commit_file(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return Bundle(file=file, bytes=file.stat().st_size, contents=tuple(writer.contents), missing=tuple(writer.missing))


class _Writer:
    """Puts members into the archive, as long as they are within the bound."""

    def __init__(self, archive: tarfile.TarFile, now: datetime, clean: "_Cleaner") -> None:
        self.contents: list[str] = []
        self.missing: list[str] = []
        self._archive, self._now, self._clean = archive, now, clean
        self._left = MOST_BYTES

    def documents(self, what: str, read: Callable[[], Documents]) -> None:
        """Put in what is read; where that fails, why."""
        try:
            for name, document in read():
                self._put(name, TypeAdapter(JsonValue).dump_json(self._clean.value(document), indent=1))
        except (OSError, ValueError, parts.Unreadable) as error:
            self.missing.append(self._clean.text(f"{what}: {error}"))

    def text(self, path: Path, most_bytes: int) -> None:
        """Put in the last so many bytes of a text, from a line's beginning."""
        try:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - most_bytes))
                if file.tell():
                    file.readline()
                lines = file.read(most_bytes).decode("utf-8", "replace")
        except FileNotFoundError:
            return
        except OSError as error:
            self.missing.append(self._clean.text(f"{path.name}: {error}"))
            return
        self._put(f"logs/{path.name}", self._clean.text(lines).encode())

    def _put(self, name: str, data: bytes) -> None:
        if len(data) > self._left:
            self.missing.append(f"{name}: {len(data)} bytes are too many beside the others")
            return
        self._left -= len(data)
        member = tarfile.TarInfo(f"ezrec-bundle/{self._clean.text(name)}")
        member.size, member.mtime, member.mode = len(data), int(self._now.timestamp()), 0o600
        self._archive.addfile(member, io.BytesIO(data))
        self.contents.append(name)


class _Cleaner:
    """Takes out of texts and documents what is nobody's business."""

    def __init__(self, secrets: frozenset[str]) -> None:
        self._redact = Redactor(secrets)

    def text(self, text: str) -> str:
        return MAIL_ADDRESS.sub(f"{HIDDEN}@", self._redact(text))

    def value(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return {self.text(name): self.value(one) for name, one in value.items()}
        return value
