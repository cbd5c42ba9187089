"""What the cameras see, for whoever looks: asked of them when somebody does, and any number of viewers cost as one."""

import asyncio
from collections.abc import Sequence

from ezrec_tui.clock import Clock
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.model import NS
from ezrec_tui.recorder.messages import Picture

FRESH_NS = NS // 5
"""A picture younger than that is not asked for again."""
WAIT_SECONDS = 1.0
"""For a newer one."""
GONE_NS = 2 * NS
"""A camera that only looks gives one a second at first: an older one is the camera's last."""


class Preview:
    """Keeps each camera's newest picture. What a recorder sends comes in through `hear`."""

    def __init__(self, recorders: Sequence[Recorder], clock: Clock) -> None:
        self._recorders, self._clock = recorders, clock
        self._newest: dict[int, Picture] = {}
        self._coming: dict[int, asyncio.Future[None]] = {}
        """Of cameras that were asked and have not answered."""

    def hear(self, camera: int, picture: Picture) -> None:
        self._newest[camera] = picture
        coming = self._coming.pop(camera, None)
        if coming is not None and not coming.done():
            coming.set_result(None)

    async def look(self) -> list[Picture | None]:
        """A picture of each camera, after a second at most; None of one that gives none."""
        return list(await asyncio.gather(*(self.look_at(recorder) for recorder in self._recorders)))

    async def look_at(self, recorder: Recorder) -> Picture | None:
        """The same of one."""
        camera = recorder.spec.index
        if self._age_ns(camera) >= FRESH_NS:
            await self._newer(recorder)
        return self._newest.get(camera) if self._age_ns(camera) < GONE_NS else None

    async def _newer(self, recorder: Recorder) -> None:
        camera = recorder.spec.index
        coming = self._coming.get(camera)
        if coming is None:
            seen_ns = newest.picture.sensor_ns if (newest := self._newest.get(camera)) else 0
            if not recorder.show(max(seen_ns, self._clock.sensor_ns() - GONE_NS)):
                return
            coming = self._coming[camera] = asyncio.get_running_loop().create_future()
        await asyncio.wait({coming}, timeout=WAIT_SECONDS)
        if not coming.done() and self._coming.get(camera) is coming:
            del self._coming[camera]  # the next viewer asks again

    def _age_ns(self, camera: int) -> int:
        newest = self._newest.get(camera)
        return GONE_NS if newest is None else self._clock.sensor_ns() - newest.picture.sensor_ns
