"""What people are told when an S3 store cannot or will not take a video."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.store import Refused, Shut, StoreError, Unreachable
from tests.peers.proxy import CAPTIVE_PORTAL, Proxy, http_response
from tests.peers.s3 import S3Bucket

KEY = "user-1/2026-11-23/booking-7.mp4"
SIZES = pytest.mark.parametrize("size", [11 << 20, 1000], ids=["parts", "small"])


def make_video(tmp_path: Path, size: int) -> Path:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(size))
    return video


def refusal(store: S3Store, video: Path, kind: type[StoreError], *secrets: str) -> str:
    """What is said when a delivery fails in this way: one line, what and what to do, no secret."""
    with pytest.raises(kind) as raised:
        store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    error = raised.value
    text = str(error)
    assert error.what.endswith(".")
    assert error.to_do.endswith(".")
    assert "\n" not in text
    assert len(text) < 400
    told = [text, repr(error), repr(error.__cause__), repr(store.name)]
    assert not [secret for secret in secrets for one in told if secret in one]
    return text


def error_xml(code: str, message: str = "A message of the store's.") -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"


# A person has to act


@SIZES
def test_a_wrong_secret_key_is_told(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    store = S3Store(s3_bucket.target(secret_key="wrong-and-secret"), tmp_path)
    text = refusal(store, make_video(tmp_path, size), Refused, "wrong-and-secret")
    assert "does not accept the key" in text
    assert "AWS_SECRET_ACCESS_KEY" in text


@SIZES
def test_an_unknown_key_is_told(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    store = S3Store(s3_bucket.target(access_key="NOBODYS-KEY"), tmp_path)
    text = refusal(store, make_video(tmp_path, size), Refused, "NOBODYS-KEY", s3_bucket.server.secret_key)
    assert "AWS_ACCESS_KEY_ID" in text


@SIZES
def test_a_missing_bucket_is_told(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    store = S3Store(s3_bucket.target(bucket="no-such-venue"), tmp_path)
    text = refusal(store, make_video(tmp_path, size), Refused, s3_bucket.server.secret_key)
    assert "There is no bucket no-such-venue" in text
    assert "AWS_S3_BUCKET" in text


@SIZES
def test_a_key_that_may_not_write_is_told(tmp_path: Path, s3_bucket: S3Bucket, size: int) -> None:
    server = s3_bucket.server
    store = S3Store(s3_bucket.target(access_key=server.reader_key, secret_key=server.reader_secret), tmp_path)
    text = refusal(store, make_video(tmp_path, size), Shut, server.reader_secret)
    assert "no right" in text
    assert "read and write objects" in text


@SIZES
def test_a_clock_that_is_wrong_is_told(
    tmp_path: Path, s3_bucket: S3Bucket, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store compares the time of a signature with its own: what botocore takes the time from is set wrong."""
    wrong = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_, **__: wrong)
    text = refusal(S3Store(s3_bucket.target(), tmp_path), make_video(tmp_path, size), Shut)
    assert "clock" in text


@pytest.mark.parametrize("kind", ["secret_key", "bucket"])
def test_a_look_and_a_probe_tell_what_an_upload_would_and_leave_nothing(
    tmp_path: Path, s3_bucket: S3Bucket, kind: str
) -> None:
    video = make_video(tmp_path, 1000)
    store = S3Store(s3_bucket.target(), tmp_path)
    store.probe(video, KEY)
    store.look(KEY)
    assert s3_bucket.objects() == {}
    assert s3_bucket.unfinished() == []
    wrong = s3_bucket.target(secret_key="wrong") if kind == "secret_key" else s3_bucket.target(bucket="no-such-venue")
    store = S3Store(wrong, tmp_path)
    with pytest.raises(Shut):
        store.probe(video, KEY)
    with pytest.raises(Shut):
        store.look(KEY)


@pytest.mark.parametrize("lost", ["begin", "abort"])
@pytest.mark.parametrize("then", ["look", "upload"])
def test_what_a_look_over_a_bad_line_has_begun_is_dropped_by_what_comes_next(
    tmp_path: Path, s3_bucket: S3Bucket, lost: str, then: str
) -> None:
    video = make_video(tmp_path, 1000)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        if lost == "begin":
            proxy.lose_reply_to(b"POST ")
        else:
            proxy.answer_to(b"DELETE ", http_response("503 Slow Down"))
        with pytest.raises(Unreachable):
            store.probe(video, KEY)
        assert s3_bucket.unfinished() == [KEY]
        if then == "look":
            store.look(KEY)
        else:
            store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    assert s3_bucket.unfinished() == []


@SIZES
@pytest.mark.parametrize(
    "refused", [("501 Not Implemented", "NotImplemented"), ("400 Bad Request", "InvalidArgument")], ids=["501", "400"]
)
def test_a_store_that_takes_no_sha256_gets_md5(
    tmp_path: Path, s3_bucket: S3Bucket, size: int, refused: tuple[str, str]
) -> None:
    video = make_video(tmp_path, size)
    status, code = refused
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1, sha256=True), tmp_path)
        proxy.answer_to(
            b"x-amz-checksum-sha256" if size == 1000 else b"checksum-algorithm", http_response(status, error_xml(code))
        )
        store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
        assert not proxy.is_to_answer, "it was never asked for SHA-256"
        proxy.answer_to(b"x-amz-checksum-sha256", http_response(status, error_xml(code)))
        store.put(video, "user-1/again.mp4", on_progress=lambda _: None, should_stop=lambda: False)
        assert proxy.is_to_answer, "it was asked again"
    assert s3_bucket.objects() == {KEY: video.read_bytes(), "user-1/again.mp4": video.read_bytes()}


