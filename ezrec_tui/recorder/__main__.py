"""`python -m ezrec_tui.recorder --spec JSON --parent PID [--pre-roll SECONDS]`: a recorder, started by the engine."""

import argparse
import os

from pydantic import TypeAdapter

from ezrec_tui.cameras.camera import CameraSpec
from ezrec_tui.cameras.kinds import open_camera
from ezrec_tui.logs import log_as_child
from ezrec_tui.recorder.process import run_recorder


def main() -> None:
    parser = argparse.ArgumentParser(prog="ezrec-recorder", description="Record one camera; speaks JSON lines.")
    parser.add_argument("--spec", required=True, type=TypeAdapter(CameraSpec).validate_json, help="a CameraSpec, JSON")
    parser.add_argument("--parent", required=True, type=int, help="process id of the engine")
    parser.add_argument("--pre-roll", default=0.0, type=float, help="seconds kept for a recording's beginning")
    given = parser.parse_args()
    log_as_child(os.environ.get("LOG_LEVEL", "INFO"))
    run_recorder(given.spec, given.parent, given.pre_roll, open_camera)


if __name__ == "__main__":
    main()
