"""What the steps of a job are where other machines render and upload: the footage is staged, the video had made, what
was delivered looked at, and nothing left behind."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ezrec_tui.config import Settings
from ezrec_tui.delivery.store import Proof, Refused, Store
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.facts import Given
from ezrec_tui.jobs.farm import Farm
from ezrec_tui.jobs.order import Made, Order
from ezrec_tui.model import Progress
from ezrec_tui.recording_files import read_manifest

if TYPE_CHECKING:
    from ezrec_tui.video.render import RenderJob


class Elsewhere:
    """The other machines, as one booking's steps need them. All calls may raise NotMade, Unreachable, Refused."""

    def __init__(self, farm: Farm, settings: Settings, folders: Folders, store: Callable[[], Store]) -> None:
        self._farm, self._settings, self._folders, self._store = farm, settings, folders, store

    def require(self) -> None:
        """That there is somebody who makes videos."""
        self._farm.require()

    def render(
        self,
        job: "RenderJob",
        given: Given,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
        may_send: Callable[[], bool],
    ) -> Made:
        """Have a video made and delivered. Raises Stopped too, and when nothing may be sent at this hour."""
        from ezrec_tui.jobs.parcel import pack

        order = self._order(given)
        if not self._farm.knows(order):
            self._farm.require()
            scratch = self._folders.data / f".{order.mark}.staged"
            self._farm.stage(
                self._store(), order, pack(job), scratch, on_progress, lambda: should_stop() or not may_send()
            )
        return self._farm.make(order, given, on_progress, should_stop)

    def collect(
        self, given: Given, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> tuple[str, Proof]:
        """The address of what was delivered, and what it is; it was looked at. What is lost is made again."""
        order = self._order(given)
        made = self._farm.make(order, given, on_progress, should_stop)
        if made.proof is None or not self._store().holds(made.proof):
            self._farm.forget(order)
            raise Refused(f"{order.key} is not in the store as it was delivered.", "It is made again.")
        return made.url, made.proof

    def drop(self, given: Given) -> None:
        """Delete what is staged, and forget the order. Raises RecordingError too."""
        self._farm.drop(self._store(), self._order(given))

    def _order(self, given: Given) -> Order:
        return Order.of(read_manifest(given.folder), self._folders, self._settings.user_id)
