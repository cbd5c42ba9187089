"""Warnings before a booking: at each lead once, gone when the camera is well."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.engine.foresight import LEADS, TO_DO, UNWELL_NS, WELL_NS, Pulses, ahead, item, lead_of, missing_now
from ezrec_tui.engine.store import StateStore
from ezrec_tui.model import NS, Booking, CameraState, CameraStatus, Level
from tests.clock import OwnedClock

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def booking(minutes: float, name: str = "b1") -> Booking:
    start = NOW + timedelta(minutes=minutes)
    return Booking(id=name, start=start, end=start + timedelta(hours=1))


def camera(state: CameraState, index: int = 0, error: str | None = None) -> CameraStatus:
    return CameraStatus(index=index, serial="s", state=state, error=error)


@given(st.floats(-10_000, 10_000))
def test_the_lead_is_the_shortest_that_has_begun(minutes: float) -> None:
    left = booking(minutes).start - NOW
    expected = [lead for lead in LEADS if timedelta(0) < left <= lead]
    assert lead_of(booking(minutes).start, NOW) == (min(expected) if expected else None)


@given(st.lists(st.sampled_from(CameraState), min_size=1, max_size=300))
def test_a_camera_is_unwell_only_after_a_while_and_well_only_after_a_while(states: list[CameraState]) -> None:
    pulses, unwell_before = Pulses(), False
    history: list[bool] = []
    for second, state in enumerate(states):
        history.append(state in (CameraState.IDLE, CameraState.ARMED, CameraState.RECORDING))
        unwell = 0 in pulses.look([camera(state)], second * NS)
        seconds_well, seconds_unwell = WELL_NS // NS, UNWELL_NS // NS
        if len(history) > seconds_unwell and not any(history[-seconds_unwell - 1 :]):
            assert unwell
        if len(history) > seconds_well and all(history[-seconds_well - 1 :]):
            assert not unwell
        if unwell and not unwell_before:
            assert False in history[: -seconds_unwell or None]
        unwell_before = unwell


def test_a_recorder_that_dies_again_and_again_is_not_well_however_often_it_starts() -> None:
    pulses, unwell = Pulses(), dict[int, str]()
    dying = [CameraState.LOST, CameraState.STARTING, CameraState.IDLE, CameraState.IDLE]
    for second in range(60):
        unwell = pulses.look([camera(dying[second % 4], error="it ends")], second * NS)
    assert list(unwell) == [0]


def test_only_bookings_within_a_day_and_not_begun_are_warned_of(tmp_path: Path) -> None:
    bookings = [booking(-5, "on"), booking(5, "soon"), booking(30, "next"), booking(600, "later"), booking(2000, "far")]
    told = ahead(bookings, {1: "unplugged"}, NOW)
    assert [(notice.booking_id, notice.level) for notice in told] == [
        ("soon", Level.FAILED), ("next", Level.WARNING), ("later", Level.WARNING)
    ]  # fmt: skip
    assert all("camera 2" in notice.what and "unplugged" in notice.what and notice.to_do for notice in told)
    assert ahead(bookings, {}, NOW) == []
    assert [notice.booking_id for notice in missing_now([("on", "Ana")], {0: "gone"})] == ["on"]


def test_each_lead_is_told_once_again_at_the_next_and_gone_when_the_camera_is_well(tmp_path: Path) -> None:
    store, clock, unwell = StateStore(tmp_path / "engine.db"), OwnedClock(NOW), {0: "unplugged"}
    to_come = booking(25 * 60)
    told: list[float] = []
    for minute in range(25 * 60):
        now = clock.now()
        new = store.hold(ahead([to_come], unwell, now), now)
        told += [(to_come.start - now) / timedelta(minutes=1)] * len(new)
        alerts = store.open_alerts()
        assert len(alerts) == (1 if minute >= 60 else 0)
        if minute == 70:
            assert store.acknowledge_alert(alerts[0].id, "ana", now)
            assert store.hold(ahead([to_come], unwell, now), now) == [], "seen is seen"
            assert store.open_alerts() == []
            break
        clock.advance(60)
    clock.advance(60)
    for _ in range(3):  # it comes and goes, within the lead that somebody has seen
        assert store.hold(ahead([to_come], {}, clock.now()), clock.now()) == []
        assert store.hold(ahead([to_come], unwell, clock.now()), clock.now()) == []
        assert store.open_alerts() == []
    store.close()
    store = StateStore(tmp_path / "engine.db")
    for _ in range(25 * 60 - 72):
        now = clock.now()
        told += [(to_come.start - now) / timedelta(minutes=1)] * len(store.hold(ahead([to_come], unwell, now), now))
        clock.advance(60)
    assert told == [24 * 60, 60, 10]
    assert len(store.open_alerts()) == 1
    store.hold(ahead([to_come], {}, clock.now()), clock.now())
    assert store.open_alerts() == [], "the camera is well"


def test_an_alert_that_went_with_its_cause_comes_back_with_it(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "engine.db")
    notices = ahead([booking(30)], {0: "unplugged"}, NOW)
    assert store.hold(notices, NOW) == notices
    store.hold([], NOW)
    assert store.open_alerts() == []
    store.hold(notices, NOW)
    assert len(store.open_alerts()) == 1


def test_the_health_line_says_which_camera_is_not_well() -> None:
    assert item({}).level is Level.OK
    ill = item({1: "no frame for 2 s"})
    assert (ill.key, ill.level) == ("cameras", Level.FAILED)
    assert ill.detail == f"camera 2: no frame for 2 s; {TO_DO}"
