"""What the engine remembers over a restart."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.engine.plans import Plans
from ezrec_tui.engine.store import Override, StateStore
from ezrec_tui.model import Booking, BookingSource, BookingStatus, Level, RecordingState

START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def booking(name: str = "b1", **changes: object) -> Booking:
    return Booking(id=name, start=START, end=START + timedelta(hours=1)).model_copy(update=changes)


def test_a_recording_is_known_after_a_restart_with_its_state(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    store.put_recording(booking(), tmp_path / "b1", RecordingState.RECORDING, START)
    store.put_recording(booking("b2"), tmp_path / "b2", RecordingState.FINISHED, START)
    store.close()
    store = StateStore(tmp_path / "engine.db")
    assert [row.booking.id for row in store.unfinished_recordings()] == ["b1"]
    assert [row.booking.id for row in store.recordings_to_submit()] == ["b2"]
    store.mark_submitted("b2")
    assert store.recordings_to_submit() == []


def test_a_database_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    StateStore(tmp_path / "engine.db").close()
    with sqlite3.connect(tmp_path / "engine.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(RuntimeError, match="newer version"):
        StateStore(tmp_path / "engine.db")
    with sqlite3.connect(tmp_path / "engine.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)


def test_the_same_alert_is_shown_once_until_it_is_acknowledged(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    first = store.put_alert(START, Level.WARNING, "camera lost", "check the cable")
    assert first is not None
    assert store.put_alert(START, Level.WARNING, "camera lost", "check the cable") is None
    assert [alert.what for alert in store.open_alerts()] == ["camera lost"]
    assert store.acknowledge_alert(first.id, "ana", START)
    assert not store.acknowledge_alert(first.id, "ana", START)
    assert store.open_alerts() == []
    assert store.put_alert(START, Level.WARNING, "camera lost", "check the cable") is not None


def test_what_the_operator_changed_outlives_a_restart(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    plans = Plans(store)
    plans.put(BookingSource.FILE, (booking(), booking("b2")))
    plans.move_end("b1", START + timedelta(minutes=75))
    plans.cancel("b2")
    plans.add(booking("mine", source=BookingSource.OPERATOR))
    store.close()
    plans = Plans(StateStore(tmp_path / "engine.db"))
    plans.put(BookingSource.FILE, (booking(), booking("b2")))
    known = {one.id: one for one in plans.bookings()}
    assert known["b1"].end == START + timedelta(minutes=75)
    assert known["b2"].status is BookingStatus.CANCELLED
    assert "mine" in known


def test_an_id_from_two_sources_is_one_booking(tmp_path: Path) -> None:
    plans = Plans(StateStore(tmp_path / "engine.db"))
    plans.put(BookingSource.FILE, (booking(user_id="file"),))
    plans.put(BookingSource.SUPABASE, (booking(user_id="supabase", source=BookingSource.SUPABASE),))
    assert [one.user_id for one in plans.bookings()] == ["supabase"]


def test_plans_that_are_long_over_are_forgotten_and_those_of_an_absent_source_are_not(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    plans = Plans(store)
    plans.add(booking("mine", source=BookingSource.OPERATOR))
    plans.cancel("not-polled-yet")
    plans.prune(START + timedelta(days=3))
    assert plans.bookings() == []
    assert store.overrides() == {"not-polled-yet": Override(cancelled=True)}


def test_what_another_version_kept_stops_nobody_and_is_not_told_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = StateStore(tmp_path / "engine.db")
    for name in ("b1", "b2"):
        store.put_operator_booking(booking(name))
        store.put_recording(booking(name), tmp_path / name, RecordingState.RECORDING, START)
    with sqlite3.connect(tmp_path / "engine.db") as database:
        for table in ("operator_bookings", "recordings"):
            database.execute(f"""UPDATE {table} SET booking = '{{"wings": "ana@club"}}' WHERE booking_id = 'b1'""")
    database.close()
    assert [one.id for one in store.operator_bookings()] == ["b2"]
    assert [row.booking.id for row in store.unfinished_recordings()] == ["b2"]
    assert "what was kept of a booking is not understood (id: Field required)" in caplog.text
    assert "ana@" not in caplog.text
    store.put_recording(booking("b1"), tmp_path / "b1", RecordingState.RECORDING, START)
    assert [row.booking.id for row in store.unfinished_recordings()] == ["b1", "b2"]
