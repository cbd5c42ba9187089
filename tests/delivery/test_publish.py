"""The published record: in the venue's Supabase exactly once, whatever the line does; or on this machine."""

import threading
from collections.abc import Generator
from datetime import UTC
from pathlib import Path

import pytest
from pydantic import SecretStr

from ezrec_tui.config import load_settings
from ezrec_tui.database import DatabaseError, Refused, Unreachable, ask, connect
from ezrec_tui.delivery.publish import LocalRecord, SupabasePublisher, open_publisher
from ezrec_tui.folders import Folders
from ezrec_tui.model import PublishedStatus, VideoRecord
from tests.delivery.outbox_users import NOW, video
from tests.peers.proxy import CAPTIVE_PORTAL, Proxy, http_response
from tests.peers.supabase import Supabase


@pytest.fixture
def proxy(supabase: Supabase) -> Generator[Proxy, None, None]:
    with Proxy(int(supabase.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture
def publisher(supabase: Supabase, proxy: Proxy) -> SupabasePublisher:
    """Through the proxy."""
    return SupabasePublisher(connect(supabase.settings(f"http://127.0.0.1:{proxy.port}")))


def test_a_video_is_one_row_that_says_what_the_app_reads(supabase: Supabase, publisher: SupabasePublisher) -> None:
    publisher.insert_video(video())
    publisher.insert_video(video())
    publisher.insert_video(video(duration_seconds=3601.0))
    (row,) = supabase.sql("SELECT * FROM videos")
    del row["id"]
    assert VideoRecord.model_validate(row | {"date": str(row["date"])}) == video(duration_seconds=3601.0)


@pytest.mark.parametrize("request_line", [b"POST /rest/v1/videos", b"PATCH /rest/v1/videos"])
def test_a_lost_reply_leaves_one_row(
    supabase: Supabase, proxy: Proxy, publisher: SupabasePublisher, request_line: bytes
) -> None:
    proxy.lose_reply_to(request_line)
    with pytest.raises(Unreachable):
        publisher.insert_video(video())
    publisher.insert_video(video())
    assert supabase.sql("SELECT booking_id FROM videos") == [{"booking_id": "b1"}]


def test_a_reset_at_any_byte_leaves_one_row(supabase: Supabase, proxy: Proxy, publisher: SupabasePublisher) -> None:
    cut = 0
    for size in range(0, 1680, 70):
        booking_id = f"b{size}"
        (proxy.reset_after_up if size % 140 else proxy.reset_after_down)(size)
        for _ in range(3):
            try:
                publisher.insert_video(video(booking_id))
                break
            except Unreachable:
                cut += 1
        proxy.heal()
    counts = supabase.sql("SELECT booking_id, count(*) AS rows FROM videos GROUP BY booking_id")
    assert len(counts) == 24
    assert all(row["rows"] == 1 for row in counts)
    assert cut >= 12, "else the line was not bad"


def test_two_who_insert_at_once_leave_one_row(supabase: Supabase) -> None:
    """As does an insert that comes in late, after it was given up and said again."""
    publishers = [SupabasePublisher(connect(supabase.settings())) for _ in range(4)]
    for number in range(5):
        start = threading.Barrier(len(publishers))

        def insert(one: SupabasePublisher, start: threading.Barrier = start, booking_id: str = f"b{number}") -> None:
            start.wait()
            one.insert_video(video(booking_id))

        threads = [threading.Thread(target=insert, args=(one,)) for one in publishers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert supabase.sql("SELECT count(*) AS rows FROM videos") == [{"rows": 5}]


def test_a_bookings_status_is_written_and_other_bookings_are_left_alone(
    supabase: Supabase, publisher: SupabasePublisher
) -> None:
    for name in ("b1", "b2"):
        supabase.add_booking(name, NOW, NOW.replace(hour=21))
    publisher.update_booking("b1", PublishedStatus.RECORDING_FINISHED, NOW)
    publisher.update_booking("of the operator", PublishedStatus.COMPLETED, NOW)
    rows = supabase.sql("SELECT id, status, updated_at FROM bookings ORDER BY id")
    assert [(row["id"], row["status"]) for row in rows] == [("b1", "RecordingFinished"), ("b2", "scheduled")]
    assert rows[0]["updated_at"] == NOW


def test_a_booking_that_the_venue_has_cancelled_stays_cancelled(
    supabase: Supabase, publisher: SupabasePublisher
) -> None:
    for name, status in (("b1", "Cancelled"), ("b2", "canceled"), ("b3", "confirmed")):
        supabase.add_booking(name, NOW, NOW.replace(hour=21), status=status)
        publisher.update_booking(name, PublishedStatus.RECORDING_FINISHED, NOW)
    rows = supabase.sql("SELECT status FROM bookings ORDER BY id")
    assert [row["status"] for row in rows] == ["Cancelled", "canceled", "RecordingFinished"]


def test_a_status_of_an_enumerated_type_is_written_too(supabase: Supabase) -> None:
    with supabase.altered(
        """
        CREATE TYPE state AS ENUM ('confirmed', 'Recording', 'Completed');
        DROP TABLE bookings;
        CREATE TABLE bookings (id text PRIMARY KEY, status state, updated_at timestamptz);
        GRANT ALL ON bookings TO service_role;
        INSERT INTO bookings VALUES ('b1', 'confirmed');
        """
    ) as other:
        publisher = SupabasePublisher(connect(other.settings()))
        for status in (PublishedStatus.RECORDING, PublishedStatus.COMPLETED):
            publisher.update_booking("b1", status, NOW)
        with pytest.raises(Refused, match="Uploading"):
            publisher.update_booking("b1", PublishedStatus.UPLOADING, NOW)
        assert other.sql("SELECT status::text FROM bookings") == [{"status": "Completed"}]


def test_columns_that_the_far_side_does_not_have_are_left_out(
    supabase: Supabase, caplog: pytest.LogCaptureFixture
) -> None:
    with supabase.altered(
        """
        ALTER TABLE videos DROP COLUMN recording_id, DROP COLUMN storage_path;
        """
    ) as older:
        publisher = SupabasePublisher(connect(older.settings()))
        for _ in range(2):
            publisher.insert_video(video())
        assert older.sql("SELECT filename, booking_id FROM videos") == [{"filename": "b1.mp4", "booking_id": "b1"}]
    assert sorted(record.getMessage() for record in caplog.records if record.levelname == "WARNING") == [
        "the table videos has no column recording_id; it is left out",
        "the table videos has no column storage_path; it is left out",
    ]


@pytest.mark.parametrize("booking_id", ["adhoc-1", "6fa1f2ed-7560-4059-8add-fe600caf1877"])
def test_a_booking_that_the_database_cannot_know_has_its_video_published_all_the_same(
    supabase: Supabase, booking_id: str
) -> None:
    """Ids as uuid, videos numbered by the database and bound to bookings: an attendant's recording fits neither."""
    with supabase.altered(
        """
        DROP TABLE bookings, videos;
        CREATE TABLE bookings (id uuid PRIMARY KEY, status text, updated_at timestamptz);
        CREATE TABLE videos (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id text, video_url text,
          date date, recording_id text, duration_seconds real, uploaded_at timestamptz, filename text,
          storage_path text, booking_id uuid REFERENCES bookings);
        GRANT ALL ON bookings, videos TO service_role;
        INSERT INTO bookings VALUES ('00000000-0000-4000-8000-000000000001');
        """
    ) as other:
        publisher = SupabasePublisher(connect(other.settings()))
        for _ in range(2):
            publisher.update_booking(booking_id, PublishedStatus.UPLOADING, NOW)
            publisher.insert_video(video(booking_id))
            publisher.insert_video(video("00000000-0000-4000-8000-000000000001"))
        rows = other.sql("SELECT storage_path, booking_id::text FROM videos ORDER BY id")
        assert [row["booking_id"] for row in rows] == [None, "00000000-0000-4000-8000-000000000001"]
        assert rows[0]["storage_path"] == f"venue-1/2026-05-30/{booking_id}.mp4"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (CAPTIVE_PORTAL, "what answers is not Supabase but a web page (200; a network's log-in page?)"),
        (
            http_response("200 OK", "Welcome", "text/plain"),
            "what answers is not Supabase: its answer is not rows (a network's log-in page?)",
        ),
        (
            http_response("200 OK", '{"welcome": 1}', "application/json"),
            "what answers is not Supabase: its answer is not rows (a network's log-in page?)",
        ),
        (http_response("302 Found", Location="http://portal/"), "Supabase cannot do it now (302)"),
        (http_response("503 Service Unavailable", "x", "text/plain"), "Supabase cannot do it now (503)"),
        (
            http_response("429 Too Many Requests", '{"message": "slow\\ndown"}', "application/json"),
            "Supabase cannot do it now (429: slow down)",
        ),
    ],
)
def test_what_is_not_an_answer_of_the_database_is_no_success(
    supabase: Supabase, proxy: Proxy, publisher: SupabasePublisher, answer: bytes, line: str
) -> None:
    proxy.answer(answer)
    with pytest.raises(Unreachable) as error:
        publisher.insert_video(video())
    assert str(error.value) == line
    with pytest.raises(Unreachable):
        publisher.update_booking("b1", PublishedStatus.RECORDING, NOW)


def test_a_line_that_is_down_is_one_clear_line(proxy: Proxy, publisher: SupabasePublisher) -> None:
    proxy.refuse()
    with pytest.raises(Unreachable, match=r"^Supabase cannot be reached: .*Connection refused$"):
        publisher.insert_video(video())
    proxy.heal()
    proxy.reset_on_accept()
    with pytest.raises(Unreachable, match=r"^(the connection to Supabase broke off|Supabase cannot be reached)"):
        publisher.insert_video(video())


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"supabase_url": "project.supabase.co"}, "SUPABASE_URL is not an address like https://project.supabase.co"),
        ({"supabase_url": "https://u:p@x.co"}, "SUPABASE_URL is not an address like https://project.supabase.co"),
        ({}, "SUPABASE_URL is set, but neither SUPABASE_SERVICE_ROLE_KEY nor SUPABASE_ANON_KEY is"),
        (
            {"supabase_service_role_key": SecretStr("sb_secret_WELL\nKEPT")},
            "the Supabase key holds characters that no key has; copy it again, in one line",
        ),
    ],
)
def test_settings_that_cannot_do_are_refused_with_a_reason(given: dict[str, object], line: str) -> None:
    settings = load_settings(_env_file=None, **({"supabase_url": "https://project.supabase.co"} | given))
    with pytest.raises(Refused) as error:
        connect(settings)
    assert str(error.value) == line


