"""A Raspberry Pi without one: the real Picamera2 on libcamera's virtual cameras, and faults that a test can set.

`install` comes before anything imports Picamera2. What it plays: the hardware around the library (buffers, the
platform, the sensor's clock and its exposure). What is real: libcamera's requests and camera manager, and all of
Picamera2: configuration, event loop, jobs, callbacks, encoders, outputs, stop and close.

Faults are files in a folder: while `stall` is there the sensor gives no frame, while `blink` is there every third frame
is lost, while `hang` is there stopping the sensor never returns, while `unplugged` is there no camera is listed. With
`vc4` at the start the platform is that of a Pi 4. The file `light` says how bright the day is (1 without it). The
sensor writes each frame's time and exposure into the file `exposed`.
"""

import contextlib
import importlib
import importlib.util
import mmap
import os
import sys
import threading
import types
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS

DEFAULT_INTERVAL_US = 33_333
EXPOSED = "exposed"
BY_ITSELF = {
    "cam0": {"ExposureTime": 8_000.0, "AnalogueGain": 2.0, "Red": 1.5, "Blue": 2.1},
    "cam1": {"ExposureTime": 12_000.0, "AnalogueGain": 1.4, "Red": 1.8, "Blue": 1.7},
}
"""Where the automatic exposure of each camera comes to rest in a light of 1."""
ADAPTS = 0.3
"""Share of the way to there that it goes with each frame."""


def install(folder: Path) -> None:
    """Make this process's Picamera2 run without a Pi; faults and the sensor's times lie in the folder."""
    sys.modules["pykms"] = _kernel_mode_setting()
    sys.modules["picamera2.platform"] = _platform("VC4" if (folder / "vc4").exists() else "PISP")
    package: Any = importlib.import_module("picamera2")
    library: Any = importlib.import_module("picamera2.picamera2")
    library.DmaAllocator = MemoryAllocator
    real_request, real_camera = library.CompletedRequest, library.Picamera2

    def completed(request: Any, picam2: Any) -> Any:
        return real_request(picam2.camera.stamped(request), picam2)

    def open_camera(number: int) -> Any:
        picam2 = real_camera(number)
        picam2.camera = Sensor(picam2.camera, folder)
        picam2.camera_ctrl_info |= {control.name: (control, info) for control, info in picam2.camera.controls.items()}
        return picam2

    def connected() -> Any:
        return [] if (folder / "unplugged").exists() else real_camera.global_camera_info()

    library.CompletedRequest = completed
    real_camera._get_raw_modes = _raw_modes
    package.Picamera2 = _Opener(open_camera, connected)


class _Opener:
    """In place of the class Picamera2: opens one on a sensor of ours."""

    def __init__(self, open_camera: Any, connected: Any) -> None:
        self._open_camera = open_camera
        self.global_camera_info = connected

    def __call__(self, number: int) -> Any:
        return self._open_camera(number)


def exposed(folder: Path) -> list[int]:
    """Sensor times, in ns, of the frames that the sensor handed over; it lost those for which no buffer was free."""
    return [at_ns for at_ns, _ in exposures(folder)]


def exposures(folder: Path) -> list[tuple[int, Exposure]]:
    """The same frames, and how each was exposed."""
    if not (folder / EXPOSED).exists():
        return []
    taken = [line.split() for line in (folder / EXPOSED).read_text().splitlines() if line.endswith(" taken")]
    return [
        (int(at), Exposure(int(time_us), float(gain), (float(red), float(blue))))
        for at, time_us, gain, red, blue, _ in taken
    ]


