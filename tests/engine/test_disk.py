"""Room on the disk: the floor, the levels, and that nothing flaps."""

from hypothesis import given
from hypothesis import strategies as st

from ezrec_tui.config import load_settings
from ezrec_tui.engine.disk import Disk, Use, notices
from ezrec_tui.engine.limits import Limits
from ezrec_tui.model import Level

GB = 1_000_000_000
TOTAL = 64 * GB
USE = Use(recording=12e6, video=12e6)
FLOOR = load_settings(_env_file=None).disk_floor

frees = st.integers(0, TOTAL)


def test_the_floor_is_a_gigabyte_and_never_more_than_a_twentieth_of_the_disk() -> None:
    assert FLOOR(TOTAL) == GB
    assert FLOOR(2 * GB) == GB // 10


def test_hours_left_count_footage_and_its_video_down_to_the_floor() -> None:
    room = Disk(FLOOR).look(GB + 10_800_000_000, TOTAL, USE)
    assert room.hours == 1.0
    assert Disk(FLOOR).look(GB + 10_800_000_000, TOTAL, Use(6e6, 12e6)).hours > 1.0


@given(frees, st.integers(0, 20 * GB))
def test_a_recording_stops_while_its_video_still_fits_above_the_floor(free: int, reserved: int) -> None:
    room = Disk(FLOOR).look(free, TOTAL, Use(12e6, 12e6, reserved))
    assert room.full == (free <= GB + reserved)
    assert room.full == (room.hours == 0.0)


@given(st.lists(frees, min_size=1))
def test_a_full_disk_is_told_and_is_full_until_there_is_room_for_more_than_a_moment(looks: list[int]) -> None:
    disk, was_full = Disk(FLOOR), False
    for free in looks:
        room = disk.look(free, TOTAL, USE)
        assert room.full == (free <= GB + (GB // 4 if was_full else 0))
        assert any(notice.topic == "disk:full" for notice in notices(room, "/data")) == room.full
        assert bool(notices(room, "/data")) == (room.full or room.level is not Level.OK)
        was_full = room.full


@given(st.lists(st.floats(0, 20), min_size=1))
def test_a_level_rises_at_its_limit_and_falls_only_well_past_it(values: list[float]) -> None:
    limits, level = Limits(8, 2, rising=False), Level.OK
    order = [Level.OK, Level.WARNING, Level.FAILED]
    for value in values:
        before, level = level, limits.level(value, level)
        at_least = limits.level(value)
        assert order.index(level) >= order.index(at_least)
        if order.index(level) < order.index(before):
            left = {Level.FAILED: 2, Level.WARNING: 8}[before]
            assert value > left * 1.1
        if level is not at_least:
            assert level is before or order.index(level) < order.index(before)


def test_a_rising_limit_works_the_same_way() -> None:
    hot = Limits(75, 82, rising=True)
    assert hot.level(76) is Level.WARNING
    assert hot.level(74, Level.WARNING) is Level.WARNING
    assert hot.level(60, Level.WARNING) is Level.OK
    assert hot.level(83, Level.WARNING) is Level.FAILED
