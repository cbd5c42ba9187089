"""What the venue's app is told of this machine: the newest, in the real database, whatever its tables look like."""

import logging
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import pytest

from ezrec_tui.database import Unreachable, connect
from ezrec_tui.delivery.presence import Presence, camera_row, system_row
from ezrec_tui.model import Banner, CameraState, CameraStatus, DiskSpace, Health, Level, Machine, Status
from tests.peers.proxy import Proxy
from tests.peers.supabase import CAMERA, USER, Supabase

NOW = datetime(2026, 5, 30, 18, 0, tzinfo=UTC)
GB = 10**9
HEALTH = Health(
    at=NOW,
    engine_started=NOW - timedelta(hours=1),
    level=Level.OK,
    items=(),
    machine=Machine(cpu_percent=12.34, memory_total=8 * GB, memory_available=6 * GB, uptime_seconds=7200),
    disk=DiskSpace(total=128 * GB, free=32 * GB, hours=11),
    errors=1,
    recordings=7,
    deliveries=5,
)
RECORDING = Status(
    at=NOW, version="1", banner=Banner.RECORDING, is_recording=True, current_booking_id="b1", health=HEALTH
)
IDLE = RECORDING.model_copy(
    update={"at": NOW + timedelta(seconds=30), "banner": Banner.IDLE, "is_recording": False, "current_booking_id": None}
)
TOLD = {
    "user_id": USER,
    "camera_id": CAMERA,
    "status": "recording",
    "is_recording": True,
    "current_booking_id": "b1",
    "last_heartbeat": NOW,
    "cpu_usage": 12.3,
    "memory_usage": 25.0,
    "memory_available_mb": 6000.0,
    "disk_usage": 75.0,
    "disk_free_gb": 32.0,
    "errors_count": 1,
    "total_recordings": 7,
    "successful_uploads": 5,
}


def presence(supabase: Supabase, url: str = "") -> Presence:
    return Presence(cache(partial(connect, supabase.settings(url))), USER, CAMERA)


def test_the_app_reads_how_the_machine_stood_last(supabase: Supabase) -> None:
    supabase.sql("INSERT INTO cameras (id, name) VALUES ('court-1', 'Court 1'), ('court-2', 'Court 2')")
    one = presence(supabase)
    one.tell(RECORDING)
    assert supabase.sql("SELECT * FROM system_status") == [TOLD]
    one.tell(IDLE)
    (ours, others) = supabase.sql("SELECT name, status, is_recording, last_seen FROM cameras ORDER BY id")
    assert ours == {"name": "Court 1", "status": "online", "is_recording": False, "last_seen": IDLE.at}
    assert others["status"] is None
    (row,) = supabase.sql("SELECT * FROM system_status")
    assert row == TOLD | {
        "status": "idle",
        "is_recording": False,
        "current_booking_id": None,
        "last_heartbeat": IDLE.at,
    }


def test_a_line_that_was_down_is_told_the_newest_alone(supabase: Supabase) -> None:
    supabase.sql("INSERT INTO cameras (id) VALUES ('court-1')")
    with Proxy(int(supabase.url.rpartition(":")[2])) as line:
        one = presence(supabase, f"http://127.0.0.1:{line.port}")
        one.tell(RECORDING)
        line.refuse()
        line.cut()
        for minutes in range(3):
            with pytest.raises(Unreachable):
                one.tell(RECORDING.model_copy(update={"at": NOW + timedelta(minutes=minutes)}))
        line.heal()
        before = line.up
        one.tell(IDLE)
        assert line.up - before < 4000, "one telling, of two requests"
    assert supabase.sql("SELECT last_seen FROM cameras") == [{"last_seen": IDLE.at}]
    assert supabase.sql("SELECT last_heartbeat FROM system_status") == [{"last_heartbeat": IDLE.at}]


def test_tables_of_another_making_are_told_what_they_have_room_for(
    supabase: Supabase, caplog: pytest.LogCaptureFixture
) -> None:
    """Columns are missing, one takes other values, and nothing makes the machine's row the only one."""
    with supabase.altered(
        """
        CREATE TYPE state AS ENUM ('online', 'offline');
        ALTER TABLE cameras DROP COLUMN last_seen, ALTER COLUMN status TYPE state USING status::state;
        ALTER TABLE system_status DROP COLUMN cpu_usage, DROP COLUMN memory_available_mb,
          DROP CONSTRAINT system_status_pkey;
        INSERT INTO cameras (id) VALUES ('court-1');
        """
    ) as other:
        one = presence(other)
        for status in (IDLE, RECORDING, RECORDING, RECORDING):
            one.tell(status)
        assert other.sql("SELECT status::text FROM cameras") == [{"status": "online"}]
        left = {name: value for name, value in TOLD.items() if name not in ("cpu_usage", "memory_available_mb")}
        assert other.sql("SELECT * FROM system_status") == [left]
    warned = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [line for line in warned if "no column" in line] == [
        "the table cameras has no column last_seen; it is left out",
        "the table system_status has no column cpu_usage; it is left out",
        "the table system_status has no column memory_available_mb; it is left out",
    ]
    assert sum("invalid input value for enum" in line for line in warned) == 1


def test_a_database_without_the_table_is_not_asked_for_it_again(
    supabase: Supabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with supabase.altered("DROP TABLE system_status; INSERT INTO cameras (id) VALUES ('court-1')") as other:
        one = presence(other)
        for status in (IDLE, IDLE, RECORDING):
            one.tell(status)
        assert other.sql("SELECT status FROM cameras") == [{"status": "recording"}]
    assert sum("no table system_status" in record.getMessage() for record in caplog.records) == 1


def test_a_machine_without_an_id_tells_nothing(supabase: Supabase) -> None:
    supabase.sql("INSERT INTO cameras (id) VALUES ('court-1'), ('')")
    Presence(cache(partial(connect, supabase.settings())), USER, "").tell(RECORDING)
    assert {row["status"] for row in supabase.sql("SELECT status FROM cameras")} == {None}
    assert supabase.sql("SELECT * FROM system_status") == []


def test_a_camera_that_is_lost_is_an_error_unless_the_other_one_records() -> None:
    lost = (CameraStatus(index=0, serial="a", state=CameraState.LOST), CameraStatus(index=1, serial="b"))
    assert camera_row(IDLE)["status"] == "online"
    assert camera_row(IDLE.model_copy(update={"cameras": lost}))["status"] == "error"
    assert camera_row(RECORDING.model_copy(update={"cameras": lost}))["status"] == "recording"


def test_what_is_not_known_yet_is_left_as_it_was_told_before() -> None:
    unknown = IDLE.model_copy(update={"health": HEALTH.model_copy(update={"machine": None, "disk": None})})
    assert not {"cpu_usage", "memory_usage", "disk_usage", "disk_free_gb"} & system_row(unknown).keys()
