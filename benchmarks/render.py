"""How much a render costs beside other ways to make the same video.

    python -m benchmarks.render [--seconds 20] [--size 1920x1080] [--runs 3] [--times 6] [--json FILE] [--short]

All contenders take turns in one run, each a process of its own; the figures are medians. CPU is user and system time
of the process and all it started; ratios are what compares between machines. In the end our two renders show the same
footage `--times` over: that must take no more memory, and fails if it does.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

import av

from benchmarks import contenders
from benchmarks.contenders import Setting
from benchmarks.footage import CAMERA_BITRATE
from ezrec_tui.config import parse_size
from ezrec_tui.video import kernel

FPS = 30
BARS = {"floor": 1.10, "ffmpeg": 0.95, "three_passes": 0.33}
"""What our CPU time may at most be, as a share of theirs."""
PANORAMA_BAR = 1.5
"""The same for the panorama, as a share of its own floor's."""
MEMORY_BAR, GROWTH_BAR = 350, 20
"""Megabytes that a render may take at most, and that a longer one may take more than a short one."""
OURS = "ours", "panorama"


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of the footage")
    parser.add_argument("--size", type=parse_size, default=(1920, 1080), help="of a camera's picture")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--times", type=int, default=6, help="how much longer the long renders are")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--short", action="store_true", help="tiny, for correctness alone; times are not judged")
    asked = parser.parse_args()
    if asked.short:
        asked.seconds, asked.size, asked.runs = 2, (320, 180), 1
    with tempfile.TemporaryDirectory(prefix="ezrec-benchmark-") as folder:
        setting = _setting(asked, Path(folder))
        print(f"making {asked.seconds} s of footage, two cameras of {setting.width}x{setting.height} ...", flush=True)
        # In a process of its own: a child's peak memory starts from its parent's.
        subprocess.run(contenders.command("prepare", setting), check=True, env=_environment())
        costs = _run(asked, setting)
        _check(setting, list(costs))
        long = _run_long(replace(setting, times=asked.times))
    _print(costs, asked.short)
    _print_memory(costs, long, asked)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(_report(asked, costs, long), indent=2) + "\n")
        print(f"written to {asked.json}")


