"""H.264 in software (x264), for cameras that bring no encoder of their own."""

from collections import deque
from fractions import Fraction

import av
import av.error
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from ezrec_tui.cameras.camera import CameraError, Packet
from ezrec_tui.cameras.picture import Picture
from ezrec_tui.model import NS


class Encoder:
    """Pictures in, packets out, one each and at once: no B-frames, no lookahead.

    A closed GOP of a second: a keyframe, with its SPS and PPS, whenever a second of sensor time has passed since the
    last, so that lost frames do not make a GOP longer. Sensor times stay beside the encoder and come out exactly.
    """

    def __init__(self, width: int, height: int, fps: int, bitrate: int, threads: int = 2) -> None:
        """Raises CameraError when the encoder refuses the size or the rate."""
        context = av.CodecContext.create("libx264", "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.framerate = Fraction(fps)
        context.time_base = Fraction(1, fps)
        context.bit_rate = bitrate
        context.gop_size = fps
        context.max_b_frames = 0
        context.thread_count = threads
        context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "maxrate": str(bitrate),
            "bufsize": str(bitrate),
            "sc_threshold": "0",
            "forced-idr": "1",
            "x264-params": "open-gop=0:repeat-headers=1",
        }
        try:
            context.open()
        except av.error.FFmpegError as error:
            raise CameraError(
                f"no H.264 at {width}x{height}, {fps} fps, {bitrate} bit/s: {error}; "
                "set RESOLUTION, RECORDING_FPS and RECORDING_BITRATE to usual values"
            ) from error
        self._context = context
        self._half_interval_ns = NS // fps // 2
        self._keyframe_due_ns: int | None = None
        self._count = 0
        self._inside: deque[int] = deque()
        """Sensor times of pictures whose packets are still to come, oldest first."""

    def encode(self, picture: Picture, sensor_ns: int) -> list[Packet]:
        """Encode a picture; it may be drawn on again afterwards. Raises CameraError."""
        frame = _frame(picture)
        frame.pts = self._count
        if self._keyframe_due_ns is None or sensor_ns >= self._keyframe_due_ns - self._half_interval_ns:
            frame.pict_type = PictureType.I
            self._keyframe_due_ns = sensor_ns + NS
        self._count += 1
        self._inside.append(sensor_ns)
        return self._send(frame)

    def flush(self) -> list[Packet]:
        """What is still inside. Nothing can be encoded afterwards. Raises CameraError."""
        return self._send(None)

    def _send(self, frame: av.VideoFrame | None) -> list[Packet]:
        try:
            packets = self._context.encode(frame)
        except av.error.FFmpegError as error:
            raise CameraError(f"the H.264 encoder failed: {error}; start the camera again") from error
        return [Packet(bytes(packet), self._inside.popleft(), packet.is_keyframe) for packet in packets]


def _frame(picture: Picture) -> av.VideoFrame:
    """The picture's own memory; a copy where PyAV would take the height, which is even, for a multiple of 4."""
    if picture.height % 4 == 0:
        return av.VideoFrame.from_numpy_buffer(picture.i420, format="yuv420p")
    frame = av.VideoFrame(picture.width, picture.height, "yuv420p")
    for plane, source in zip(frame.planes, picture.planes, strict=True):
        rows = np.asarray(memoryview(plane)).reshape(-1, plane.line_size)
        rows[: source.shape[0], : source.shape[1]] = source
    return frame
