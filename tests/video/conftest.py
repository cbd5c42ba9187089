"""The compiled warp, built from its source."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ezrec_tui.video import kernel
from ezrec_tui.video.kernel import Kernel

SOURCE = Path(kernel.__file__).with_name("warp.c")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "these tests need a C compiler (Debian: apt install gcc libc6-dev)"
    library = tmp_path_factory.mktemp("warp") / "warp.so"
    warnings = ["-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, "-O2", *warnings, "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
    return Kernel(library)
