"""How it stands, told to others: in `status.json`, hardly ever written and whole at any instant; in the database."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.database import Unreachable
from ezrec_tui.delivery.presence import Presence
from ezrec_tui.engine.status import Heartbeat, StatusFile
from ezrec_tui.model import Banner, CameraState, Health, HealthItem, Level, Machine, Status
from tests.clock import OwnedClock
from tests.engine.running import PATIENCE, running_engine
from tests.peers.supabase import CAMERA, USER, Supabase

NOW = datetime(2026, 5, 30, 18, 0, tzinfo=UTC)


def status(at: datetime = NOW, level: Level = Level.OK, cpu: float = 10, banner: Banner = Banner.IDLE) -> Status:
    health = Health(
        at=at,
        engine_started=NOW,
        level=level,
        items=(HealthItem(key="cpu", level=level, value=cpu, unit="%"),),
        machine=Machine(cpu_percent=cpu, memory_total=8, memory_available=6, uptime_seconds=at.timestamp()),
    )
    return Status(at=at, version="1", banner=banner, is_recording=banner is Banner.RECORDING, health=health)


def test_only_news_is_written_at_once_and_numbers_every_five_minutes(tmp_path: Path) -> None:
    clock, path, written = OwnedClock(NOW), tmp_path / "status.json", list[Status]()
    file = StatusFile(path, clock, lambda: status())
    for second in range(0, 1800, 5):
        banner = Banner.RECORDING if 700 <= second < 800 else Banner.IDLE
        level = Level.WARNING if second >= 1000 else Level.OK
        seen = status(clock.now(), level, second % 80, banner)
        if file.is_due(seen):
            file.write(seen)
            written.append(Status.model_validate_json(path.read_text()))
        clock.advance(5)
    assert [round((one.at - NOW).total_seconds()) for one in written] == [0, 300, 600, 700, 800, 1000, 1300, 1600]
    assert [one.is_recording for one in written].index(True) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "status.json").mkdir()
    file = StatusFile(tmp_path / "status.json", OwnedClock(NOW), status)
    file.write(status())
    (notice,) = file.notices()
    assert "status.json cannot be written" in notice.what
    (tmp_path / "status.json").rmdir()
    assert file.is_due(status())
    file.write(status())
    assert file.notices() == []


def test_a_line_that_is_down_is_told_of_once_and_met_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    down = [True, True, False, False]

    class Line(Presence):
        def tell(self, status: Status) -> None:
            if down.pop(0):
                raise Unreachable("Supabase does not answer in time")

    async def beats() -> None:
        heart = Heartbeat(Line(lambda: pytest.fail("asked"), USER, CAMERA), OwnedClock(NOW), status)
        for _ in range(4):
            await heart.beat()

    asyncio.run(beats())
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "the venue's app is not told how this machine does",
        "the venue's app is told again how this machine does",
    ]


def test_an_engine_says_how_it_stands_in_the_file_and_in_the_database(tmp_path: Path, supabase: Supabase) -> None:
    supabase.sql("INSERT INTO cameras (id) VALUES ('court-1')")
    vcgencmd = tmp_path / "bin" / "vcgencmd"
    vcgencmd.parent.mkdir()
    vcgencmd.write_text("#!/bin/sh\necho throttled=0x50005\n")
    vcgencmd.chmod(0o755)
    settings = {
        "PATH": f"{vcgencmd.parent}:{os.environ['PATH']}",
        "SUPABASE_URL": supabase.url,
        "SUPABASE_SERVICE_ROLE_KEY": supabase.secret_key,
        "USER_ID": USER,
        "CAMERA_ID": CAMERA,
    }
    path = tmp_path / "status.json"
    with running_engine(tmp_path, **settings) as engine:

        def is_told(_: object) -> bool:
            said = Status.model_validate_json(path.read_text()) if path.exists() else None
            return said is not None and said.health.errors > 0 and bool(supabase.sql("SELECT * FROM system_status"))

        engine.until(lambda seen: {"store", "database", "cameras", "memory"} <= {item.key for item in seen.health})
        seen = engine.until(is_told)
        assert "the power is too weak: the machine may fail at any moment" in {alert.what for alert in seen.alerts}
        said = Status.model_validate_json(path.read_text())
        assert said.running
        assert said.banner is Banner.ALERT
        assert said.health.disk
        assert said.health.disk.total > said.health.disk.free > 0
        (row,) = supabase.sql("SELECT * FROM system_status")
        assert row["disk_free_gb"] > 0
        assert abs(row["last_heartbeat"] - datetime.now(UTC)) < timedelta(seconds=PATIENCE)
        (camera,) = supabase.sql("SELECT * FROM cameras")
        assert camera["status"] in ("online", "error")
        assert camera["is_recording"] is False
        assert supabase.secret_key not in path.read_text()
    last = Status.model_validate_json(path.read_text())
    assert not last.running
    assert {(camera.state, camera.error) for camera in last.cameras} == {(CameraState.OFF, None)}
