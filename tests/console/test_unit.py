"""The kiosk's unit, as systemd reads it."""

import re
import subprocess
import sys
from pathlib import Path

UNIT = Path(__file__).parents[2] / "ezrec-kiosk.service"
MOST_EXPOSED = 2.0


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


def test_systemd_finds_nothing_wrong_in_it(tmp_path: Path) -> None:
    # The installer puts the program where the unit looks for it; here it is the one under test.
    program = Path(sys.executable).parent
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/ezrec/venv/bin", str(program)))
    done = analyze("verify", "--man=no", str(unit))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_somebody_in_it_could_reach_is_little() -> None:
    done = analyze("security", "--offline=true", f"--threshold={int(MOST_EXPOSED * 10)}", str(UNIT))
    assert done.returncode == 0, done.stdout
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(level) <= MOST_EXPOSED
