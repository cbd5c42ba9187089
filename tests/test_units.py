"""The units, as systemd reads them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
MOST_EXPOSED = {"ezrec-engine.service": 4.0, "ezrec-kiosk.service": 2.0, "ezrec-worker.service": 4.0}
each_unit = pytest.mark.parametrize("name", MOST_EXPOSED)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)


@each_unit
def test_systemd_finds_nothing_wrong_in_it(name: str, tmp_path: Path) -> None:
    # The installer puts the program where the unit looks for it; here it is the one under test.
    program = Path(sys.executable).parent
    unit = tmp_path / name
    unit.write_text((HOUSE / name).read_text().replace("/opt/ezrec/venv/bin", str(program)))
    done = analyze("verify", "--man=no", str(unit))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@each_unit
def test_what_somebody_in_it_could_reach_is_little(name: str) -> None:
    most = MOST_EXPOSED[name]
    done = analyze("security", "--offline=true", f"--threshold={int(most * 10)}", str(HOUSE / name))
    assert done.returncode == 0, done.stdout
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(level) <= most
