"""What lies under a video's key already: an earlier video of the same recording, or somebody else's."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.keys import recording_mark
from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.store import Refused, Store, Stored, Unreachable
from ezrec_tui.model import Booking, Manifest
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket

KEY = "user-1/2026-11-23/booking-7.mp4"
PARTS, SMALL = 11 << 20, 1000
SIZES = pytest.mark.parametrize("size", [PARTS, SMALL], ids=["parts", "small"])


def make(path: Path, size: int) -> Path:
    """As a render makes it: under its name only when it is whole."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(os.urandom(size))
    return partial.rename(path)


def put(store: Store, video: Path, recording: str | None) -> Stored:
    return store.put(video, KEY, recording=recording, on_progress=lambda _: None, should_stop=lambda: False)


def beside(video: Path) -> str:
    return f"user-1/2026-11-23/booking-7-{hashlib.sha256(video.read_bytes()).hexdigest()[:8]}.mp4"


@SIZES
def test_a_new_video_of_the_same_recording_takes_the_place_of_the_old_one(
    tmp_path: Path, s3_bucket: S3Bucket, size: int
) -> None:
    store = S3Store(s3_bucket.target(), tmp_path)
    put(store, make(tmp_path / "video.mp4", PARTS), "ours")
    again = make(tmp_path / "video.mp4", size)
    assert put(store, again, "ours").key == KEY
    assert s3_bucket.objects() == {KEY: again.read_bytes()}
    assert put(store, again, "ours").moved == 0


@SIZES
@pytest.mark.parametrize("sha256", [False, True], ids=["md5", "sha256"])
def test_who_has_the_video_no_more_still_finds_out_whether_the_store_holds_it(
    tmp_path: Path, s3_bucket: S3Bucket, size: int, sha256: bool
) -> None:
    store = S3Store(s3_bucket.target(sha256=sha256), tmp_path)
    put(store, make(tmp_path / "video.mp4", size), "ours")
    proof = store.prove(tmp_path / "video.mp4", KEY)
    assert proof is not None
    assert store.holds(proof)
    put(store, make(tmp_path / "video.mp4", size), "ours")
    assert not store.holds(proof)
    s3_bucket.server.client().delete_object(Bucket=s3_bucket.name, Key=KEY)
    assert not store.holds(proof)


@SIZES
def test_beside_somebody_elses_video_ours_gets_a_key_of_its_own_and_both_stay(
    tmp_path: Path, s3_bucket: S3Bucket, size: int
) -> None:
    theirs, ours = make(tmp_path / "theirs.mp4", size), make(tmp_path / "ours.mp4", size)
    put(S3Store(s3_bucket.target(), tmp_path / "their machine"), theirs, "theirs")
    store = S3Store(s3_bucket.target(), tmp_path / "our machine")
    stored = put(store, ours, "ours")
    assert stored.key == beside(ours)
    assert stored.url.endswith(stored.key)
    assert s3_bucket.objects() == {KEY: theirs.read_bytes(), stored.key: ours.read_bytes()}
    assert store.verify(ours, stored.key)
    again = put(store, ours, "ours")
    assert (again.key, again.moved) == (stored.key, 0)
    assert s3_bucket.unfinished() == []


def test_a_replacement_whose_reply_is_lost_is_settled_by_looking(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    put(S3Store(s3_bucket.target(), tmp_path), make(tmp_path / "video.mp4", PARTS), "ours")
    again = make(tmp_path / "video.mp4", PARTS)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.lose_reply_to(b"<CompleteMultipartUpload")
        assert put(store, again, "ours").moved == PARTS
    assert s3_bucket.objects() == {KEY: again.read_bytes()}


def test_a_replacement_that_is_cut_off_leaves_the_old_video_and_goes_on(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    old = make(tmp_path / "old.mp4", PARTS)
    put(S3Store(s3_bucket.target(), tmp_path), old, "ours")
    again = make(tmp_path / "video.mp4", PARTS)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.reset_after_up(PARTS - 1000)
        with pytest.raises(Unreachable):
            put(store, again, "ours")
        assert s3_bucket.objects() == {KEY: old.read_bytes()}
        assert put(store, again, "ours").moved < PARTS
    assert s3_bucket.objects() == {KEY: again.read_bytes()}


def test_a_folder_replaces_and_keeps_as_a_bucket_does(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    try:
        os.setxattr(tmp_path, "user.ezrec.test", b"1")
    except OSError as error:
        raise AssertionError("the tests need a file system with user attributes, as ext4 is one") from error
    put(store, make(tmp_path / "video.mp4", SMALL), "ours")
    again = make(tmp_path / "video.mp4", SMALL)
    assert put(store, again, "ours").key == KEY
    assert (tmp_path / "store" / KEY).read_bytes() == again.read_bytes()
    other = make(tmp_path / "other.mp4", SMALL)
    assert put(store, other, "another").key == beside(other)
    assert (tmp_path / "store" / KEY).read_bytes() == again.read_bytes()
    assert (tmp_path / "store" / beside(other)).read_bytes() == other.read_bytes()
    assert put(store, other, "another").key == beside(other)


def test_who_does_not_say_of_which_recording_it_is_replaces_nothing(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    for store in (S3Store(s3_bucket.target(), tmp_path), FolderStore(tmp_path / "store")):
        put(store, make(tmp_path / "one.mp4", SMALL), "ours")
        with pytest.raises(Refused, match="not overwritten"):
            put(store, make(tmp_path / "other.mp4", SMALL), None)


def test_two_machines_recordings_of_one_booking_are_told_apart() -> None:
    start = datetime(2026, 11, 23, 18, tzinfo=UTC)
    booking = Booking(id="b1 ñ", start=start, end=start + timedelta(hours=1))
    one = Manifest(booking=booking, epoch=start, boots=(), end_ns=1, fps=30, width=2, height=2, cameras=())
    other = one.model_copy(update={"epoch": start + timedelta(microseconds=1)})
    assert recording_mark(one) != recording_mark(other)
    assert recording_mark(one) == recording_mark(one.model_copy(update={"finalised": True}))
    assert recording_mark(one).isalnum()
