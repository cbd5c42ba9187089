"""A start mends what it finds, and asks nobody: lost manifests, a lost or damaged database, folders without a row."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ezrec_tui.config import load_settings
from ezrec_tui.engine.databases import mend_databases, move_aside_if_damaged
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.takeup import adopt, manifest_of
from ezrec_tui.folders import Folders
from ezrec_tui.model import Level, RecordingState
from ezrec_tui.recording_files import read_manifest
from tests.clock import OwnedClock
from tests.jobs.recordings import FPS, START, booking, record

NOW = datetime(2026, 3, 1, 18, 0, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, tzinfo=UTC)


class House:
    """A data folder at its engine's start."""

    def __init__(self, data: Path, now: datetime = LATER) -> None:
        self.settings = load_settings(ezrec_data_dir=data, _env_file=None)
        self.folders = Folders(data, self.settings.timezone)
        self.clock = OwnedClock(now)
        self.damage = move_aside_if_damaged(self.folders.engine_database, now)
        self.store = StateStore(self.folders.engine_database)
        self.alerts: list[str] = []

    def tell(self, _level: Level, what: str, to_do: str, booking_id: str | None) -> None:
        assert to_do
        self.store.put_alert(self.clock.now(), _level, what, to_do, booking_id)
        self.alerts.append(what)

    def adopt(self, published: bool = False) -> None:
        adopt(self.settings, self.folders, self.clock, self.store, self.tell, lambda _: published)

    def states(self) -> dict[str, tuple[RecordingState, bool]]:
        return {
            name: (row.state, row.submitted)
            for name in ("b1", "b2")
            if (row := self.store.recording(name)) is not None
        }  # fmt: skip


def test_a_lost_manifest_comes_back_from_the_row_to_the_last_mark(tmp_path: Path) -> None:
    house = House(tmp_path)
    folder = record(house.folders, booking("b1"))
    manifest = read_manifest(folder)
    house.store.put_recording(booking("b1"), folder, RecordingState.RECORDING, NOW)
    house.store.put_manifest("b1", manifest)
    for damage in ("gone", "torn"):
        (folder / "manifest.json").unlink()
        if damage == "torn":
            (folder / "manifest.json").write_text('{"version"')
        [row] = house.store.unfinished_recordings()
        assert manifest_of(row, house.settings, house.tell) == manifest
        assert read_manifest(folder) == manifest
    assert len(house.alerts) == 2


def test_a_lost_manifest_of_an_older_rows_recording_comes_from_the_segments_and_the_booking(tmp_path: Path) -> None:
    house = House(tmp_path)
    folder = record(house.folders, booking("b1"), seconds=4)
    before = read_manifest(folder)
    (folder / "manifest.json").unlink()
    house.store.put_recording(booking("b1"), folder, RecordingState.RECORDING, NOW)
    [row] = house.store.unfinished_recordings()
    made = manifest_of(row, house.settings, house.tell)
    assert made is not None
    assert made == read_manifest(folder)
    assert (made.booking, made.start_ns, made.fps) == (before.booking, before.start_ns, FPS)


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_taken_up(tmp_path: Path) -> None:
    house = House(tmp_path)
    folder = house.folders.recording(booking("b1"))
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    house.store.put_recording(booking("b1"), folder, RecordingState.RECORDING, NOW)
    [row] = house.store.unfinished_recordings()
    assert manifest_of(row, house.settings, house.tell) is None
    assert ["cannot be read" in alert for alert in house.alerts] == [True]


def test_recordings_without_a_row_are_taken_up_and_those_still_on_go_on(tmp_path: Path) -> None:
    house = House(tmp_path, NOW)
    record(house.folders, booking("b1"), seconds=4)  # ends at START + 4 s
    over = record(house.folders, booking("b2"), seconds=2)
    (over / "manifest.json").unlink()
    for segment in over.glob("*.ts"):
        os.utime(segment, (START.timestamp() + 2, START.timestamp() + 2))
    house.clock.advance((START - NOW).total_seconds() + 3)
    house.adopt()
    assert house.states() == {"b1": (RecordingState.RECORDING, False), "b2": (RecordingState.FINISHED, False)}
    assert len(house.alerts) == 2
    [row] = house.store.unfinished_recordings()
    assert row.manifest == read_manifest(row.folder)
    house.adopt()
    assert len(house.alerts) == 2, "they have rows now"


