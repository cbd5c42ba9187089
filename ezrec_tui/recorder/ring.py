"""The last seconds of encoded packets, kept so that a recording can begin before it was asked for."""

from collections import deque
from itertools import chain

from ezrec_tui.cameras.camera import Packet
from ezrec_tui.model import NS

CONTIGUOUS_NS = NS
"""Frames further apart than this have a gap between them."""


class Ring:
    """Whole GOPs: from the keyframe that the oldest wanted frame needs, to the newest packet. Owned by one thread."""

    def __init__(self, duration_ns: int) -> None:
        self._duration_ns = duration_ns
        self._gops: deque[list[Packet]] = deque()

    def append(self, packet: Packet) -> None:
        """Packets before the first keyframe are of no use and not kept."""
        if packet.keyframe:
            self._gops.append([packet])
        elif self._gops:
            self._gops[-1].append(packet)
        while self._gops and self._gops[0][-1].sensor_ns < packet.sensor_ns - self._duration_ns:
            self._gops.popleft()

    def since(self, sensor_ns: int) -> list[Packet]:
        """Packets from the last keyframe at or before an instant on; from the first one after it where none is at hand.

        A GOP that ended in a gap well before the instant is not its beginning.
        """
        first = 0
        for number, gop in enumerate(self._gops):
            if gop[0].sensor_ns <= sensor_ns:
                first = number if gop[-1].sensor_ns >= sensor_ns - CONTIGUOUS_NS else number + 1
        return list(chain.from_iterable(list(self._gops)[first:]))

    def after(self, sensor_ns: int) -> list[Packet]:
        """Packets later than the one of this instant; none where that one is no longer at hand."""
        packets = list(chain.from_iterable(self._gops))
        at = next((n for n, packet in enumerate(packets) if packet.sensor_ns == sensor_ns), len(packets))
        return packets[at + 1 :]

    def __len__(self) -> int:
        return sum(map(len, self._gops))