def test_no_error_tells_a_key(supabase: Supabase, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secret = "sb_secret_WELLKEPT"
    url = f"http://127.0.0.1:{proxy.port}"
    told: list[str] = []
    client = connect(supabase.settings(url, supabase_service_role_key=SecretStr(secret)))
    for fault in (proxy.heal, proxy.refuse, proxy.heal, proxy.reset_on_accept):
        fault()
        for table in ("videos", "nowhere"):
            with pytest.raises(DatabaseError) as error:
                ask(client.table(table).insert({"user_id": 1}))
            told.append(str(error.value))
    assert any("Invalid API key" in text for text in told)
    assert all("\n" not in text for text in told)
    assert secret not in "".join([*told, caplog.text])


def test_without_a_supabase_the_record_is_local_and_reads_back(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data", UTC)
    record = open_publisher(load_settings(_env_file=None, supabase_url=""), folders)
    assert isinstance(record, LocalRecord)
    assert record.videos() == ()
    record.insert_video(video("b2"))
    record.insert_video(video("b1"))
    record.insert_video(video("b2", duration_seconds=1.0))
    record.update_booking("b2", PublishedStatus.UPLOADING, NOW)
    record.update_booking("b2", PublishedStatus.COMPLETED, NOW)
    again = LocalRecord(folders.local_record)
    assert again.videos() == (video("b2", duration_seconds=1.0), video("b1"))
    assert again.booking_status("b2") is PublishedStatus.COMPLETED
    assert again.booking_status("b1") is None


def test_a_local_record_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "published.db").mkdir()
    with pytest.raises(Unreachable, match=r"^the local record .*published\.db cannot be used: unable to open"):
        LocalRecord(tmp_path / "published.db").insert_video(video())
