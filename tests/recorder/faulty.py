"""The recorder's process with a test-pattern camera that can fail: `python -m tests.recorder.faulty`.

Faults are files in the folder FAULTS: while `stall` is there no packet comes, while `unplugged` is there the camera
cannot be opened, and while `hang` is there it never stops.
"""

import os
import threading
from pathlib import Path

from ezrec_tui.cameras.camera import Camera, CameraError, CameraSpec, Packet, PacketSink, Seen
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.cameras.test_pattern import open_test_pattern
from ezrec_tui.recorder.__main__ import main


class FaultyCamera:
    """A test-pattern camera, and what is done to it."""

    def __init__(self, spec: CameraSpec, faults: Path) -> None:
        self.spec = spec
        self._camera: Camera = open_test_pattern(spec)
        self.viewfinder = self._camera.viewfinder
        self._faults = faults

    @property
    def captured(self) -> int:
        return self._camera.captured

    @property
    def dropped(self) -> int:
        return self._camera.dropped

    def look(self, seen: Seen) -> None:
        self._answer()

        def pass_on(sensor_ns: int) -> None:
            if not self._has("stall"):
                seen(sensor_ns)

        self._camera.look(pass_on)

    def start(self, sink: PacketSink) -> None:
        self._answer()

        def pass_on(packet: Packet) -> None:
            if not self._has("stall"):
                sink(packet)

        self._camera.start(pass_on)

    def stop(self) -> None:
        if self._has("hang"):
            threading.Event().wait()
        self._camera.stop()

    def exposure(self) -> Exposure | None:
        return self._camera.exposure()

    def hold(self, exposure: Exposure | None) -> None:
        self._camera.hold(exposure)

    def _answer(self) -> None:
        if self._has("unplugged"):
            raise CameraError("no camera answers; check its cable")

    def _has(self, fault: str) -> bool:
        return (self._faults / fault).exists()


if __name__ == "__main__":
    main(lambda spec: FaultyCamera(spec, Path(os.environ["FAULTS"])))
