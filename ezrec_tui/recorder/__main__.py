"""`python -m ezrec_tui.recorder --spec JSON --logs FOLDER [--pre-roll SECONDS] [--alone SECONDS]`: a recorder.

Started by the engine (see `engine.link`): its standard input is the socket on which it listens for engines.
"""

import argparse
import os
import socket
from pathlib import Path

from pydantic import TypeAdapter

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.kinds import open_camera
from ezrec_tui.logs import log_as_recorder
from ezrec_tui.recorder.keeper import OpenCamera
from ezrec_tui.recorder.process import ALONE_SECONDS, run_recorder


def main(open_camera: OpenCamera = open_camera) -> None:
    parser = argparse.ArgumentParser(prog="ezrec-recorder", description="Record one camera; speaks JSON lines.")
    parser.add_argument("--spec", required=True, type=TypeAdapter(CameraSpec).validate_json, help="a CameraSpec, JSON")
    parser.add_argument("--logs", required=True, type=Path, help="folder of the engine's log")
    parser.add_argument("--pre-roll", default=0.0, type=float, help="seconds kept for a recording's beginning")
    parser.add_argument("--alone", default=ALONE_SECONDS, type=float, help="seconds to record without an engine")
    given = parser.parse_args()
    log_as_recorder(os.environ.get("LOG_LEVEL", "INFO"), f"recorder-{given.spec.index}", given.logs)
    run_recorder(given.spec, socket.socket(fileno=os.dup(0)), given.pre_roll, open_camera, given.alone)


if __name__ == "__main__":
    main()
