"""`python -m ezrec_tui.jobs.calibrate --parent PID FOLDER RIG`: finds the rig in a recording's footage, for a parent
that must not look at it itself. What came of it is a line of JSON (`Found`); the rig is written when there is one.
"""

import argparse
import signal
from datetime import UTC, datetime
from pathlib import Path

from ezrec_tui.child import end_with_parent
from ezrec_tui.jobs.found import Found
from ezrec_tui.niceness import GENTLEST, be_gentle


def find(folder: Path, output: Path) -> Found:
    """Raises OSError."""
    from ezrec_tui.jobs.looking import scenes_of  # takes a second to import: by then it has to end with its parent
    from ezrec_tui.recording_files import RecordingError
    from ezrec_tui.video.calibrate import Known, calibrate, numbers
    from ezrec_tui.video.errors import VideoError
    from ezrec_tui.video.rig_file import save_rig
    from ezrec_tui.video.stills import MOMENTS

    try:
        scenes, serials = scenes_of(folder, MOMENTS)
        left, right = (serial or None for serial in serials)
        rig = calibrate(scenes, datetime.now(UTC), Known(serials=(left, right)))
    except (RecordingError, VideoError) as error:
        return Found(ok=False, message=str(error))
    save_rig(rig, output)
    return Found(ok=True, message=f"calibrated: {numbers(rig)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process id of whom it ends with")
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    given = parser.parse_args()
    end_with_parent(given.parent, signal.SIGKILL)  # one that is held hears nothing else
    be_gentle(GENTLEST)
    print(find(given.folder, given.output).model_dump_json(), flush=True)


if __name__ == "__main__":
    main()
