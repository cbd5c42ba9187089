"""Acts that need the cameras for themselves: a test, a calibration. A recording goes before both."""

from collections.abc import Callable

from ezrec_tui.bookings.schedule import Schedule
from ezrec_tui.engine.calibrator import Calibrator
from ezrec_tui.engine.camera_test import hindrance, waits_for
from ezrec_tui.engine.recordings import Recordings
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.tester import CameraTester
from ezrec_tui.engine.watch import Watch
from ezrec_tui.model import Answer


class CameraActs:
    def __init__(
        self,
        store: StateStore,
        recordings: Recordings,
        watch: Watch,
        tester: CameraTester,
        calibrator: Calibrator,
        *,
        two_cameras: bool,
        plans: Callable[[], Schedule],
    ) -> None:
        """`plans`: as they stand now."""
        self._store, self._recordings, self._watch = store, recordings, watch
        self._tester, self._calibrator = tester, calibrator
        self._two_cameras, self._plans = two_cameras, plans

    def test(self) -> Answer:
        """Record a few seconds of each camera, look at them, and throw them away; unless something goes before."""
        why_not = self._hindrance("test the cameras")
        return Answer(ok=False, message=why_not) if why_not else self._tester.begin()

    def calibrate(self, booking_id: str | None) -> Answer:
        """Find out how the cameras stand to each other, from what they see now or from a booking's footage."""
        if not self._two_cameras:
            return Answer(ok=False, message="there is one camera only", booking_id=booking_id)
        if booking_id is None:
            why_not = self._hindrance("calibrate")
            if why_not:
                return Answer(ok=False, message=why_not)
            return self._calibrator.begin_with_cameras(self._recordings.swapped)
        row = self._store.recording(booking_id)
        if row is None or not row.folder.exists():
            return Answer(ok=False, message=f"there is no footage of {booking_id}", booking_id=booking_id)
        if why_not := self._waits_for():
            return Answer(ok=False, message=why_not, booking_id=booking_id)
        return self._calibrator.begin_with_footage(booking_id, row.booking.label, row.folder)

    def _hindrance(self, to_do: str) -> str:
        running = next((session.booking.label for session in self._recordings.running), None)
        plans = self._plans()
        soon = next((booking.label for booking in plans.active + plans.arming), None)
        return hindrance(running, soon, self._watch.full, self._waits_for(), to_do)

    def _waits_for(self) -> str:
        return waits_for(self._tester.running, self._calibrator.running)
