"""Recordings begin, end, are stopped and resumed as promised; on a clock that the test owns.

The recorders are the engine's own, with no process running: what a camera would say is said by the test.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.config import Settings, load_settings
from ezrec_tui.engine.recorders import Recorder, camera_specs
from ezrec_tui.engine.recordings import RESUME_SECONDS, Recordings, Session
from ezrec_tui.engine.store import StateStore
from ezrec_tui.folders import Folders
from ezrec_tui.model import NS, Alert, Booking, Level, Manifest, RecordingState
from ezrec_tui.recorder.messages import Started
from ezrec_tui.recording_files import read_manifest
from tests.clock import OwnedClock

START = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BOOKING = Booking(id="b1", start=START, end=START + timedelta(minutes=60))


class House:
    """Recordings with what they need, and what they told."""

    def __init__(self, data: Path, clock: OwnedClock) -> None:
        self.settings: Settings = load_settings(ezrec_data_dir=data, _env_file=None)
        self.clock = clock
        self.folders = Folders(data, self.settings.timezone)
        self.store = StateStore(self.folders.engine_database)
        self.alerts: list[str] = []
        self.started: list[str] = []
        self.finished: list[Session] = []
        self.stops: dict[str, datetime] = {}
        recorders = [
            Recorder(
                spec, clock, 0, data,
                on_message=lambda _camera, _message: None, on_down=lambda _camera, _up: None, on_change=lambda: None,
            )
            for spec in camera_specs(self.settings)
        ]  # fmt: skip
        self.recordings = Recordings(
            self.settings, self.folders, clock, self.store, recorders,
            alert=self._alert,
            on_started=lambda session: self.started.append(session.booking.id),
            on_finished=self.finished.append,
        )  # fmt: skip

    def _alert(self, _level: Level, what: str, _to_do: str, _booking_id: str | None) -> Alert | None:
        self.alerts.append(what)
        return None

    def step(self) -> None:
        self.recordings.step(self.stops.get)

    def manifest(self) -> Manifest:
        return read_manifest(self.folders.recording(BOOKING))

    def seconds_recorded(self) -> float:
        manifest = self.manifest()
        return (manifest.end_ns - manifest.start_ns) / NS


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, OwnedClock(START))


def session_of(house: House) -> Session:
    session = house.recordings.get("b1")
    assert session is not None
    return session


def test_a_recording_starts_with_the_first_frame_and_ends_at_its_end(house: House) -> None:
    house.recordings.begin(BOOKING)
    assert session_of(house).state is RecordingState.STARTING
    house.recordings.hear(0, Started(booking_id="b1", first_ns=60 * NS, late_frames=0))
    assert house.started == ["b1"]
    house.clock.advance(3599.9)
    house.step()
    assert not house.finished
    house.clock.advance(0.2)
    house.step()
    assert [session.booking.id for session in house.finished] == ["b1"]
    assert house.seconds_recorded() == 3600


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_stepped_wall_clock_moves_nothing_of_a_running_recording(house: House, seconds: float) -> None:
    house.recordings.begin(BOOKING)
    before = house.manifest()
    house.clock.advance(1000)
    house.clock.step(seconds)
    house.step()
    house.clock.advance(2599)
    house.step()
    assert not house.finished
    house.clock.advance(2)
    house.step()
    assert len(house.finished) == 1
    assert house.manifest().end_ns == before.end_ns


def test_a_stop_cuts_at_its_instant_when_it_can_no_longer_be_undone(house: House) -> None:
    house.recordings.begin(BOOKING)
    house.clock.advance(100)
    house.recordings.stop(session_of(house))
    house.stops["b1"] = house.clock.now()
    house.clock.advance(RESUME_SECONDS - 1)
    house.step()
    assert not house.finished
    assert house.seconds_recorded() == 3600
    house.clock.advance(2)
    house.step()
    assert len(house.finished) == 1
    assert house.seconds_recorded() == 100


def test_a_stop_that_is_undone_loses_nothing(house: House) -> None:
    house.recordings.begin(BOOKING)
    house.clock.advance(100)
    house.recordings.stop(session_of(house))
    house.clock.advance(5)
    house.recordings.resume(session_of(house))
    house.clock.advance(60)
    house.step()
    assert not house.finished
    assert house.seconds_recorded() == 3600


def test_an_end_can_be_moved_both_ways(house: House) -> None:
    house.recordings.begin(BOOKING)
    house.recordings.follow(BOOKING.model_copy(update={"end": BOOKING.end + timedelta(minutes=15)}))
    assert house.seconds_recorded() == 75 * 60
    house.recordings.follow(BOOKING.model_copy(update={"end": BOOKING.end - timedelta(minutes=30)}))
    assert house.seconds_recorded() == 30 * 60


def test_a_booking_that_is_started_past_its_end_goes_on_until_its_row_says_ended(house: House) -> None:
    house.recordings.begin(BOOKING)
    for _ in range(130):
        house.clock.advance(30)
        house.recordings.follow(BOOKING, open_end=True)
        house.step()
    assert not house.finished
    house.recordings.end_now("b1")
    house.step()
    assert house.seconds_recorded() == 130 * 30


def test_a_recording_goes_on_in_its_folder_after_a_restart_of_the_engine(tmp_path: Path) -> None:
    clock = OwnedClock(START)
    before = House(tmp_path, clock)
    before.recordings.begin(BOOKING)
    before.recordings.highlight(session_of(before), "goal")
    manifest = before.manifest()
    before.store.close()
    clock.advance(120)
    after = House(tmp_path, clock)
    after.recordings.take_up()
    assert session_of(after).manifest == manifest
    clock.advance(3600)
    after.step()
    assert [session.booking.id for session in after.finished] == ["b1"]


def test_a_recording_whose_end_passed_while_nothing_ran_is_finished_at_once(tmp_path: Path) -> None:
    clock = OwnedClock(START)
    House(tmp_path, clock).recordings.begin(BOOKING)
    clock.advance(2 * 3600)
    after = House(tmp_path, clock)
    after.recordings.take_up()
    after.step()
    assert [session.booking.id for session in after.finished] == ["b1"]


def test_a_stop_outlives_a_restart(tmp_path: Path) -> None:
    clock = OwnedClock(START)
    before = House(tmp_path, clock)
    before.recordings.begin(BOOKING)
    clock.advance(50)
    before.recordings.stop(session_of(before))
    before.store.close()
    after = House(tmp_path, clock)
    after.recordings.take_up()
    clock.advance(1)
    after.stops["b1"] = START + timedelta(seconds=50)
    after.step()
    assert [session.booking.id for session in after.finished] == ["b1"]
    assert after.seconds_recorded() == 50


def test_a_folder_that_cannot_be_written_is_an_alert_and_tried_again(house: House, tmp_path: Path) -> None:
    blocked = tmp_path / "recordings"
    blocked.write_text("a file where the folder should be")
    house.recordings.begin(BOOKING)
    assert "b1" not in house.recordings
    assert len(house.alerts) == 1
    blocked.unlink()
    house.recordings.begin(BOOKING)
    assert "b1" not in house.recordings, "not before five seconds have passed"
    house.clock.advance(5.1)
    house.recordings.begin(BOOKING)
    assert "b1" in house.recordings


def test_swapped_cameras_are_noted_in_running_recordings_and_remembered(tmp_path: Path) -> None:
    clock = OwnedClock(START)
    house = House(tmp_path, clock)
    house.recordings.begin(BOOKING)
    assert house.recordings.swap()
    assert house.manifest().swapped
    house.store.close()
    assert House(tmp_path, clock).recordings.swapped


def test_epochs_keep_every_frame_time_above_zero(house: House) -> None:
    checks: list[Callable[[Manifest], bool]] = [
        lambda manifest: manifest.start_ns == 60 * NS,
        lambda manifest: manifest.epoch == START - timedelta(seconds=60),
        lambda manifest: len(manifest.boots) == 1,
    ]
    house.recordings.begin(BOOKING)
    assert all(check(house.manifest()) for check in checks)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_stepped_after_a_stop_moves_neither_its_instant_nor_its_ten_seconds(
    house: House, seconds: float
) -> None:
    house.recordings.begin(BOOKING)
    house.clock.advance(100)
    house.recordings.stop(session_of(house))
    house.stops["b1"] = house.clock.now()
    house.clock.step(seconds)
    house.clock.advance(RESUME_SECONDS - 1)
    house.step()
    assert not house.finished
    house.clock.advance(2)
    house.step()
    assert len(house.finished) == 1
    assert house.seconds_recorded() == 100


def test_a_booking_begins_at_the_very_nanosecond_at_which_the_one_before_it_ends(house: House) -> None:
    """However the clock is read in between: an hour later it is some microseconds off."""
    house.recordings.begin(BOOKING)
    first = session_of(house)
    house.clock.advance(3600)
    house.clock.step(0.0004321)
    later = BOOKING.model_copy(update={"id": "b2", "start": BOOKING.end, "end": BOOKING.end + timedelta(hours=1)})
    house.recordings.begin(later)
    second = house.recordings.get("b2")
    assert second is not None
    ends, begins = (
        session.epoch_sensor_ns + instant
        for session, instant in ((first, first.manifest.end_ns), (second, second.manifest.start_ns))
    )
    assert ends == begins


def test_with_a_full_disk_a_recording_is_held_and_goes_on_in_the_same_folder(house: House) -> None:
    house.recordings.begin(BOOKING)
    house.recordings.hear(0, Started(booking_id="b1", first_ns=60 * NS, late_frames=0))
    house.clock.advance(600)
    for _ in range(3):
        house.recordings.hold(full=True)
        house.clock.advance(100)
        house.step()
    assert [alert for alert in house.alerts if "the disk is full" in alert] == [
        "the recording of b1 stopped at 18:10:00: the disk is full"
    ], "told once, with the instant"
    assert house.recordings.status(session_of(house)).state is RecordingState.STARTING
    assert house.recordings.seconds_recorded(session_of(house)) == 600
    house.recordings.hold(full=False)
    house.clock.advance(60)
    assert house.recordings.status(session_of(house)).state is RecordingState.RECORDING
    assert house.recordings.seconds_recorded(session_of(house)) == 660
    assert house.seconds_recorded() == 3600, "its end is where it was"
    house.clock.advance(3600)
    house.step()
    assert [session.booking.id for session in house.finished] == ["b1"]


def test_a_held_recording_ends_at_its_end_and_can_be_ended_before(house: House) -> None:
    house.recordings.begin(BOOKING)
    house.recordings.begin(BOOKING.model_copy(update={"id": "b2"}))
    house.recordings.hold(full=True)
    house.clock.advance(60)
    house.recordings.end_now("b2")
    house.step()
    assert [session.booking.id for session in house.finished] == ["b2"]
    house.clock.advance(3600)
    house.recordings.hold(full=True)
    house.step()
    assert [session.booking.id for session in house.finished] == ["b2", "b1"]


def test_nothing_is_begun_on_a_full_disk_and_all_of_it_when_there_is_room(house: House) -> None:
    house.recordings.hold(full=True)
    for _ in range(100):
        house.recordings.begin(BOOKING)
        house.clock.advance(1)
    assert "b1" not in house.recordings
    house.recordings.hold(full=False)
    house.clock.advance(5)
    house.recordings.begin(BOOKING)
    assert "b1" in house.recordings
