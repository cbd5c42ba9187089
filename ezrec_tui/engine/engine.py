"""The engine: wires bookings, recorders and the worker together, decides, and shows what is.

It never decodes, encodes, hashes or uploads.
"""

import asyncio
import contextlib
import functools
import logging
import os
import uuid
from collections.abc import Mapping
from datetime import timedelta

from ezrec_tui import __version__
from ezrec_tui.bookings.schedule import OVER, Schedule, schedule
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.database import connect
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.presence import Presence
from ezrec_tui.engine.acts import Acts
from ezrec_tui.engine.alerts import Alerts, though_disk_is_full
from ezrec_tui.engine.calibrator import Calibrator
from ezrec_tui.engine.camera_acts import CameraActs
from ezrec_tui.engine.cameras import Cameras, left_to_right
from ezrec_tui.engine.databases import mend_databases
from ezrec_tui.engine.disk import Use
from ezrec_tui.engine.hub import Hub
from ezrec_tui.engine.joining import Joining
from ezrec_tui.engine.link import Link, end_recorders
from ezrec_tui.engine.notices import Notice
from ezrec_tui.engine.pin import PinDoor
from ezrec_tui.engine.plans import Plans
from ezrec_tui.engine.recorders import Recorder, camera_specs
from ezrec_tui.engine.recordings import Recordings, Session
from ezrec_tui.engine.records import Records
from ezrec_tui.engine.reports import Reports
from ezrec_tui.engine.shown import banner
from ezrec_tui.engine.sources import Sources
from ezrec_tui.engine.status import Heartbeat, StatusFile, status_of
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.sweeping import Sweeping
from ezrec_tui.engine.take import CameraTake
from ezrec_tui.engine.takeup import adopt
from ezrec_tui.engine.tester import CameraTester
from ezrec_tui.engine.unrendered import Unrendered
from ezrec_tui.engine.watch import Watch
from ezrec_tui.engine.wellbeing import Wellbeing
from ezrec_tui.engine.worker import Worker
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Swept
from ezrec_tui.model import (
    BookingStatus,
    CameraPicture,
    CameraStatus,
    CameraTest,
    Health,
    Job,
    Level,
    PublishedStatus,
    RigPicture,
    Snapshot,
    Status,
    UpcomingBooking,
)
from ezrec_tui.recorder.messages import Message, Picture

ARM_LEAD = timedelta(seconds=60)
TICK_SECONDS = 0.2
IDLE_TICK_SECONDS = 1.0
HEALTH_SECONDS = 5.0
DISK_SECONDS = 1.0
"""Between two looks at the disk while something is recorded."""
SHOWN_UPCOMING = 20

log = logging.getLogger(__name__)


