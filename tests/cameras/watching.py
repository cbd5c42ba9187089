"""What the camera tests share: a sink that waits for packets, and decoding them."""

import threading
from collections.abc import Sequence

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from ezrec_tui.cameras.camera import Camera, CameraSpec, Packet
from ezrec_tui.cameras.picture import Plane

LIMIT_SECONDS = 120


class Film:
    """Collects a camera's packets."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._more = threading.Condition()

    def __call__(self, packet: Packet) -> None:
        with self._more:
            self.packets.append(packet)
            self._more.notify_all()

    def wait_for(self, count: int) -> None:
        with self._more:
            came = self._more.wait_for(lambda: len(self.packets) >= count, timeout=LIMIT_SECONDS)
        assert came, f"{len(self.packets)} of {count} packets after {LIMIT_SECONDS} s"


def film(camera: Camera, count: int) -> list[Packet]:
    """At least `count` packets of a camera, from its start to its stop."""
    taken = Film()
    camera.start(taken)
    try:
        taken.wait_for(count)
    finally:
        camera.stop()
    return taken.packets


def decode(packets: Sequence[Packet]) -> list[Plane]:
    """Luma planes, one for each packet."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.data))]
    frames += decoder.decode(None)
    return [luma(frame) for frame in frames]


def luma(frame: av.VideoFrame) -> Plane:
    """The luma plane as it is (a conversion to grey would stretch its range)."""
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def small(index: int = 0, serial: str = "testpattern", rotation: int = 0, fps: int = 30) -> CameraSpec:
    return CameraSpec(index, serial, 320, 180, fps, 1_000_000, rotation, overlap=40)
