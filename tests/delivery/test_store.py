"""What holds for every store, and the local folder as one."""

import errno
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ezrec_tui.config import Settings
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.s3 import S3Store
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Meter, Refused, Shut, Stopped, Unreachable, open_store
from ezrec_tui.model import Progress

KEY = "user-1/2026-11-23/booking-7.mp4"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "processed" / "video.mp4"
    path.parent.mkdir()
    path.write_bytes(os.urandom(3_000_000))
    return path


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk other than the video's."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", refuse)


def ignore(_: Progress) -> None:
    pass


def never() -> bool:
    return False


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_on_one_file_system_nothing_is_written_twice(tmp_path: Path, video: Path) -> None:
    stored = FolderStore(tmp_path / "store").put(video, KEY, on_progress=ignore, should_stop=never)
    there = tmp_path / "store" / KEY
    assert there.samefile(video)
    assert stored.moved == 0
    assert stored.size == 3_000_000
    assert stored.url == there.as_uri()


def test_a_delivered_video_outlives_the_local_one(tmp_path: Path, video: Path) -> None:
    content = video.read_bytes()
    FolderStore(tmp_path / "store").put(video, KEY, on_progress=ignore, should_stop=never)
    video.unlink()
    assert (tmp_path / "store" / KEY).read_bytes() == content


@pytest.mark.usefixtures("no_links")
def test_another_file_system_gets_a_copy_with_progress(tmp_path: Path, video: Path) -> None:
    seen: list[Progress] = []
    stored = FolderStore(tmp_path / "store").put(video, KEY, on_progress=seen.append, should_stop=never)
    assert (tmp_path / "store" / KEY).read_bytes() == video.read_bytes()
    assert stored.moved == 3_000_000
    assert stored.checksum == hashlib.sha256(video.read_bytes()).hexdigest()
    assert seen[-1].done == seen[-1].total == 3_000_000
    assert seen[-1].unit == "bytes"
    assert files_below(tmp_path / "store") == [KEY]


