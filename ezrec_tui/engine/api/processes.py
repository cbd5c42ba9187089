"""What our processes take of the machine."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Use:
    """Of one process, since it started."""

    name: str
    cpu_seconds: float
    resident: int
    """Bytes."""
    descriptors: int
    threads: int


def uses(processes: Mapping[str, int]) -> list[Use]:
    """Of those of these processes (ids by name) that are still there."""
    found = list[Use]()
    for name, pid in processes.items():
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                times = process.cpu_times()
                cpu, resident = times.user + times.system, process.memory_info().rss
                found.append(Use(name, cpu, resident, process.num_fds(), process.num_threads()))
        except psutil.Error:  # it has just ended
            continue
    return found
