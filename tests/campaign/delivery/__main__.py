"""`python -m tests.campaign.delivery`: the whole campaign, its counts, and 0 when every promise was kept."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.campaign.delivery.campaign import run, tell
from tests.campaign.report import write_summary


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.delivery", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--bookings", type=int, default=50, help="at least; as many as it takes for the faults")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument(
        "--json", type=Path, default=Path("delivery-campaign.json"), help="where the summary is written"
    )
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ezrec-delivery-"))
    print(f"seed {asked.seed}, {asked.faults} faults, {asked.bookings} bookings, in {folder}", flush=True)
    result = run(asked.faults, asked.bookings, asked.seed, folder)
    tell(result)
    write_summary(asked.json, result.summary())
    if result.kept:
        shutil.rmtree(folder)
    else:
        print(f"what it left is in {folder}")
    print("every promise was kept" if result.kept else "NOT every promise was kept")
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
