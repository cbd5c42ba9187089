"""How a file is cut into parts, and how fast they may go."""

import hashlib
import os
from pathlib import Path

import pytest

from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_body import Limiter
from ezrec_tui.delivery.s3_parts import MIB, PartReader, composite_etag, part_size
from tests.peers.s3 import S3Bucket


def test_parts_are_equal_and_never_more_than_the_store_takes() -> None:
    assert part_size(1) == 8 * MIB
    assert part_size(83_886_080_000) == 8 * MIB
    for size in (83_886_080_001, 10**12, 5 * 10**12):
        assert part_size(size) % MIB == 0
        assert -(-size // part_size(size)) <= 10_000


def test_the_checksum_of_an_object_of_parts_is_that_of_its_parts(tmp_path: Path) -> None:
    content = b"a" * 10 + b"b" * 10 + b"c" * 3
    path = tmp_path / "file"
    path.write_bytes(content)
    with path.open("rb") as file:
        reader = PartReader(path, file, len(content), 10, lambda: None)
        parts = reader.read_all()
    assert [(part.number, part.offset, part.size) for part in parts] == [(1, 0, 10), (2, 10, 10), (3, 20, 3)]
    digests = [hashlib.md5(piece).digest() for piece in (b"a" * 10, b"b" * 10, b"c" * 3)]
    assert composite_etag(parts) == hashlib.md5(b"".join(digests)).hexdigest() + "-3"
    assert reader.sha256 == hashlib.sha256(content).hexdigest()


class OwnTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_the_limit_counts_every_byte_once(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(6 * MIB))  # two parts, and plain http: botocore reads each more often than it sends it
    own = OwnTime()
    store = S3Store(s3_bucket.target(max_mbit=8), tmp_path, clock=own, sleep=own.sleep)
    store.put(video, "u/d/b.mp4", on_progress=lambda _: None, should_stop=lambda: False)
    assert own.now == pytest.approx(6 * MIB / 1e6, rel=0.05)  # nothing waits for the last piece


def test_two_uploads_share_the_limit() -> None:
    own = OwnTime()
    limiter = Limiter(8, own, own.sleep)
    for _ in range(100):
        limiter.pace(20_000)
        limiter.pace(80_000)
    assert own.now == pytest.approx(10, rel=0.01)
