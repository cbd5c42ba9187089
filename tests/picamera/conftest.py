"""These tests run where `tests/picamera/run` puts them, and are not collected anywhere else: `make test-picamera`."""

import os
from pathlib import Path

import pytest

from tests.picamera.virtual_pi import install

collect_ignore_glob = [] if "EZREC_VIRTUAL_PI" in os.environ else ["test_*.py"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sensors of this process write their times; its Picamera2 is prepared for them once."""
    folder = tmp_path_factory.mktemp("pi")
    install(folder)
    return folder
