"""The peers that machines share: a database each test, a bucket each test."""

import uuid

import psycopg
import pytest
from psycopg import sql

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
