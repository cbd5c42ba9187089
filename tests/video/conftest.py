"""The compiled kernel, built from its source."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ezrec_tui.video import kernel
from ezrec_tui.video.kernel import Kernel

SOURCES = [Path(kernel.__file__).with_name(name) for name in ("kernel.c", "kernel_avx2.c")]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "these tests need a C compiler (Debian: apt install gcc libc6-dev)"
    library = tmp_path_factory.mktemp("kernel") / "kernel.so"
    warnings = ["-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, "-O3", *warnings, "-shared", "-fPIC", "-o", str(library), *SOURCES], check=True)
    return library


@pytest.fixture(scope="session", params=[True, False], ids=["as wide as can be", "for any processor"])
def compiled(library: Path, request: pytest.FixtureRequest) -> Kernel:
    return Kernel(library, avx2=request.param)
