"""Videos are checked against themselves, against what is published, and against what was delivered."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.check.findings import Kind, Report
from tests.check.house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def spoil(path: Path) -> None:
    """Turn bits in the middle, in a file of its own, so that no other name of it is touched."""
    data = bytearray(path.read_bytes())
    place = len(data) // 2
    data[place : place + 200] = bytes(byte ^ 0xFF for byte in data[place : place + 200])
    path.unlink()
    path.write_bytes(data)


def test_a_video_that_changed_is_found_by_hash_and_by_decoding(house: House) -> None:
    spoil(house.video)
    assert house.kinds() == [Kind.VIDEO_CHANGED, Kind.VIDEO_DAMAGED]


def test_a_video_that_was_cut_off_is_found(house: House) -> None:
    half = house.video.read_bytes()[:5000]
    house.video.unlink()
    house.video.write_bytes(half)
    assert Kind.VIDEO_DAMAGED in house.kinds()


def test_a_delivered_video_that_is_gone_is_delivered_again(house: House) -> None:
    house.delivered.unlink()
    assert house.kinds() == [Kind.DELIVERED_MISSING]
    assert house.check(repair=True).clean
    assert house.delivered.read_bytes() == house.video.read_bytes()


def test_a_delivered_video_that_changed_is_told_and_not_replaced(house: House) -> None:
    spoil(house.delivered)
    changed = house.delivered.read_bytes()
    assert house.kinds(repair=True) == [Kind.DELIVERED_CHANGED]
    assert house.delivered.read_bytes() == changed


def test_a_published_video_that_is_nowhere_is_told(house: House) -> None:
    house.delivered.unlink()
    house.video.unlink()
    assert house.kinds(repair=True) == [Kind.VIDEO_MISSING]


def test_a_video_without_a_recording_is_told_and_kept(house: House) -> None:
    orphan = house.video.with_name("nobody.mp4")
    shutil.copyfile(house.video, orphan)
    assert house.kinds(repair=True) == [Kind.VIDEO_ORPHAN]
    assert orphan.exists()


def test_a_recording_that_went_away_unpublished_is_told_and_a_published_one_is_not(house: House) -> None:
    shutil.rmtree(house.recording)
    assert house.kinds() == []
    house.folders.outbox_database.unlink()
    house.folders.local_record.unlink()
    assert Kind.RECORDING_MISSING in house.kinds()


def cli(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "check", *arguments],
        env={"PATH": "/usr/bin", "EZREC_DATA_DIR": str(house.folders.data)},
        cwd=house.folders.data,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_says_a_line_per_finding_and_ends_with_what_a_script_needs(house: House) -> None:
    whole = cli(house)
    assert (whole.returncode, whole.stdout) == (0, "")
    (house.recording / "manifest.json").unlink()
    wrong = cli(house, "--json")
    assert wrong.returncode == 1
    report = Report.model_validate(json.loads(wrong.stdout))
    assert [finding.kind for finding in report.findings] == [Kind.MANIFEST_MISSING]
    [line, count] = wrong.stderr.strip().splitlines()
    assert "--repair" in line
    assert "1 wrong, 0 mended" in count
    mended = cli(house, "--repair")
    assert mended.returncode == 0
    assert "0 wrong, 1 mended" in mended.stderr
    nothing = cli(house, "/no/such/path")
    assert nothing.returncode == 1
    assert nothing.stderr.startswith("ezrec: there is nothing to check")
