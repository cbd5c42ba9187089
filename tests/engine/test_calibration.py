"""Calibrating by a real engine with video-file cameras that see one court: what it finds, what it must not disturb."""

import asyncio
import json
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from benchmarks.truth import Filming, Truth, View
from ezrec_tui.client import EngineError
from ezrec_tui.model import (
    Alert,
    Calibration,
    CameraState,
    Job,
    JobState,
    MergeMethod,
    RecordingState,
    RigStatus,
    Setup,
    Snapshot,
    StartRecording,
)
from ezrec_tui.niceness import GENTLEST
from ezrec_tui.video.calibrate import Known, calibrate
from ezrec_tui.video.rig_file import load_rig, save_rig
from ezrec_tui.video.stills import Scenes
from tests.engine.running import PATIENCE, RunningEngine, running_engine

TRUTH = Truth(640, 360)
MOVED = replace(TRUTH, right=replace(TRUTH.right, yaw=TRUTH.right.yaw + 1))
MOVED_PX = float(np.radians(1) * TRUTH.focal)
FPS = 10
SETTINGS = {"RECORDING_FPS": str(FPS), "RESOLUTION": "640x360", "RECORDING_BITRATE": "4000000"}


def film(folder: Path, truth: Truth) -> Path:
    """left.mp4 and right.mp4: two seconds of a court with players, as these cameras see it."""
    folder.mkdir()
    Filming(truth).film(folder, frames=2 * FPS, fps=FPS)
    return folder


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of films: `well`, `moved` and `grey`, a wall."""
    folder = tmp_path_factory.mktemp("films")
    film(folder / "well", TRUTH)
    film(folder / "moved", MOVED)
    film(folder / "grey", replace(TRUTH, left=View(-21, exposure=0), right=View(20, exposure=0)))
    return folder


class Court:
    """What two cameras look at; it can be changed, and the next that opens them sees it so."""

    def __init__(self, folder: Path, films: Path) -> None:
        self._folder, self._films = folder, films
        folder.mkdir(exist_ok=True)
        self.show("well")

    def show(self, name: str) -> None:
        for side in ("left", "right"):
            partial = self._folder / "new.mp4"
            partial.write_bytes((self._films / name / f"{side}.mp4").read_bytes())
            partial.replace(self._folder / f"{side}.mp4")

    @property
    def serials(self) -> tuple[str, str]:
        return f"file:{self._folder / 'left.mp4'}", f"file:{self._folder / 'right.mp4'}"

    @property
    def settings(self) -> dict[str, str]:
        return SETTINGS | {"CAMERA_0_SERIAL": self.serials[0], "CAMERA_1_SERIAL": self.serials[1]}


def are_idle(seen: Snapshot) -> bool:
    return bool(seen.cameras) and all(camera.state is CameraState.IDLE for camera in seen.cameras)


def has_calibrated(seen: Snapshot) -> bool:
    return seen.calibration is not None and not seen.calibration.running


def rig_of_setup(setup: Setup) -> RigStatus:
    assert setup.rig is not None
    return setup.rig


def alerts_of_movement(seen: Snapshot) -> list[Alert]:
    return [alert for alert in seen.alerts if alert.what.startswith("a camera has moved")]


def rig_of(seen: Snapshot) -> RigStatus:
    return rig_of_setup(seen.setup)


def recorded(engine: RunningEngine, title: str) -> Job:
    """A recording of some seconds, when its video is made."""
    engine.until(are_idle)
    started = asyncio.run(engine.client.start(StartRecording(minutes=0.05, title=title)))
    assert started.ok

    def is_done(seen: Snapshot) -> bool:
        return any(
            j.booking_id == started.booking_id and j.state in (JobState.DONE, JobState.FAILED) for j in seen.jobs
        )

    engine.until(is_done)
    job = next(j for j in asyncio.run(engine.client.snapshot()).jobs if j.booking_id == started.booking_id)
    assert job.state is JobState.DONE, job.error
    return job


def method_of(engine: RunningEngine, job: Job) -> str:
    return json.loads((engine.data / "events" / f"video_ready_{job.booking_id}.event").read_text())["method"]


def size_of(job: Job) -> tuple[int, int]:
    assert job.video is not None
    with av.open(job.video) as container:
        return container.streams.video[0].width, container.streams.video[0].height


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory, films: Path) -> Court:
    return Court(tmp_path_factory.mktemp("court"), films)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, court: Court) -> Generator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("calibration"), **court.settings) as running:
        running.until(are_idle)
        yield running


@pytest.fixture
def calibrated(engine: RunningEngine, court: Court) -> RunningEngine:
    """The engine, its cameras calibrated, its videos to be panoramas."""
    rig = engine.data / "calibration" / "rig.json"
    if not rig.exists():
        shots = [Filming(TRUTH).shots(number / 2) for number in range(4)]
        scenes = Scenes(tuple(left for left, _ in shots), tuple(right for _, right in shots))
        save_rig(calibrate(scenes, datetime.now(UTC), Known(serials=court.serials)), rig)
    assert asyncio.run(engine.client.set_method(MergeMethod.PANORAMA)).ok
    engine.until(lambda seen: are_idle(seen) and seen.setup.method is MergeMethod.PANORAMA)
    return engine


def test_cameras_are_calibrated_and_videos_joined_so_until_one_moves_and_footage_mends_it(
    engine: RunningEngine, court: Court
) -> None:
    court.show("well")
    (engine.data / "calibration" / "rig.json").unlink(missing_ok=True)
    with pytest.raises(EngineError, match="the cameras are not calibrated"):
        asyncio.run(engine.client.rig_picture())
    assert engine.cli("method", "panorama").returncode == 0
    setup = asyncio.run(engine.client.snapshot()).setup
    assert (setup.asked, setup.method, setup.rig) == (MergeMethod.PANORAMA, MergeMethod.FEATHER, None)
    assert setup.fallbacks == ("panorama: the cameras are not calibrated; feather is used",)

    done = engine.cli("calibrate", "--cameras", "--json")
    assert done.returncode == 0, done.stderr
    found = Calibration.model_validate_json(done.stdout)
    assert found.ok
    assert "matches fit to 0." in found.message
    rig = load_rig(engine.data / "calibration" / "rig.json")
    assert (rig.left.serial, rig.right.serial) == court.serials
    snapshot = asyncio.run(engine.client.snapshot())
    assert snapshot.calibration == found
    assert (snapshot.setup.method, snapshot.setup.fallbacks) == (MergeMethod.PANORAMA, ())
    status = rig_of(snapshot)
    assert (status.made, status.inliers, status.rmse_px) == (rig.made, rig.inliers, rig.rmse_px)
    assert (status.width, status.height, status.problem) == (rig.canvas.width, rig.canvas.height, "")
    picture = asyncio.run(engine.client.rig_picture())
    assert 200 < picture.width <= 320
    assert len(picture.grey) == picture.width * picture.height
    assert not (engine.data / "camera-test").exists()
    assert not (engine.data / "calibrating").exists()
    acts = asyncio.run(engine.client.acts(2))
    assert [(act.act, act.ok) for act in acts] == [("calibrate", True), ("set method", True)]

    well = recorded(engine, "Ana")
    assert (method_of(engine, well), well.fallbacks) == ("panorama", ())
    assert size_of(well) == (rig.canvas.width, rig.canvas.height)
    snapshot = engine.until(lambda seen: rig_of(seen).shift_px is not None)
    shift = rig_of(snapshot).shift_px
    assert shift is not None
    assert shift < 1
    assert (rig_of(snapshot).moved_in, alerts_of_movement(snapshot)) == (None, [])

    court.show("moved")
    moved = recorded(engine, "Luis")
    assert method_of(engine, moved) == "panorama"
    snapshot = engine.until(lambda seen: bool(alerts_of_movement(seen)))
    alert, status = alerts_of_movement(snapshot)[0], rig_of(snapshot)
    assert status.shift_px is not None
    assert abs(status.shift_px - MOVED_PX) < 1
    assert alert.what == (f"a camera has moved: in the footage of Luis the pictures are {status.shift_px:.1f} px off")
    assert (alert.booking_id, status.moved_in) == (moved.booking_id, moved.booking_id)

    mended = engine.cli("calibrate", "--booking", moved.booking_id)
    assert mended.returncode == 0, mended.stderr
    assert "looking at the footage of Luis" in mended.stderr
    snapshot = engine.until(lambda seen: not alerts_of_movement(seen))
    assert (rig_of(snapshot).shift_px, rig_of(snapshot).moved_in) == (None, None)
    assert rig_of(snapshot).made != rig.made
    assert load_rig(engine.data / "calibration" / "rig-before.json") == rig
    recorded(engine, "Eva")
    snapshot = engine.until(lambda seen: rig_of(seen).shift_px is not None)
    assert not alerts_of_movement(snapshot)


def test_what_gives_no_rig_is_refused_with_its_numbers_and_the_rig_that_is_there_stays(
    calibrated: RunningEngine, court: Court
) -> None:
    engine = calibrated
    rig = engine.data / "calibration" / "rig.json"
    before = rig.read_bytes()
    court.show("grey")
    done = engine.cli("calibrate", "--cameras")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ezrec: no rig: the left picture has too little texture (0 points")
    snapshot = asyncio.run(engine.client.snapshot())
    assert snapshot.calibration is not None
    assert (snapshot.calibration.ok, snapshot.calibration.running) == (False, False)
    assert rig.read_bytes() == before
    assert rig_of(snapshot).problem == ""
    unknown = engine.cli("calibrate", "--booking", "nobody's")
    assert (unknown.returncode, unknown.stderr.strip()) == (1, "ezrec: there is no footage of nobody's")
    for wrong in ((), ("a.mp4",), ("--cameras", "--booking", "b"), ("--cameras", "a.mp4"), ("a.mp4", "b.mp4")):
        assert engine.cli("calibrate", *wrong).returncode == 2


def test_a_recording_goes_before_and_its_own_footage_may_be_looked_at_while_it_runs(
    engine: RunningEngine, court: Court
) -> None:
    court.show("well")
    client = engine.client
    engine.until(are_idle)
    assert asyncio.run(client.calibrate()).ok
    assert asyncio.run(client.calibrate()).message == "a calibration is running: wait for its result"
    assert asyncio.run(client.test_cameras()).message == "a calibration is running: wait for its result"
    started = asyncio.run(client.start(StartRecording(minutes=30, title="Ana")))
    assert started.booking_id is not None
    snapshot = engine.until(has_calibrated)
    assert snapshot.calibration is not None
    assert snapshot.calibration.message == "cut off: Ana is being recorded; calibrate again when it is over"
    engine.until(lambda seen: any(one.state is RecordingState.RECORDING for one in seen.recordings))
    refused = asyncio.run(client.calibrate())
    assert refused.message == "Ana is being recorded: calibrate when it is over"
    engine.until(lambda seen: all(sum(one.frames) > 6 * FPS for one in seen.recordings))
    assert asyncio.run(client.calibrate(started.booking_id)).ok
    snapshot = asyncio.run(client.snapshot())
    assert snapshot.calibration is not None
    assert (snapshot.calibration.running, len(snapshot.recordings)) == (True, 1), "it does not wait for the end"
    assert asyncio.run(client.extend(started.booking_id, -60)).ok
    snapshot = engine.until(has_calibrated)
    assert snapshot.calibration is not None
    assert (snapshot.calibration.ok, snapshot.calibration.footage_of) == (True, "Ana"), snapshot.calibration.message
    engine.until(lambda seen: not seen.recordings)


def test_a_rig_that_cannot_be_used_says_why_and_the_next_method_is_used(calibrated: RunningEngine) -> None:
    engine = calibrated
    path = engine.data / "calibration" / "rig.json"
    good = load_rig(path)
    left = good.left
    wrong = {
        "the rig of another camera (x, this one is": good.model_copy(
            update={"left": left.model_copy(update={"serial": "x"})}
        ),
        "the rig of pictures of 1280x360, these are 640x360": good.model_copy(
            update={"left": left.model_copy(update={"width": 1280})}
        ),
    }
    for why, rig in wrong.items():
        save_rig(rig, path)
        setup = engine.until(lambda seen, why=why: why in rig_of(seen).problem).setup
        assert setup.method is MergeMethod.FEATHER
        assert setup.fallbacks == (f"panorama: {rig_of_setup(setup).problem}; feather is used",)
    path.write_bytes(path.read_bytes()[:1000])
    setup = engine.until(lambda seen: "a damaged one" in rig_of(seen).problem).setup
    assert setup.method is MergeMethod.FEATHER
    job = recorded(engine, "Without")
    assert method_of(engine, job) == "feather"
    assert job.fallbacks == (f"panorama: {rig_of_setup(setup).problem}; feather is used",)
    assert f"{job.fallbacks[0]} booking={job.booking_id}" in engine.log
    save_rig(good, path)
    engine.until(lambda seen: seen.setup.method is MergeMethod.PANORAMA)


def test_an_engine_killed_while_it_calibrates_leaves_the_rig_whole_and_nothing_running(
    calibrated: RunningEngine,
) -> None:
    engine = calibrated
    rig = engine.data / "calibration" / "rig.json"
    before = rig.read_bytes()
    assert asyncio.run(engine.client.calibrate()).ok
    child = wait_for(lambda: next((child for child in children(engine) if child.nice() == GENTLEST), None))
    child.suspend()  # as one that makes way for the recorders
    engine.kill()
    child.wait(PATIENCE)
    assert rig.read_bytes() == before
    engine.start_again()
    snapshot = engine.until(are_idle)
    assert (snapshot.calibration, snapshot.setup.asked) == (None, MergeMethod.PANORAMA), "the method is kept"
    assert rig_of(snapshot).problem == ""
    assert not (engine.data / "calibrating").exists()
    assert not (engine.data / "camera-test").exists()
    assert {path.name for path in rig.parent.iterdir()} <= {"fit.json", "rig-before.json", "rig.json"}


def children(engine: RunningEngine) -> list[psutil.Process]:
    """Those that calibrate for it."""
    own = psutil.Process(engine.process.pid).children()
    return [child for child in own if "ezrec_tui.jobs.calibrate" in child.cmdline()]


def wait_for(look: Callable[[], psutil.Process | None]) -> psutil.Process:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        if (found := look()) is not None:
            return found
    raise AssertionError("it did not come")