@pytest.mark.usefixtures("no_links")
def test_said_again_a_folder_finds_it_done(tmp_path: Path, video: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put(video, KEY, on_progress=ignore, should_stop=never)
    before = (tmp_path / "store" / KEY).stat()
    assert store.put(video, KEY, on_progress=ignore, should_stop=never).moved == 0
    assert (tmp_path / "store" / KEY).stat().st_mtime_ns == before.st_mtime_ns
    assert (tmp_path / "store" / KEY).stat().st_ino == before.st_ino


@pytest.mark.usefixtures("no_links")
def test_a_copy_that_is_stopped_leaves_nothing_and_can_be_done_again(tmp_path: Path, video: Path) -> None:
    store = FolderStore(tmp_path / "store")
    with pytest.raises(Stopped):
        store.put(video, KEY, on_progress=ignore, should_stop=lambda: True)
    assert files_below(tmp_path / "store") == []
    assert not store.verify(video, KEY)
    store.put(video, KEY, on_progress=ignore, should_stop=never)
    assert store.verify(video, KEY)


def test_another_video_at_the_place_is_not_overwritten(tmp_path: Path, video: Path) -> None:
    there = tmp_path / "store" / KEY
    there.parent.mkdir(parents=True)
    there.write_bytes(b"another")
    with pytest.raises(Refused, match="not overwritten"):
        FolderStore(tmp_path / "store").put(video, KEY, on_progress=ignore, should_stop=never)
    assert there.read_bytes() == b"another"
    assert not FolderStore(tmp_path / "store").verify(video, KEY)


@pytest.mark.usefixtures("no_links")
def test_a_file_that_is_not_the_rendered_one_is_not_delivered(tmp_path: Path, video: Path) -> None:
    with pytest.raises(Refused, match="not the file that was rendered"):
        FolderStore(tmp_path / "store").put(video, KEY, sha256="0" * 64, on_progress=ignore, should_stop=never)
    assert files_below(tmp_path / "store") == []


@pytest.mark.parametrize("key", ["../out.mp4", "/etc/out.mp4", "a/../../out.mp4", ""])
def test_a_key_cannot_lead_out_of_the_folder(tmp_path: Path, video: Path, key: str) -> None:
    with pytest.raises(Refused, match="leads out"):
        FolderStore(tmp_path / "store").put(video, key, on_progress=ignore, should_stop=never)
    assert files_below(tmp_path) == ["processed/video.mp4"]


def test_a_folder_that_cannot_be_written_says_where_and_what_to_do(tmp_path: Path, video: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    with pytest.raises(Refused, match="EZREC_STORE_DIR") as refused:
        FolderStore(tmp_path / "store").put(video, KEY, on_progress=ignore, should_stop=never)
    assert str(tmp_path / "store") in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_look_at_a_folder_says_whether_a_video_would_be_taken_and_writes_nothing(tmp_path: Path) -> None:
    FolderStore(tmp_path / "store").look("u/probe")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(Shut, match=r"cannot be used: .*file: Permission denied\. Let this user write there"):
        FolderStore(tmp_path / "file").look("u/probe")


@pytest.mark.usefixtures("no_links")
def test_a_full_disk_is_told_before_it_is_filled(tmp_path: Path) -> None:
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as file:
        file.truncate(shutil.disk_usage(tmp_path).free + (8 << 30))  # a hole
    with pytest.raises(Refused, match="is full"):
        FolderStore(tmp_path / "store").put(huge, KEY, on_progress=ignore, should_stop=never)
    assert files_below(tmp_path / "store") == []


FILLS_UP = """
import errno, os, resource, sys
from pathlib import Path
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.store import Refused

def no_links(*_, **__):
    raise OSError(errno.EXDEV, "other file system")

os.link = no_links
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    FolderStore(Path(sys.argv[1])).put(
        Path(sys.argv[2]), "a/b/c.mp4", on_progress=lambda _: None, should_stop=lambda: False
    )
except Refused as refused:
    print(refused)
"""
"""In a process of its own: the kernel lets it write no more than 1 MB into a file."""


def test_a_disk_that_fills_while_copying_is_told_and_cleared(tmp_path: Path, video: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLS_UP, str(tmp_path / "store"), str(video)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "is full" in done.stdout
    assert files_below(tmp_path / "store") == []


def test_a_video_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not there"):
        FolderStore(tmp_path / "store").put(tmp_path / "gone.mp4", KEY, on_progress=ignore, should_stop=never)


def test_a_damaged_copy_is_not_verified(tmp_path: Path, video: Path) -> None:
    there = tmp_path / "store" / KEY
    there.parent.mkdir(parents=True)
    there.write_bytes(bytes(3_000_000))
    assert not FolderStore(tmp_path / "store").verify(video, KEY)
    there.write_bytes(video.read_bytes())
    assert FolderStore(tmp_path / "store").verify(video, KEY)


# Which store


def settings(tmp_path: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, ezrec_data_dir=tmp_path, **given)  # pyright: ignore[reportCallIssue]


KEYS = {"aws_access_key_id": SecretStr("AKIAEXAMPLE"), "aws_secret_access_key": SecretStr("do-not-tell")}


def test_without_a_bucket_videos_go_to_the_local_folder(tmp_path: Path) -> None:
    store = open_store(settings(tmp_path), tmp_path)
    assert isinstance(store, FolderStore)
    assert store.name == f"folder {tmp_path / 'delivered'}"


def test_with_a_bucket_videos_go_to_s3(tmp_path: Path) -> None:
    store = open_store(settings(tmp_path, aws_s3_bucket="venue", aws_region="eu-west-1", **KEYS), tmp_path)
    assert isinstance(store, S3Store)
    assert store.name == "bucket venue at s3.eu-west-1.amazonaws.com"


def test_a_bucket_without_a_key_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="AWS_ACCESS_KEY_ID"):
        open_store(settings(tmp_path, aws_s3_bucket="venue"), tmp_path)


@pytest.mark.parametrize("endpoint", ["minio:9000", "store.example.com", "ftp://store.example.com", "https://"])
def test_an_endpoint_that_is_no_address_is_refused_at_once(tmp_path: Path, endpoint: str) -> None:
    with pytest.raises(Refused, match="S3_ENDPOINT_URL"):
        open_store(settings(tmp_path, aws_s3_bucket="venue", s3_endpoint_url=endpoint, **KEYS), tmp_path)


def test_cloudflare_r2_is_spoken_to_in_its_own_way(tmp_path: Path) -> None:
    target = S3Target.of(
        settings(tmp_path, aws_s3_bucket="venue", s3_endpoint_url="https://abc.r2.cloudflarestorage.com/", **KEYS)
    )
    assert target.region == "auto"
    assert target.endpoint == "https://abc.r2.cloudflarestorage.com"
    assert not target.sha256


def test_aws_is_given_sha256(tmp_path: Path) -> None:
    assert S3Target.of(settings(tmp_path, aws_s3_bucket="venue", **KEYS)).sha256


def test_a_store_shows_no_key_when_it_is_printed(tmp_path: Path) -> None:
    target = S3Target.of(settings(tmp_path, aws_s3_bucket="venue", **KEYS))
    assert "do-not-tell" not in repr(target)


def test_a_local_folder_needs_no_boto3() -> None:
    code = (
        "import sys; from pathlib import Path; from ezrec_tui.config import Settings;"
        "from ezrec_tui.delivery.store import open_store;"
        "open_store(Settings(_env_file=None, aws_s3_bucket=''), Path('.')); print('boto3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("kind", [Refused, Unreachable])
def test_an_error_survives_the_journal_of_a_job(kind: type[Refused | Unreachable]) -> None:
    error = pickle.loads(pickle.dumps(kind("What happened.", "What to do.")))
    assert type(error) is kind
    assert str(error) == "What happened. What to do."
    assert (error.what, error.to_do) == ("What happened.", "What to do.")


# Progress


def test_progress_tells_the_rate_of_the_last_seconds_and_the_time_left() -> None:
    now = 0.0
    seen: list[Progress] = []
    meter = Meter(100_000, seen.append, lambda: now)
    for second in range(1, 31):
        now = float(second)
        moved = 1000 * min(second, 15) + 2000 * max(0, second - 15)
        meter.at(50_000 + moved, moved)
    assert seen[-1].rate == pytest.approx(2000)  # not that of the slower beginning, nor what was there before
    assert seen[-1].done == 95_000
    assert seen[-1].seconds_left == pytest.approx(2.5)


def test_progress_is_told_some_times_a_second_and_at_the_end() -> None:
    now = 0.0
    seen: list[Progress] = []
    meter = Meter(1000, seen.append, lambda: now)
    for step in range(1000):
        now = step / 1000
        meter.at(step, step)
    meter.at(1000, 1000, last=True)
    assert 3 <= len(seen) <= 6
    assert seen[-1].fraction == 1