def test_a_name_that_no_bucket_can_have_is_told(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    store = S3Store(s3_bucket.target(bucket="not a bucket!"), tmp_path)
    assert "AWS_S3_BUCKET" in refusal(store, make_video(tmp_path, 1000), Refused)


def test_a_wrong_key_is_told_when_a_video_is_verified(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    store = S3Store(s3_bucket.target(secret_key="wrong-and-secret"), tmp_path)
    with pytest.raises(Refused, match="AWS_SECRET_ACCESS_KEY"):
        store.verify(make_video(tmp_path, 1000), KEY)


def test_a_video_that_is_gone_is_told(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    store = S3Store(s3_bucket.target(), tmp_path)
    assert "is not there" in refusal(store, tmp_path / "gone.mp4", Refused)


def test_a_state_folder_that_cannot_be_written_is_told(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    store = S3Store(s3_bucket.target(), tmp_path / "state")
    assert str(tmp_path / "state") in refusal(store, make_video(tmp_path, 11 << 20), Refused)
    assert s3_bucket.objects() == {}


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        ("403 Forbidden", "RequestTimeTooSkewed", "clock"),
        ("403 Forbidden", "AccessDenied", "no right"),
        ("401 Unauthorized", "Unauthorized", "AWS_ACCESS_KEY_ID"),
        ("301 Moved Permanently", "PermanentRedirect", "AWS_REGION"),
        ("400 Bad Request", "AuthorizationHeaderMalformed", "AWS_REGION"),
        ("403 Forbidden", "QuotaExceeded", "full"),
        ("507 Insufficient Storage", "XMinioStorageFull", "full"),
        ("501 Not Implemented", "NotImplemented", "another store"),
        ("400 Bad Request", "SomethingNew", "A message of the store's"),
    ],
)
def test_each_refusal_of_a_store_has_its_own_words(
    tmp_path: Path, s3_bucket: S3Bucket, status: str, code: str, words: str
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.answer(http_response(status, error_xml(code)))
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        assert words in refusal(store, make_video(tmp_path, 11 << 20), Refused)


def test_a_store_that_repeats_our_secrets_makes_us_tell_none(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    secrets = (s3_bucket.server.secret_key, s3_bucket.server.access_key)
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.answer(http_response("400 Bad Request", error_xml("Odd", f"with {' and '.join(secrets)}\nand more")))
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        assert "*** and *** and more" in refusal(store, make_video(tmp_path, 1000), Refused, *secrets)


# It is worth trying again

BUSY = http_response("503 Service Unavailable", error_xml("SlowDown"))


@pytest.mark.parametrize(
    "response",
    [
        BUSY,
        http_response("503 Service Unavailable", "<html>Bad gateway</html>", "text/html"),
        http_response("500 Internal Server Error", error_xml("InternalError")),
        http_response("429 Too Many Requests", error_xml("TooManyRequests"), Retry_After="1"),
        http_response("409 Conflict", error_xml("ConditionalRequestConflict")),
        http_response("302 Found", "", Location="http://portal.example/login"),
        http_response("511 Network Authentication Required", "<html>Log in</html>", "text/html"),
        CAPTIVE_PORTAL,
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
    ],
    ids=["503", "503 html", "500", "429", "409", "302", "511", "portal", "no http"],
)
def test_an_answer_that_passes_is_waited_out(tmp_path: Path, s3_bucket: S3Bucket, response: bytes) -> None:
    video = make_video(tmp_path, 1000)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.answer(response)
        assert "again" in refusal(store, video, Unreachable)
        with pytest.raises(Unreachable):
            store.verify(video, KEY)
        proxy.heal()
        store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


@pytest.mark.parametrize(
    "words", [b"?uploads", b"partNumber=2", b"<CompleteMultipartUpload"], ids=["begin", "part", "complete"]
)
@pytest.mark.parametrize("response", [CAPTIVE_PORTAL, BUSY], ids=["portal", "busy"])
def test_an_answer_that_comes_in_the_middle_is_waited_out(
    tmp_path: Path, s3_bucket: S3Bucket, words: bytes, response: bytes
) -> None:
    video = make_video(tmp_path, 11 << 20)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        proxy.answer_to(words, response)
        assert "again" in refusal(store, video, Unreachable)
        store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
        assert proxy.up < (11 << 20) + (5 << 20) + (64 << 10)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_line_that_is_down_is_waited_out(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    video = make_video(tmp_path, 1000)
    with Proxy(s3_bucket.server.port) as proxy:
        store = S3Store(s3_bucket.target(port=proxy.port, tries=1), tmp_path)
        impatient = S3Store(s3_bucket.target(port=proxy.port, tries=1, answer_seconds=0.3), tmp_path)
        proxy.refuse()
        assert "No connection" in refusal(store, video, Unreachable, s3_bucket.server.secret_key)
        proxy.heal()
        proxy.reset_on_accept()
        assert "No connection" in refusal(store, video, Unreachable, s3_bucket.server.secret_key)
        proxy.heal()
        proxy.black_hole()
        assert "in time" in refusal(impatient, video, Unreachable, s3_bucket.server.secret_key)
        proxy.heal()
        proxy.delay(0.05)
        store.put(video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    assert s3_bucket.objects() == {KEY: video.read_bytes()}


def test_a_name_that_nobody_knows_is_waited_out(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    target = s3_bucket.target(tries=1)
    store = S3Store(replace(target, endpoint="http://store.invalid"), tmp_path)
    assert "store.invalid" in refusal(store, make_video(tmp_path, 1000), Unreachable)
