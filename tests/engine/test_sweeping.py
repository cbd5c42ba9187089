"""When the worker is asked to make room, and what somebody has to know of it."""

from datetime import UTC, datetime

import pytest

from ezrec_tui.config import load_settings
from ezrec_tui.engine.disk import Disk, Room, Use
from ezrec_tui.engine.sweeping import Sweeping
from ezrec_tui.jobs.messages import LostVideo, Sweep, Swept
from ezrec_tui.model import Level
from tests.clock import OwnedClock

GB = 1_000_000_000
USE = Use(recording=12e6, video=12e6)
"""10.8 GB an hour."""
HOUR = 10_800_000_000


class House:
    def __init__(self) -> None:
        self.clock = OwnedClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.asked: list[Sweep] = []
        self.up = True
        self.sweeping = Sweeping(self.clock, self._send)

    def _send(self, sweep: Sweep) -> bool:
        if self.up:
            self.asked.append(sweep)
        return self.up

    def live(self, room: Room, seconds: int) -> None:
        for _ in range(seconds):
            self.sweeping.step(room, ["b1"])
            self.clock.advance(1)


def room(free: int, total: int = 1000 * GB, hours: float = 12) -> Room:
    return Disk(load_settings(_env_file=None).disk_floor, hours).look(free, total, USE)


@pytest.mark.parametrize(
    ("free", "total", "hours", "short"),
    [
        (GB + 12 * HOUR, 1000 * GB, 12, 0),
        (GB + 11 * HOUR, 1000 * GB, 12, HOUR),
        (0, 1000 * GB, 12, GB + 12 * HOUR),
        (GB, 64 * GB, 12, 32 * GB),
        (GB, 64 * GB, 0, 0),
    ],
)
def test_the_disk_is_short_of_the_hours_kept_free_and_of_half_of_itself_at_most(
    free: int, total: int, hours: float, short: int
) -> None:
    assert room(free, total, hours).short == short


def test_a_disk_that_is_short_is_swept_each_minute_and_another_each_hour() -> None:
    house = House()
    house.live(room(GB + 11 * HOUR), 180)
    assert house.asked == [Sweep(need=HOUR, running=("b1",))] * 3
    house = House()
    house.live(room(500 * GB), 2 * 3600)
    assert house.asked == [Sweep(need=0, running=("b1",))] * 2


def test_it_is_asked_for_as_soon_as_there_is_a_worker() -> None:
    house = House()
    house.up = False
    house.live(room(GB), 5)
    house.up = True
    house.live(room(GB), 2)
    assert len(house.asked) == 1


def test_that_nothing_may_go_is_told_while_the_disk_fills_up_and_no_longer() -> None:
    house = House()
    assert house.sweeping.notices(room(GB + HOUR)) == []
    house.sweeping.hear(Swept(freed=0, hindrance="the line is down"))
    (told,) = house.sweeping.notices(room(GB + HOUR))
    assert (told.level, "the line is down" in told.what) == (Level.FAILED, True)
    (told,) = house.sweeping.notices(room(GB + 5 * HOUR))
    assert told.level is Level.WARNING
    assert house.sweeping.notices(room(GB + 11 * HOUR)) == []
    house.sweeping.hear(Swept(freed=1))
    assert house.sweeping.notices(room(GB + HOUR)) == []


def test_a_video_that_the_store_lost_is_told_however_much_room_there_is() -> None:
    house = House()
    lost = LostVideo(booking_id="b1", label="Ana", key="ana/b1.mp4", why="gone")
    house.sweeping.hear(Swept(freed=0, lost=(lost,)))
    (told,) = house.sweeping.notices(room(500 * GB))
    assert (told.booking_id, told.level) == ("b1", Level.FAILED)
    assert "Ana" in told.what
