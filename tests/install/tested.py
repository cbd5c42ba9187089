"""What an installation takes of uv.lock: `python -m tests.install.tested` writes it."""

import subprocess
from pathlib import Path

HOUSE = Path(__file__).parents[2]
FILE = HOUSE / "ezrec_tui" / "install" / "tested.txt"
OPTIONS = ("--no-dev", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header", "--prune", "numpy")
"""Without numpy: the system has its own, which Picamera2 was built for."""


def of_the_lock() -> str:
    """Constraints for pip, for each Python that we support."""
    command = [HOUSE / ".tools" / "bin" / "uv", "export", "--quiet", "--frozen", *OPTIONS]
    return subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    FILE.write_text(of_the_lock())
