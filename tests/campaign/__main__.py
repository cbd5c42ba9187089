"""`python -m tests.campaign`: the whole campaign, its counts, and 0 when every promise was kept."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.campaign.campaign import MOST_LOST, run, summary, tell
from tests.campaign.report import write_summary


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--side-by-side", type=int, default=2, help="engines at a time")
    parser.add_argument("--json", type=Path, default=Path("campaign.json"), help="where the summary is written")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ezrec-campaign-"))
    print(f"seed {asked.seed}, {asked.kills} kills, in {folder}", flush=True)
    verdicts = run(asked.kills, asked.seed, folder, asked.side_by_side)
    tell(verdicts)
    result = summary(verdicts, asked.seed)
    write_summary(asked.json, result)
    kept = not any(verdict.wrong for verdict in verdicts) and result["greatest_loss_frames"] <= MOST_LOST
    if kept and not result["gaps_frames"]:
        shutil.rmtree(folder)
    else:
        print(f"what the bookings left that were not as they should be is in {folder}")
    print("every promise was kept" if kept else "NOT every promise was kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
