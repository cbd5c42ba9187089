"""A recording's folder is found again whole, whatever happened to it."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, Segment
from ezrec_tui.recorder.segments import SegmentFile
from ezrec_tui.recording_files import (
    MANIFEST,
    PTS_WRAP,
    RecordingError,
    append_journal,
    finalise,
    find_segments,
    pts_of,
    read_manifest,
    segment_name,
    survey,
    write_manifest,
)
from tests.recorder.footage import EPOCH_NS, FRAME_NS, SPEC, TOLERANCE_NS, film, frames_in, pts_in

AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def a_manifest(cameras: int = 1) -> Manifest:
    return Manifest(
        booking=Booking(id="b1", start=AT, end=AT + timedelta(minutes=1)),
        epoch=AT - timedelta(minutes=1),
        boots=(Boot(boot_id="x", epoch_sensor_ns=EPOCH_NS),),
        start_ns=60 * NS,
        end_ns=120 * NS,
        fps=25,
        width=SPEC.width,
        height=SPEC.height,
        cameras=tuple(CameraCount(camera=n, serial="test") for n in range(cameras)),
    )


def write_segment(folder: Path, seconds: float, from_ns: int) -> tuple[Segment, list[int]]:
    """A closed segment, not in a journal, and the file's size after each frame."""
    packets = film(seconds, from_ns)
    file = SegmentFile.create(folder, SPEC, packets[0].sensor_ns - EPOCH_NS)
    sizes: list[int] = []
    for packet in packets:
        file.write(packet, packet.sensor_ns - EPOCH_NS)
        sizes.append(file.bytes)
    segment = file.close()
    assert segment is not None
    return segment, sizes