def _setting(asked: argparse.Namespace, folder: Path) -> Setting:
    width, height = asked.size
    return Setting(folder, width, height, width // 8 // 2 * 2, asked.seconds * FPS, FPS)


def _run(asked: argparse.Namespace, setting: Setting) -> dict[str, list[Cost]]:
    names = contenders.available()
    missing = [name for name in contenders.CONTENDERS if name not in names]
    if missing:
        print(f"the program ffmpeg is not installed: without {' and '.join(missing)} (Debian: apt install ffmpeg)")
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    for number in range(asked.runs):
        for name in names:
            cost = _measure(setting, name)
            costs[name].append(cost)
            print(f"run {number + 1}: {name}: {cost.cpu_seconds:.2f} s CPU, {cost.wall_seconds:.2f} s", flush=True)
    return costs


def _run_long(setting: Setting) -> dict[str, Cost]:
    costs: dict[str, Cost] = {}
    for name in OURS:
        costs[name] = _measure(setting, name)
        print(f"{setting.times} times as long: {name}: {costs[name].peak_megabytes:.0f} MB at most", flush=True)
    _check(setting, list(OURS))
    return costs


def _measure(setting: Setting, name: str) -> Cost:
    began = time.monotonic()
    child = subprocess.Popen(contenders.command(name, setting), env=_environment())
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    if status:
        sys.exit(f"{name} failed with {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Python keeps what it compiles of its modules, as it does where a program is installed, whatever is set here."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _check(setting: Setting, names: list[str]) -> None:
    """Every contender's video has all the frames, in the same size, and decodes."""
    for name in names:
        with av.open(str(setting.output(name))) as container:
            stream = container.streams.video[0]
            sizes = [(frame.width, frame.height) for frame in container.decode(stream)]
        expected = setting.size(name)
        frames = setting.frames * setting.times
        if len(sizes) != frames or set(sizes) != {expected}:
            sys.exit(f"{name}: {len(sizes)} frames of {set(sizes)}, not {frames} of {expected}")


def _medians(costs: dict[str, list[Cost]]) -> dict[str, Cost]:
    return {
        name: Cost(
            median(cost.cpu_seconds for cost in runs),
            median(cost.wall_seconds for cost in runs),
            median(cost.peak_megabytes for cost in runs),
        )
        for name, runs in costs.items()
    }


def _print(costs: dict[str, list[Cost]], short: bool) -> None:
    middle = _medians(costs)
    print(f"\n{'':14}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'ours / it: CPU':>17}{'wall':>7}{'to reach':>10}")
    for name, cost in middle.items():
        line = f"{name:14}{cost.cpu_seconds:9.2f}{cost.wall_seconds:9.2f}{cost.peak_megabytes:9.0f}"
        if name == "panorama":
            floor = middle["panorama_floor"]
            line += f"{cost.cpu_seconds / floor.cpu_seconds:17.2f}{cost.wall_seconds / floor.wall_seconds:7.2f}"
            line += f"{'' if short else f'<= {PANORAMA_BAR:.2f}':>10}  (it / its floor)"
        elif name in BARS:
            line += f"{middle['ours'].cpu_seconds / cost.cpu_seconds:17.2f}"
            line += f"{middle['ours'].wall_seconds / cost.wall_seconds:7.2f}"
            line += f"{'' if short else f'<= {BARS[name]:.2f}':>10}"
        print(line)


def _print_memory(costs: dict[str, list[Cost]], long: dict[str, Cost], asked: argparse.Namespace) -> None:
    middle = _medians(costs)
    for name, cost in long.items():
        short, peak = middle[name].peak_megabytes, cost.peak_megabytes
        print(f"{name}: {short:.0f} MB for {asked.seconds} s, {peak:.0f} MB for {asked.seconds * asked.times} s")
        if peak > MEMORY_BAR or peak > short + GROWTH_BAR:
            sys.exit(f"{name}: takes more than {MEMORY_BAR} MB, or grows by more than {GROWTH_BAR} MB with the length")


def _report(asked: argparse.Namespace, costs: dict[str, list[Cost]], long: dict[str, Cost]) -> dict[str, object]:
    middle = _medians(costs)
    return {
        "benchmark": "render",
        "footage": {"seconds": asked.seconds, "size": list(asked.size), "fps": FPS, "bitrate": CAMERA_BITRATE},
        "machine": {"cpus": os.cpu_count(), "arch": platform.machine(), "python": platform.python_version()},
        "compiled_kernel": kernel.installed() is not None,
        "libraries": {"av": av.__version__, "libavcodec": list(av.library_versions["libavcodec"])},
        "runs": {name: [asdict(cost) for cost in runs] for name, runs in costs.items()},
        "median": {name: asdict(cost) for name, cost in middle.items()},
        "long": {"seconds": asked.seconds * asked.times, **{name: asdict(cost) for name, cost in long.items()}},
        "ours_to": {
            name: {
                "cpu": round(middle["ours"].cpu_seconds / cost.cpu_seconds, 3),
                "wall": round(middle["ours"].wall_seconds / cost.wall_seconds, 3),
                "cpu_to_reach": BARS[name],
            }
            for name, cost in middle.items()
            if name in BARS
        },
        "panorama_to_its_floor": {
            "cpu": round(middle["panorama"].cpu_seconds / middle["panorama_floor"].cpu_seconds, 3),
            "wall": round(middle["panorama"].wall_seconds / middle["panorama_floor"].wall_seconds, 3),
            "cpu_to_reach": PANORAMA_BAR,
        },
    }


if __name__ == "__main__":
    main()
