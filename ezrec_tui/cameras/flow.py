"""What passes through a camera that encodes by itself: frames seen before the encoder, packets behind it. Pure."""

import logging
from collections import deque

from ezrec_tui.cameras.camera import CameraSpec, Packet
from ezrec_tui.model import NS

log = logging.getLogger(__name__)


class Flow:
    """From one start to one stop. `see` comes on one thread, `packet` on the same or another."""

    def __init__(self, spec: CameraSpec) -> None:
        self.captured = 0
        self.dropped = 0
        self._serial = spec.serial
        self._interval_ns = NS // spec.fps
        self._seen: deque[int] = deque(maxlen=256)
        """Sensor times of frames whose packets are still to come."""
        self._seen_ns: int | None = None
        self._keyframe_due_ns: int | None = None
        self._lost_since_keyframe = False
        self._sent_ns = -1
        self._wants_keyframe = True

    def see(self, sensor_ns: int) -> bool:
        """Count a frame before it is encoded; whether the encoder has to be asked to make it a keyframe.

        Encoders count frames to the next keyframe: where frames were lost, their second is longer than ours.
        """
        if self._seen_ns is not None:
            lost = max(0, round((sensor_ns - self._seen_ns) / self._interval_ns) - 1)
            self.dropped += lost
            self._lost_since_keyframe = self._lost_since_keyframe or lost > 0
        self._seen_ns = max(sensor_ns, self._seen_ns or 0)
        self._seen.append(sensor_ns)
        self.captured += 1
        if self._keyframe_due_ns is not None and sensor_ns < self._keyframe_due_ns - self._interval_ns // 2:
            return False
        self._keyframe_due_ns = sensor_ns + NS
        ask, self._lost_since_keyframe = self._lost_since_keyframe, False
        return ask

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
