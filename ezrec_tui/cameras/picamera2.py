"""Cameras of a Raspberry Pi, through the system's Picamera2. No other file imports it, and this one only when asked.

Picamera2 is untyped and absent on most machines: what comes from it is `Any` here, and nowhere else.
"""

import importlib
import importlib.util
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ezrec_tui.cameras.camera import LOOK_NS, CameraError, CameraSpec, Packet, PacketSink, Seen
from ezrec_tui.cameras.picture import PREVIEW_WIDTH, Plane, grey_preview
from ezrec_tui.model import NS

BUFFERS = 6
"""Frames between the sensor and us."""
PREVIEWS_PER_SECOND = 5
STOP_LIMIT_SECONDS = 5
"""A camera that has not stopped by then hangs in its driver; only the end of the process frees it."""
REFUSALS = (RuntimeError, OSError, ValueError, KeyError, IndexError)
"""What Picamera2 and libcamera raise when they cannot."""

log = logging.getLogger(__name__)


def installed() -> bool:
    """Whether there is a Picamera2 on this machine."""
    return importlib.util.find_spec("picamera2") is not None


def camera_ids() -> tuple[str, ...]:
    """Ids of the cameras that are connected, sorted: the same order at every start. Raises CameraError."""
    return tuple(sorted(_numbers_by_id(_import("picamera2"))))


