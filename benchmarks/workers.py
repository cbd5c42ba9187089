"""How many videos machines make together: 1, 2 and 4 `ezrec worker` on one core each, some of them killed meanwhile.

    python -m benchmarks.workers [--videos 12] [--kills 2] [--workers 1 2 4] [--json FILE]

Each order is a render of about one core-second (640x180 scaled to 1280, x264 veryslow), staged in a real bucket, on
a real PostgreSQL. A machine stands for itself on one core; where there are more of them than cores they share those.
From the first order in the queue to the last video in the bucket; at each kill (kill -9, at a random instant, of one
that renders) another machine is started in its place, and what it takes to start counts too. Throughput is a ratio to
one machine in the same run; on a computer with other things to do it says little. The core-seconds that the machines
took for a video, their starts included, say how much work was done twice. It fails unless each video lies in the bucket
once and has one result.
"""

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
import uuid
from datetime import UTC
from pathlib import Path

import psutil
from dbos import DBOS
from pydantic import SecretStr
from sqlalchemy import Engine, text

from benchmarks.processes import cpu_seconds
from ezrec_tui.config import load_settings
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.shared_database import open_engine
from tests.machines.machines import SLOW, Machine, shared
from tests.machines.staged import enqueue, stage
from tests.peers.s3 import S3Bucket, running_s3
from tests.peers.supabase import postgres

SECONDS = 4
PATIENCE = 1800.0
STATES = text("SELECT status, count(*) FROM dbos.workflow_status GROUP BY status")
AT_WORK = text("SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING'")
TOOK = text("SELECT (max(completed_at) - min(created_at)) / 1000.0 FROM dbos.workflow_status WHERE status = 'SUCCESS'")


def run(workers: int, videos: int, kills: int, chosen: random.Random, folder: Path) -> dict[str, float]:
    """Seconds, and how often a machine was killed. Raises AssertionError when a video is missing."""
    folder.mkdir()
    with running_s3(folder / "s3") as server, postgres() as database:
        bucket = S3Bucket(server, f"venue-{uuid.uuid4().hex[:12]}")
        server.client().create_bucket(Bucket=bucket.name)
        environment = shared(bucket, database.url)
        settings = load_settings(
            _env_file=None, **{name.lower(): value for name, value in (environment | SLOW).items()}
        )
        DBOS.migrate(database.url)
        folders = Folders(folder / "pi", UTC)
        orders = [stage(settings, folders, SECONDS, f"b{number}") for number in range(videos)]
        cores = sorted(os.sched_getaffinity(0))
        machines = {
            number: Machine(folder / f"machine-{number}", environment, core=cores[number % len(cores)])
            for number in range(workers)
        }
        engine = open_engine(SecretStr(database.url))
        try:
            for machine in machines.values():
                machine.wait_to_say("ready to make videos")
            for order in orders:
                enqueue(order, database.url)
            spent = [0.0]
            killed = _kill(machines, engine, videos, kills, chosen, environment, spent)
            spent += [cpu_seconds(psutil.Process(machine.process.pid)) for machine in machines.values()]
            with engine.connect() as connection:
                took = float(connection.execute(TOOK).scalar_one())
        finally:
            for machine in machines.values():
                machine.kill()
            engine.dispose()
        made = [key for key in bucket.objects() if not key.startswith("ezrec-jobs/")]
        assert sorted(made) == sorted(order.key for order in orders), made
    return {
        "workers": workers,
        "seconds": round(took, 1),
        "core_seconds_a_video": round(sum(spent) / videos, 2),
        "kills": killed,
        "videos": videos,
    }


def _kill(
    machines: dict[int, Machine],
    engine: Engine,
    videos: int,
    kills: int,
    chosen: random.Random,
    environment: dict[str, str],
    spent: list[float],
) -> int:
    """Wait until all is made; kill whoever renders when so many videos are done. How many were killed; what they had
    taken of the processor is added to `spent`."""
    at = sorted(chosen.sample(range(videos - 1), kills))
    killed = 0
    until = time.monotonic() + PATIENCE
    while True:
        with engine.connect() as connection:
            states = {str(row[0]): int(row[1]) for row in connection.execute(STATES)}
            working = set(connection.execute(AT_WORK).scalars())
        done = states.get("SUCCESS", 0)
        if done == videos:
            return killed
        assert time.monotonic() < until, states
        assert not set(states) - {"SUCCESS", "PENDING", "ENQUEUED"}, states
        busy = [number for number, machine in machines.items() if machine.names[-1:] and machine.names[-1] in working]
        if killed < kills and done >= at[killed] and busy:
            time.sleep(chosen.uniform(0, 2))
            number = chosen.choice(busy)
            spent.append(cpu_seconds(psutil.Process(machines[number].process.pid)))
            machines[number].kill()
            core = sorted(os.sched_getaffinity(0))[number % len(os.sched_getaffinity(0))]
            killed += 1
            machines[number] = Machine(machines[number].data.with_name(f"again-{killed}"), environment, core=core)
        time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--videos", type=int, default=12)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}, {platform.machine()}", flush=True)
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="ezrec-workers-") as folder:
        for workers in asked.workers:
            chosen = random.Random(asked.seed)
            one = run(workers, asked.videos, asked.kills, chosen, Path(folder) / str(workers))
            one["ratio"] = round(found[0]["seconds"] / one["seconds"], 2) if found else 1.0
            found.append(one)
            print(
                f"{workers} workers: {asked.videos} videos in {one['seconds']:.1f} s, {one['kills']} killed,"
                f" {one['ratio']:.2f} of the throughput of {asked.workers[0]},"
                f" {one['core_seconds_a_video']:.1f} core-seconds a video, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
