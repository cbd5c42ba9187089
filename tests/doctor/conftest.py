"""Real peers: the S3 server and the database; and settings of a machine in a folder of the test's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ezrec_tui.config import Settings, load_settings
from tests.peers.s3 import s3_bucket, s3_server

__all__ = ["s3_bucket", "s3_server"]

Machine = Callable[..., Settings]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    def set_up(**given: Any) -> Settings:
        return load_settings(
            _env_file=None, **({"ezrec_data_dir": tmp_path / "data", "resolution": (320, 180)} | given)
        )

    return set_up
