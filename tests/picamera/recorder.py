"""`python -m tests.picamera.recorder`: the recorder's own main on a virtual Pi; camera N's faults in FAULTS/pi-N.

A module of its own and no sitecustomize: the command line shows what is played, and no other process of the tree gets
a virtual Pi by accident.
"""

import argparse
import os
from pathlib import Path

from pydantic import TypeAdapter

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.recorder.__main__ import main
from tests.picamera.virtual_pi import install

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--spec", type=TypeAdapter(CameraSpec).validate_json)
    spec: CameraSpec = parser.parse_known_args()[0].spec
    install(Path(os.environ["FAULTS"]) / f"pi-{spec.index}")
    main()
