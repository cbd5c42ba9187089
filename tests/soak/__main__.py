"""`python -m tests.soak`: the hours, their counts and slopes; 0 when every promise was kept and nothing grows."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.campaign.report import write_summary
from tests.soak.soak import run, tell


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=8, help="of the venue")
    parser.add_argument("--speed", type=float, default=60, help="of its clock")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--json", type=Path, default=Path("soak.json"), help="where the summary is written")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ezrec-soak-"))
    print(f"seed {asked.seed}, {asked.hours:g} h at {asked.speed:g} times the speed, in {folder}", flush=True)
    soak = run(asked.hours, asked.speed, asked.seed, folder)
    tell(soak)
    write_summary(asked.json, soak.summary())
    if soak.kept:
        shutil.rmtree(folder)
    else:
        print(f"what it left is in {folder}")
    print(
        "every promise was kept, and nothing grows" if soak.kept else "NOT every promise was kept, or something grows"
    )
    return 0 if soak.kept else 1


if __name__ == "__main__":
    sys.exit(main())
