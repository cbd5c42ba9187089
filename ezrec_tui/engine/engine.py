"""The engine: wires bookings, recorders and the worker together, decides, and shows what is.

It never decodes, encodes, hashes or uploads.
"""

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TypeVar

from ezrec_tui import __version__
from ezrec_tui.bookings import file, supabase
from ezrec_tui.bookings.parse import Door
from ezrec_tui.bookings.schedule import OVER, Schedule, schedule
from ezrec_tui.bookings.source import Bookings
from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.database import connect
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.engine.acts import Acts
from ezrec_tui.engine.alerts import Alerts, though_disk_is_full
from ezrec_tui.engine.camera_test import hindrance
from ezrec_tui.engine.databases import mend_databases
from ezrec_tui.engine.disk import Use
from ezrec_tui.engine.exposure import Matching
from ezrec_tui.engine.hub import Hub
from ezrec_tui.engine.link import Link, end_recorders
from ezrec_tui.engine.pin import PinDoor
from ezrec_tui.engine.plans import Plans
from ezrec_tui.engine.preview import Preview
from ezrec_tui.engine.recorders import Recorder, camera_specs
from ezrec_tui.engine.recordings import Recordings, Session
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.takeup import adopt
from ezrec_tui.engine.tester import CameraTester
from ezrec_tui.engine.unrendered import Unrendered
from ezrec_tui.engine.watch import Watch
from ezrec_tui.engine.worker import Worker
from ezrec_tui.events import put_event
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.missing import is_about_missing
from ezrec_tui.model import (
    NS,
    Alert,
    Answer,
    Banner,
    Booking,
    BookingSource,
    BookingStatus,
    CameraPicture,
    CameraState,
    CameraStatus,
    CameraTest,
    CameraTestResult,
    DoneAct,
    EventType,
    HealthItem,
    Job,
    JobState,
    Level,
    PublishedStatus,
    RecordingState,
    Setup,
    Snapshot,
    UpcomingBooking,
    VideoRecord,
)
from ezrec_tui.phase import phase_ns
from ezrec_tui.recorder.messages import Message, Picture, Status
from ezrec_tui.video.method import settle

ARM_LEAD = timedelta(seconds=60)
TICK_SECONDS = 0.2
IDLE_TICK_SECONDS = 1.0
HEALTH_SECONDS = 5.0
DISK_SECONDS = 1.0
"""Between two looks at the disk while something is recorded."""
SHOWN_UPCOMING = 20
OFFSET_PAIRS = 20
"""Status messages whose newest frames give the offset of the two cameras: about five seconds."""

log = logging.getLogger(__name__)

