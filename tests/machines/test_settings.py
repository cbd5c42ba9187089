"""What is wrong with the settings of machines is said at the start, and no password with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ezrec_tui.config import SettingsError, load_settings


@pytest.mark.parametrize("url", ["mysql://ezrec:secret@host/jobs", "postgresql://ezrec:secret@host", "secret"])
def test_an_address_that_is_none_of_a_database_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="postgresql://user:password@host/database") as refused:
        load_settings(_env_file=None, aws_s3_bucket="venue", ezrec_jobs_url=url)
    assert "secret" not in str(refused.value)


def test_machines_need_a_bucket_over_which_they_get_the_footage() -> None:
    with pytest.raises(SettingsError, match="AWS_S3_BUCKET"):
        load_settings(_env_file=None, ezrec_jobs_url="postgresql://ezrec:secret@host/jobs")


def test_a_worker_without_jobs_to_take_says_what_to_set(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "EZREC_JOBS_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "ezrec_tui", "worker"], cwd=tmp_path, env=plain, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ezrec: no jobs to take (EZREC_JOBS_URL): ")
