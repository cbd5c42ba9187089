"""A booking in Supabase becomes an object in S3 and a row of the venue's app; both servers are real."""

import asyncio
import json
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.model import JobState
from tests.engine.running import running_engine
from tests.peers.s3 import S3Bucket
from tests.peers.supabase import CAMERA, USER, Supabase
from tests.whole.test_failures import cameras_are_up

pytestmark = pytest.mark.waits


def test_a_booking_in_supabase_becomes_one_object_one_row_and_completed_and_one_cancelled_meanwhile_stays_so(
    tmp_path: Path, supabase: Supabase, s3_bucket: S3Bucket
) -> None:
    cloud = {
        "SUPABASE_URL": supabase.url,
        "SUPABASE_SERVICE_ROLE_KEY": supabase.secret_key,
        "USER_ID": USER,
        "CAMERA_ID": CAMERA,
        "AWS_ACCESS_KEY_ID": s3_bucket.server.access_key,
        "AWS_SECRET_ACCESS_KEY": s3_bucket.server.secret_key,
        "AWS_S3_BUCKET": s3_bucket.name,
        "S3_ENDPOINT_URL": s3_bucket.server.endpoint,
        "BOOKING_CHECK_INTERVAL": "1",
    }
    with running_engine(tmp_path, **cloud) as engine:
        engine.until(cameras_are_up)
        start = datetime.now(UTC)
        supabase.add_booking("b/1", start, start + timedelta(seconds=8), user_id="player-7", status="confirmed")
        supabase.add_booking("cancelled", start, start + timedelta(minutes=30), status="confirmed")
        engine.until(lambda seen: len(seen.recordings) == 2 and all(any(one.frames) for one in seen.recordings))
        supabase.sql("UPDATE bookings SET status = 'Cancelled', updated_at = now() WHERE id = 'cancelled'")
        snapshot = engine.until(lambda seen: [job.state for job in seen.jobs] == [JobState.DONE] * 2)
        [job] = [job for job in snapshot.jobs if job.booking_id == "b/1"]
        link = asyncio.run(engine.client.share_link("b/1", 2))
        shown = engine.cli("jobs", "show", "b/1", "--json")
        log = engine.log
    assert job.video
    objects = s3_bucket.objects()
    key = f"player-7/{start.date().isoformat()}/{Path(job.video).name}"
    data = objects.pop(key)
    assert data == Path(job.video).read_bytes()
    assert list(objects) == [f"{USER}/{start.date().isoformat()}/cancelled.mp4"], "what was recorded is kept"
    [row] = supabase.sql("SELECT * FROM videos WHERE booking_id = 'b/1'")
    assert (row["booking_id"], row["user_id"], row["storage_path"]) == ("b/1", "player-7", key)
    assert row["video_url"] == f"{s3_bucket.server.endpoint}/{s3_bucket.name}/{key}"
    statuses = {row["id"]: row["status"] for row in supabase.sql("SELECT id, status FROM bookings")}
    assert statuses == {"b/1": "Completed", "cancelled": "Cancelled"}
    assert supabase.secret_key not in log
    assert s3_bucket.server.secret_key not in log
    for address in (link.address, json.loads(shown.stdout)["link"]["address"]):
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.read() == data
    assert link.until
    assert timedelta(hours=1.9) < link.until - start < timedelta(hours=2.1)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in written)
    assert not [path for path in written if b"X-Amz-Signature" in path.read_bytes()]