@pytest.mark.parametrize("from_ns", [0, 60 * NS + 1, 12 * 3600 * NS + 7, PTS_WRAP * NS // 90_000 - NS], ids=str)
def test_pts_read_back_are_the_pts_written(tmp_path: Path, from_ns: int) -> None:
    segment, _ = write_segment(tmp_path, 2, from_ns)
    wanted = [pts_of(p.sensor_ns - EPOCH_NS) for p in film(2, from_ns)]
    assert [pts % PTS_WRAP for pts in pts_in(tmp_path / segment.name)] == [pts % PTS_WRAP for pts in wanted]
    (found,) = find_segments(tmp_path)
    assert abs(found.first_ns - segment.first_ns) <= TOLERANCE_NS
    assert abs(found.last_ns - segment.last_ns) <= TOLERANCE_NS
    assert (found.frames, found.bytes, found.name) == (50, segment.bytes, segment.name)
    assert len(list(frames_in(tmp_path / segment.name))) == 50


def test_a_file_torn_anywhere_holds_all_frames_before_the_tear(tmp_path: Path) -> None:
    segment, sizes = write_segment(tmp_path, 2, 60 * NS)
    path = tmp_path / segment.name
    whole = path.read_bytes()
    rng = random.Random(4)
    for cut in sorted({*rng.sample(range(len(whole)), 200), *(size - 188 for size in sizes), *range(0, 2000, 47)}):
        if cut in sizes:
            continue
        path.write_bytes(whole[:cut])
        frames = sum(size <= cut for size in sizes)
        found = find_segments(tmp_path)
        assert [s.frames for s in found] == ([frames] if frames else []), cut
        if frames:
            assert abs(found[0].last_ns - (60 * NS + (frames - 1) * FRAME_NS)) <= TOLERANCE_NS
            assert found[0].bytes <= cut


def test_a_file_that_ends_with_a_frame_holds_it(tmp_path: Path) -> None:
    segment, sizes = write_segment(tmp_path, 2, 60 * NS)
    path = tmp_path / segment.name
    whole = path.read_bytes()
    missed = 0
    for frames, size in enumerate(sizes, 1):
        path.write_bytes(whole[:size])
        found = find_segments(tmp_path)
        missed += frames - (found[0].frames if found else 0)
    assert missed <= 3, "one in 184 ends exactly with a TS packet and cannot be told from a torn one"


def test_zeros_that_a_power_cut_left_are_not_frames(tmp_path: Path) -> None:
    segment, sizes = write_segment(tmp_path, 2, 60 * NS)
    path = tmp_path / segment.name
    with path.open("r+b") as file:
        file.truncate(sizes[40])
        file.truncate(sizes[40] + 50_000)
    assert find_segments(tmp_path)[0].frames in (40, 41)


def test_files_without_a_frame_are_reported_and_left_out(tmp_path: Path) -> None:
    segment, _ = write_segment(tmp_path, 1, 60 * NS)
    (tmp_path / segment_name(0, 70 * NS)).touch()
    (tmp_path / segment_name(0, 80 * NS)).write_text("this is no video\n" * 100)
    (tmp_path / "notes.ts").write_text("not ours")
    found = survey(tmp_path)
    assert [s.name for s in found.segments] == [segment.name]
    assert [problem.split()[0] for problem in found.problems] == [segment_name(0, 70 * NS), segment_name(0, 80 * NS)]


def test_a_torn_journal_line_costs_neither_its_segment_nor_the_next_line(tmp_path: Path) -> None:
    first, _ = write_segment(tmp_path, 1, 60 * NS)
    second, _ = write_segment(tmp_path, 1, 70 * NS)
    third, _ = write_segment(tmp_path, 1, 80 * NS)
    append_journal(tmp_path, first)
    append_journal(tmp_path, second)
    journal = tmp_path / "camera-0.jsonl"
    journal.write_bytes(journal.read_bytes()[:-30])
    append_journal(tmp_path, third)
    (tmp_path / third.name).unlink()
    found = survey(tmp_path)
    assert [(s.name, s.frames) for s in found.segments] == [(s.name, 25) for s in (first, second)]
    assert found.problems == (
        "line 2 of camera-0.jsonl is torn; its segment is read instead",
        f"{third.name} is listed but missing",
    )


def test_a_listed_segment_that_is_missing_is_reported(tmp_path: Path) -> None:
    segment, _ = write_segment(tmp_path, 1, 60 * NS)
    append_journal(tmp_path, segment)
    (tmp_path / segment.name).unlink()
    found = survey(tmp_path)
    assert found.segments == ()
    assert found.problems == (f"{segment.name} is listed but missing",)


def test_a_journal_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    segment, _ = write_segment(tmp_path, 1, 60 * NS)
    append_journal(tmp_path, segment.model_copy(update={"name": "../camera-0_000000060000.ts"}))
    found = survey(tmp_path)
    assert [s.name for s in found.segments] == [segment.name]
    assert "names no segment" in found.problems[0]


def test_finalise_completes_the_manifest_and_again_changes_nothing(tmp_path: Path) -> None:
    write_manifest(tmp_path, a_manifest(cameras=2))
    first, _ = write_segment(tmp_path, 2, 60 * NS)
    append_journal(tmp_path, first)
    second, _ = write_segment(tmp_path, 1, 63 * NS)
    manifest = finalise(tmp_path)
    assert manifest.finalised
    assert [(s.name, s.frames) for s in manifest.segments] == [(first.name, 50), (second.name, 25)]
    assert [(c.written, c.dropped, c.expected, c.missing) for c in manifest.cameras] == [
        (75, 25, 1500, 1425),
        (0, 0, 1500, 1500),
    ]
    assert [(s.expected, s.captured, s.encoded) for s in manifest.segments] == [(50, 50, 50), (25, 25, 25)]
    before = (tmp_path / MANIFEST).stat().st_mtime_ns
    assert finalise(tmp_path) == manifest == read_manifest(tmp_path)
    assert (tmp_path / MANIFEST).stat().st_mtime_ns == before


def test_a_manifest_from_before_frames_were_accounted_for_is_read_and_completed(tmp_path: Path) -> None:
    old = a_manifest().model_dump(mode="json", exclude={"offset_ms", "drift_ppm", "cameras"})
    old["cameras"] = [{"camera": 0, "serial": "test", "captured": 50, "dropped": 0, "written": 50}]
    (tmp_path / MANIFEST).write_text(json.dumps(old))
    segment, _ = write_segment(tmp_path, 2, 60 * NS)
    line = segment.model_dump_json(exclude={"expected", "captured", "dropped", "encoded"})
    (tmp_path / "camera-0.jsonl").write_text(line + "\n")
    (count,) = finalise(tmp_path).cameras
    assert (count.captured, count.encoded, count.written, count.bytes) == (50, 50, 50, segment.bytes)
    assert (count.expected, count.missing, count.start_late) == (1500, 1450, 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no manifest in"), (b"", "is no manifest"), (b"{}", "is no manifest"), (b"[1, 2", "is no manifest")],
)
def test_a_manifest_that_is_none_is_named_with_what_to_do(tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(RecordingError, match=words) as caught:
        finalise(tmp_path)
    assert str(tmp_path) in str(caught.value)
