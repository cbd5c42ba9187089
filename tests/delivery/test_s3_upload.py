"""Uploads to the real S3 server, over a line that fails: whole, once, and no more than one part sent again."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_journal import UploadJournal
from ezrec_tui.delivery.s3_parts import MIB
from ezrec_tui.delivery.store import Refused, Stopped, Stored, Unreachable
from ezrec_tui.model import Progress
from tests.peers.proxy import Proxy, http_response
from tests.peers.s3 import S3Bucket

KEY = "user-1/2026-11-23/booking-7.mp4"
PART = 5 * MIB
SIZE = 2 * PART + 3 * MIB
OVERHEAD = 64 << 10
"""Headers and small requests of one test, in bytes, with room to spare."""


@pytest.fixture
def video(tmp_path: Path) -> Generator[Path]:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(SIZE))
    yield path
    path.unlink()  # pytest keeps the folders of three runs


def ignore(_: Progress) -> None:
    pass


def never() -> bool:
    return False


def deliver(store: S3Store, video: Path, should_stop: Callable[[], bool] = never) -> Stored:
    return store.put(video, KEY, on_progress=ignore, should_stop=should_stop)


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


# The whole way


@pytest.mark.parametrize("sha256", [False, True], ids=["md5", "sha256"])
@pytest.mark.parametrize("size", [SIZE, 2 * PART, 100_000, 1], ids=["parts", "equal parts", "small", "one byte"])
def test_an_upload_arrives_byte_for_byte(tmp_path: Path, s3_bucket: S3Bucket, size: int, sha256: bool) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(size))
    store = S3Store(s3_bucket.target(sha256=sha256), tmp_path / "state")
    stored = deliver(store, video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert stored.size == stored.moved == size
    assert stored.checksum == hashlib.sha256(video.read_bytes()).hexdigest()
    assert stored.url == f"{s3_bucket.server.endpoint}/{s3_bucket.name}/{KEY}"
    assert store.verify(video, KEY)
    head = s3_bucket.server.client().head_object(Bucket=s3_bucket.name, Key=KEY)
    assert head["ContentType"] == "video/mp4"


def test_progress_grows_to_the_whole_with_rate_and_time_left(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    seen: list[Progress] = []
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.throttle(12e6)
        store = S3Store(s3_bucket.target(port=proxy.port), tmp_path)
        store.put(video, KEY, on_progress=seen.append, should_stop=never)
    done = [one.done for one in seen]
    assert done == sorted(done)
    assert len(set(done)) >= 4
    assert seen[-1].done == seen[-1].total == SIZE
    assert all(one.unit == "bytes" for one in seen)
    assert any(one.rate and one.seconds_left for one in seen)


@pytest.mark.parametrize("sha256", [False, True], ids=["md5", "sha256"])
def test_said_twice_there_is_one_object_and_nothing_is_sent(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path, sha256: bool
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        target = s3_bucket.target(port=proxy.port, sha256=sha256)
        deliver(S3Store(target, tmp_path / "one"), video)
        before = proxy.up
        assert deliver(S3Store(target, tmp_path / "other"), video).moved == 0
        assert proxy.up - before < OVERHEAD
    assert list(s3_bucket.objects()) == [KEY]


@pytest.mark.parametrize("size", [SIZE, 1000], ids=["parts", "small"])
def test_another_video_under_the_key_is_not_overwritten(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    s3_bucket.server.client().put_object(Bucket=s3_bucket.name, Key=KEY, Body=b"another")
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(size))
    store = S3Store(s3_bucket.target(), tmp_path)
    with pytest.raises(Refused, match="not overwritten"):
        deliver(store, video)
    assert s3_bucket.objects() == {KEY: b"another"}
    assert not store.verify(video, KEY)


@pytest.mark.parametrize("size", [SIZE, 1000], ids=["parts", "small"])
def test_a_video_that_appears_under_the_key_meanwhile_is_not_overwritten(
    tmp_path: Path, s3_bucket: S3Bucket, size: int
) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(size))
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port), tmp_path)

        def somebody_is_quicker() -> bool:
            if proxy.down and not s3_bucket.objects():  # we have looked, and found nothing
                s3_bucket.server.client().put_object(Bucket=s3_bucket.name, Key=KEY, Body=b"another")
            return False

        with pytest.raises(Refused, match="not overwritten"):
            deliver(store, video, should_stop=somebody_is_quicker)
    assert s3_bucket.objects() == {KEY: b"another"}


@pytest.mark.parametrize("size", [SIZE, 1000], ids=["parts", "small"])
def test_a_key_without_the_right_to_list_delivers_all_the_same(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    """AWS answers 403 to a look at what is not there, when the key may not list the bucket."""
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(size))
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.answer_to(b"HEAD /", http_response("403 Forbidden"))
        deliver(S3Store(s3_bucket.target(port=proxy.port), tmp_path), video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_video_is_verified_only_when_its_object_is_whole(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    store = S3Store(s3_bucket.target(), tmp_path)
    assert not store.verify(video, KEY)
    deliver(store, video)
    assert store.verify(video, KEY)
    with video.open("r+b") as file:
        file.seek(PART + 5)
        file.write(b"changed")
    assert not store.verify(video, KEY)


def test_a_file_that_is_not_the_rendered_one_is_not_delivered(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with pytest.raises(Refused, match="not the file that was rendered"):
        S3Store(s3_bucket.target(), tmp_path).put(video, KEY, sha256="0" * 64, on_progress=ignore, should_stop=never)
    assert s3_bucket.objects() == {}


# Going on

UPLOAD = """
import sys
from pathlib import Path
from pydantic import SecretStr
from ezrec_tui.delivery.s3 import S3Store, S3Target

