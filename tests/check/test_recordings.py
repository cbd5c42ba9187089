"""Whatever is broken in a recording is found, and what can be mended is, without touching footage."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ezrec_tui.check.findings import Kind
from ezrec_tui.engine.store import StateStore
from ezrec_tui.model import RecordingState
from ezrec_tui.recording_files import find_segments, read_manifest
from tests.check.house import NOW, House, build
from tests.jobs.recordings import FPS, booking


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def footage(house: House) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in house.segments}


def cut(path: Path, bytes_off: int) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - bytes_off)


def flip(path: Path, at: float) -> None:
    """Turn the bits of some bytes, so far into the file."""
    data = bytearray(path.read_bytes())
    place = int(len(data) * at)
    data[place : place + 600] = bytes(byte ^ 0xFF for byte in data[place : place + 600])
    path.write_bytes(data)


def test_a_whole_data_folder_is_clean_and_stays_as_it_is(house: House) -> None:
    def all_files() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in house.folders.data.rglob("*") if p.is_file() and "db" not in p.suffix}

    before = all_files()
    report = house.check(repair=True)
    assert report.findings == ()
    assert (report.recordings, report.segments, report.videos) == (1, 4, 1)
    assert all_files() == before


def lose_manifest(house: House) -> None:
    (house.recording / "manifest.json").unlink()


def spoil_manifest(house: House) -> None:
    (house.recording / "manifest.json").write_text('{"version": 1, "boo')


def lose_journal(house: House) -> None:
    (house.recording / "camera-0.jsonl").unlink()


def tear_journal(house: House) -> None:
    cut(house.recording / "camera-1.jsonl", 30)


def list_too_little(house: House) -> None:
    path = house.recording / "manifest.json"
    document = json.loads(path.read_text())
    document["segments"] = document["segments"][:1]
    path.write_text(json.dumps(document))


def leave_partials(house: House) -> None:
    (house.recording / ".manifest.json.4711.partial").write_text("{")
    (house.video.parent / ".b1.mp4.partial").write_bytes(b"half")


def leave_empty_segment(house: House) -> None:
    (house.recording / "camera-0_000000070000.ts").touch()


def leave_empty_folder(house: House) -> None:
    (house.recording.parent / "nothing").mkdir()


@pytest.mark.parametrize(
    ("spoil", "kinds", "harmless"),
    [
        (lose_manifest, {Kind.MANIFEST_MISSING}, False),
        (spoil_manifest, {Kind.MANIFEST_DAMAGED}, False),
        (lose_journal, {Kind.SEGMENT_UNLISTED}, True),
        (tear_journal, {Kind.JOURNAL_TORN, Kind.SEGMENT_UNLISTED}, True),
        (list_too_little, {Kind.MANIFEST_DIFFERS}, False),
        (leave_partials, {Kind.LEFTOVER}, True),
        (leave_empty_segment, {Kind.SEGMENT_EMPTY}, True),
        (leave_empty_folder, {Kind.RECORDING_EMPTY}, False),
    ],
)
def test_it_is_found_mended_and_then_clean(
    spoil: Callable[[House], None], kinds: set[Kind], harmless: bool, house: House
) -> None:
    before, manifest = footage(house), read_manifest(house.recording)
    spoil(house)
    report = house.check()
    assert {finding.kind for finding in report.findings} == kinds
    assert report.clean is harmless, "what a kill leaves is told, and nothing is wrong by it"
    mended = house.check(repair=True)
    assert mended.clean, mended.findings
    assert {finding.kind for finding in mended.findings} == kinds
    assert house.check().findings == ()
    assert {name: digest for name, digest in footage(house).items() if name in before} == before
    assert read_manifest(house.recording) == manifest


def test_a_lost_manifest_is_made_anew_from_the_segments_alone(house: House) -> None:
    manifest = read_manifest(house.recording)
    lose_manifest(house)
    house.folders.engine_database.unlink()
    assert house.check(repair=True).clean
    made = read_manifest(house.recording)
    assert [segment.name for segment in find_segments(house.recording)] == [s.name for s in manifest.segments]
    assert (made.fps, made.start_ns, len(made.cameras)) == (FPS, manifest.start_ns, 2)
    assert abs(made.end_ns - manifest.end_ns) < 1_000_000
    assert house.folders.recording(made.booking) == house.recording


def test_a_segment_that_lost_its_end_is_relisted_as_far_as_it_goes(house: House) -> None:
    cut(house.segments[1], house.segments[1].stat().st_size // 2)
    kinds = {finding.kind for finding in house.check(repair=True).findings}
    assert kinds == {
        Kind.SEGMENT_TORN, Kind.SEGMENT_UNLISTED, Kind.SEGMENT_CHANGED, Kind.MANIFEST_DIFFERS
    }  # fmt: skip
    frames = {segment.name: segment.frames for segment in read_manifest(house.recording).segments}
    assert 0 < frames[house.segments[1].name] < 2 * FPS
    assert house.kinds() == [Kind.SEGMENT_CHANGED], "what is lost is lost, and goes on being said"


def test_a_missing_segment_is_said_once_and_cannot_be_mended(house: House) -> None:
    house.segments[2].unlink()
    report = house.check(repair=True)
    missing = [finding for finding in report.findings if finding.kind is Kind.SEGMENT_MISSING]
    assert [(finding.path.name, finding.mended) for finding in missing] == [("camera-1_000000060000.ts", False)]
    assert not report.clean


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_bits_that_turned_are_found_by_hash_and_by_decoding(at: float, house: House) -> None:
    flip(house.segments[0], at)
    assert house.kinds() == [Kind.SEGMENT_CHANGED, Kind.SEGMENT_DAMAGED]
    (house.recording / "SHA256SUMS").unlink()
    assert house.kinds() == [Kind.SEGMENT_DAMAGED]


def test_a_file_without_a_whole_frame_is_told_and_kept(house: House) -> None:
    torn = house.recording / "camera-0_000000070000.ts"
    torn.write_bytes(house.segments[0].read_bytes()[:188])
    report = house.check(repair=True)
    assert [finding.kind for finding in report.findings] == [Kind.SEGMENT_UNREADABLE]
    assert not report.clean, "it may have been footage"
    assert torn.exists()


def test_a_recording_that_the_engine_does_not_know_is_told(house: House) -> None:
    shutil.copytree(house.recording, house.recording.parent / "stranger")
    [finding] = house.check(repair=True).findings
    assert (finding.kind, finding.path.name, finding.mended) == (Kind.RECORDING_ORPHAN, "stranger", False)


def test_a_damaged_database_is_told_and_the_rest_is_checked(house: House) -> None:
    house.folders.engine_database.write_bytes(b"this is no database at all, whatever its name" * 100)
    report = house.check(repair=True)
    assert [finding.kind for finding in report.findings] == [Kind.DATABASE_DAMAGED]
    assert report.segments == 4


def test_a_recording_under_way_is_not_touched(house: House) -> None:
    store = StateStore(house.folders.engine_database)
    store.put_recording(booking("b1"), house.recording, RecordingState.RECORDING, NOW)
    lose_journal(house)
    with (house.folders.data / "engine.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = house.check(repair=True)
        assert report.under_way == (house.recording,)
        assert report.findings == ()
        assert not (house.recording / "camera-0.jsonl").exists()
    store.close()
    assert house.check(repair=True).recordings == 1, "without an engine nothing is under way"


def test_a_path_may_be_one_recording_one_video_or_a_folder_elsewhere(house: House, tmp_path: Path) -> None:
    assert house.check(house.recording).segments == 4
    assert house.check(house.video).videos == 1
    elsewhere = tmp_path / "stick" / "copy"
    shutil.copytree(house.recording, elsewhere)
    flip(sorted(elsewhere.glob("*.ts"))[0], 0.5)
    kinds = house.kinds(tmp_path / "stick")
    assert Kind.SEGMENT_DAMAGED in kinds
