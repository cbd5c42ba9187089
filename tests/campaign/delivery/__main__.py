"""`python -m tests.campaign.delivery`: the campaign or the week, whole; its counts; 0 when every promise was kept."""

import argparse
import random
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.campaign.delivery import campaign, week
from tests.campaign.report import write_summary

BOOKINGS_A_DAY = 6


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.delivery", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--bookings", type=int, default=50, help="at least; as many as it takes for the faults")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--week", action="store_true", help="a week without a line instead: three hours at 60 times")
    parser.add_argument("--speed", type=float, default=60, help="of the week's clock")
    parser.add_argument("--json", type=Path, help="where the summary is written")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ezrec-delivery-"))
    print(f"seed {asked.seed}, in {folder}", flush=True)
    if asked.week:
        lived = week.run(asked.speed, BOOKINGS_A_DAY, asked.seed, folder)
        week.tell(lived)
        kept, found = lived.kept, asdict(lived)
    else:
        result = campaign.run(asked.faults, asked.bookings, asked.seed, folder)
        campaign.tell(result)
        kept, found = result.kept, result.summary()
    write_summary(asked.json or Path("offline-week.json" if asked.week else "delivery-campaign.json"), found)
    if kept:
        shutil.rmtree(folder)
    else:
        print(f"what it left is in {folder}")
    print("every promise was kept" if kept else "NOT every promise was kept")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
