"""Do the cameras work? While an engine runs they are its own, and it is asked; else each records two seconds.

`python -m ezrec_tui.doctor.cameras --specs JSON` is the child that does so, as a driver that hangs cannot be ended.
"""

import argparse
import subprocess
import sys
import threading

from pydantic import TypeAdapter, ValidationError

from ezrec_tui.cameras.camera import Camera, CameraError, CameraSpec, Packet
from ezrec_tui.cameras.kinds import TEST_PATTERN, open_camera
from ezrec_tui.config import Settings
from ezrec_tui.doctor.checks import Failed, Found, warning
from ezrec_tui.doctor.running import running_engine
from ezrec_tui.engine.recorders import FOUND, camera_specs
from ezrec_tui.model import NS, Snapshot, Value

RECORD_SECONDS = 2.0
START_SECONDS = 10.0
"""Until the first frame has to be there."""
CHILD_SECONDS = 30.0
SLOW = 0.8
"""Of the frames a second that are asked for."""
CABLE = "check its cable and power; `rpicam-hello --list-cameras` says what the machine sees"


class Tried(Value):
    """What came of one camera."""

    index: int
    serial: str
    fps: float = 0.0
    error: str = ""


def look_at_cameras(settings: Settings) -> Found:
    """Each camera by its serial and its frames a second."""
    snapshot = running_engine(settings)
    tried = _try(camera_specs(settings)) if snapshot is None else _told(snapshot)
    how = "recorded" if snapshot is None else "the engine says"
    for one in tried:
        if one.error:
            raise Failed(f"camera {one.index + 1} ({one.serial or 'any'}): {one.error}", CABLE)
    told = ", ".join(f"{one.serial} at {one.fps:.0f} fps" if one.fps else one.serial for one in tried)
    if slow := [one for one in tried if one.fps and one.fps < SLOW * settings.recording_fps]:
        numbers = " and ".join(str(one.index + 1) for one in slow)
        to_do = "lower RECORDING_FPS or RESOLUTION, and run it again with nothing else on"
        return warning(f"camera {numbers} is slower than {settings.recording_fps} fps ({told})", to_do)
    wanted = (settings.camera_0_serial, settings.camera_1_serial)
    if any(one.serial == TEST_PATTERN and not wanted[one.index] for one in tried):
        return warning(f"no camera is connected: the test pattern is shown ({how}: {told})", CABLE)
    return Found(f"{how}: {told}")


def _told(snapshot: Snapshot) -> list[Tried]:
    """What the engine that runs says of its cameras."""
    return [
        Tried(
            index=camera.index,
            serial=camera.serial,
            error="" if camera.state in FOUND else camera.error or f"it is {camera.state.value}",
        )
        for camera in snapshot.cameras
    ]


def _try(specs: list[CameraSpec]) -> list[Tried]:
    """What a child made of them. Raises Failed."""
    document = TypeAdapter(list[CameraSpec]).dump_json(specs).decode()
    command = [sys.executable, "-m", "ezrec_tui.doctor.cameras", "--specs", document]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_SECONDS, check=False)
        return [Tried.model_validate_json(line) for line in done.stdout.splitlines()]
    except subprocess.TimeoutExpired as error:
        raise Failed(f"they do not answer within {CHILD_SECONDS:.0f} s", f"{CABLE}; start the machine again") from error
    except (OSError, ValidationError) as error:
        raise Failed(f"they could not be tried: {error}", CABLE) from error


class _Counter:
    """Counts the packets of a camera that runs."""

    def __init__(self) -> None:
        self.first_ns = self.last_ns = self.count = 0
        self.enough = threading.Event()

    def take(self, packet: Packet) -> None:
        self.first_ns = self.first_ns or packet.sensor_ns
        self.last_ns, self.count = packet.sensor_ns, self.count + 1
        if self.last_ns - self.first_ns >= RECORD_SECONDS * NS:
            self.enough.set()

    @property
    def fps(self) -> float:
        return (self.count - 1) * NS / (self.last_ns - self.first_ns) if self.count > 1 else 0.0


def try_cameras(specs: list[CameraSpec]) -> list[Tried]:
    """Record a little of all of them at the same time."""
    running: list[tuple[CameraSpec, Camera, _Counter]] = []
    tried: list[Tried] = []
    for spec in specs:
        counter = _Counter()
        try:
            camera = open_camera(spec)
            camera.start(counter.take)
            running.append((camera.spec, camera, counter))
        except (CameraError, OSError) as error:
            tried.append(Tried(index=spec.index, serial=spec.serial, error=str(error)))
    for spec, camera, counter in running:
        counter.enough.wait(START_SECONDS + RECORD_SECONDS)
        camera.stop()
        error = "" if counter.count > 1 else "it gives no frames"
        tried.append(Tried(index=spec.index, serial=spec.serial, fps=round(counter.fps, 1), error=error))
    return sorted(tried, key=lambda one: one.index)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ezrec_tui.doctor.cameras", description="Try cameras.")
    parser.add_argument("--specs", required=True, help="a JSON list of what is asked of each")
    for one in try_cameras(TypeAdapter(list[CameraSpec]).validate_json(parser.parse_args().specs)):
        print(one.model_dump_json(), flush=True)


if __name__ == "__main__":
    main()
