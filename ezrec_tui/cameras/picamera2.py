"""Cameras of a Raspberry Pi, through the system's Picamera2. No other file imports it, and this one only when asked.

Picamera2 is untyped and absent on most machines: what comes from it is `Any` here, and nowhere else.
"""

import importlib
import importlib.util
import logging
from collections.abc import Callable, Mapping
from typing import Any

from av.video.frame import PictureType

from ezrec_tui.cameras.camera import LOOK_NS, CameraError, CameraSpec, PacketSink, Seen
from ezrec_tui.cameras.exposure import Exposure, Limits, can_be_held, locking, measured, releasing
from ezrec_tui.cameras.flow import Flow
from ezrec_tui.cameras.picture import PREVIEW_WIDTH, grey_preview
from ezrec_tui.cameras.step import Step, synchronising
from ezrec_tui.cameras.viewfinder import BRISK_NS, Viewfinder, view_of
from ezrec_tui.model import NS

BUFFERS = 6
"""Frames between the sensor and us."""
LOOK_BUFFERS = 2
"""The same while it only looks: a change of pace reaches the sensor behind those that wait for it."""
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
    """The camera whose Id is the serial, with H.264 by the Pi's hardware (Pi 4) or by x264 (Pi 5, or without it).

    Its calls may hang with the driver, `stop` as well; then only the end of the process frees the camera.
    """

    def __init__(self, spec: CameraSpec) -> None:
        self.spec = spec
        self._picam2: Any = None
        self._encoder: Any = None
        self._looks = False
        self._flow = Flow(spec)
        self._step: Step | None = None
        self.viewfinder = Viewfinder()
        self._offered: Limits = {}
        self._held: Exposure | None = None
        self._was_held = False
        self._metadata: Mapping[str, Any] = {}

    @property
    def captured(self) -> int:
        return self._flow.captured

    @property
    def dropped(self) -> int:
        return self._flow.dropped

    @property
    def in_step(self) -> bool | None:
        """Whether its frames are exposed together with the other camera's; None where cameras cannot do that."""
        return None if self._step is None else self._step.reached

    def look(self, seen: Seen) -> None:
        self._begin(lambda: self._watch(seen))
        self._looks = True

    def start(self, sink: PacketSink) -> None:
        if self._picam2 is not None and not self._looks:
            raise CameraError(f"camera {self.spec.serial} is running already; stop it first")
        self._begin(lambda: self._record(sink))
        self._looks = False

    def stop(self) -> None:
        picam2, self._picam2 = self._picam2, None
        if picam2 is None:
            return
        # The first as a capture that timed out would make `stop` wait for ever. Each is tried, whatever fails before.
        for step in (picam2.cancel_all_and_flush, picam2.stop_recording, picam2.close):
            try:
                step()
            except REFUSALS as error:
                log.error("camera %s did not close cleanly: %s", self.spec.serial, error)

    def exposure(self) -> Exposure | None:
        return measured(self._metadata) if self._metadata and can_be_held(self._offered) else None

    def hold(self, exposure: Exposure | None) -> None:
        self._held = exposure
        self._was_held = self._was_held or exposure is not None
        if self._picam2 is None:
            return
        try:
            self._picam2.set_controls(self._exposing())
        except REFUSALS as error:
            raise CameraError(f"camera {self.spec.serial} does not take its exposure: {error}") from error

    def _exposing(self) -> dict[str, object]:
        """The controls that hold the camera where it is to be held, or let it go."""
        return releasing(self._offered) if self._held is None else locking(self._held, self._offered)

    def _begin(self, work: Callable[[], None]) -> None:
        """Open the camera, or halt it when it is open, and set it to work. Raises CameraError, closed then."""
        self._flow = Flow(self.spec)
        self._step = None
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
                f"camera {self.spec.serial} does not start ({_reason(error)}); "
                "end other programs that use it, check its cable"
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
        picam2 = library.Picamera2(numbers[self.spec.serial])
        if not can_be_held(picam2.camera_controls):
            log.info("camera %s: its exposure cannot be set, it is left alone", self.spec.serial)
        return picam2

    def _watch(self, seen: Seen) -> None:
        """A slow sensor and no encoder; a brisk one while somebody looks."""
        picam2 = self._picam2
        picam2.configure(self._configuration(LOOK_NS, {}, LOOK_BUFFERS))
        show = self._shower()
        interval_ns = LOOK_NS

        def see(request: Any) -> None:
            nonlocal interval_ns
            self._metadata = request.get_metadata()
            sensor_ns = int(self._metadata["SensorTimestamp"])
            show(request, sensor_ns)
            seen(sensor_ns)
            wanted_ns = BRISK_NS if self.viewfinder.wanted else LOOK_NS
            if wanted_ns != interval_ns:
                interval_ns = wanted_ns
                picam2.set_controls(_lasting(interval_ns, self._offered))

        picam2.pre_callback = see
        picam2.start()

    def _record(self, sink: PacketSink) -> None:
        picam2, spec, flow = self._picam2, self.spec, self._flow
        in_step = synchronising(spec.index, picam2.camera_controls)
        step = self._step = Step(spec.serial) if in_step else None
        picam2.configure(self._configuration(NS // spec.fps, in_step, BUFFERS))
        size = tuple(picam2.camera_configuration()["main"]["size"])
        if size != (spec.width, spec.height):
            raise CameraError(
                f"camera {spec.serial} gives {size[0]}x{size[1]} for {spec.width}x{spec.height}; set RESOLUTION to that"
            )
        show = self._shower()

        def see(request: Any) -> None:
            self._metadata = metadata = request.get_metadata()
            sensor_ns = int(metadata["SensorTimestamp"])
            if flow.see(sensor_ns):
                ask_for_keyframe()
            if step is not None:
                step.see(sensor_ns, bool(metadata.get("SyncReady")))
            if self.viewfinder.is_due(sensor_ns):
                show(request, sensor_ns)
            if self._was_held and flow.captured % spec.fps == 0:
                # again: Picamera2 loses controls that are set while it hands a request back
                picam2.set_controls(self._exposing())

        def hand_over(_output: object, frame: Any, keyframe: bool, timestamp: int, *_: object) -> None:
            packet = flow.packet(bytes(frame), keyframe, self._encoder.firsttimestamp + timestamp)
            if packet is not None:
                sink(packet)

        output_class = type("PacketOutput", (_import("picamera2.outputs").Output,), {"outputframe": hand_over})
        self._start_encoder(output_class())
        ask_for_keyframe = _keyframe_asker(self._encoder)
        picam2.pre_callback = see
        picam2.start()

    def _start_encoder(self, output: Any) -> None:
        """Picamera2's choice for this Pi, else software: footage that costs processor time is better than none."""
        encoders, spec = _import("picamera2.encoders"), self.spec
        wanted = {"bitrate": spec.bitrate, "repeat": True, "iperiod": spec.fps, "framerate": spec.fps}
        self._encoder = encoders.H264Encoder(**wanted)
        try:
            self._picam2.start_encoder(self._encoder, output)
        except OSError as error:
            if encoders.H264Encoder is encoders.LibavH264Encoder:
                raise
            log.warning("camera %s: no encoder in hardware (%s); it is encoded in software", spec.serial, error)
            self._encoder = encoders.LibavH264Encoder(**wanted)
            self._picam2.start_encoder(self._encoder, output)

    def _configuration(self, interval_ns: int, in_step: Mapping[str, object], buffers: int) -> Any:
        picam2, spec = self._picam2, self.spec
        if spec.rotation not in (0, 180):
            raise CameraError(
                f"camera {spec.serial} cannot turn its picture by {spec.rotation} degrees; "
                "set CAMERA_ROTATION to 0 or 180"
            )
        turned = spec.rotation == 180
        self._offered = offered = picam2.camera_controls
        controls = dict(in_step)
        if self._was_held:
            controls |= self._exposing()  # to let it go as well: a sensor remembers
        lasting = _lasting(interval_ns, offered)
        controls |= lasting
        if not lasting:
            log.warning("camera %s has no control of its frame rate", spec.serial)
        return picam2.create_video_configuration(
            main={"size": (spec.width, spec.height), "format": "YUV420"},
            lores={"size": (PREVIEW_WIDTH, spec.height * PREVIEW_WIDTH // spec.width // 2 * 2), "format": "YUV420"},
            transform=_import("libcamera").Transform(hflip=turned, vflip=turned),
            buffer_count=buffers,
            controls=controls,
        )

    def _shower(self) -> Callable[[Any, int], None]:
        """What puts a request's pictures into the viewfinder: the small one as the Pi scaled it."""
        mapped_array = _import("picamera2").MappedArray
        configured = self._picam2.camera_configuration()
        (width, height), (small_width, small_height) = (configured[stream]["size"] for stream in ("main", "lores"))

        def show(request: Any, sensor_ns: int) -> None:
            main_of, lores_of = (mapped_array(request, stream, write=False) for stream in ("main", "lores"))
            with main_of as main, lores_of as lores:
                grey = grey_preview(lores.array[:small_height, :small_width])
                self.viewfinder.put(view_of(sensor_ns, main.array[:height, :width], grey))

        return show


class _MarkingStream:
    """A stream of PyAV that makes the next frame a keyframe when it was asked to."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._asked = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def ask(self) -> None:
        self._asked = True

    def encode(self, frame: Any = None) -> Any:
        if frame is not None and self._asked:
            frame.pict_type = PictureType.I
            self._asked = False
        return self._stream.encode(frame)


def _keyframe_asker(encoder: Any) -> Callable[[], None]:
    """What makes an encoder, which runs, begin a GOP with the next frame.

    Picamera2's encoder in software marks the frame with a letter, of which PyAV makes a TypeError on the camera's
    thread; there the frame is marked on its way into the stream.
    """
    if not isinstance(encoder, _import("picamera2.encoders").LibavH264Encoder):
        return getattr(encoder, "force_key_frame", lambda: None)
    if not hasattr(encoder, "_stream"):
        log.warning("this Picamera2 takes no wish for keyframes; where frames are lost, they come late")
        return lambda: None
    stream = encoder._stream = _MarkingStream(encoder._stream)
    return stream.ask


def _lasting(interval_ns: int, offered: Limits) -> dict[str, object]:
    """The controls by which frames come at an interval; none where a camera has no such control."""
    interval_us = interval_ns // 1000
    return {"FrameDurationLimits": (interval_us, interval_us)} if "FrameDurationLimits" in offered else {}


def _reason(error: BaseException) -> str:
    """Picamera2 says that something failed; what made it fail is in the error before."""
    before = error.__cause__ or error.__context__
    return f"{error}" if before is None else f"{error} {before}"


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