@pytest.mark.parametrize(
    "written", ["""booking = '{"of": "another version"}', manifest = '{}'""", "state = 'dreaming'"]
)
def test_a_row_of_another_version_is_made_anew_by_its_folder(written: str, tmp_path: Path) -> None:
    house = House(tmp_path)
    folder = record(house.folders, booking("b1"))
    house.adopt()
    with sqlite3.connect(house.folders.engine_database) as database:
        database.execute(f"UPDATE recordings SET {written}")
    database.close()
    assert house.states() == {}
    house.adopt()
    assert house.states() == {"b1": (RecordingState.FINISHED, False)}
    [row] = house.store.recordings_to_submit()
    assert row.manifest == read_manifest(folder)


def test_a_recording_that_was_published_already_is_not_published_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    record(house.folders, booking("b1"))
    house.adopt(published=True)
    assert house.states() == {"b1": (RecordingState.FINISHED, True)}
    assert house.store.recordings_to_submit() == []


def test_a_half_written_folder_is_told_once_and_left(tmp_path: Path) -> None:
    house = House(tmp_path)
    half = tmp_path / "recordings" / "2026-03-01" / "half"
    half.mkdir(parents=True)
    (half / "notes.txt").write_text("somebody's")
    copy = half.with_name("copy")
    shutil.copytree(record(house.folders, booking("b1")), copy)
    house.adopt()
    assert house.states() == {"b1": (RecordingState.FINISHED, False)}
    assert len([alert for alert in house.alerts if "left as it is" in alert]) == 2
    for alert in house.store.open_alerts():
        house.store.acknowledge_alert(alert.id, "ana", NOW)
    told = len(house.alerts)
    house.adopt()
    assert len(house.alerts) == told
    assert (half / "notes.txt").exists()
    assert list(copy.glob("*.ts"))


@pytest.mark.parametrize("damage", ["text", "half", "page"])
def test_a_damaged_database_is_moved_aside_whole_and_a_new_one_begun(damage: str, tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    for number in range(300):
        store.put_recording(booking(f"b{number}"), tmp_path / str(number), RecordingState.FINISHED, NOW)
    store.close()
    path = tmp_path / "engine.db"
    data = bytearray(path.read_bytes())
    match damage:
        case "text":
            data[:] = b"this is no database" * 300
        case "half":
            del data[len(data) // 2 :]
        case _:
            data[4096 : 3 * 4096] = bytes(2 * 4096)
    path.write_bytes(data)
    house = House(tmp_path)
    assert "damaged" in house.damage
    assert house.store.unfinished_recordings() == []
    [aside] = tmp_path.glob("engine.db.damaged-*")
    assert aside.read_bytes() == data


def test_of_each_database_every_page_is_looked_at(tmp_path: Path) -> None:
    folders = Folders(tmp_path, UTC)
    paths = (
        folders.engine_database, folders.outbox_database, folders.retention_database, folders.jobs_database,
        folders.local_record,
    )  # fmt: skip
    for path in paths:
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE rows (text)")
            database.executemany("INSERT INTO rows VALUES (?)", [("row " * 100,)] * 300)
            database.commit()
    assert mend_databases(folders, NOW) == {}
    for path in paths:
        with path.open("r+b") as file:  # its head stays
            file.seek(4096)
            file.write(bytes(2 * 4096))
    assert mend_databases(folders, NOW).keys() == set(paths)
    assert mend_databases(folders, LATER) == {}
    assert len(list(tmp_path.rglob("*.damaged-*"))) == len(paths)


def test_a_database_that_cannot_be_opened_for_now_is_not_moved(tmp_path: Path) -> None:
    (tmp_path / "engine.db").mkdir()
    with pytest.raises(sqlite3.OperationalError):
        move_aside_if_damaged(tmp_path / "engine.db", NOW)
    assert (tmp_path / "engine.db").is_dir()


def test_without_its_jobs_database_only_what_is_not_published_is_submitted_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    for name in ("b1", "b2"):
        house.store.put_recording(booking(name), tmp_path / name, RecordingState.FINISHED, NOW)
        house.store.mark_submitted(name)
    house.store.submit_again(but=lambda booking_id: booking_id == "b1")
    assert [row.booking.id for row in house.store.recordings_to_submit()] == ["b2"]


def test_a_lost_database_is_begun_anew_in_silence_and_recordings_are_found_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.damage == ""
    record(house.folders, booking("b1"))
    house.adopt()
    assert [row.booking.id for row in house.store.recordings_to_submit()] == ["b1"]
