"""What an upload costs, beside boto3's own `upload_file` (s3transfer), and what waiting for the line costs.

    python -m benchmarks.upload [--gigabytes 4] [--repeat 3] [--offline-seconds 120] [--json FILE] [--short]

Both send the same file of random bytes to the same real S3 server, in turn, each in a process of its own: processor
time (user and system) and the most memory it held at once. Over http the library hashes each part for its signature,
over https it does not: both are measured over https, as venues send. offline: a worker with 20 videos that wait for a
line on which nobody answers, and one with none; watched after it has settled, as seconds of processor time in an hour.
CPU depends on the machine, memory hardly: compare the ratio.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC
from pathlib import Path

import psutil

from benchmarks.processes import cpu_seconds
from ezrec_tui.folders import Folders
from tests.jobs.house import submit
from tests.jobs.process import WorkerProcess
from tests.peers.proxy import Proxy
from tests.peers.s3 import S3Server, running_s3

Figures = dict[str, float]
WAITING = 20
SETTLING_SECONDS = 90.0
"""Until the looks for the line are as seldom as they get."""

OURS = """
import sys
from pathlib import Path
from pydantic import SecretStr
from ezrec_tui.delivery.s3 import S3Store, S3Target
endpoint, ca, access, secret, video, state = sys.argv[1:]
target = S3Target("bench", "us-east-1", SecretStr(access), SecretStr(secret), endpoint, ca_file=Path(ca))
S3Store(target, Path(state)).put(
    Path(video), f"ours/{state[-8:]}.mp4", on_progress=lambda _: None, should_stop=lambda: False
)
"""
THEIRS = """
import sys
import boto3
from botocore.config import Config
endpoint, ca, access, secret, video, state = sys.argv[1:]
client = boto3.session.Session().client(
    "s3", region_name="us-east-1", endpoint_url=endpoint, verify=ca, aws_access_key_id=access,
    aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}),
)
client.upload_file(video, "bench", f"theirs/{state[-8:]}.mp4")
"""
MEASURED = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, int(held.split()[1]) / 1024)
"""
PROGRAMS = {"ezrec": OURS, "s3transfer": THEIRS}


def send(program: str, server: S3Server, video: Path, state: Path) -> Figures:
    """One upload, in a process of its own; the object is deleted afterwards."""
    state.mkdir()
    began = time.monotonic()
    arguments = [f"https://127.0.0.1:{server.tls_port}", server.ca_file, server.access_key, server.secret_key, video]
    done = subprocess.run(
        [sys.executable, "-c", program + MEASURED, *map(str, arguments), str(state)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    wall = time.monotonic() - began
    cpu, memory = map(float, done.stdout.split())
    client = server.client()
    for one in client.list_objects_v2(Bucket="bench").get("Contents", []):
        if "Key" in one:
            client.delete_object(Bucket="bench", Key=one["Key"])
    return {"cpu_seconds": cpu, "memory_mb": memory, "wall_seconds": wall}


def compare(folder: Path, gigabytes: float, repeat: int) -> dict[str, Figures]:
    """The median of each, in turn."""
    video = folder / "video.mp4"
    with video.open("wb") as file:
        for _ in range(round(gigabytes * 1e9 / (1 << 20))):
            file.write(os.urandom(1 << 20))
    found: dict[str, list[Figures]] = {name: [] for name in PROGRAMS}
    with running_s3(folder / "s3") as server:
        server.client().create_bucket(Bucket="bench")
        for number in range(repeat):
            for name, program in PROGRAMS.items():
                found[name].append(send(program, server, video, folder / f"state-{name}-{number}"))
                print(f"{name:12} {found[name][-1]}", file=sys.stderr)
    video.unlink()
    return {
        name: {figure: statistics.median(run[figure] for run in runs) for figure in runs[0]}
        for name, runs in found.items()
    }


def wait_offline(folder: Path, seconds: float, settling: float, waiting: int) -> Figures:
    """Processor time of a worker whose videos wait for the line, scaled to an hour."""
    data = folder / f"data-{waiting}"
    folders = Folders(data, UTC)
    with Proxy(1) as line:
        line.refuse()
        settings = {
            "AWS_S3_BUCKET": "bench",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{line.port}",
        }
        with WorkerProcess(data, settings, patience=1800) as worker:
            names = [f"b{number}" for number in range(waiting)]
            for name in names:
                worker.say(submit(folders, name, seconds=1))
            for name in names:
                worker.wait_for_job(name, lambda job: job.waits_for is not None)
            worker.live_for(settling)
            process = psutil.Process(worker.process.pid)
            heard, before, began = len(worker.heard), cpu_seconds(process), time.monotonic()
            written = process.io_counters().write_bytes
            worker.live_for(seconds)
            passed = (time.monotonic() - began) / 3600
            return {
                "videos": waiting,
                "cpu_seconds_an_hour": (cpu_seconds(process) - before) / passed,
                "messages_an_hour": (len(worker.heard) - heard) / passed,
                "written_bytes_an_hour": (process.io_counters().write_bytes - written) / passed,
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--offline-seconds", type=float, default=120)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--short", action="store_true", help="small, to see that it works")
    given = parser.parse_args()
    size, repeat, seconds, settling, waiting = (
        given.gigabytes,
        given.repeat,
        given.offline_seconds,
        SETTLING_SECONDS,
        WAITING,
    )
    if given.short:
        size, repeat, seconds, settling, waiting = 0.05, 1, 3.0, 1.0, 2
    with tempfile.TemporaryDirectory() as folder:
        uploads = compare(Path(folder), size, repeat)
        offline = {f"{count} waiting": wait_offline(Path(folder), seconds, settling, count) for count in (0, waiting)}
    ours, theirs = uploads["ezrec"], uploads["s3transfer"]
    print(f"\n{size:g} GB over https, median of {repeat}  {'CPU s':>10} {'memory MB':>10} {'wall s':>8}")
    for name, figures in uploads.items():
        print(f"{name:34} {figures['cpu_seconds']:10.1f} {figures['memory_mb']:10.0f} {figures['wall_seconds']:8.1f}")
    print(f"{'ratio':34} {ours['cpu_seconds'] / theirs['cpu_seconds']:10.2f}")
    for name, figures in offline.items():
        print(f"offline, {name}: {figures['cpu_seconds_an_hour']:.1f} s of processor time in an hour")
    if given.json:
        machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
        result = {**machine, "gigabytes": size, "repeat": repeat, "uploads": uploads, "offline": offline}
        given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
