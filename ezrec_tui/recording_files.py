"""A recording's folder: its manifest, the journals of its cameras, and its segments, found again after anything.

    manifest.json                 the engine's; completed by `finalise`
    camera-0.jsonl                the recorder's journal: a line per closed segment
    camera-0_000000060012.ts      a segment: camera, and the milliseconds of its first PTS on the recording's clock

Segments are MPEG-TS; PTS = nanoseconds on the recording's clock in 90 kHz, kept modulo 2**33 (26.5 h). A segment
that a kill left open is in no journal: it is found by its name and read for what it holds, up to the last whole frame.
"""

import contextlib
import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ezrec_tui.accounting import complete_segment, count_frames
from ezrec_tui.files import write_atomic
from ezrec_tui.model import NS, Manifest, Segment
from ezrec_tui.phase import drift_ppm, offset_ms

MANIFEST = "manifest.json"
PTS_HZ = 90_000
PTS_WRAP = 1 << 33

_SEGMENT_NAME = re.compile(r"camera-(\d+)_(\d{12,})(?:_\d+)?\.ts")
_TS_PACKET = 188
_VIDEO_STREAM = 0xE0

log = logging.getLogger(__name__)


class RecordingError(Exception):
    """A recording's folder cannot be read. The text says what is wrong and what to do."""


# Manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest, whole or not at all. Raises OSError."""
    write_atomic(folder / MANIFEST, manifest.model_dump_json(indent=1) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises RecordingError."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise RecordingError(f"no manifest in {folder}: is it the folder of a recording?") from error
    except OSError as error:
        raise RecordingError(f"{path} cannot be read ({error.strerror}): mend its rights or its disk") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise RecordingError(
            f"{path} is no manifest ({where}: {first['msg']}): run `ezrec check --repair`; the segments are kept"
        ) from error


def finalise(folder: Path) -> Manifest:
    """Complete the manifest of a recording that is over: its segments, and what each camera did. Again is the same.

    What is wrong in the folder is logged and left out. Raises RecordingError, OSError.
    """
    manifest = read_manifest(folder)
    found = find_segments(folder)
    complete = account(manifest, found).model_copy(
        update={
            "segments": tuple(complete_segment(segment, manifest.fps) for segment in found),
            "finalised": True,
        }
    )
    if complete != manifest:
        write_manifest(folder, complete)
    return complete


def account(manifest: Manifest, segments: Sequence[Segment]) -> Manifest:
    """A manifest with what each camera did, and where the second one's frames lie to the first one's. Pure."""
    return manifest.model_copy(
        update={
            "cameras": tuple(count_frames(camera, segments, manifest) for camera in manifest.cameras),
            "offset_ms": offset_ms(segments, manifest),
            "drift_ppm": drift_ppm(segments, manifest),
        }
    )


# Segments


def segment_name(camera: int, first_ns: int, again: int = 1) -> str:
    """Name of a segment: sorts in time order. `again` counts up where the name is taken."""
    return f"camera-{camera}_{first_ns // 1_000_000:012d}{f'_{again}' if again > 1 else ''}.ts"


def pts_of(ns: int) -> int:
    """Nanoseconds on the recording's clock in 90 kHz, to the nearest; not wrapped."""
    return (ns * PTS_HZ + NS // 2) // NS


def ns_of(pts: int) -> int:
    return (pts * NS + PTS_HZ // 2) // PTS_HZ


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in a recording's folder."""

    segments: tuple[Segment, ...]
    """By camera, then in time order."""
    problems: tuple[str, ...]
    """A sentence for each file that is missing or holds nothing, and each journal line that cannot be read."""


def find_segments(folder: Path) -> tuple[Segment, ...]:
    """All segments that hold a frame, by camera and in time order, also of a recording under way.

    What is wrong is logged and left out. Raises OSError when the folder cannot be read.
    """
    found = survey(folder)
    for problem in found.problems:
        log.warning("%s: %s", folder, problem)
    return found.segments


def survey(folder: Path) -> Survey:
    """Segments of the journals, and those that a kill left unlisted. Raises OSError."""
    problems: list[str] = []
    listed: dict[str, Segment] = {}
    for journal in sorted(folder.glob("camera-*.jsonl")):
        for segment in _read_journal(journal, problems):
            listed[segment.name] = segment
    segments: list[Segment] = []
    names = {path.name: int(match[1]) for path in folder.iterdir() if (match := _SEGMENT_NAME.fullmatch(path.name))}
    for name, camera in names.items():
        segment = listed.pop(name, None) or _probe(folder / name, camera)
        if segment is None:
            problems.append(f"{name} holds no whole frame and is left out")
        else:
            segments.append(segment)
    problems += [f"{name} is listed but missing" for name in listed]
    return Survey(tuple(sorted(segments, key=lambda s: (s.camera, s.first_ns, s.name))), tuple(problems))


# Journals


def append_journal(folder: Path, segment: Segment) -> None:
    """List a closed segment, durably. Raises OSError."""
    line = segment.model_dump_json().encode() + b"\n"
    with (folder / f"camera-{segment.camera}.jsonl").open("a+b", buffering=0) as journal:
        size = journal.seek(0, os.SEEK_END)
        if size:
            journal.seek(size - 1)
            if journal.read(1) != b"\n":  # a power cut tore the line before
                line = b"\n" + line
        try:
            if journal.write(line) != len(line):
                raise OSError(28, os.strerror(28), journal.name)
            os.fsync(journal.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                journal.truncate(size)
            raise


def _read_journal(journal: Path, problems: list[str]) -> Iterable[Segment]:
    for number, line in enumerate(journal.read_bytes().splitlines(), 1):
        if not line.strip(b"\0 \r"):
            continue
        try:
            segment = Segment.model_validate_json(line)
        except ValidationError:
            problems.append(f"line {number} of {journal.name} is torn; its segment is read instead")
            continue
        if _SEGMENT_NAME.fullmatch(segment.name):
            yield segment
        else:
            problems.append(f"line {number} of {journal.name} names no segment: {segment.name!r}")


# What an open segment holds


def _probe(path: Path, camera: int) -> Segment | None:
    """Read a segment for its frames: from the first keyframe to the last frame that is whole. None without one.

    Every frame is a PES packet. Its last TS packet is filled up by stuffing, so that a tail without stuffing is a
    frame torn off. (One whole frame in 184 fits exactly, and is taken for torn.)
    """
    starts: list[tuple[int, int]] = []
    """PTS and byte offset of each frame."""
    whole = True
    offset = end = 0
    with path.open("rb", buffering=1 << 20) as file:
        while len(packet := file.read(_TS_PACKET)) == _TS_PACKET:
            if packet[0] == 0x47 and packet[3] & 0x10:
                start = _frame_start(packet)
                if start is not None and (starts or start[1]):
                    starts.append((start[0], offset))
                if start is not None or not packet[1] & 0x40:  # tables say nothing of the frame before them
                    whole = _is_last_of_frame(packet)
                    end = offset + _TS_PACKET
            offset += _TS_PACKET
    if not whole and starts:
        end = starts.pop()[1]
    if not starts:
        return None
    wrapped = round((int(path.stem.split("_")[1]) * PTS_HZ / 1000 - starts[0][0]) / PTS_WRAP) * PTS_WRAP
    last = starts[-1][0] + (PTS_WRAP if starts[-1][0] < starts[0][0] else 0)
    return Segment(
        camera=camera,
        name=path.name,
        first_ns=ns_of(starts[0][0] + wrapped),
        last_ns=ns_of(last + wrapped),
        frames=len(starts),
        bytes=end,
    )


def _adaptation_bytes(packet: bytes) -> int:
    return packet[4] + 1 if packet[3] & 0x20 else 0


def _frame_start(packet: bytes) -> tuple[int, bool] | None:
    """PTS and whether it is a keyframe, of a TS packet that begins a video frame."""
    at = 4 + _adaptation_bytes(packet)
    pes = packet[at : at + 14]
    if not packet[1] & 0x40 or len(pes) < 14 or pes[:3] != b"\0\0\1" or pes[3] & 0xF0 != _VIDEO_STREAM:
        return None
    if not pes[7] & 0x80:
        return None
    pts = (pes[9] >> 1 & 7) << 30 | pes[10] << 22 | pes[11] >> 1 << 15 | pes[12] << 7 | pes[13] >> 1
    return pts, bool(packet[3] & 0x20 and packet[4] and packet[5] & 0x40)


def _is_last_of_frame(packet: bytes) -> bool:
    """Whether stuffing fills a TS packet up: only that beside the clock and the flags it may carry."""
    if not packet[3] & 0x20:
        return False
    if not packet[1] & 0x40:
        return True
    clock = 6 if packet[4] and packet[5] & 0x10 else 0
    return packet[4] > 1 + clock
