"""The real S3 server, for the whole way."""

from tests.peers.s3 import s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]