class Picamera2Camera:
    """The camera whose Id is the serial, with H.264 by the Pi's hardware (Pi 4) or x264 (Pi 5)."""

    def __init__(self, spec: CameraSpec) -> None:
        self.spec = spec
        self._picam2: Any = None
        self._looks = False
        self._flow = _Flow(spec)

    @property
    def captured(self) -> int:
        return self._flow.captured

    @property
    def dropped(self) -> int:
        return self._flow.dropped

    def look(self, seen: Seen) -> None:
        self._begin(lambda: self._watch(seen))
        self._looks = True

    def start(self, sink: PacketSink) -> None:
        if self._picam2 is not None and not self._looks:
            raise CameraError(f"camera {self.spec.serial} is running already; stop it first")
        self._begin(lambda: self._record(sink))
        self._looks = False

    def _begin(self, work: Callable[[], None]) -> None:
        """Open the camera, or halt it when it is open, and set it to work. Raises CameraError, closed then."""
        self._flow = _Flow(self.spec)
        try:
            if self._picam2 is None:
                self._picam2 = self._opened()
            else:
                self._picam2.stop_recording()  # also ends a camera that runs without an encoder
            work()
        except (*REFUSALS, CameraError) as error:
            self.stop()
            if isinstance(error, CameraError):
                raise
            raise CameraError(
                f"camera {self.spec.serial} does not start ({error}); end other programs that use it, check its cable"
            ) from error

    def _opened(self) -> Any:
        library = _import("picamera2")
        numbers = _numbers_by_id(library)
        if self.spec.serial not in numbers:
            known = ", ".join(sorted(numbers)) or "none"
            raise CameraError(
                f"camera {self.spec.serial} is not connected (connected: {known}); "
                f"check its cable, or change CAMERA_{self.spec.index}_SERIAL"
            )
        return library.Picamera2(numbers[self.spec.serial])

    def stop(self) -> None:
        picam2, self._picam2 = self._picam2, None
        if picam2 is None:
            return
        closing = threading.Thread(target=self._close, args=(picam2,), name="camera-stop", daemon=True)
        closing.start()
        closing.join(STOP_LIMIT_SECONDS)
        if closing.is_alive():
            log.error(
                "camera %s has not stopped after %d s; end this process to free it",
                self.spec.serial,
                STOP_LIMIT_SECONDS,
            )

    def preview(self) -> Plane | None:
        return self._flow.preview

    def _watch(self, seen: Seen) -> None:
        """A slow sensor and no encoder."""
        picam2, flow = self._picam2, self._flow
        picam2.configure(self._configuration(LOOK_NS // 1000))
        mapped_array = _import("picamera2").MappedArray
        small_width, small_height = picam2.camera_configuration()["lores"]["size"]

        def see(request: Any) -> None:
            with mapped_array(request, "lores") as lores:
                flow.preview = grey_preview(lores.array[:small_height, :small_width])
            seen(int(request.get_metadata()["SensorTimestamp"]))

        picam2.pre_callback = see
        picam2.start()

    def _record(self, sink: PacketSink) -> None:
        picam2, spec = self._picam2, self.spec
        picam2.configure(self._configuration(1_000_000 // spec.fps))
        given = picam2.camera_configuration()
        size = tuple(given["main"]["size"])
        if size != (spec.width, spec.height):
            raise CameraError(
                f"camera {spec.serial} gives {size[0]}x{size[1]} for {spec.width}x{spec.height}; set RESOLUTION to that"
            )
        encoder = _import("picamera2.encoders").H264Encoder(
            bitrate=spec.bitrate, repeat=True, iperiod=spec.fps, framerate=spec.fps
        )
        mapped_array = _import("picamera2").MappedArray
        small_width, small_height = given["lores"]["size"]
        flow = self._flow

        def see(request: Any) -> None:
            if flow.see(int(request.get_metadata()["SensorTimestamp"])):
                with mapped_array(request, "lores") as lores:
                    flow.preview = grey_preview(lores.array[:small_height, :small_width])

        def hand_over(_output: object, frame: Any, keyframe: bool, timestamp: int, *_: object) -> None:
            packet = flow.packet(bytes(frame), keyframe, encoder.firsttimestamp + timestamp)
            if packet is not None:
                sink(packet)

        picam2.pre_callback = see
        output_class = type("PacketOutput", (_import("picamera2.outputs").Output,), {"outputframe": hand_over})
        picam2.start_recording(encoder, output_class())

    def _configuration(self, interval_us: int) -> Any:
        picam2, spec = self._picam2, self.spec
        if spec.rotation not in (0, 180):
            raise CameraError(
                f"camera {spec.serial} cannot turn its picture by {spec.rotation} degrees; "
                "set CAMERA_ROTATION to 0 or 180"
            )
        turned = spec.rotation == 180
        wanted: dict[str, object] = {"FrameDurationLimits": (interval_us, interval_us)}
        offered = picam2.camera_controls
        for name in wanted.keys() - offered.keys():
            log.warning("camera %s has no control %s", spec.serial, name)
        return picam2.create_video_configuration(
            main={"size": (spec.width, spec.height), "format": "YUV420"},
            lores={"size": (PREVIEW_WIDTH, spec.height * PREVIEW_WIDTH // spec.width // 2 * 2), "format": "YUV420"},
            transform=_import("libcamera").Transform(hflip=turned, vflip=turned),
            buffer_count=BUFFERS,
            controls={name: value for name, value in wanted.items() if name in offered},
        )

    def _close(self, picam2: Any) -> None:
        try:
            picam2.cancel_all_and_flush()  # a capture that timed out would make `stop` wait for ever
            if picam2.started:
                picam2.stop_recording()
            picam2.close()
        except REFUSALS as error:
            log.error("camera %s did not close cleanly: %s", self.spec.serial, error)


class _Flow:
    """What passes from one start to one stop: frames seen, packets out. Called on Picamera2's threads."""

    def __init__(self, spec: CameraSpec) -> None:
        self._serial = spec.serial
        self._interval_ns = NS // spec.fps
        self._preview_interval = max(1, spec.fps // PREVIEWS_PER_SECOND)
        self._seen: deque[int] = deque(maxlen=256)
        """Sensor times of frames whose packets are still to come."""
        self._seen_ns: int | None = None
        self._sent_ns = -1
        self._wants_keyframe = True
        self.captured = 0
        self.dropped = 0
        self.preview: Plane | None = None

    def see(self, sensor_ns: int) -> bool:
        """Count a frame before it is encoded; whether it is one for the preview."""
        if self._seen_ns is not None:
            self.dropped += max(0, round((sensor_ns - self._seen_ns) / self._interval_ns) - 1)
        self._seen_ns = max(sensor_ns, self._seen_ns or 0)
        self._seen.append(sensor_ns)
        self.captured += 1
        return self.captured % self._preview_interval == 1 % self._preview_interval

    def packet(self, data: bytes, keyframe: bool, sensor_us: int) -> Packet | None:
        """A packet with its sensor time; none before the first keyframe, or when time does not grow."""
        sensor_ns, unencoded = self._exactly(sensor_us)
        if sensor_ns <= self._sent_ns:
            log.error("camera %s: sensor time went back by %d ns", self._serial, self._sent_ns - sensor_ns)
            self._wants_keyframe = True
            return None
        if self._wants_keyframe and not keyframe:
            return None
        self._wants_keyframe = False
        self._sent_ns = sensor_ns
        return Packet(data, sensor_ns, keyframe, unencoded)

    def _exactly(self, sensor_us: int) -> tuple[int, int]:
        """The encoder counts in microseconds: the nanoseconds of the frame, and how many before it have no packet."""
        unencoded = 0
        while self._seen and self._seen[0] // 1000 < sensor_us:
            self._seen.popleft()
            unencoded += 1
        if self._seen and self._seen[0] // 1000 == sensor_us:
            return self._seen.popleft(), unencoded
        return sensor_us * 1000, unencoded


def _numbers_by_id(library: Any) -> dict[str, int]:
    """Picamera2's number of each camera; its own order changes with what is connected."""
    try:
        return {info["Id"]: number for number, info in enumerate(library.Picamera2.global_camera_info())}
    except REFUSALS as error:
        raise CameraError(f"cameras cannot be listed ({error}); try `rpicam-hello --list-cameras`") from error


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CameraError(
            f"Picamera2 cannot be used ({error}); `sudo apt install python3-picamera2` and make the virtual "
            "environment with --system-site-packages, or set the camera's serial to testpattern"
        ) from error
