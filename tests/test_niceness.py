"""Who takes the processor first."""

import os
import subprocess
import sys

from ezrec_tui.niceness import GENTLE

TWICE = """
import os
from ezrec_tui.niceness import GENTLE, be_gentle
be_gentle(GENTLE)
be_gentle(GENTLE)
print(os.nice(0))
"""


def test_recorders_go_first_by_one_measure_however_often_it_is_said() -> None:
    said = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, check=True).stdout
    assert int(said) == max(GENTLE, os.nice(0))
