"""Figures for Prometheus, in its text format. Pure.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ezrec_tui.engine.api.processes import Use
from ezrec_tui.model import CameraState, CameraStatus, Health, Job, JobState, JobStep, Level, Snapshot

MEDIA_TYPE = "text/plain; version=0.0.4"
LEVELS = tuple(Level)
Kind = Literal["counter", "gauge"]
Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """A figure, with a value for each set of labels."""

    name: str
    kind: Kind
    meaning: str
    samples: Sequence[tuple[Labels, float]]

    def lines(self) -> Iterator[str]:
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            written = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{{{written}}} {value}" if written else f"{self.name} {value}"


def exposition(snapshot: Snapshot, health: Health, jobs: Sequence[Job], processes: Sequence[Use]) -> str:
    """All figures. What the machine cannot tell is left out."""
    families = (
        Family("ezrec_info", "gauge", "The version.", [({"version": snapshot.version}, 1)]),
        *_of_cameras(snapshot.cameras),
        Family("ezrec_recordings_running", "gauge", "Recordings under way.", [({}, len(snapshot.recordings))]),
        Family("ezrec_recordings", "gauge", "Recordings made here that are still known.", [({}, health.recordings)]),
        *_of_jobs(jobs),
        Family("ezrec_videos_published", "gauge", "Videos published within HISTORY_DAYS.", [({}, health.deliveries)]),
        _counted(
            "ezrec_alerts",
            "Alerts that nobody has seen yet.",
            "level",
            LEVELS[1:],
            (one.level for one in snapshot.alerts),
        ),
        *_of_machine(health),
        *_of_processes(processes),
    )
    return "".join(f"{line}\n" for family in families for line in family.lines() if family.samples)


def _of_cameras(cameras: Sequence[CameraStatus]) -> Iterator[Family]:
    named = [({"camera": str(one.index), "serial": one.serial}, one) for one in cameras]

    def each(name: str, kind: Kind, meaning: str, figure: Callable[[CameraStatus], float]) -> Family:
        return Family(f"ezrec_camera_{name}", kind, meaning, [(labels, figure(one)) for labels, one in named])

    since = "of the recording under way, since its recorder started"
    yield each("frames_captured_total", "counter", f"Frames the sensor gave, {since}.", lambda one: one.captured)
    yield each("frames_written_total", "counter", f"Frames on the disk, {since}.", lambda one: one.written)
    yield each("frames_dropped_total", "counter", f"Frames lost, {since}.", lambda one: one.dropped)
    yield each("written_bytes_total", "counter", f"Bytes on the disk, {since}.", lambda one: one.bytes_written)
    yield each("queue_packets", "gauge", "Packets that wait for the disk.", lambda one: one.queue)
    yield each("frames_per_second", "gauge", "Over the last seconds.", lambda one: one.fps)
    states = [({**labels, "state": state}, int(one.state is state)) for labels, one in named for state in CameraState]
    yield Family("ezrec_camera_state", "gauge", "1 for the state that the camera is in.", states)


def _of_jobs(jobs: Sequence[Job]) -> Iterator[Family]:
    yield _counted("ezrec_jobs", "Videos in the making, by state.", "state", JobState, (job.state for job in jobs))
    uploads = [job for job in jobs if job.step is JobStep.UPLOAD and job.state is not JobState.DONE]
    running = [job.progress for job in uploads if job.state is JobState.RUNNING]
    yield _counted(
        "ezrec_uploads", "Uploads that are not over, by state.", "state", JobState, (job.state for job in uploads)
    )
    yield Family("ezrec_uploads_sent_bytes", "gauge", "Of those that run.", [({}, sum(one.done for one in running))])
    yield Family(
        "ezrec_uploads_bytes", "gauge", "All that those are to send.", [({}, sum(one.total for one in running))]
    )


def _of_machine(health: Health) -> Iterator[Family]:
    yield Family(
        "ezrec_health_level", "gauge", "0: well, 1: a warning, 2: failed.",
        [({"of": item.key}, LEVELS.index(item.level)) for item in health.items],
    )  # fmt: skip
    yield Family("ezrec_engine_start_time_seconds", "gauge", "Unix time.", [({}, health.engine_started.timestamp())])
    if (disk := health.disk) is not None:
        yield Family("ezrec_disk_size_bytes", "gauge", "Of the disk with the data.", [({}, disk.total)])
        yield Family("ezrec_disk_free_bytes", "gauge", "Of that.", [({}, disk.free)])
        yield Family("ezrec_disk_recording_hours", "gauge", "So long can be recorded.", [({}, disk.hours)])
    if (machine := health.machine) is not None:
        yield Family("ezrec_cpu_percent", "gauge", "Busy, of all cores.", [({}, machine.cpu_percent)])
        yield Family("ezrec_memory_size_bytes", "gauge", "Of the machine.", [({}, machine.memory_total)])
        yield Family("ezrec_memory_available_bytes", "gauge", "Of that.", [({}, machine.memory_available)])
        yield Family("ezrec_uptime_seconds", "gauge", "Of the machine.", [({}, machine.uptime_seconds)])
        if machine.celsius is not None:
            yield Family("ezrec_temperature_celsius", "gauge", "Of the processor.", [({}, machine.celsius)])


def _of_processes(processes: Sequence[Use]) -> Iterator[Family]:
    def each(name: str, kind: Kind, meaning: str, figure: Callable[[Use], float]) -> Family:
        return Family(
            f"ezrec_process_{name}", kind, meaning, [({"process": one.name}, figure(one)) for one in processes]
        )

    yield each("cpu_seconds_total", "counter", "Since it started.", lambda one: one.cpu_seconds)
    yield each("resident_memory_bytes", "gauge", "Now.", lambda one: one.resident)
    yield each("open_descriptors", "gauge", "Now.", lambda one: one.descriptors)
    yield each("threads", "gauge", "Now.", lambda one: one.threads)


def _counted(name: str, meaning: str, label: str, kinds: Iterable[str], seen: Iterable[str]) -> Family:
    """How many there are of each kind; of all kinds, also those of which there are none."""
    counts = Counter(seen)
    return Family(name, "gauge", meaning, [({label: str(kind)}, counts[kind]) for kind in kinds])


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