class Engine:
    """All of one engine's state. `run` lives until it is cancelled."""

    def __init__(self, settings: Settings, clock: Clock, running: Mapping[int, Link]) -> None:
        """`running`: recorders by camera, taken over or started already."""
        self._settings, self._clock = settings, clock
        self.folders = Folders(settings.ezrec_data_dir.resolve(), settings.timezone)
        self.hub = Hub()
        self.engine_id = uuid.uuid4().hex
        self._wake = asyncio.Event()
        damaged = mend_databases(self.folders, clock.now())
        self._store = StateStore(self.folders.engine_database)
        self._outbox = Outbox(self.folders.outbox_database)
        self._plans = Plans(self._store)
        self.api_trouble = ""
        """Why the API does not answer where it was asked to; set by whoever serves it."""
        self.decided = asyncio.Event()
        """Set with each step: the recorders have been told what goes on. Whoever clears it can wait for the next."""
        self._schedule = Schedule()
        self._alerts = Alerts(self._store, clock, self.hub.change)
        self._watch = Watch(settings, clock, self.folders.data)
        self._recorded: set[str] = set()
        database = functools.cache(functools.partial(connect, settings))  # one client, one pool of connections
        self._sources = Sources(
            settings, self.folders, clock, self._plans, self._alerts,
            connect=database, on_plans=self._wake.set, on_change=self.hub.change,
        )  # fmt: skip
        self._reports = Reports(self.folders.data, clock, self._store, self._outbox, self._alerts)
        self._recorders = [
            Recorder(
                spec, clock, settings.pre_roll_seconds, self.folders.data, running=running.get(spec.index),
                on_message=self._hear_recorder, on_down=self._recorder_down, on_change=self.hub.change,
            )
            for spec in camera_specs(settings)
        ]  # fmt: skip
        self._cameras = Cameras(settings, clock, self._recorders)
        self._take = CameraTake(settings, self.folders, clock, self._recorders)
        self._tester = CameraTester(clock, self._recorders, self._take, self._look_again)
        self._calibrator = Calibrator(self.folders, clock, self._take, self._look_again)
        self._joining = Joining(settings, self.folders, self._store)
        self._recordings = Recordings(
            settings, self.folders, clock, self._store, self._recorders,
            alert=self._alerts.put, on_started=self._recording_started, on_finished=self._recording_finished,
        )  # fmt: skip
        self.worker = Worker(
            clock,
            given_up_days=settings.given_up_days,
            to_submit=self._store.recordings_to_submit,
            method=lambda: self._joining.asked,
            on_job=self._job_changed,
            on_swept=self._swept,
            on_down=self._worker_down,
            on_change=self.hub.change,
        )
        self._wellbeing = Wellbeing(
            clock, self._watch, self._sources, self.worker, self._alerts, self._store, self._outbox
        )
        self._sweeping = Sweeping(clock, self.worker.sweep)
        self._unrendered = Unrendered(self._store, self._recordings, self.worker)
        self.acts = Acts(
            settings, clock, self._store, self._plans, self._recordings, self.worker, self._joining, self._look_again
        )  # fmt: skip
        self.camera_acts = CameraActs(
            self._store, self._recordings, self._watch, self._tester, self._calibrator,
            two_cameras=settings.dual_camera_mode, plans=lambda: self._schedule,
        )  # fmt: skip
        self.records = Records(self.folders, self._store, self._plans, self.worker)
        self._status_file = StatusFile(self.folders.status, clock, self.status)
        presence = Presence(database, settings.user_id, settings.camera_id) if settings.supabase_url else None
        self._heartbeat = Heartbeat(presence, clock, self.status) if presence else None
        self.pin = PinDoor(settings.ezrec_pin, clock, self._store, self._alerts.put)
        for what, to_do in damaged.values():
            self._alerts.put(Level.FAILED, what, to_do)
        if self.folders.jobs_database in damaged:
            self._store.submit_again(but=self._is_published)

    async def run(self) -> None:
        """Live. When it is cancelled, recorders and worker are ended in order and nothing is left open.

        When it fails, the recorders go on, for the next engine.
        """
        self._take.clear()
        self._calibrator.clear()
        try:
            adopt(self._settings, self.folders, self._clock, self._store, self._alerts.put, self._is_published)
            await self._watch.look_at_disk(self._use())
            self._recordings.take_up()
            async with asyncio.TaskGroup() as group:
                for child in (*(recorder.child for recorder in self._recorders), self.worker.child):
                    group.create_task(child.run(), name=child.name)
                group.create_task(self._sources.run())
                group.create_task(self._tester.run())
                group.create_task(self._calibrator.run())
                group.create_task(self._watch_machine())
                group.create_task(self._watch_disk())
                group.create_task(self._decide())
                group.create_task(self._status_file.run())
                if self._heartbeat is not None:
                    group.create_task(self._heartbeat.run())
        except asyncio.CancelledError:
            await asyncio.gather(*(recorder.child.stop() for recorder in self._recorders), return_exceptions=True)
            await asyncio.to_thread(end_recorders, self.folders.data)  # also those that nobody has come to hold
            self._status_file.end()
            raise
        finally:
            self.hub.close()
            await self.worker.child.stop()
            self._store.close()

    # Deciding

    async def _decide(self) -> None:
        while True:
            with though_disk_is_full("what was just decided"):  # it is decided again at the next step
                self._step()
            self.decided.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_to_next()):
                    await self._wake.wait()
            self._wake.clear()

    def _step(self) -> None:
        now = self._clock.now()
        before = self._schedule
        self._schedule = schedule(self._plans.bookings(), now, ARM_LEAD)
        self._recordings.hold(self._watch.full)
        for booking in self._schedule.active:
            if booking.id not in self._recordings and not self._was_recorded(booking.id):
                self._recordings.begin(booking)
        self._follow_changes()
        self._recordings.step(self._plans.stopped_at)
        if self._recordings.running:
            self._take.cut_off(f"{self._recordings.running[0].booking.label} is being recorded")
        wanted = bool(self._recordings.running or self._schedule.arming or self._schedule.active)
        wanted |= self._take.is_wanted
        if wanted:
            self._cameras.run()
        elif self._sources.all_spoke:
            self._cameras.rest()
        for recorder in self._recorders:
            recorder.kill_if_hung()
        self._look_at_cameras()
        if self._schedule != before or self._recordings.running:
            self.hub.change()

    def _look_at_cameras(self) -> None:
        running = [(session.booking.id, session.booking.label) for session in self._recordings.running]
        self._watch.look_at_cameras(self._statuses, self._schedule.upcoming, running)
        self.worker.make_way(self._watch.rendering_makes_way)
        self._calibrator.pause(self._watch.rendering_makes_way)
        self._alerts.hold(self._notices())

    def _follow_changes(self) -> None:
        """Ends that were moved, bookings that were ended or cancelled while they are recorded."""
        running = {session.booking.id for session in self._recordings.running}
        for booking in self._plans.bookings() if running else ():
            if booking.id not in running:
                continue
            if booking.status in OVER:
                self._recordings.end_now(booking.id)
            else:
                moved = self._plans.end_was_moved(booking.id)
                self._recordings.follow(booking, open_end=booking.status is BookingStatus.STARTED and not moved)

    def _was_recorded(self, booking_id: str) -> bool:
        if booking_id not in self._recorded and self._store.recording(booking_id) is not None:
            self._recorded.add(booking_id)
        return booking_id in self._recorded

    def _seconds_to_next(self) -> float:
        if self._recordings.running or self._schedule.active:
            return TICK_SECONDS
        if self._schedule.next_change is None:
            return IDLE_TICK_SECONDS
        left = (self._schedule.next_change - self._clock.now()).total_seconds()
        return min(IDLE_TICK_SECONDS, max(0.001, left))

    def _look_again(self) -> None:
        self._wake.set()
        self._alerts.refresh()

    async def _watch_machine(self) -> None:
        while True:
            await self._watch.look_at_machine()
            self.hub.change()
            with though_disk_is_full("which plans are over"):
                self._plans.prune(self._clock.now())
                self._store.forget_alerts(self._clock.now() - timedelta(days=self._settings.history_days))
            await self._clock.sleep(HEALTH_SECONDS)

    async def _watch_disk(self) -> None:
        while True:
            was_full = self._watch.full
            await self._watch.look_at_disk(self._use())
            if self._watch.full is not was_full:
                self._wake.set()
            self._sweeping.step(self._watch.room, [session.booking.id for session in self._recordings.running])
            self._alerts.hold(self._notices())
            await self._clock.sleep(DISK_SECONDS if self._recordings.running else HEALTH_SECONDS)

    def _notices(self) -> list[Notice]:
        return [
            *self._wellbeing.notices(),
            *self._sweeping.notices(self._watch.room),
            *self._joining.notices(),
            *self._status_file.notices(),
            *self._api_notices(),
        ]

    def _api_notices(self) -> list[Notice]:
        to_do = "check EZREC_API_LISTEN and the network; it is tried again every few seconds"
        return [Notice("api:listen", Level.WARNING, self.api_trouble, to_do)] if self.api_trouble else []

    def _use(self) -> Use:
        """What is written to the disk, and what is still to be rendered."""
        return self._watch.use(self._statuses, self._unrendered.seconds())

    def _is_published(self, booking_id: str) -> bool:
        return self._outbox.last_status(booking_id) is PublishedStatus.COMPLETED

    # What the children tell

    def _hear_recorder(self, camera: int, message: Message) -> None:
        if not self._cameras.hear(camera, message) and not self._take.hear(camera, message):
            self._recordings.hear(camera, message)

    def _recorder_down(self, camera: int, given_up: bool) -> None:
        self._recordings.recorder_down(camera)
        if given_up:
            self._alerts.put(
                Level.FAILED,
                f"camera {camera + 1}: its recorder ends again and again",
                "check the camera's cable; the log says why; it is tried again every half minute",
                None,
            )
        self.hub.change()

    def _worker_down(self, given_up: bool) -> None:
        if given_up:
            self._alerts.put(
                Level.FAILED,
                "the worker ends again and again",
                "the log says why; recording goes on, videos wait",
                None,
            )

    def _job_changed(self, before: Job | None, job: Job) -> None:
        if before is None:
            with though_disk_is_full("that its job is known"):  # the next start submits it again, which is nothing new
                self._store.mark_submitted(job.booking_id)
        self._reports.job_changed(before, job)

    def _swept(self, swept: Swept) -> None:
        self._sweeping.hear(swept)
        self._alerts.hold(self._notices())

    def _recording_started(self, session: Session) -> None:
        self._reports.started(session)
        self.hub.change()

    def _recording_finished(self, session: Session) -> None:
        self._unrendered.ended(session.booking.id, self._recordings.seconds_recorded(session))
        self._reports.finished(session, self.folders.recording(session.manifest.booking))
        row = self._store.recording(session.booking.id)
        if row is not None and self.worker.ready:
            self.worker.submit(row)
        self.hub.change()

    # What the API shows

    @property
    def processes(self) -> dict[str, int]:
        """Their ids, by name: the engine's own and its children's that live."""
        children = {child.name: child.pid for child in (*(one.child for one in self._recorders), self.worker.child)}
        return {"engine": os.getpid()} | {name: pid for name, pid in children.items() if pid is not None}

    async def preview(self) -> list[CameraPicture]:
        """What the cameras see now, left to right; without those that give no picture."""
        return list(await self._cameras.look(self._recordings.swapped))

    async def picture(self, camera: int) -> Picture | None:
        """What a camera sees now, 0 being the left one; None while it gives no picture."""
        return await self._cameras.look_at(camera, self._recordings.swapped)

    def rig_picture(self) -> RigPicture | None:
        """What the joined picture looked like when it was calibrated; None where it never was."""
        return self._joining.picture

    def health(self) -> Health:
        """How all that is watched does, with the numbers behind it."""
        return self._wellbeing.health()

    def status(self) -> Status:
        """How it stands, for other programs."""
        return status_of(self.snapshot(), self.health())

    def snapshot(self) -> Snapshot:
        """All that a screen shows."""
        jobs = self.worker.shown()
        setup = self._joining.setup(tuple(status.serial for status in self._statuses))
        return Snapshot(
            sequence=self.hub.sequence,
            engine_id=self.engine_id,
            at=self._clock.now(),
            timezone=self._settings.timezone_name,
            language=self._settings.ezrec_language,
            version=__version__,
            banner=banner(self._recordings.running, self._statuses, self._schedule, self._alerts.open),
            recordings=tuple(self._recordings.status(session) for session in self._recordings.running),
            setup=setup,
            cameras=self._statuses,
            overlap=self._joining.overlap(setup.method),
            upcoming=tuple(
                UpcomingBooking(booking_id=b.id, label=b.label, start=b.start, end=b.end, source=b.source)
                for b in self._schedule.upcoming[:SHOWN_UPCOMING]
            ),
            jobs=jobs,
            health=self._wellbeing.items(),
            alerts=self._alerts.open,
            camera_test=self._camera_test(),
            calibration=self._calibrator.shown,
            pin_set=self.pin.is_set,
            given_up_days=self.worker.given_up_days,
        )

    @property
    def _statuses(self) -> tuple[CameraStatus, ...]:
        return self._cameras.statuses(self._recordings.swapped)

    def _camera_test(self) -> CameraTest | None:
        test, swapped = self._tester.shown, self._recordings.swapped
        return test.model_copy(update={"results": left_to_right(test.results, swapped)}) if test else None
