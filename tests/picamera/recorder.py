"""`python -m tests.picamera.recorder`: the recorder's own main on a virtual Pi, faults in the folder FAULTS.

A module of its own and no sitecustomize: the command line shows what is played, and no other process of the tree gets
a virtual Pi by accident.
"""

import os
from pathlib import Path

from ezrec_tui.recorder.__main__ import main
from tests.picamera.virtual_pi import install

if __name__ == "__main__":
    install(Path(os.environ["FAULTS"]))
    main()
