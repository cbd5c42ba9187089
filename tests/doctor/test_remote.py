"""Network, store and database are asked for real, and each way in which they refuse is told with what to do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ezrec_tui.doctor.checks import Failed, Found
from ezrec_tui.doctor.remote import look_at_database, look_at_network, look_at_shared_jobs, look_at_store
from ezrec_tui.model import Level
from tests.doctor.conftest import Machine
from tests.peers.s3 import S3Bucket, free_ports
from tests.peers.supabase import CAMERA, Supabase


def now() -> datetime:
    return datetime.now(UTC)


def in_bucket(bucket: S3Bucket, **others: Any) -> dict[str, Any]:
    return {
        "aws_s3_bucket": bucket.name,
        "aws_access_key_id": bucket.server.access_key,
        "aws_secret_access_key": bucket.server.secret_key,
        "s3_endpoint_url": bucket.server.endpoint,
    } | others


def test_a_bucket_takes_a_small_object_and_nothing_of_it_stays(machine: Machine, s3_bucket: S3Bucket) -> None:
    found = look_at_store(machine(**in_bucket(s3_bucket)), now)
    assert (found.level, found.what) == (
        Level.OK, f"bucket {s3_bucket.name} at 127.0.0.1:{s3_bucket.server.port}: "
        "an object was put there, looked at and deleted",
    )  # fmt: skip
    assert s3_bucket.objects() == {}
    assert s3_bucket.unfinished() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"aws_s3_bucket": "nobodys-bucket"}, "There is no bucket nobodys-bucket"),
        ({"aws_secret_access_key": "wrong"}, "does not accept the key"),
        ({"aws_access_key_id": ""}, "There is no key for bucket"),
    ],
)
def test_a_bucket_that_does_not_let_us_in_has_failed(
    machine: Machine, s3_bucket: S3Bucket, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(Failed) as failed:
        look_at_store(machine(**in_bucket(s3_bucket, **wrong)), now)
    assert said in failed.value.found.what
    assert failed.value.found.to_do


def test_a_key_that_may_only_read_has_failed(machine: Machine, s3_bucket: S3Bucket) -> None:
    reader = {
        "aws_access_key_id": s3_bucket.server.reader_key,
        "aws_secret_access_key": s3_bucket.server.reader_secret,
    }
    with pytest.raises(Failed, match="The key has no right to do this"):
        look_at_store(machine(**in_bucket(s3_bucket, **reader)), now)


def test_players_logos_that_cannot_be_read_are_a_warning(machine: Machine, s3_bucket: S3Bucket) -> None:
    found = look_at_store(machine(**in_bucket(s3_bucket, aws_user_media_bucket="Not A Bucket!")), now)
    assert found.level is Level.WARNING
    assert "players' own logos cannot be read" in found.what


def test_a_folder_takes_a_file_and_nothing_of_it_stays(machine: Machine, tmp_path: Path) -> None:
    assert look_at_store(machine(), now).level is Level.OK
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_made_has_failed(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failed):
        look_at_store(machine(ezrec_store_dir=tmp_path / "file" / "videos"), now)


def a_network(root: Path, *routes: str) -> Path:
    """What a kernel says of its routes."""
    (root / "proc" / "net").mkdir(parents=True)
    (root / "proc" / "net" / "route").write_text("\n".join(("Iface\tDestination\tGateway\tFlags", *routes)) + "\n")
    return root


def test_hosts_that_answer_pass_and_those_that_do_not_have_failed(
    machine: Machine, s3_bucket: S3Bucket, tmp_path: Path
) -> None:
    online = a_network(tmp_path, "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0")
    assert look_at_network(machine(**in_bucket(s3_bucket)), online).level is Level.OK
    closed = f"http://127.0.0.1:{free_ports(1)[0]}"
    with pytest.raises(Failed, match=r"the store at 127\.0\.0\.1:.* cannot be reached"):
        look_at_network(machine(**in_bucket(s3_bucket, s3_endpoint_url=closed)), online)
    with pytest.raises(Failed, match=r"the database's host nowhere\.invalid is not known here"):
        look_at_network(machine(supabase_url="https://nowhere.invalid"), online)


def test_a_machine_without_a_way_out_is_told(machine: Machine, tmp_path: Path) -> None:
    offline = a_network(tmp_path)
    with pytest.raises(Failed, match="recording goes on"):
        look_at_network(machine(supabase_url="https://project.supabase.co"), offline)
    assert look_at_network(machine(), offline).level is Level.WARNING


def test_a_database_that_may_be_read_and_written_passes_unchanged(supabase: Supabase) -> None:
    supabase.sql("INSERT INTO cameras (id) VALUES (%s)", CAMERA)
    supabase.add_booking("later", now(), now())
    found = look_at_database(supabase.settings(), now)
    assert (found.level, found.what) == (Level.OK, "1 booking of ours from yesterday on")
    assert [row["status"] for row in supabase.sql("SELECT status FROM bookings")] == ["scheduled"]
    assert supabase.sql("SELECT * FROM videos") == []


def test_a_database_that_does_not_know_this_camera_is_a_warning(supabase: Supabase) -> None:
    found = look_at_database(supabase.settings(), now)
    assert found.level is Level.WARNING
    assert CAMERA in found.what


def test_a_key_that_the_database_does_not_take_has_failed(supabase: Supabase) -> None:
    with pytest.raises(Failed, match="does not let us in"):
        look_at_database(supabase.settings(supabase_service_role_key="wrong"), now)


def test_a_database_that_may_be_read_and_not_written_has_failed(supabase: Supabase) -> None:
    look_at_database(supabase.settings(), now)  # the peer grants the roles their rights when it is first asked
    supabase.sql("REVOKE UPDATE ON videos FROM service_role")
    try:
        with pytest.raises(Failed, match="may not write the table videos"):
            look_at_database(supabase.settings(), now)
    finally:
        supabase.sql("GRANT UPDATE ON videos TO service_role")


def test_the_database_that_machines_share_lets_us_in_or_the_reason_is_told_without_the_password(
    machine: Machine, supabase_peer: Supabase
) -> None:
    def look(url: str) -> Found:
        return look_at_shared_jobs(machine(aws_s3_bucket="venue", ezrec_jobs_url=url))

    assert look_at_shared_jobs(machine()).what == "none are set: this machine makes its videos itself"
    assert "lets us in" in look(supabase_peer.postgres_url).what

    missing = supabase_peer.postgres_url.removesuffix("postgres").replace("postgres@", "postgres:pass-7Q@") + "gone"
    with pytest.raises(Failed, match="does not exist") as failed:
        look(missing)
    assert "pass-7Q" not in str(failed.value.found)


def test_a_database_in_which_no_tables_may_be_made_has_failed(machine: Machine, supabase_peer: Supabase) -> None:
    url = supabase_peer.postgres_url.replace("postgres@", "looker@")
    supabase_peer.sql("CREATE ROLE looker LOGIN")
    try:
        with pytest.raises(Failed, match="no tables may be made"):
            look_at_shared_jobs(machine(aws_s3_bucket="venue", ezrec_jobs_url=url))
    finally:
        supabase_peer.sql("DROP ROLE looker")