endpoint, bucket, access_key, secret_key, part_size, state, video, key = sys.argv[1:]
target = S3Target(
    bucket=bucket, region="us-east-1", endpoint=endpoint, sha256=False, part_size=int(part_size),
    access_key=SecretStr(access_key), secret_key=SecretStr(secret_key),
)
S3Store(target, Path(state)).put(Path(video), key, on_progress=lambda _: None, should_stop=lambda: False)
"""


def test_after_kill_9_at_most_one_part_is_sent_again(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        target = s3_bucket.target(port=proxy.port)
        for parts_there in (1.4, 2.2):  # killed in the second part, and again when it has been sent in part once more
            proxy.throttle(40e6)
            arguments = [target.endpoint, target.bucket, s3_bucket.server.access_key, s3_bucket.server.secret_key]
            child = subprocess.Popen(
                [sys.executable, "-c", UPLOAD, *arguments, str(PART), str(tmp_path), str(video), KEY]
            )
            wait_until(lambda child=child, there=parts_there: proxy.up > there * PART or child.poll() is not None)
            child.send_signal(signal.SIGKILL)
            assert child.wait() == -signal.SIGKILL
        proxy.heal()
        stored = deliver(S3Store(target, tmp_path), video)
        assert stored.moved <= SIZE - PART
        assert proxy.up <= SIZE + 2 * PART + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert s3_bucket.unfinished() == []


@pytest.mark.parametrize("at", [1000, PART // 2, 2 * PART + 1, SIZE - 1])
def test_after_a_reset_at_a_byte_at_most_one_part_is_sent_again(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path, at: int
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1, sha256=at > PART), tmp_path)
        proxy.reset_after_up(at)
        with pytest.raises(Unreachable):
            deliver(store, video)
        deliver(store, video)
        assert proxy.up <= SIZE + PART + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert s3_bucket.unfinished() == []


def test_a_short_cut_of_the_line_is_bridged_within_one_call(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port), tmp_path)
        proxy.reset_after_up(PART + PART // 2)
        deliver(store, video)
        assert proxy.up <= SIZE + PART + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_lost_reply_to_the_completion_is_settled_by_looking(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.lose_reply_to(b"<CompleteMultipartUpload")
        assert deliver(store, video).moved == SIZE
        assert proxy.up <= SIZE + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_lost_reply_and_a_dead_line_are_settled_when_it_is_back(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.lose_reply_to(b"<CompleteMultipartUpload", then_refuse=True)
        with pytest.raises(Unreachable):
            deliver(store, video)
        proxy.heal()
        assert deliver(store, video).moved == 0
        assert proxy.up <= SIZE + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_lost_reply_to_a_small_file_is_settled_by_looking(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(1000))
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port), tmp_path)
        proxy.lose_reply_to(b"PUT /")
        deliver(store, video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_stop_is_honoured_and_the_upload_goes_on_later(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port), tmp_path)
        proxy.throttle(20e6)
        with pytest.raises(Stopped):
            deliver(store, video, should_stop=lambda: proxy.up > 1.5 * PART)
        proxy.heal()
        deliver(store, video)
        assert proxy.up <= SIZE + PART + OVERHEAD
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_line_that_hangs_does_not_hold_up_a_stop(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    stop = threading.Event()
    stopped = threading.Event()
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.black_hole()
        store = S3Store(s3_bucket.target(port=proxy.port, answer_seconds=600), tmp_path)

        def run() -> None:
            with pytest.raises(Stopped):
                deliver(store, video, should_stop=stop.is_set)
            stopped.set()

        threading.Thread(target=run, daemon=True).start()
        wait_until(lambda: proxy.connections > 0)
        stop.set()
        assert stopped.wait(20), "still waiting for a line that hangs"


# What the store and the journal may have become meanwhile


def interrupt(store: S3Store, video: Path, proxy: Proxy) -> None:
    """Leave an upload with its first two parts at the store."""
    proxy.reset_after_up(2 * PART + MIB)
    with pytest.raises(Unreachable):
        deliver(store, video)


def test_a_video_that_changed_meanwhile_is_sent_anew_and_the_old_parts_are_dropped(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        interrupt(store, video, proxy)
        video.write_bytes(os.urandom(SIZE))
        assert deliver(store, video).moved == SIZE
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert s3_bucket.unfinished() == []


def test_a_lost_journal_costs_a_new_upload_and_leaves_no_old_parts(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        interrupt(S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path / "lost"), video, proxy)
        deliver(S3Store(s3_bucket.target(port=proxy.port), tmp_path / "new"), video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert s3_bucket.unfinished() == []


def test_an_upload_whose_beginning_was_asked_for_twice_leaves_none_begun(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.lose_reply_to(b"POST ")
        deliver(S3Store(s3_bucket.target(port=proxy.port, tries=2), tmp_path), video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}
    assert s3_bucket.unfinished() == []


def test_a_look_leaves_the_parts_of_an_upload_that_waits(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        interrupt(store, video, proxy)
        store.probe(video, KEY)
        assert deliver(store, video).moved <= SIZE - PART


def test_an_upload_that_the_store_has_dropped_is_begun_again(tmp_path: Path, s3_bucket: S3Bucket, video: Path) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        interrupt(store, video, proxy)
        client = s3_bucket.server.client()
        for upload in client.list_multipart_uploads(Bucket=s3_bucket.name).get("Uploads", []):
            client.abort_multipart_upload(Bucket=s3_bucket.name, Key=KEY, UploadId=upload.get("UploadId", ""))
        assert deliver(store, video).moved == SIZE
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


@pytest.mark.parametrize("sha256", [False, True], ids=["md5", "sha256"])
def test_a_part_that_is_not_ours_is_sent_again(tmp_path: Path, s3_bucket: S3Bucket, video: Path, sha256: bool) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        target = s3_bucket.target(port=proxy.port, tries=1, sha256=sha256)
        store = S3Store(target, tmp_path)
        interrupt(store, video, proxy)
        begun = UploadJournal(tmp_path / "uploads.db", f"{target.host}/{target.bucket}").find(KEY)
        assert begun is not None
        s3_bucket.server.client().upload_part(
            Bucket=s3_bucket.name,
            Key=KEY,
            UploadId=begun.upload_id,
            PartNumber=1,
            Body=bytes(PART),
            **({"ChecksumAlgorithm": "SHA256"} if sha256 else {}),  # pyright: ignore[reportArgumentType]
        )
        deliver(store, video)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_an_upload_that_was_given_up_is_dropped_after_two_weeks_and_no_other(
    tmp_path: Path, s3_bucket: S3Bucket, video: Path
) -> None:
    now = [1e9]
    client = s3_bucket.server.client()
    client.create_multipart_upload(Bucket=s3_bucket.name, Key="another machine's")
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path, now=lambda: now[0])
        interrupt(store, video, proxy)
        now[0] += 13 * 24 * 3600
        assert store.tidy() == 0
        proxy.reset_after_up(MIB)
        with pytest.raises(Unreachable):  # it goes on, and is cut off again
            deliver(store, video)
        now[0] += 13 * 24 * 3600
        assert store.tidy() == 0
        assert sorted(s3_bucket.unfinished()) == ["another machine's", KEY]
        now[0] += 2 * 24 * 3600
        assert store.tidy() == 1
        assert store.tidy() == 0
    [left] = client.list_multipart_uploads(Bucket=s3_bucket.name).get("Uploads", [])
    assert left.get("Key") == "another machine's"
