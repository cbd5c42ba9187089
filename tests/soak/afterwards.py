"""What stays on the disk when everything was kept for long enough: the worker, a month later, hour by hour."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ezrec_tui.clock import sensor_ns
from ezrec_tui.jobs.messages import Sweep, Swept
from tests.campaign.delivery.quick import QuickClock
from tests.jobs.process import WorkerProcess

LATER = timedelta(days=40)
SPEED = 7200
"""Two hours a second: within an hour at most half of what is kept may go."""
IN_VAIN = 3
"""Sweeps that free nothing, one after the other, after which nothing more goes."""


def left_when_kept_for_long(data: Path, settings: Mapping[str, str]) -> dict[str, int]:
    """Folders of footage, and videos, that are still there then, and their bytes."""
    clock = QuickClock(sensor_ns(), datetime.now(UTC) + LATER, SPEED)
    program = "tests.campaign.delivery.quick_worker"
    with WorkerProcess(data, {**settings, **clock.environment()}, program) as worker:
        in_vain = 0
        while in_vain < IN_VAIN:
            told = len(worker.heard)
            worker.say(Sweep(need=0))
            swept = worker.wait_for(lambda message: isinstance(message, Swept), since=told)
            assert isinstance(swept, Swept)
            in_vain = 0 if swept.freed else in_vain + 1
            worker.live_for(1.0)
    left = Counter[str]()
    for path in (data / "recordings").rglob("*.ts"):
        left[str(path.parent.relative_to(data))] += path.stat().st_size
    for path in (data / "processed").rglob("*.mp4"):
        left[str(path.relative_to(data))] = path.stat().st_size
    return dict(left)
