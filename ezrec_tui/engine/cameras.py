"""All cameras of the court as one: they run together, expose alike, and stand in the attendant's order."""

from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.engine.exposure import Matching
from ezrec_tui.engine.preview import Preview
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.model import CameraPicture, CameraStatus, CameraTestResult
from ezrec_tui.phase import phase_ns
from ezrec_tui.recorder.messages import Message, Picture, Status

OFFSET_PAIRS = 20
"""Status messages whose newest frames give the offset of the two cameras: about five seconds."""

C = TypeVar("C", CameraStatus, CameraTestResult, CameraPicture)


class Cameras:
    """`recorders`: one a camera, as the settings count them."""

    def __init__(self, settings: Settings, clock: Clock, recorders: Sequence[Recorder]) -> None:
        self._recorders, self._clock, self._fps = recorders, clock, settings.recording_fps
        self._matching = Matching(settings.match_exposure)
        self._preview = Preview(recorders, clock)
        self._differences: deque[int] = deque(maxlen=OFFSET_PAIRS)
        """Of the cameras' newest frames, second less first; of the last seconds."""

    def run(self) -> None:
        """Have them run, all exposed alike. Said again and again."""
        for recorder in self._recorders:
            recorder.arm()
        held = [recorder.is_held for recorder in self._recorders]
        exposures = [recorder.exposure for recorder in self._recorders]
        self._hold(self._matching.look(exposures, held, self._clock.sensor_ns()))

    def rest(self) -> None:
        """Back to a slow preview, each as it finds its light."""
        for recorder in self._recorders:
            recorder.disarm()
        self._matching.let_go()
        self._hold([None] * len(self._recorders))

    def _hold(self, kept_to: Sequence[Exposure | None]) -> None:
        for recorder, exposure in zip(self._recorders, kept_to, strict=False):
            recorder.hold(exposure)

    def hear(self, camera: int, message: Message) -> bool:
        """Whether the message was for nobody else."""
        if isinstance(message, Status):
            self._measure_offset()
        if isinstance(message, Picture):
            self._preview.hear(camera, message)
            return True
        return False

    def _measure_offset(self) -> None:
        stamps = [recorder.last_sensor_ns for recorder in self._recorders]
        if len(stamps) == 2 and stamps[0] is not None and stamps[1] is not None:
            self._differences.append(stamps[1] - stamps[0])
        else:
            self._differences.clear()

    def statuses(self, swapped: bool) -> tuple[CameraStatus, ...]:
        """In the places that the attendant gave them: 0 is the left one."""
        statuses = [recorder.status() for recorder in self._recorders]
        offset_ns = phase_ns(self._differences, self._fps)
        if len(statuses) == 2 and offset_ns is not None:
            statuses[1] = statuses[1].model_copy(update={"offset_ms": round(offset_ns / 1e6, 1) + 0.0})
        return left_to_right(statuses, swapped)

    async def look(self, swapped: bool) -> tuple[CameraPicture, ...]:
        """What they see now, left to right; without those that give no picture."""
        seen = await self._preview.look()
        return left_to_right([one.picture if one else None for one in seen], swapped)

    async def look_at(self, place: int, swapped: bool) -> Picture | None:
        """What the camera in that place sees now; None where there is no such camera, or it gives no picture."""
        placed = list(reversed(self._recorders)) if swapped else self._recorders
        return await self._preview.look_at(placed[place]) if place < len(placed) else None


def left_to_right(one_a_camera: Sequence[C | None], swapped: bool) -> tuple[C, ...]:
    """In the attendant's order, and counted so; what is None has its place and is left out."""
    placed = reversed(one_a_camera) if swapped else one_a_camera
    return tuple(one.model_copy(update={"index": index}) for index, one in enumerate(placed) if one is not None)
