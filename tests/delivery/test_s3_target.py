"""The forms in which a store's address is written, and what goes to it then.

R2 and AWS cannot run here: of them the shape of the request is looked at, as botocore has signed it. TLS and the store
behind it are real.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from ezrec_tui.config import load_settings
from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_bucket import Bucket
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Shut, Unreachable
from tests.peers.s3 import S3Bucket

KEY = "user-1/2026-11-23/booking-7.mp4"
R2 = "https://0123456789abcdef.r2.cloudflarestorage.com"


def target(**given: Any) -> S3Target:
    keys = {"aws_access_key_id": "KEY", "aws_secret_access_key": "secret", "aws_s3_bucket": "venue"}
    return S3Target.of(load_settings(_env_file=None, **{**keys, **given}))


def request_of(to: S3Target) -> AWSPreparedRequest:
    """The request that begins an upload, caught on its way out."""
    bucket = Bucket(to)
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: object) -> None:
        caught.append(request)
        raise Unreachable("Caught.", "")

    bucket._client().meta.events.register("before-send.s3", catch)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(Unreachable):
        bucket.begin(KEY)
    return caught[0]


@pytest.mark.parametrize(
    ("given", "url", "region"),
    [
        ({"aws_region": "eu-west-1"}, "https://venue.s3.eu-west-1.amazonaws.com", "eu-west-1"),
        (
            {"s3_endpoint_url": "https://s3.eu-west-3.amazonaws.com"},
            "https://venue.s3.eu-west-3.amazonaws.com",
            "eu-west-3",
        ),
        (
            {"s3_endpoint_url": "https://venue.s3.eu-west-3.amazonaws.com/"},
            "https://venue.s3.eu-west-3.amazonaws.com",
            "eu-west-3",
        ),
        (
            {"aws_s3_bucket": "a.venue", "aws_region": "eu-west-1"},
            "https://s3.eu-west-1.amazonaws.com/a.venue",
            "eu-west-1",
        ),
        ({"s3_endpoint_url": R2, "aws_region": "eu-west-1"}, f"{R2}/venue", "auto"),
        ({"s3_endpoint_url": f"{R2}/venue/"}, f"{R2}/venue", "auto"),
        ({"s3_endpoint_url": R2.replace(".r2.", ".eu.r2.")}, f"{R2.replace('.r2.', '.eu.r2.')}/venue", "auto"),
        ({"s3_endpoint_url": "http://minio.venue.lan:9000"}, "http://minio.venue.lan:9000/venue", "us-east-1"),
        (
            {"s3_endpoint_url": "https://ams3.spaces.example", "s3_addressing": "virtual", "aws_region": "ams3"},
            "https://venue.ams3.spaces.example",
            "ams3",
        ),
        (
            {"s3_endpoint_url": "https://venue.ams3.spaces.example", "aws_region": "ams3"},
            "https://venue.ams3.spaces.example",
            "ams3",
        ),
    ],
)
def test_each_form_of_address_reaches_the_bucket(given: dict[str, str], url: str, region: str) -> None:
    to = target(**given)
    request = request_of(to)
    assert request.url == f"{url}/{KEY}?uploads"
    assert f"/{region}/s3/aws4_request" in str(request.headers["Authorization"])
    if "a.venue" not in url:
        assert to.url(KEY) == f"{url}/{KEY}"


def test_r2_is_asked_for_no_checksum_that_it_does_not_know() -> None:
    headers = {name.lower() for name in request_of(target(s3_endpoint_url=R2)).headers}
    assert not {name for name in headers if "checksum" in name or name == "expect"}
    assert "x-amz-checksum-algorithm" in {name.lower() for name in request_of(target()).headers}


@pytest.mark.parametrize("address", ["store.example", "ftp://store.example", "https://", "https://store.example/other"])
def test_what_is_no_address_of_a_store_is_told(address: str) -> None:
    with pytest.raises(Shut, match="S3_ENDPOINT_URL"):
        target(s3_endpoint_url=address)


# TLS


def deliver(store: S3Store, video: Path) -> None:
    store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(6 << 20))
    return path


def test_a_store_with_a_certificate_of_ones_own_is_reached_with_its_ca(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    server = s3_bucket.server
    to = s3_bucket.target(endpoint=f"https://127.0.0.1:{server.tls_port}", ca_file=server.ca_file, sha256=True)
    deliver(S3Store(to, tmp_path), video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    to = s3_bucket.target(endpoint=f"https://127.0.0.1:{s3_bucket.server.tls_port}", tries=1)
    with pytest.raises(Unreachable, match="not trusted") as told:
        deliver(S3Store(to, tmp_path), video)
    assert "S3_CA_FILE" in told.value.to_do
    assert s3_bucket.objects() == {}


@pytest.mark.parametrize("name", ["s3_ca_file", "aws_ca_bundle"])
def test_a_ca_file_that_cannot_be_used_is_told(tmp_path: Path, name: str) -> None:
    wrong = tmp_path / "ca.pem"
    with pytest.raises(Shut, match="No such file"):
        target(**{name: wrong})
    wrong.write_text("no certificate")
    with pytest.raises(Shut, match="no certificate in it"):
        target(**{name: wrong})