class Sensor:
    """Stands between Picamera2 and a camera of libcamera, which fills a buffer as soon as it is queued.

    It hands over one buffer per frame interval, stamped by the clock of the house. As on a Pi, buffers are filled
    whether or not anybody wakes in time, each with its own time, and without a free buffer the frame is lost. Its rate
    is what FrameDurationLimits says. Exposure, gain and colour gains follow the light, each camera to its own taste,
    unless they are set.
    """

    def __init__(self, camera: Any, folder: Path) -> None:
        self._camera, self._folder = camera, folder
        self._names: Any = importlib.import_module("libcamera").controls
        self._free: deque[Any] = deque()
        self._stamps: dict[int, tuple[int, dict[str, Any]]] = {}
        self._interval_ns = DEFAULT_INTERVAL_US * 1000
        self._running = False
        self._thread = threading.Thread()
        self._set: dict[str, Any] = {}
        self._adapted = {"ExposureTime": 10_000.0, "AnalogueGain": 1.0, "Red": 1.0, "Blue": 1.0}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._camera, name)

    def __eq__(self, other: object) -> bool:
        return self._camera == other

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    @property
    def controls(self) -> Mapping[Any, Any]:
        """The camera's own, and those of a sensor with automatic exposure."""
        limits = {
            "AeEnable": (False, True, True),
            "AwbEnable": (False, True, True),
            "ExposureTime": (100, 33_000, 10_000),
            "AnalogueGain": (1.0, 8.0, 1.0),
            "ColourGains": (0.0, 32.0, 1.0),
        }
        played = {
            getattr(self._names, name): types.SimpleNamespace(min=low, max=high, default=default)
            for name, (low, high, default) in limits.items()
        }
        return {**dict(self._camera.controls.items()), **played}

    def start(self, controls: Mapping[Any, Any] | None = None) -> None:
        own = dict[Any, Any]()
        for control, value in (controls or {}).items():
            if not self._keep(control.name, value):
                own[control] = value
        self._camera.start(own)
        self._running = True
        self._thread = threading.Thread(target=self._expose, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if (self._folder / "hang").exists():
            threading.Event().wait()
        self._running = False
        self._thread.join()
        self._free.clear()
        self._camera.stop()

    def queue_request(self, request: Any) -> None:
        self._free.append(request.real if isinstance(request, StampedRequest) else request)

    def stamped(self, request: Any) -> "StampedRequest":
        """A request that comes back, with what a Pi's would say of it."""
        stamp_ns, exposure = self._stamps.pop(id(request))
        said = {**exposure, "SensorTimestamp": stamp_ns, "FrameDuration": self._interval_ns // 1000}
        return StampedRequest(request, {getattr(self._names, name): v for name, v in said.items()}, self._keep)

    def _keep(self, name: str, value: Any) -> bool:
        """Whether a control is one of those played here alone; what is played is set."""
        if name == "FrameDurationLimits":
            self._interval_ns = _interval_ns(value)
        played = name in ("AeEnable", "AwbEnable", "ExposureTime", "AnalogueGain", "ColourGains")
        if played or name in ("ExposureTimeMode", "AnalogueGainMode"):
            self._set[name] = value
            return True
        return False

    def _adapt(self) -> dict[str, Any]:
        """How the next frame is exposed: a step nearer to the automatic exposure, from where it is, or as it is set."""
        light = self._folder / "light"
        brightness = float(light.read_text()) if light.exists() else 1.0
        aims = BY_ITSELF[self._camera.id]
        aims = {**aims, "ExposureTime": aims["ExposureTime"] / brightness}
        for name, aim in aims.items():
            self._adapted[name] += ADAPTS * (aim - self._adapted[name])
        if not self._set.get("AeEnable", True):
            self._adapted |= {name: self._set[name] for name in ("ExposureTime", "AnalogueGain") if name in self._set}
        if not self._set.get("AwbEnable", True) and "ColourGains" in self._set:
            self._adapted["Red"], self._adapted["Blue"] = self._set["ColourGains"]
        return {
            "ExposureTime": round(self._adapted["ExposureTime"]),
            "AnalogueGain": self._adapted["AnalogueGain"],
            "ColourGains": (self._adapted["Red"], self._adapted["Blue"]),
        }

    def _expose(self) -> None:
        due_ns = sensor_ns() + self._interval_ns
        frame = 0
        waiting = threading.Event()
        with (self._folder / EXPOSED).open("a", buffering=1) as journal:
            while self._running:
                waiting.wait(max(0, due_ns - sensor_ns()) / NS)
                while self._running and due_ns <= sensor_ns():
                    frame += 1
                    self._expose_one(due_ns, frame, journal)
                    due_ns += self._interval_ns

    def _expose_one(self, at_ns: int, frame: int, journal: Any) -> None:
        if (self._folder / "stall").exists() or ((self._folder / "blink").exists() and frame % 3 == 0):
            return
        try:
            request = self._free.popleft()
        except IndexError:
            journal.write(f"{at_ns} lost\n")
            return
        exposure = self._adapt()
        red, blue = exposure["ColourGains"]
        journal.write(f"{at_ns} {exposure['ExposureTime']} {exposure['AnalogueGain']} {red} {blue} taken\n")
        self._stamps[id(request)] = at_ns, exposure
        self._camera.queue_request(request)


class StampedRequest:
    """A request of libcamera whose metadata and controls are what a Pi's would be."""

    def __init__(self, real: Any, metadata: Mapping[Any, Any], keep: Any) -> None:
        self.real = real
        self._extra, self._keep = metadata, keep

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @property
    def metadata(self) -> Mapping[Any, Any]:
        return {**self.real.metadata, **self._extra}

    def set_control(self, control: Any, value: Any) -> None:
        if not self._keep(control.name, value):
            self.real.set_control(control, value)


class MemoryAllocator:
    """Buffers in memory, in place of those of the kernel's dma-heap."""

    def __init__(self) -> None:
        self._buffers: dict[Any, list[Any]] = {}
        self._files: list[int] = []
        self.mapped_buffers: dict[Any, mmap.mmap] = {}
        self.sync = MappedBuffer

    def allocate(self, configuration: Sequence[Any], _use_case: Any) -> None:
        self.close()
        libcamera: Any = importlib.import_module("libcamera")
        for stream in configuration:
            luma = stream.stride * stream.size.height
            buffers = self._buffers[stream.stream] = []
            for _ in range(stream.buffer_count):
                fd = os.memfd_create("frame", os.MFD_CLOEXEC)
                os.ftruncate(fd, stream.frame_size)
                self._files.append(fd)
                planes = list[Any]()
                for offset, length in ((0, luma), (luma, stream.frame_size - luma)):
                    plane = libcamera.FrameBuffer.Plane()
                    plane.fd, plane.offset, plane.length = fd, offset, length
                    planes.append(plane)
                buffers.append(libcamera.FrameBuffer(planes))
                self.mapped_buffers[buffers[-1]] = mmap.mmap(fd, stream.frame_size)

    def buffers(self, stream: Any) -> list[Any]:
        return self._buffers[stream]

    def acquire(self, _buffers: Any) -> None: ...

    def release(self, _buffers: Any) -> None: ...

    def close(self) -> None:
        while self._files:
            os.close(self._files.pop())
        self._buffers, self.mapped_buffers = {}, {}

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            self.close()


class MappedBuffer:
    """A buffer's memory; nothing has to be synchronised."""

    def __init__(self, allocator: MemoryAllocator, buffer: Any, _write: bool) -> None:
        self._memory = allocator.mapped_buffers[buffer]

    def __enter__(self) -> mmap.mmap:
        return self._memory

    def __exit__(self, *_: object) -> None: ...


def _interval_ns(limits: Sequence[int]) -> int:
    shortest_us, longest_us = limits
    assert shortest_us == longest_us, f"the frame duration is not locked: {limits}"
    return shortest_us * 1000


def _kernel_mode_setting() -> types.ModuleType:
    """Picamera2 imports kms++ for previews on a screen, which nobody wants here; it names pixel formats only."""

    class Names(type):
        def __getattr__(cls, name: str) -> str:
            return name

    module = types.ModuleType("pykms")
    module.__dict__["PixelFormat"] = Names("PixelFormat", (), {})
    return module


def _platform(name: str) -> types.ModuleType:
    """Picamera2's own module, which asks the video devices when it is imported, with our answer."""
    found = importlib.util.find_spec("picamera2")
    assert found is not None
    assert found.origin is not None
    spec = importlib.util.spec_from_file_location("picamera2.platform", Path(found.origin).with_name("platform.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__["_platform"] = module.__dict__["Platform"][name]
    return module


def _raw_modes(picam2: Any) -> list[dict[str, Any]]:
    """The virtual pipeline has no raw streams, which Picamera2 takes for the sensor's modes; its video has to do."""
    libcamera: Any = importlib.import_module("libcamera")
    stream = picam2.camera.generate_configuration([libcamera.StreamRole.VideoRecording]).at(0)
    size = (stream.size.width, stream.size.height)
    return [{"format": str(name), "size": size} for name in stream.formats.pixel_formats]
