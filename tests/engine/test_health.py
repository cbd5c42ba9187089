"""What the machine's numbers mean: told in time, with what to do, and without flapping."""

from datetime import UTC, datetime

import pytest

from ezrec_tui.engine.health import MachineHealth
from ezrec_tui.engine.limits import Gauge, Limits, Steady
from ezrec_tui.model import NS, Firmware, Level, Machine

OK, WARNING, FAILED = Level.OK, Level.WARNING, Level.FAILED
NOW = datetime(2026, 5, 30, 18, 0, tzinfo=UTC)
WELL = Machine(
    cpu_percent=20,
    memory_total=8 * 10**9,
    memory_available=6 * 10**9,
    uptime_seconds=100,
    celsius=50,
    firmware=Firmware(under_voltage=False),
    network=True,
    clock_set=True,
)


def levels(machine: Machine, seconds: int, health: MachineHealth | None = None, start: int = 0) -> dict[str, Level]:
    """After it was so for so long, looked at every five seconds."""
    health = health or MachineHealth(needs_network=True)
    for second in range(start, start + seconds + 1, 5):
        health.look(machine, second * NS)
    return {item.key: item.level for item in health.items()}


def test_a_machine_that_is_well_has_nothing_to_tell() -> None:
    health = MachineHealth(needs_network=True)
    seen = levels(WELL, 3600, health)
    assert set(seen) == {"memory", "cpu", "temperature", "power", "throttling", "network", "clock"}
    assert set(seen.values()) == {OK}
    assert health.notices() == []


def test_memory_and_processor_are_told_by_what_is_taken_of_them() -> None:
    health = MachineHealth(needs_network=True)
    health.look(WELL.model_copy(update={"memory_available": 6 * 10**9, "cpu_percent": 40}), 0)
    told = {item.key: (item.value, item.unit) for item in health.items()}
    assert (told["memory"], told["cpu"]) == ((25, "%"), (40, "%"))


@pytest.mark.parametrize(
    ("change", "key", "level", "within"),
    [
        ({"memory_available": 10**9}, "memory", WARNING, 15),
        ({"memory_available": 10**8}, "memory", FAILED, 15),
        ({"celsius": 78}, "temperature", WARNING, 10),
        ({"celsius": 84}, "temperature", FAILED, 10),
        ({"firmware": Firmware(under_voltage=True)}, "power", FAILED, 0),
        ({"firmware": Firmware(under_voltage=False, under_voltage_before=True)}, "power", WARNING, 0),
        ({"firmware": Firmware(under_voltage=False, slowed=True)}, "throttling", WARNING, 10),
        ({"network": False}, "network", WARNING, 30),
        ({"clock_set": False}, "clock", WARNING, 300),
    ],
)
def test_what_is_wrong_is_told_in_time_with_what_to_do_and_no_sooner(
    change: dict[str, object], key: str, level: Level, within: int
) -> None:
    ill = WELL.model_copy(update=change)
    if within > 5:
        assert set(levels(ill, within - 5).values()) == {OK}
    health = MachineHealth(needs_network=True)
    assert {name: seen for name, seen in levels(ill, within, health).items() if seen is not OK} == {key: level}
    (notice,) = health.notices()
    (item,) = (item for item in health.items() if item.level is not OK)
    assert notice.level is level
    assert notice.what
    assert notice.to_do
    assert item.detail == f"{notice.what}; {notice.to_do}"


def test_a_busy_processor_stands_on_the_health_line_and_is_no_alert() -> None:
    health, busy = MachineHealth(needs_network=True), WELL.model_copy(update={"cpu_percent": 97})
    assert levels(busy, 115, health)["cpu"] is OK
    assert levels(busy, 5, health, start=120)["cpu"] is WARNING
    assert health.notices() == []


def test_videos_being_rendered_are_no_reason_to_complain_of_a_busy_processor() -> None:
    assert levels(WELL.model_copy(update={"cpu_percent": 100, "cpu_yielding_percent": 70}), 3600)["cpu"] is OK


def test_what_a_machine_cannot_tell_is_not_shown() -> None:
    bare = WELL.model_copy(update={"celsius": None, "firmware": None, "network": None, "clock_set": None})
    assert set(levels(bare, 600)) == {"memory", "cpu"}


def test_where_nothing_lies_beyond_the_network_none_is_needed() -> None:
    offline = WELL.model_copy(update={"network": False})
    assert "network" not in levels(offline, 600, MachineHealth(needs_network=False))


def test_weak_power_is_told_for_a_minute_after_it_was_seen() -> None:
    health = MachineHealth(needs_network=True)
    levels(WELL.model_copy(update={"firmware": Firmware(under_voltage=True)}), 0, health)
    assert levels(WELL, 55, health, start=5)["power"] is FAILED
    assert levels(WELL, 0, health, start=65)["power"] is OK


def test_a_value_that_swings_about_its_limit_is_told_once() -> None:
    gauge = Gauge(Limits(75, 82, rising=True))
    seen = [gauge.look(74 + second % 2 * 2, second * NS) for second in range(600)]
    assert [level for level, before in zip(seen[1:], seen, strict=False) if level is not before] == [WARNING]
    assert gauge.look(60, 600 * NS) is OK


def test_a_level_waits_both_ways_and_each_step_for_itself() -> None:
    steady = Steady(patience=10, calm=30)
    told = [steady.look(level, second * NS) for second, level in enumerate([FAILED] * 5 + [OK] + [WARNING] * 8)]
    assert set(told) == {OK}
    assert [steady.look(WARNING, second * NS) for second in (15, 16)] == [OK, WARNING]
    assert [steady.look(FAILED, second * NS) for second in (17, 26, 27)] == [WARNING, WARNING, FAILED]
    assert [steady.look(WARNING, second * NS) for second in (28, 57, 58)] == [FAILED, FAILED, WARNING]
    assert [steady.look(OK, second * NS) for second in (59, 88, 89)] == [WARNING, WARNING, OK]


def test_what_is_worse_than_a_warning_is_one_already() -> None:
    steady = Steady(patience=10)
    assert [steady.look(level, second * NS) for second, level in ((0, WARNING), (6, FAILED), (11, FAILED))] == [
        OK,
        OK,
        WARNING,
    ]
