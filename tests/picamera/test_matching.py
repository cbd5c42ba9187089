"""Two cameras that would each expose to their own taste, under a real engine: while they record they expose alike.

What automatic exposure, gain and white balance find is played by the sensor (see `virtual_pi`), and so is that it keeps
to what it is set to. All else is real, from Picamera2's controls to the engine's decision.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.clock import sensor_ns
from ezrec_tui.engine.exposure import SEEN, differ
from ezrec_tui.files import write_atomic
from ezrec_tui.model import NS, Banner, CameraState, Manifest, Segment, StartRecording
from ezrec_tui.recorder.messages import Start
from ezrec_tui.recording_files import find_segments
from tests.engine.running import RunningEngine, running_engine
from tests.picamera.pi import LEFT, RIGHT, VirtualPi, wait_until
from tests.picamera.virtual_pi import BY_ITSELF, exposures

ROOT = Path(__file__).parents[2]


class Court:
    """An engine with two virtual cameras."""

    def __init__(self, engine: RunningEngine, folder: Path) -> None:
        self.engine = engine
        self.left, self.right = (VirtualPi(folder, spec) for spec in (LEFT, RIGHT))

    def newest(self) -> tuple[Exposure, Exposure]:
        left, right = (exposures(pi.faults) for pi in (self.left, self.right))
        return left[-1][1], right[-1][1]

    def are_alike(self) -> bool:
        return not differ(*self.newest(), SEEN)

    def shows_taste_of(self, pi: VirtualPi) -> bool:
        return not any(differ(exposure, taste(pi), SEEN / 4) for exposure in self.newest())

    def light(self, brightness: float) -> None:
        for pi in (self.left, self.right):
            write_atomic(pi.faults / "light", str(brightness))

    def book(self, starts_in: float, ends_in: float) -> None:
        """A booking, or another time for it: seconds from now."""
        now = datetime.now(UTC)
        start, end = (now + timedelta(seconds=seconds) for seconds in (starts_in, ends_in))
        row = {"id": "b1", "start_time": start.isoformat(), "end_time": end.isoformat()}
        write_atomic(self.engine.data / "bookings.json", json.dumps([row]))

    def begun(self) -> Start:
        """What the recorders were told of the one recording."""
        [path] = (self.engine.data / "recordings").rglob("manifest.json")
        manifest = Manifest.model_validate_json(path.read_text())
        return Start(
            booking_id=manifest.booking.id,
            folder=path.parent,
            epoch_sensor_ns=manifest.boots[0].epoch_sensor_ns,
            start_ns=manifest.start_ns,
            end_ns=manifest.end_ns,
        )

    def segments(self, pi: VirtualPi) -> list[Segment]:
        return [s for s in find_segments(self.begun().folder) if s.camera == pi.spec.index]

    def wait_until_idle(self) -> None:
        self.engine.until(lambda seen: all(camera.state is CameraState.IDLE for camera in seen.cameras))

    def kill_recorder(self, index: int) -> None:
        """At once; its sensor's journal ends with it."""
        children = psutil.Process(self.engine.process.pid).children()
        [recorder] = [one for one in children if f'"index":{index}' in " ".join(one.cmdline())]
        recorder.kill()


def taste(pi: VirtualPi) -> Exposure:
    """What this camera finds by itself."""
    finds = BY_ITSELF[pi.spec.serial]
    return Exposure(round(finds["ExposureTime"]), finds["AnalogueGain"], (finds["Red"], finds["Blue"]))


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    environment = {
        "CAMERA_0_SERIAL": "cam0",
        "CAMERA_1_SERIAL": "cam1",
        "RESOLUTION": f"{LEFT.width}x{LEFT.height}",
        "FAULTS": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]),
    }
    with running_engine(tmp_path / "data", "-m", "tests.picamera.engine", **environment) as engine:
        court = Court(engine, tmp_path)
        court.wait_until_idle()
        yield court


def test_from_before_a_booking_to_its_end_both_cameras_expose_alike_and_no_frame_is_lost_by_it(court: Court) -> None:
    assert not court.are_alike()
    court.book(starts_in=50, ends_in=300)
    court.engine.until(lambda seen: seen.banner is Banner.ARMED)
    wait_until(court.are_alike)
    day, _ = court.newest()
    court.book(starts_in=0, ends_in=300)
    court.engine.until(lambda seen: seen.banner is Banner.RECORDING)
    assert court.are_alike(), "it was so before the first frame"
    court.light(0.5)
    wait_until(lambda: differ(court.newest()[0], day, 0.5))
    wait_until(court.are_alike)
    court.book(starts_in=-9, ends_in=0)
    court.wait_until_idle()
    wait_until(lambda: not court.are_alike())

    begun = court.begun()
    for pi in (court.left, court.right):
        recorded, exposed = pi.recorded(begun), pi.exposed_within(begun)
        assert recorded[: len(exposed)] == exposed, "each frame that the sensor gave, in order"


def test_an_engine_that_was_killed_finds_its_cameras_alike_and_leaves_them_so(court: Court) -> None:
    assert asyncio.run(court.engine.client.start(StartRecording(minutes=30))).ok
    wait_until(lambda: court.are_alike() and any(court.shows_taste_of(pi) for pi in (court.left, court.right)))
    common, killed_ns = court.newest()[0], sensor_ns()
    court.engine.kill()
    court.engine.start_again()
    court.engine.until(lambda seen: all(camera.state is CameraState.RECORDING for camera in seen.cameras))
    taken_over_ns = sensor_ns()
    wait_until(lambda: exposures(court.left.faults)[-1][0] > taken_over_ns + 3 * NS)
    for pi in (court.left, court.right):
        since = [exposure for at_ns, exposure in exposures(pi.faults) if at_ns > killed_ns]
        assert not any(differ(exposure, common, SEEN) for exposure in since)
    court.light(0.5)
    wait_until(lambda: all(differ(exposure, common, 0.5) for exposure in court.newest()) and court.are_alike())


def test_a_recorder_that_was_killed_is_told_again_and_when_it_led_the_other_one_leads_from_then_on(
    court: Court,
) -> None:
    assert asyncio.run(court.engine.client.start(StartRecording(minutes=30))).ok
    wait_until(court.are_alike)
    leader, follower = sorted((court.left, court.right), key=lambda pi: differ(court.newest()[0], taste(pi), SEEN))
    for pi in (follower, leader):
        court.kill_recorder(pi.spec.index)
        wait_until(lambda pi=pi: len(court.segments(pi)) == 2)
        begins_again_ns = court.begun().epoch_sensor_ns + court.segments(pi)[1].first_ns
        wait_until(lambda pi=pi, ns=begins_again_ns: exposures(pi.faults)[-1][0] > ns + NS)
        again = [exposure for at_ns, exposure in exposures(pi.faults) if at_ns >= begins_again_ns]
        assert pi is leader or not any(differ(one, taste(leader), SEEN) for one in again), "from its first frame on"
    wait_until(lambda: court.are_alike() and not differ(court.newest()[0], taste(follower), SEEN))
