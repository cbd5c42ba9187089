"""Checks a recording's folder: manifest, journals, and every segment; what segments tell mends the rest."""

import re
from pathlib import Path

from pydantic import ValidationError

from ezrec_tui.check.decode import decode
from ezrec_tui.check.findings import Kind
from ezrec_tui.check.ledger import Row
from ezrec_tui.check.scope import Scope
from ezrec_tui.files import write_atomic
from ezrec_tui.model import Manifest, RecordingState, Segment
from ezrec_tui.plural import plural
from ezrec_tui.recording_files import (
    MANIFEST,
    RecordingError,
    append_journal,
    finalise,
    read_manifest,
    survey,
    write_manifest,
)
from ezrec_tui.recording_repair import Known, rebuild
from ezrec_tui.sums import SEGMENTS, read_sums, sha256_of

RUN_REPAIR = "run `ezrec check --repair`; nothing is lost by it"
TIDY = "it harms nothing; `ezrec check --repair` tidies it up"
LOST = "that footage is lost; look at the disk, and restore the file if there is a copy"
SEGMENT = re.compile(r"camera-(\d+)_\d+(_\d+)?\.ts")


def check_recording(folder: Path, scope: Scope) -> None:
    """Check the folder of a recording that is over."""
    row = scope.ledger.rows.get(folder) if scope.ledger.rows is not None else None
    if not any(SEGMENT.fullmatch(path.name) for path in folder.iterdir()) and not (folder / MANIFEST).exists():
        nothing = not any(folder.iterdir())
        scope.found(
            Kind.RECORDING_EMPTY, folder, "the folder holds no segment",
            "look at it, and delete it if nothing in it is wanted", folder.rmdir if nothing else None,
        )  # fmt: skip
        return
    told = _check_journals(folder, scope)
    sums = read_sums(folder / SEGMENTS)
    found = survey(folder)
    for segment in found.segments:
        _check_segment(folder / segment.name, segment, sums.get(segment.name), scope)
    manifest = _check_manifest(folder, row, scope)
    missing = {segment.name for segment in manifest.segments} if manifest else set[str]()
    for name in sorted((missing | sums.keys()) - _names(folder) - told):
        scope.found(Kind.SEGMENT_MISSING, folder / name, "the segment is listed and not there", LOST)
    if manifest and manifest.finalised and _contents(manifest.segments) != _contents(found.segments):
        scope.found(
            Kind.MANIFEST_DIFFERS, folder / MANIFEST, "the manifest does not list what is there",
            RUN_REPAIR, lambda: finalise(folder),
        )  # fmt: skip
    if row is None and scope.ledger.rows is not None:
        scope.found(
            Kind.RECORDING_ORPHAN, folder, "the engine does not know this recording",
            "start the engine again: it takes it up and makes its video",
        )  # fmt: skip


def _check_manifest(folder: Path, row: Row | None, scope: Scope) -> Manifest | None:
    try:
        return read_manifest(folder)
    except RecordingError as error:
        is_there = (folder / MANIFEST).exists()
        what = str(error) if is_there else "the manifest is missing"

    def mend() -> None:
        known = Known(row.booking, row.started_at, row.state is RecordingState.FINISHED) if row else None
        try:
            manifest = row.manifest if row and row.manifest else rebuild(folder, scope.settings, known)
        except RecordingError as error:
            raise OSError(str(error)) from error
        write_manifest(folder, manifest)
        if manifest.finalised or (row and row.state is RecordingState.FINISHED):
            finalise(folder)

    kind = Kind.MANIFEST_DAMAGED if is_there else Kind.MANIFEST_MISSING
    mended = scope.found(kind, folder / MANIFEST, what, RUN_REPAIR, mend)
    return read_manifest(folder) if mended else None


def _check_journals(folder: Path, scope: Scope) -> set[str]:
    """Every segment is listed, as long as it is; every line is whole. Gives the names of those that are missing."""
    listed: set[str] = set()
    missing: set[str] = set()
    there = _names(folder)
    for journal in sorted(folder.glob("camera-*.jsonl")):
        kept: list[Segment] = []
        torn = short = 0
        for line in journal.read_bytes().splitlines():
            if not line.strip(b"\0 \r"):
                continue
            try:
                segment = Segment.model_validate_json(line)
            except ValidationError:
                torn += 1
                continue
            if segment.name not in there:
                missing.add(segment.name)
                scope.found(
                    Kind.SEGMENT_MISSING, folder / segment.name, "the segment is listed and not there", LOST
                )  # fmt: skip
            elif (folder / segment.name).stat().st_size < segment.bytes:
                short += 1
                continue
            kept.append(segment)
        listed |= {segment.name for segment in kept}
        if torn or short:
            lines = "".join(segment.model_dump_json() + "\n" for segment in kept)
            parts = [f"{torn} {plural(torn, 'line is', 'lines are')} torn"] if torn else []
            parts += [f"{short} {plural(short, 'segment is', 'segments are')} shorter than it says"] if short else []
            what = ", ".join(parts)
            kind = Kind.SEGMENT_TORN if short else Kind.JOURNAL_TORN
            scope.found(
                kind,
                journal,
                what,
                RUN_REPAIR if short else TIDY,
                lambda at=journal, text=lines: write_atomic(at, text),
            )
    for name in sorted(there - listed):
        _check_unlisted(folder, name, scope)
    return missing


def _check_unlisted(folder: Path, name: str, scope: Scope) -> None:
    path = folder / name
    segment = next((segment for segment in survey(folder).segments if segment.name == name), None)
    if segment is not None:
        what = "the segment is in no journal: a recorder was killed while it wrote"
        scope.found(Kind.SEGMENT_UNLISTED, path, what, TIDY, lambda: append_journal(folder, segment))
    elif path.stat().st_size == 0:
        scope.found(Kind.SEGMENT_EMPTY, path, "the file is empty: a kill or a power cut left it", TIDY, path.unlink)
    else:
        to_do = "nothing: it is left out of the video; delete it if it disturbs"
        scope.found(Kind.SEGMENT_UNREADABLE, path, "no whole frame is in the file", to_do)


def _check_segment(path: Path, segment: Segment, noted: str | None, scope: Scope) -> None:
    scope.on_file(path)
    scope.segments += 1
    if noted is not None and sha256_of(path) != noted:
        scope.found(
            Kind.SEGMENT_CHANGED, path, "the segment changed since it was recorded: its SHA-256 differs", LOST
        )  # fmt: skip
    decoded = decode(path, scope.read)
    missing = max(0, segment.frames - decoded.frames)
    is_torn = path.stat().st_size > segment.bytes  # a kill left half a frame at its end, which nobody counts on
    if missing or (decoded.errors and not is_torn):
        errors = f"{decoded.errors} {plural(decoded.errors, 'error', 'errors')}"
        what = f"{missing} of {segment.frames} frames cannot be decoded ({errors})"
        scope.found(Kind.SEGMENT_DAMAGED, path, what, LOST)


def _contents(segments: tuple[Segment, ...]) -> list[tuple[str, int]]:
    """Of a segment that was listed anew, times may differ by a rounding, and what was counted is not known."""
    return [(segment.name, segment.frames) for segment in segments]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if SEGMENT.fullmatch(path.name)}
