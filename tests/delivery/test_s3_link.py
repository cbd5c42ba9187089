"""Links under which a video can be fetched for a while: what AWS's own library would sign, and what the store takes."""

import os
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from ezrec_tui.config import SettingsError, load_settings
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_link import presigned_url
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import share_link
from tests.peers.s3 import S3Bucket

KEY = "user_1/2026-11-23/booking-7~x.mp4"
AT = datetime(2026, 11, 23, 10, 30, 15, tzinfo=UTC)
R2 = "https://0123456789abcdef.r2.cloudflarestorage.com"


@pytest.mark.parametrize(
    "given",
    [
        {"aws_region": "eu-west-1"},
        {"aws_region": "eu-west-1", "aws_s3_bucket": "a.venue"},
        {"s3_endpoint_url": R2},
        {"s3_endpoint_url": "http://minio.venue.lan:9000"},
        {"s3_endpoint_url": "https://ams3.spaces.example", "s3_addressing": "virtual"},
    ],
    ids=["aws", "dots", "r2", "minio", "virtual"],
)
def test_a_link_is_the_one_that_the_stores_own_library_signs(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "se/cr+et", "aws_s3_bucket": "venue"}
    target = S3Target.of(load_settings(_env_file=None, **{**keys, **given}))
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_, **__: AT)
    client = boto3.session.Session().client(
        "s3",
        region_name=target.region,
        endpoint_url=target.endpoint or None,
        aws_access_key_id=keys["aws_access_key_id"],
        aws_secret_access_key=keys["aws_secret_access_key"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual" if target.is_virtual else "path"}),
    )
    theirs = client.generate_presigned_url("get_object", {"Bucket": target.bucket, "Key": KEY}, ExpiresIn=3600)
    assert presigned_url(target, KEY, AT, timedelta(hours=1)) == theirs


def test_who_has_the_link_has_the_video_until_it_expires(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(1000))
    target = s3_bucket.target()
    S3Store(target, tmp_path).put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    now = datetime.now(UTC)
    with urllib.request.urlopen(presigned_url(target, KEY, now, timedelta(hours=1)), timeout=20) as answer:
        assert answer.read() == video.read_bytes()
    expired = presigned_url(target, KEY, now - timedelta(hours=2), timedelta(hours=1))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(expired, timeout=20)
    assert refused.value.code == 403


def test_a_link_lives_a_week_at_most(s3_bucket: S3Bucket) -> None:
    with pytest.raises(ValueError, match="seven days"):
        presigned_url(s3_bucket.target(), KEY, AT, timedelta(days=7, seconds=1))
    with pytest.raises(SettingsError, match="SHARE_LINK_HOURS"):
        load_settings(_env_file=None, share_link_hours=169)
    keys = {"aws_access_key_id": "KEY", "aws_secret_access_key": "secret", "aws_s3_bucket": "venue"}
    settings = load_settings(_env_file=None, **keys, share_link_hours=2)
    assert share_link(settings, KEY, AT).until == AT + timedelta(hours=2)
    assert share_link(settings, KEY, AT, 7 * 24).until == AT + timedelta(days=7)


def test_of_a_folder_the_link_is_the_path(tmp_path: Path) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(b"video")
    settings = load_settings(_env_file=None, ezrec_data_dir=tmp_path)
    FolderStore(settings.store_dir).put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    link = share_link(settings, KEY, AT)
    assert link.until is None
    assert Path(link.address).read_bytes() == b"video"
