"""The peers that machines share: a database each test, a bucket each test."""

import uuid
from collections.abc import Generator
from datetime import UTC
from pathlib import Path

import psycopg
import pytest
from dbos import DBOS
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Engine

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.shared_database import open_engine
from ezrec_tui.jobs.turn import make_table
from tests.peers.s3 import s3_bucket, s3_server
from tests.peers.supabase import Supabase

__all__ = ["s3_bucket", "s3_server"]


@pytest.fixture
def jobs_url(supabase_peer: Supabase) -> str:
    """An empty database of the test's own."""
    name = f"jobs_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(supabase_peer.postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return supabase_peer.postgres_url.removesuffix("postgres") + name


@pytest.fixture
def engine(jobs_url: str) -> Generator[Engine]:
    """That database with its tables, as the first machine makes them."""
    DBOS.migrate(jobs_url)
    engine = open_engine(SecretStr(jobs_url))
    make_table(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The Pi's."""
    return Folders(tmp_path / "pi", UTC)
