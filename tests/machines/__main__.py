"""`python -m tests.machines [--kills 10] [--seed N]`: two machines, and the one that renders is killed in each video.

Its counts; 0 when every video was made, delivered and published once.
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.machines import kills


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.machines", description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ezrec-machines-"))
    print(f"seed {asked.seed}, in {folder}", flush=True)
    result = kills.run(asked.kills, asked.seed, folder)
    print(
        f"{result.videos} videos by two machines, {result.kills} kills, {result.taken_over} take-overs,"
        f" {result.delivered} deliveries"
    )
    for line in result.wrong:
        print(f"WRONG: {line}")
    if not result.wrong:
        shutil.rmtree(folder)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
