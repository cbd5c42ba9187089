"""Deleting for real: what the store has is looked at, what goes is noted first, and a kill anywhere leaves no half."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import pytest

from ezrec_tui.delivery.deletions import Deletion
from ezrec_tui.delivery.retention import Kind, Why
from tests.jobs.sweeping import KEEP, START, SmallHouse, key_of, record_of

DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Generator[SmallHouse]:
    house = SmallHouse(tmp_path / "data")
    yield house
    house.close()


def test_what_was_kept_for_long_enough_goes_and_stays_in_the_store(house: SmallHouse) -> None:
    old, filling = house.whole_way("old"), house.booking("filling", START)
    house.record(filling, 5000)
    house.now += timedelta(days=30)
    told: list[Deletion] = []
    assert house.sweep(on_deleted=told.append).hindrance == ""
    assert house.footage_is_gone(old)
    assert house.video_is_gone(old)
    assert house.object_of(old).stat().st_size == 1000
    assert house.footage_is_whole(filling)
    assert [(one.kind, one.why, one.booking_id) for one in told] == [
        (Kind.FOOTAGE, Why.AGE, "old"),
        (Kind.VIDEO, Why.AGE, "old"),
    ]
    house.sweep()
    assert house.deletions.delivered() == ()


def test_each_deletion_is_in_the_journal_with_its_proof(house: SmallHouse, caplog: pytest.LogCaptureFixture) -> None:
    of = house.whole_way("a")
    house.whole_way("b", START + DAY)
    caplog.set_level("INFO")
    house.now += DAY
    house.sweep(need=1)
    (noted,) = house.deletions.all()
    assert (noted.booking_id, noted.kind, noted.path) == ("a", Kind.FOOTAGE, house.folders.recording(of))
    assert noted.proof is not None
    assert (noted.why, noted.proof.key, noted.proof.size) == (Why.ROOM, key_of(of), 1000)
    assert (noted.verified_at, noted.done_at) == (house.now, house.now)
    sums = house.folders.video(of).with_name("a.mp4.sha256").read_text()
    assert sums.startswith(noted.proof.sha256)
    (line,) = [record.getMessage() for record in caplog.records if "deleted footage" in record.getMessage()]
    assert noted.proof.sha256 in line
    assert key_of(of) in line


def test_a_video_that_the_store_lost_or_changed_keeps_its_files_and_is_told(house: SmallHouse) -> None:
    lost, changed, well = (house.whole_way(name, START + number * DAY) for number, name in enumerate("abc"))
    house.object_of(lost).unlink()
    house.object_of(changed).write_bytes(b"x" * 1000)
    house.now += timedelta(days=30)
    swept = house.sweep(need=10**6)
    assert [(one.booking_id, one.key) for one in swept.lost] == [("a", key_of(lost)), ("b", key_of(changed))]
    for of in (lost, changed):
        assert house.footage_is_whole(of)
        assert house.folders.video(of).exists()
    assert house.footage_is_gone(well)


def test_a_video_damaged_here_under_the_name_it_was_delivered_by_too_proves_nothing(house: SmallHouse) -> None:
    of = house.whole_way("a", linked=True)
    house.whole_way("b", START + DAY)
    with house.folders.video(of).open("r+b") as file:
        file.write(b"damage")
    house.now += DAY
    (lost,) = house.sweep(need=1).lost
    assert "SHA-256" in lost.why
    assert house.footage_is_whole(of)


def test_footage_whose_video_another_machine_delivered_goes_while_the_store_holds_just_that_video(
    house: SmallHouse,
) -> None:
    lost, changed, well = (house.made_elsewhere(name, START + number * DAY) for number, name in enumerate("abc"))
    house.object_of(lost).unlink()
    house.object_of(changed).write_bytes(b"x" * 1000)
    house.now += timedelta(days=30)
    assert [one.booking_id for one in house.sweep(need=10**6).lost] == ["a", "b"]
    for of in (lost, changed):
        assert house.footage_is_whole(of)
    assert house.footage_is_gone(well)
    (noted,) = house.deletions.all()
    assert noted.proof is not None
    assert (noted.booking_id, noted.proof.key) == ("c", key_of(well))
    house.sweep()
    assert {one.booking_id for one in house.deletions.delivered()} == {"a", "b"}


def test_a_linked_video_frees_nothing_so_that_only_its_footage_goes_for_room(house: SmallHouse) -> None:
    of = house.whole_way("a", linked=True)
    house.whole_way("b", START + DAY, linked=True)
    house.now += DAY
    swept = house.sweep(need=10**6)
    assert house.footage_is_gone(of)
    assert house.folders.video(of).samefile(house.object_of(of))
    assert swept.hindrance


def test_while_the_line_is_down_nothing_goes_and_it_is_said(house: SmallHouse) -> None:
    of = house.whole_way("a")
    house.whole_way("b", START + DAY)
    house.now += timedelta(days=30)
    house.line_is_up = False
    assert "The line is down" in house.sweep(need=10**6).hindrance
    assert house.footage_is_whole(of)
    assert house.deletions.all() == ()


def test_unsent_rows_unfinished_jobs_and_running_recordings_keep_their_files(house: SmallHouse) -> None:
    waits, failed, runs = (house.whole_way(name, START + number * DAY) for number, name in enumerate("abc"))
    house.outbox.put_video(record_of(waits, house.now), house.now)
    house.now += timedelta(days=30)
    swept = house.sweep(need=10**6, running=frozenset({runs.id}), not_done=frozenset({failed.id}))
    assert swept.freed == 0
    assert swept.hindrance.startswith("3 recordings have to stay")
    assert all(house.footage_is_whole(of) and house.folders.video(of).exists() for of in (waits, failed, runs))


def test_what_was_given_up_goes_when_its_time_is_over_and_never_earlier_for_room(house: SmallHouse) -> None:
    recorded, rendered = (house.booking(name, START) for name in ("recorded", "rendered"))
    house.record(recorded, 250)
    house.record(rendered, 250)
    house.render(rendered, 1000)
    house.record(house.booking("filling", START), 2000)
    until = house.give_up(recorded)
    house.give_up(rendered)
    house.now = until - timedelta(seconds=1)
    assert house.sweep(need=10**6).hindrance.startswith("3 recordings have to stay")
    assert house.footage_is_whole(recorded)
    house.now = until
    house.line_is_up = False  # the store has to prove nothing of it
    assert house.sweep().freed > 3000
    assert house.footage_is_gone(recorded)
    assert house.footage_is_gone(rendered)
    assert house.video_is_gone(rendered)
    noted = house.deletions.all()
    assert {(one.why, one.proof) for one in noted} == {(Why.GIVEN_UP, None)}
    assert [one.booking_id for one in noted] == ["recorded", "rendered", "rendered"]
    house.sweep()
    assert house.deletions.given_up() == ()


def test_what_was_given_up_and_has_a_job_again_or_is_unsent_stays(house: SmallHouse) -> None:
    again, unsent, runs = (house.booking(name, START) for name in ("again", "unsent", "runs"))
    for of in (again, unsent, runs):
        house.record(of, 250)
        house.give_up(of)
    house.outbox.put_video(record_of(unsent, house.now), house.now)
    house.now += 2 * KEEP
    house.sweep(10**6, running=frozenset({runs.id}), not_done=frozenset({again.id}))
    assert all(house.footage_is_whole(of) for of in (again, unsent, runs))


def test_taken_back_while_a_sweep_is_under_way_it_stays_and_taken_back_too_late_it_is_said(house: SmallHouse) -> None:
    first, second = (house.booking(name, START + number * DAY) for number, name in enumerate(("first", "second")))
    for of in (first, second):
        house.record(of, 250)
        house.give_up(of)
    house.record(house.booking("filling", START), 2000)
    house.now += KEEP
    answers: list[bool] = []
    house.sweep(on_deleted=lambda _: answers.append(house.deletions.take_back("second")))
    assert answers == [True]
    assert house.footage_is_gone(first)
    assert house.footage_is_whole(second)
    assert not house.deletions.take_back("first")
    house.sweep()
    assert house.footage_is_whole(second)


def test_what_others_put_into_a_recordings_folder_stays(house: SmallHouse) -> None:
    of = house.whole_way("a")
    house.whole_way("b", START + DAY)
    (house.folders.recording(of) / "notes.txt").write_text("of a technician")
    house.now += DAY
    house.sweep(need=1)
    assert [path.name for path in house.folders.recording(of).iterdir()] == ["notes.txt"]
    told: list[Deletion] = []
    house.sweep(on_deleted=told.append)
    assert told == []


def test_killed_before_any_step_a_sweep_leaves_no_half_and_deletes_once(tmp_path: Path) -> None:
    cuts = 0
    while True:
        cuts += 1
        house = SmallHouse(tmp_path / str(cuts))
        of = house.whole_way("a")
        house.record(house.booking("filling", START), 2000)
        house.now += timedelta(days=30)
        killed = house.sweep_killed(cuts)
        if killed and (house.footage_is_gone(of) or not house.footage_is_whole(of)):
            assert house.deletions.all(), "deleted before it was noted"
        house.sweep()
        assert house.footage_is_gone(of)
        assert house.video_is_gone(of)
        kinds = [one.kind for one in house.deletions.all()]
        assert kinds == [Kind.FOOTAGE, Kind.VIDEO]
        assert house.deletions.unfinished() == ()
        assert house.object_of(of).stat().st_size == 1000
        house.close()
        if not killed:
            break
    assert cuts > 20


def test_killed_before_any_step_what_was_given_up_goes_once_and_is_not_taken_back_halfway(tmp_path: Path) -> None:
    cuts = 0
    while True:
        cuts += 1
        house = SmallHouse(tmp_path / str(cuts))
        of = house.booking("a", START)
        house.record(of, 250)
        house.give_up(of)
        house.record(house.booking("filling", START), 2000)
        house.now += KEEP
        killed = house.sweep_killed(cuts)
        if house.footage_is_whole(of) and house.deletions.take_back("a"):
            house.sweep()
            assert house.footage_is_whole(of)
        else:
            assert not house.deletions.take_back("a")
            house.sweep()
            assert house.footage_is_gone(of)
            assert [one.kind for one in house.deletions.all()] == [Kind.FOOTAGE]
        assert house.deletions.unfinished() == ()
        house.close()
        if not killed:
            break
    assert cuts > 5


def test_what_was_noted_and_not_begun_is_decided_anew(house: SmallHouse) -> None:
    of = house.whole_way("a")
    house.record(house.booking("filling", START), 2000)
    house.now += timedelta(days=30)
    cut = 1
    while not house.deletions.all():
        assert house.sweep_killed(cut)
        cut += 1
    assert house.footage_is_whole(of)
    house.object_of(of).unlink()  # meanwhile
    assert house.sweep().lost
    assert house.footage_is_whole(of)
    assert house.deletions.all() == ()


def test_folders_of_days_that_are_long_over_go_with_what_was_in_them(house: SmallHouse) -> None:
    of = house.whole_way("a")
    house.record(house.booking("filling", START + 5 * DAY), 2000)
    house.now += timedelta(days=30)
    house.sweep()
    assert not house.folders.recording(of).parent.exists()
    assert not house.folders.video(of).parent.exists()
    assert house.folders.recording(house.booking("filling", START + 5 * DAY)).exists()