C = TypeVar("C", CameraStatus, CameraTestResult)


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
        self.decided = asyncio.Event()
        """The recorders have been told what goes on."""
        self._unread: set[BookingSource] = set()
        """Sources of bookings that have said nothing yet."""
        self._schedule = Schedule()
        self._alerts = Alerts(self._store, clock, self.hub.change)
        self._watch = Watch(settings, clock, self.folders.data)
        self._database: tuple[HealthItem, ...] = ()
        self._recorded: set[str] = set()
        self._differences: deque[int] = deque(maxlen=OFFSET_PAIRS)
        """Of the cameras' newest frames, second less first; of the last seconds."""
        self._matching = Matching(settings.match_exposure)
        self._recorders = [
            Recorder(
                spec, clock, settings.pre_roll_seconds, self.folders.data, running=running.get(spec.index),
                on_message=self._hear_recorder, on_down=self._recorder_down, on_change=self.hub.change,
            )
            for spec in camera_specs(settings)
        ]  # fmt: skip
        self._preview = Preview(self._recorders, clock)
        self._tester = CameraTester(settings, self.folders, clock, self._recorders, self._look_again)
        self._recordings = Recordings(
            settings, self.folders, clock, self._store, self._recorders,
            alert=self._alerts.put, on_started=self._recording_started, on_finished=self._recording_finished,
        )  # fmt: skip
        self.worker = Worker(
            clock,
            to_submit=self._store.recordings_to_submit,
            on_job=self._job_changed,
            on_down=self._worker_down,
            on_change=self.hub.change,
        )
        self._unrendered = Unrendered(self._store, self._recordings, self.worker)
        self.acts = Acts(
            settings, clock, self._store, self._plans, self._recordings, self.worker, self._look_again
        )  # fmt: skip
        self.pin = PinDoor(settings.ezrec_pin, clock, self._store, self._alerts.put)
        for what, to_do in damaged.values():
            self._alerts.put(Level.FAILED, what, to_do)
        if self.folders.jobs_database in damaged:
            self._store.submit_again(but=self._is_published)

    async def run(self) -> None:
        """Live. When it is cancelled, recorders and worker are ended in order and nothing is left open.

        When it fails, the recorders go on, for the next engine.
        """
        self._tester.clear()
        try:
            adopt(self._settings, self.folders, self._clock, self._store, self._alerts.put, self._is_published)
            await self._watch.look_at_disk(self._use())
            self._recordings.take_up()
            sources = self._sources()
            self._unread.update(sources)
            async with asyncio.TaskGroup() as group:
                for child in (*(recorder.child for recorder in self._recorders), self.worker.child):
                    group.create_task(child.run(), name=child.name)
                for source, watched in sources.items():
                    group.create_task(self._follow_source(source, watched))
                group.create_task(self._tester.run())
                group.create_task(self._watch_machine())
                group.create_task(self._watch_disk())
                group.create_task(self._decide())
        except asyncio.CancelledError:
            await asyncio.gather(*(recorder.child.stop() for recorder in self._recorders), return_exceptions=True)
            await asyncio.to_thread(end_recorders, self.folders.data)  # also those that nobody has come to hold
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
            self._tester.cut_off(f"{self._recordings.running[0].booking.label} is being recorded")
        wanted = bool(self._recordings.running or self._schedule.arming or self._schedule.active)
        wanted |= self._tester.running
        for recorder in self._recorders:
            if wanted:
                recorder.arm()
            elif not self._unread:
                recorder.disarm()
            recorder.kill_if_hung()
        self._match_exposures(wanted)
        self._look_at_cameras()
        if self._schedule != before or self._recordings.running:
            self.hub.change()

    def _match_exposures(self, wanted: bool) -> None:
        measured = [recorder.exposure for recorder in self._recorders]
        kept_to: list[Exposure | None] = [None] * len(measured)
        if wanted:
            held = [recorder.is_held for recorder in self._recorders]
            kept_to = self._matching.look(measured, held, self._clock.sensor_ns())
        else:
            self._matching.let_go()
        for recorder, exposure in zip(self._recorders, kept_to, strict=False):
            recorder.hold(exposure)

    def _look_at_cameras(self) -> None:
        running = [(session.booking.id, session.booking.label) for session in self._recordings.running]
        self._watch.look_at_cameras(self._cameras(), self._schedule.upcoming, running)
        self.worker.pause(self._watch.rendering_makes_way)
        self._alerts.hold(self._watch.notices())

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

    def _sources(self) -> Mapping[BookingSource, AsyncIterator[Bookings]]:
        settings = self._settings
        door = Door(settings.timezone, settings.camera_id, settings.user_id)
        interval = settings.booking_check_interval
        sources = {BookingSource.FILE: file.watch(self.folders.bookings_file, door, self._clock, interval)}
        if settings.supabase_url:
            table = supabase.BookingsTable(lambda: connect(settings), door)
            sources[BookingSource.SUPABASE] = supabase.watch(table, self.folders.bookings_cache, self._clock, interval)
        return sources

    async def _follow_source(self, source: BookingSource, watched: AsyncIterator[Bookings]) -> None:
        async for said in watched:
            self._unread.discard(source)
            for problem in said.new_problems:
                if problem.id == supabase.NAME:  # the line, not a row: shown for as long as it lasts
                    log.warning("%s", problem)
                else:
                    self._alerts.put(
                        Level.WARNING, str(problem), "mend that row; the other bookings are not touched by it"
                    )
            for problem in said.mended:
                log.info("no longer wrong: %s", problem)
            if source is BookingSource.SUPABASE:
                wrong = next((problem.reason for problem in said.problems if problem.id == supabase.NAME), "")
                level = Level.WARNING if wrong else Level.OK
                self._database = (HealthItem(key="database", level=level, detail=wrong),)
            if self._plans.put(source, said.rows):
                log.info("%d bookings from %s", len(said.rows), source.value)
                self._wake.set()
            self.hub.change()

    async def _watch_machine(self) -> None:
        while True:
            await self._watch.look_at_machine()
            self.hub.change()
            with though_disk_is_full("which plans are over"):
                self._plans.prune(self._clock.now())
            await self._clock.sleep(HEALTH_SECONDS)

    async def _watch_disk(self) -> None:
        while True:
            was_full = self._watch.full
            await self._watch.look_at_disk(self._use())
            if self._watch.full is not was_full:
                self._wake.set()
            self._alerts.hold(self._watch.notices())
            await self._clock.sleep(DISK_SECONDS if self._recordings.running else HEALTH_SECONDS)

    def _use(self) -> Use:
        """What is written to the disk, and what is still to be rendered."""
        return self._watch.use(self._cameras(), self._unrendered.seconds())

    def _is_published(self, booking_id: str) -> bool:
        return self._outbox.last_status(booking_id) is PublishedStatus.COMPLETED

    # What the children tell

    def _hear_recorder(self, camera: int, message: Message) -> None:
        if isinstance(message, Status):
            self._measure_offset()
        if isinstance(message, Picture):
            self._preview.hear(camera, message.picture)
        elif not self._tester.hear(camera, message):
            self._recordings.hear(camera, message)

    def _measure_offset(self) -> None:
        stamps = [recorder.last_sensor_ns for recorder in self._recorders]
        if len(stamps) == 2 and stamps[0] is not None and stamps[1] is not None:
            self._differences.append(stamps[1] - stamps[0])
        else:
            self._differences.clear()

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
        if job.state is JobState.FAILED and (before is None or before.state is not JobState.FAILED):
            self._alerts.put(
                Level.FAILED,
                f"no video of {job.label or job.booking_id} yet: {job.error or 'the job failed'}",
                "mend the cause, then try the job again; the footage is kept",
                job.booking_id,
            )
        if job.video is not None and (before is None or before.video is None):
            self._tell_missing(job)

    def _tell_missing(self, job: Job) -> None:
        """What a camera lacks in a video; once, also over a restart."""
        for line in filter(is_about_missing, job.fallbacks):
            what = f"the video of {job.label or job.booking_id}: {line}"
            if not self._store.was_told(what, job.booking_id):
                to_do = "look at the video; unless the power failed then, check that camera's cable"
                self._alerts.put(Level.WARNING, what, to_do, job.booking_id)

    def _recording_started(self, session: Session) -> None:
        late_ns = max(0, min(session.first_ns.values()) - session.manifest.start_ns)
        with though_disk_is_full("that it is recorded"):
            self._outbox.put_status(session.booking.id, PublishedStatus.RECORDING, self._clock.now())
        self._put_event(EventType.RECORDING_STARTED, session.booking, late_ms=late_ns / 1e6)
        self.hub.change()

    def _recording_finished(self, session: Session) -> None:
        counts = session.manifest.cameras
        self._unrendered.ended(session.booking.id, self._recordings.seconds_recorded(session))
        with though_disk_is_full("that it is recorded"):
            self._outbox.put_status(session.booking.id, PublishedStatus.RECORDING_FINISHED, self._clock.now())
        self._put_event(
            EventType.RECORDING_COMPLETE,
            session.booking,
            folder=str(self.folders.recording(session.manifest.booking)),
            frames=[count.written for count in counts],
            dropped=sum(count.lost for count in counts),
            missing=sum(count.missing for count in counts),
            cameras=[count.model_dump() for count in counts],
            offset_ms=session.manifest.offset_ms,
            drift_ppm=session.manifest.drift_ppm,
            seconds=(session.manifest.end_ns - session.manifest.start_ns) / NS,
        )
        row = self._store.recording(session.booking.id)
        if row is not None and self.worker.ready:
            self.worker.submit(row)
        self.hub.change()

    def _put_event(self, event: EventType, booking: Booking, **details: object) -> None:
        try:
            put_event(self.folders.data, event, booking.id, self._clock.now(), **details)
        except OSError as error:
            self._alerts.put(
                Level.WARNING, f"the event {event.value} cannot be written: {error}", "mend the data folder"
            )

    def test_cameras(self) -> Answer:
        """Record a few seconds of each camera, look at them, and throw them away; unless something goes before."""
        running = next((session.booking.label for session in self._recordings.running), None)
        soon = next((booking.label for booking in self._schedule.active + self._schedule.arming), None)
        why_not = hindrance(running, soon, self._watch.full, self._tester.running)
        return Answer(ok=False, message=why_not) if why_not else self._tester.begin()

    # What the API shows

    def bookings(self) -> list[Booking]:
        return self._plans.bookings()

    def videos(self) -> list[VideoRecord]:
        """The local record of published videos, newest first."""
        return list(reversed(LocalRecord(self.folders.local_record).videos()))

    def alerts(self) -> list[Alert]:
        """The last ones, seen or not, newest first."""
        return self._store.alerts()

    def done_acts(self, count: int) -> list[DoneAct]:
        """The end of the audit log, newest first."""
        return self._store.acts(count)

    async def preview(self) -> list[CameraPicture]:
        """What the cameras see now, left to right; without those that give no picture."""
        pictures = await self._preview.look()
        placed = reversed(pictures) if self._recordings.swapped else pictures
        return [seen.model_copy(update={"index": index}) for index, seen in enumerate(placed) if seen is not None]

    def snapshot(self) -> Snapshot:
        """All that a screen shows."""
        return Snapshot(
            sequence=self.hub.sequence,
            engine_id=self.engine_id,
            at=self._clock.now(),
            timezone=self._settings.timezone_name,
            language=self._settings.ezrec_language,
            version=__version__,
            banner=self._banner(),
            recordings=tuple(self._recordings.status(session) for session in self._recordings.running),
            setup=self._setup,
            cameras=self._cameras(),
            overlap=self._settings.overlap_share,
            upcoming=tuple(
                UpcomingBooking(booking_id=b.id, label=b.label, start=b.start, end=b.end, source=b.source)
                for b in self._schedule.upcoming[:SHOWN_UPCOMING]
            ),
            jobs=self.worker.shown(),
            health=self._watch.health() + self._database,
            alerts=self._alerts.open,
            camera_test=self._camera_test(),
            pin_set=self.pin.is_set,
        )

    @cached_property
    def _setup(self) -> Setup:
        settings = self._settings
        width, height = settings.resolution
        method, reasons = settle(settings.merge_method, width, settings.overlap, len(self._recorders))
        return Setup(
            width=width,
            height=height,
            fps=settings.recording_fps,
            bitrate=settings.recording_bitrate,
            method=method,
            fallbacks=reasons,
        )

    def _banner(self) -> Banner:
        states = {session.state for session in self._recordings.running}
        if any(session.held_ns is not None for session in self._recordings.running):
            return Banner.ALERT
        if RecordingState.RECORDING in states:
            failing = any(camera.state in (CameraState.LOST, CameraState.STALLED) for camera in self._cameras())
            return Banner.ALERT if failing else Banner.RECORDING
        if RecordingState.STARTING in states:
            return Banner.STARTING
        if states:
            return Banner.FINISHING
        if any(alert.level is Level.FAILED for alert in self._alerts.open):
            return Banner.ALERT
        return Banner.ARMED if self._schedule.arming else Banner.IDLE

    def _cameras(self) -> tuple[CameraStatus, ...]:
        """In the places that the attendant gave them: 0 is the left one."""
        statuses = [recorder.status() for recorder in self._recorders]
        offset_ns = phase_ns(self._differences, self._settings.recording_fps)
        if len(statuses) == 2 and offset_ns is not None:
            statuses[1] = statuses[1].model_copy(update={"offset_ms": round(offset_ns / 1e6, 1) + 0.0})
        return self._left_to_right(statuses)

    def _camera_test(self) -> CameraTest | None:
        test = self._tester.shown
        return test.model_copy(update={"results": self._left_to_right(test.results)}) if test else None

    def _left_to_right(self, one_a_camera: Sequence[C]) -> tuple[C, ...]:
        placed = reversed(one_a_camera) if self._recordings.swapped else one_a_camera
        return tuple(one.model_copy(update={"index": index}) for index, one in enumerate(placed))
