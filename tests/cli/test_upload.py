"""`ezrec upload`: any file to the real S3 server, over a line that fails, and with settings that are wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ezrec_tui.delivery.s3_parts import MIB
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Bucket, s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]

KEY = "ana/2026-11-23/match.mp4"
PART = 8 * MIB
SIZE = 2 * PART + MIB
OVERHEAD = 256 << 10
"""Headers and small requests, in bytes, with room to spare."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "match.mp4"
    path.write_bytes(os.urandom(100_000))
    return path


class House:
    """A folder with settings for a bucket, where `ezrec` is run."""

    def __init__(self, folder: Path, bucket: S3Bucket, **changes: str) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", str(Path.cwd())),
            "EZREC_DATA_DIR": str(folder / "data"),
            "AWS_S3_BUCKET": bucket.name,
            "AWS_ACCESS_KEY_ID": bucket.server.access_key,
            "AWS_SECRET_ACCESS_KEY": bucket.server.secret_key,
            "S3_ENDPOINT_URL": bucket.server.endpoint,
            **changes,
        }

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "ezrec_tui", "upload", *map(str, arguments)],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def upload(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        with self.begin(*arguments) as process:
            out, error = process.communicate(timeout=60)
            return process.returncode, out, error


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def test_after_ctrl_c_the_same_command_goes_on_where_it_was(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    file = tmp_path / "match.mp4"
    file.write_bytes(os.urandom(SIZE))
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.throttle(20e6)
        house = House(tmp_path, s3_bucket, S3_ENDPOINT_URL=f"http://127.0.0.1:{proxy.port}")
        with house.begin(file, "--key", KEY) as process:
            wait_until(lambda: proxy.up > PART + MIB)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "ezrec: stopped: the same command goes on where it was" in said
        assert "Traceback" not in said
        assert s3_bucket.objects() == {}
        proxy.heal()
        proxy.cut()  # what the first one had in the line
        before = proxy.up
        status, out, said = house.upload(file, "--key", KEY, "--json")
        assert status == 0, said
        assert proxy.up - before < SIZE - PART + OVERHEAD
    told = json.loads(out)
    assert (told["key"], told["bytes"], told["sent"]) == (KEY, SIZE, SIZE - PART)
    assert told["url"].endswith(f"/{s3_bucket.name}/{KEY}")
    assert "100 %" in said
    assert "Mbit/s" in said
    assert s3_bucket.objects() == {KEY: file.read_bytes()}
    assert s3_bucket.unfinished() == []


def test_while_the_line_is_down_it_says_so_and_waits_and_goes_on(
    tmp_path: Path, s3_bucket: S3Bucket, file: Path
) -> None:
    with Proxy(s3_bucket.server.port) as proxy:
        proxy.refuse()
        house = House(tmp_path, s3_bucket, S3_ENDPOINT_URL=f"http://127.0.0.1:{proxy.port}")
        with house.begin(file, "--key", KEY) as process:
            assert process.stderr is not None
            assert "No connection to 127.0.0.1" in process.stderr.readline()
            proxy.heal()
            process.communicate(timeout=60)
        assert process.returncode == 0
        proxy.refuse()
        status, _, said = house.upload(file, "--key", KEY, "--wait", "0")
    assert status == 1
    assert said.startswith("ezrec: No connection to 127.0.0.1")
    assert "The same command goes on where it was." in said
    assert s3_bucket.objects() == {KEY: file.read_bytes()}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "not-the-secret"}, "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
        ({"AWS_S3_BUCKET": "no-such-bucket"}, "There is no bucket no-such-bucket at"),
        ({"AWS_ACCESS_KEY_ID": ""}, "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
        ("reader", "Give it the right to read and write objects"),
    ],
    ids=["wrong key", "missing bucket", "no key", "no rights"],
)
def test_what_a_person_has_to_mend_is_one_line_that_says_what_to_do(
    tmp_path: Path, s3_bucket: S3Bucket, file: Path, wrong: dict[str, str] | str, says: str
) -> None:
    reader = {
        "AWS_ACCESS_KEY_ID": s3_bucket.server.reader_key,
        "AWS_SECRET_ACCESS_KEY": s3_bucket.server.reader_secret,
    }
    changes = reader if isinstance(wrong, str) else wrong
    status, out, said = House(tmp_path, s3_bucket, **changes).upload(file, "--key", KEY)
    assert (status, out) == (1, "")
    assert says in said
    assert len(said.splitlines()) == 1
    assert "not-the-secret" not in said
    assert s3_bucket.objects() == {}


def test_another_file_under_the_key_is_not_overwritten_and_the_same_one_is_not_sent_again(
    tmp_path: Path, s3_bucket: S3Bucket, file: Path
) -> None:
    house = House(tmp_path, s3_bucket)
    assert house.upload(file, "--key", KEY)[0] == 0
    status, _, said = house.upload(file, "--key", KEY)
    assert status == 0
    assert "of which nothing had to be sent" in said
    delivered = file.read_bytes()
    file.write_bytes(os.urandom(100_000))
    status, _, said = house.upload(file, "--key", KEY)
    assert status == 1
    assert "is not overwritten. Choose another --key, or move that one away." in said
    assert s3_bucket.objects() == {KEY: delivered}


def test_what_is_no_video_is_not_called_one(tmp_path: Path, s3_bucket: S3Bucket) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"picture")
    assert House(tmp_path, s3_bucket).upload(logo, "--key", "ana/logo/logo.png")[0] == 0
    head = s3_bucket.server.client().head_object(Bucket=s3_bucket.name, Key="ana/logo/logo.png")
    assert head["ContentType"] == "image/png"


@pytest.mark.parametrize("key", ["", "/match.mp4", "ana//match.mp4", "ana/../match.mp4", "ana/"])
def test_a_key_that_leads_elsewhere_is_wrong_use(tmp_path: Path, s3_bucket: S3Bucket, file: Path, key: str) -> None:
    status, _, said = House(tmp_path, s3_bucket).upload(file, "--key", key)
    assert status == 2
    assert "ana/2026-11-23/match.mp4" in said
