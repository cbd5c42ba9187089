"""What was deleted in order is no fault; what is lost all the same is."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ezrec_tui.check.findings import Kind
from ezrec_tui.delivery.deletions import Deletions, Delivered, GivenUp
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.retention import Kind as DeletedKind
from ezrec_tui.delivery.retention import Why
from ezrec_tui.jobs.sweep import Asked, Sweeper, delete_footage, footage_files
from tests.check.house import KEY, NOW, House, build
from tests.jobs.recordings import START


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path)


def sweep(house: House) -> Deletions:
    """Delete the footage and the video of b1, as the worker does when they were kept for long enough."""
    deletions = Deletions(house.folders.retention_database)
    deletions.put_delivered(Delivered("b1", "Court 1", house.recording, house.video, KEY, START, NOW))
    # The delivered copy and what else lies there are larger than half: b1 may go at once.
    other = house.folders.data / "processed" / "2026-03-02" / "other.mp4"
    other.parent.mkdir()
    other.write_bytes(bytes(2 * sum(path.stat().st_size for path in [*house.segments, house.video])))
    sweeper = Sweeper(
        house.folders, deletions, lambda: FolderStore(house.settings.store_dir),
        Outbox(house.folders.outbox_database).waiting, timedelta(0), lambda _: None, lambda: NOW + timedelta(hours=1),
    )  # fmt: skip
    assert sweeper.sweep(Asked(0, frozenset(), frozenset())).hindrance == ""
    other.unlink()
    return deletions


def test_files_deleted_in_order_are_no_fault(house: House) -> None:
    sweep(house)
    assert not house.recording.exists()
    assert not house.video.exists()
    assert house.kinds() == []


def test_the_delivered_video_is_still_compared_with_what_was_made(house: House) -> None:
    sweep(house)
    house.delivered.write_bytes(bytes(house.delivered.stat().st_size))
    assert house.kinds() == [Kind.DELIVERED_CHANGED]


def test_a_video_lost_from_the_store_after_its_files_here_went_is_told(house: House) -> None:
    sweep(house)
    house.delivered.unlink()
    (finding,) = house.check().findings
    assert finding.kind is Kind.VIDEO_MISSING
    assert "restore it from a copy of the store" in finding.to_do


def test_footage_whose_deletion_was_cut_off_is_left_to_the_engine(house: House) -> None:
    deletions = Deletions(house.folders.retention_database)
    of = Delivered("b1", "Court 1", house.recording, house.video, KEY, START, NOW)
    proof = FolderStore(house.settings.store_dir).prove(house.video, KEY)
    assert proof is not None
    deletions.note(of, DeletedKind.FOOTAGE, house.recording, 1, Why.AGE, proof, NOW)
    footage_files(house.recording)[0].unlink()
    assert house.kinds() == []


def test_footage_that_was_given_up_and_deleted_in_order_is_no_fault(house: House) -> None:
    deletions = Deletions(house.folders.retention_database)
    given_up = GivenUp("b1", "Court 1", house.recording, None, START, NOW)
    deletions.give_up(given_up)
    noted = deletions.note(given_up, DeletedKind.FOOTAGE, house.recording, 1, Why.GIVEN_UP, None, NOW)
    assert noted is not None
    delete_footage(house.recording)
    with closing(sqlite3.connect(house.folders.outbox_database)) as database, database:
        database.execute("DELETE FROM outbox")
    assert Kind.RECORDING_MISSING in house.kinds()
    deletions.done(noted, NOW)
    assert Kind.RECORDING_MISSING not in house.kinds()
