"""A wall clock that is stepped, and one that changes for summer, while a booking is recorded. Real recorders."""

import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.engine.running import RunningEngine, running_engine
from tests.whole import stepped_engine
from tests.whole.numbers import assert_shows, between_frames, frames_within, recorded, sensor_time
from tests.whole.test_bookings import LEAD, PLAIN, SIZE, cameras_are_up, is_done

pytestmark = pytest.mark.alone

LENGTH = timedelta(seconds=8)
STEPS_AFTER = timedelta(seconds=4)
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""02:00 becomes 03:00 in Madrid."""
AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""03:00 becomes 02:00 in Madrid."""


@dataclass
class Case:
    """An engine of its own; its wall clock is off by `offset`, and by `step` more from the middle of the booking."""

    engine: RunningEngine
    offset_file: Path
    start: datetime
    """By the machine's clock."""
    offset: timedelta = timedelta()
    step: timedelta = timedelta()

    def set_offset(self, offset: timedelta) -> None:
        partial = self.offset_file.with_suffix(".new")
        partial.write_text(str(offset.total_seconds()))
        partial.replace(self.offset_file)

    def book(self, zone: ZoneInfo) -> None:
        """As the app writes it: local time without an offset where it can be told, with one where it is shown twice."""
        begin = (self.start + self.offset).astimezone(zone)
        end = (self.start + self.offset + LENGTH).astimezone(zone)
        twice = begin.utcoffset() != end.utcoffset() and end.replace(tzinfo=None) < begin.replace(tzinfo=None)
        start_time, end_time = (t.isoformat() if twice else t.replace(tzinfo=None).isoformat() for t in (begin, end))
        row = {"id": "game", "start_time": start_time, "end_time": end_time}
        (self.engine.data / "bookings.json").write_text(json.dumps([row]))


def test_clock_steps_and_the_change_to_summer_time_change_nothing_but_the_time_that_is_noted(tmp_path: Path) -> None:
    zone = ZoneInfo("Europe/Madrid")
    with ExitStack() as engines:
        cases: dict[str, Case] = {}
        for name in ("an hour ahead", "an hour back", "spring", "autumn"):
            offset_file = tmp_path / f"{name} offset"
            offset_file.write_text("0")
            program = ("-m", stepped_engine.__name__, str(offset_file))
            path = {"PYTHONPATH": str(Path(__file__).parents[2])}
            engine = engines.enter_context(
                running_engine(tmp_path / name, *program, TIMEZONE_NAME=zone.key, **PLAIN, **path)
            )
            cases[name] = Case(engine, offset_file, datetime.now(UTC))
        for case in cases.values():
            case.engine.until(cameras_are_up)
        start = between_frames(datetime.now(UTC) + LEAD)
        for case in cases.values():
            case.start = start
        cases["an hour ahead"].step = timedelta(hours=1)
        cases["an hour back"].step = -timedelta(hours=1)
        for name, change in (("spring", SPRING), ("autumn", AUTUMN)):
            cases[name].offset = change - start - STEPS_AFTER
        for case in cases.values():
            case.set_offset(case.offset)
            case.book(zone)
        for case in cases.values():
            middle = start + case.offset + STEPS_AFTER
            case.engine.until(lambda seen, middle=middle: seen.at >= middle)
            case.set_offset(case.offset + case.step)
        for case in cases.values():
            case.engine.until(is_done("game"))
    for name, case in cases.items():
        found = recorded(case.engine.data, "game", SIZE)
        print(name, found.manifest.epoch.isoformat(), len(found.seen.left), "frames")
        assert_shows(found, frames_within(sensor_time(start), sensor_time(start + LENGTH)))
        assert len(found.manifest.boots) == 1
        noted = found.manifest.epoch + timedelta(microseconds=found.manifest.start_ns / 1000)
        assert abs(noted - start - case.offset) < timedelta(milliseconds=1)
        day = (start + case.offset).astimezone(zone).date().isoformat()
        assert found.folder.parent.name == day
