"""The recordings under way: begun, extended, stopped and resumed, ended, taken up again after a restart.

A recording's end is kept on the sensors' clock, so that a stepped wall clock moves nothing once it runs. A stop by
the attendant lets the cameras go on until it can no longer be undone, and only then cuts at the instant of the stop.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ezrec_tui.clock import Clock, boot_id
from ezrec_tui.config import Settings
from ezrec_tui.engine.alerts import though_disk_is_full
from ezrec_tui.engine.recorders import Recorder
from ezrec_tui.engine.session import Session
from ezrec_tui.engine.store import StateStore
from ezrec_tui.engine.takeup import manifest_of
from ezrec_tui.engine.wall import Wall, after_ns
from ezrec_tui.folders import Folders
from ezrec_tui.logs import about
from ezrec_tui.model import (
    NS,
    Alert,
    Booking,
    Boot,
    CameraCount,
    CameraState,
    Highlight,
    Level,
    Manifest,
    RecordingState,
    RecordingStatus,
)
from ezrec_tui.recorder.messages import Finished, Message, Start, Started, Trouble
from ezrec_tui.recording_files import account, find_segments, write_manifest

EPOCH_LEAD = timedelta(seconds=60)
"""A recording's zero lies so long before its start: the keyframe it begins with has a PTS above 0."""
RESUME_SECONDS = 10
"""So long can a stop be undone."""
FINISH_PATIENCE_NS = 10 * NS
"""So long is waited for a recorder to close its files after the end."""
OPEN_END = timedelta(minutes=1)
"""A booking that is STARTED past its end goes on, its end moved ahead by this."""
RETRY_BEGIN_NS = 5 * NS
MAKE_ROOM = "make room on the disk: move old recordings and videos to another one"

log = logging.getLogger(__name__)


class Recordings:
    """All recordings that are not finished. Calls `on_started` and `on_finished` at the transitions."""

    def __init__(
        self,
        settings: Settings,
        folders: Folders,
        clock: Clock,
        store: StateStore,
        recorders: list[Recorder],
        *,
        alert: Callable[[Level, str, str, str | None], Alert | None],
        on_started: Callable[[Session], None],
        on_finished: Callable[[Session], None],
    ) -> None:
        self._settings, self._folders, self._clock, self._store = settings, folders, clock, store
        self._recorders = recorders
        self._wall = Wall(clock)
        self._alert, self._on_started, self._on_finished = alert, on_started, on_finished
        self._sessions: dict[str, Session] = {}
        self._begin_again_ns: dict[str, int] = {}
        self._full = False
        self.swapped = store.setting("swapped") == "yes"

    def __contains__(self, booking_id: str) -> bool:
        return booking_id in self._sessions

    def get(self, booking_id: str) -> Session | None:
        return self._sessions.get(booking_id)

    @property
    def running(self) -> list[Session]:
        return sorted(self._sessions.values(), key=lambda session: session.booking.start)

    # Begin, and take up again

    def take_up(self) -> None:
        """Go on with what a restart interrupted; called once, before anything is begun."""
        for row in self._store.unfinished_recordings():
            manifest = manifest_of(row, self._settings, self._alert)
            if manifest is None:
                continue
            epoch_sensor_ns = self._epoch_in_this_boot(manifest)
            if manifest.boots[-1].boot_id != boot_id():
                boots = (*manifest.boots, Boot(boot_id=boot_id(), epoch_sensor_ns=epoch_sensor_ns))
                manifest = manifest.model_copy(update={"boots": boots})
            session = Session(row.booking, manifest, RecordingState.STARTING, epoch_sensor_ns, row.started_at)
            self._sessions[row.booking.id] = session
            self._write(session)
            if row.state is RecordingState.STOPPED:  # its ten seconds are over
                session.state = RecordingState.STOPPED
            if self._now_ns(session) < manifest.end_ns + FINISH_PATIENCE_NS:  # a recorder may be at it
                log.info("recording taken up again", extra=about(row.booking.id))
                self._start_recorders(session)

    def begin(self, booking: Booking) -> None:
        """Start recording a booking. What hinders it becomes an alert, and it is tried again every 5 s."""
        now_ns = self._clock.sensor_ns()
        if self._begin_again_ns.get(booking.id, 0) > now_ns:
            return
        if self._full:
            self._begin_again_ns[booking.id] = now_ns + RETRY_BEGIN_NS
            what = f"{booking.label} cannot be recorded: the disk is full"
            if not self._store.was_told(what, booking.id):
                self._alert(Level.FAILED, what, f"{MAKE_ROOM}; it then begins by itself", booking.id)
            return
        now = self._clock.now()
        start = booking.start if booking.start <= now < booking.end else now
        end = booking.end if booking.end > now else now + OPEN_END
        pre_roll = timedelta(seconds=self._settings.pre_roll_seconds)
        post_roll = timedelta(seconds=self._settings.post_roll_seconds)
        epoch = start - pre_roll - EPOCH_LEAD
        epoch_sensor_ns = self._wall.sensor_ns(epoch)
        manifest = Manifest(
            booking=booking,
            epoch=epoch,
            boots=(Boot(boot_id=boot_id(), epoch_sensor_ns=epoch_sensor_ns),),
            start_ns=after_ns(epoch, start - pre_roll),
            end_ns=after_ns(epoch, end + post_roll),
            fps=self._settings.recording_fps,
            width=self._settings.resolution[0],
            height=self._settings.resolution[1],
            cameras=tuple(CameraCount(camera=r.spec.index, serial=r.serial) for r in self._recorders),
            swapped=self.swapped,
        )
        session = Session(booking, manifest, RecordingState.STARTING, epoch_sensor_ns, now)
        folder = self._folder(session)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_manifest(folder, manifest)
        except OSError as error:
            self._begin_again_ns[booking.id] = now_ns + RETRY_BEGIN_NS
            self._alert(
                Level.FAILED,
                f"{booking.label} cannot be recorded: {folder}: {error.strerror or error}",
                "make room on the disk or mend the folder's rights; it starts by itself then",
                booking.id,
            )
            return
        self._begin_again_ns.pop(booking.id, None)
        self._store.put_recording(booking, folder, RecordingState.RECORDING, now)
        self._store.put_manifest(booking.id, manifest)
        self._sessions[booking.id] = session
        log.info("STARTED (%s), until %s", booking.label, session.end.isoformat(), extra=about(booking.id))
        self._start_recorders(session)

    # While they run

    def follow(self, booking: Booking, *, open_end: bool = False) -> None:
        """The booking's row or the attendant moved its end."""
        session = self._sessions.get(booking.id)
        if session is None or session.state in (RecordingState.STOPPED, RecordingState.FINISHING):
            return
        post_roll = timedelta(seconds=self._settings.post_roll_seconds)
        end = booking.end
        if open_end:
            now = self.wall_of(session)
            end = max(end, session.end - post_roll)
            if end - now < OPEN_END / 2:
                end = now + OPEN_END
        session.booking = booking.model_copy(update={"start": session.manifest.booking.start})  # names the folder
        end_ns = after_ns(session.manifest.epoch, end + post_roll)
        if end_ns != session.manifest.end_ns:
            log.info("end moved to %s", end.isoformat(), extra=about(booking.id))
            self._set_end_ns(session, end_ns)

    def end_now(self, booking_id: str) -> None:
        """The booking's row says that it is over."""
        session = self._sessions.get(booking_id)
        if session is not None and session.state is not RecordingState.FINISHING:
            now_ns = self._now_ns(session)
            if now_ns < session.manifest.end_ns:
                self._set_end_ns(session, now_ns)

    def wall_of(self, session: Session) -> datetime:
        """The time by a recording's own clock: the wall's, had it not been stepped since the recording began."""
        return session.manifest.epoch + timedelta(microseconds=self._now_ns(session) / 1000)

    def stop(self, session: Session) -> None:
        """Stop as the attendant asked; for ten seconds it can be undone."""
        now = self._clock.now()
        session.state = RecordingState.STOPPED
        session.stopped_ns = self._now_ns(session)
        session.resume_until = now + timedelta(seconds=RESUME_SECONDS)
        self._store.put_recording(session.booking, self._folder(session), RecordingState.STOPPED, now)
        log.info("stopped by the attendant", extra=about(session.booking.id))

    def resume(self, session: Session) -> None:
        session.state = RecordingState.RECORDING
        session.resume_until = session.stopped_ns = None
        self._store.put_recording(session.booking, self._folder(session), RecordingState.RECORDING, self._clock.now())
        log.info("stop undone by the attendant", extra=about(session.booking.id))

    def highlight(self, session: Session, label: str) -> None:
        mark = Highlight(at_ns=self._now_ns(session), label=label)
        session.manifest = session.manifest.model_copy(update={"highlights": (*session.manifest.highlights, mark)})
        self._write(session)

    def swap(self) -> bool:
        """Swap left and right, for running recordings too. Returns whether they are swapped now."""
        self.swapped = not self.swapped
        self._store.put_setting("swapped", "yes" if self.swapped else "no")
        for session in self._sessions.values():
            session.manifest = session.manifest.model_copy(update={"swapped": self.swapped})
            self._write(session)
        return self.swapped

    def hold(self, full: bool) -> None:
        """With a full disk all recordings stop, to the frame; with room they go on, each in its own folder."""
        self._full = full
        for session in self.running:
            if (
                full
                and session.held_ns is None
                and session.state in (RecordingState.STARTING, RecordingState.RECORDING)
            ):
                session.held_ns = self._now_ns(session)
                for recorder in self._recorders:
                    recorder.set_end(session.booking.id, session.held_ns)
                at = self.wall_of(session).astimezone(self._settings.timezone).strftime("%H:%M:%S")
                what = f"the recording of {session.booking.label} stopped at {at}: the disk is full"
                to_do = f"{MAKE_ROOM}; it then goes on by itself, and what it has so far becomes its video"
                self._alert(Level.FAILED, what, to_do, session.booking.id)
            elif not full and session.held_ns is not None:
                session.missed_ns += self._now_ns(session) - session.held_ns
                session.held_ns = None
                if session.state in (RecordingState.STARTING, RecordingState.RECORDING):
                    log.info("there is room again: the recording goes on", extra=about(session.booking.id))
                    session.finished.clear()
                    self._start_recorders(session)

    def seconds_recorded(self, session: Session) -> float:
        """How much of a recording there is by now."""
        until_ns = min(self._now_ns(session) if session.held_ns is None else session.held_ns, session.manifest.end_ns)
        return max(0, until_ns - session.manifest.start_ns - session.missed_ns) / NS

    def step(self, stopped_at: Callable[[str], datetime | None]) -> None:
        """Move every recording on: to its end, from its end to finished. `stopped_at`: of the attendant."""
        for session in list(self._sessions.values()):
            now_ns = self._now_ns(session)
            if session.state is RecordingState.STOPPED:
                stop_ns = session.stopped_ns
                if stop_ns is not None and now_ns < stop_ns + RESUME_SECONDS * NS:
                    continue
                if stop_ns is None and (at := stopped_at(session.booking.id)) is not None:
                    stop_ns = self._wall.sensor_ns(at) - session.epoch_sensor_ns
                if stop_ns is not None:
                    self._set_end_ns(session, min(session.manifest.end_ns, stop_ns))
                session.state = RecordingState.FINISHING
            if now_ns < session.manifest.end_ns:
                continue
            session.state = RecordingState.FINISHING
            if session.finishing_ns is None:
                session.finishing_ns = now_ns
            waiting = [
                r for r in self._recorders
                if r.spec.index not in session.finished and r.records(session.booking.id) and self._holds(r)
            ]  # fmt: skip
            if not waiting or now_ns > session.finishing_ns + FINISH_PATIENCE_NS:
                for recorder in waiting:
                    self._alert(
                        Level.WARNING,
                        f"camera {recorder.spec.index + 1} did not close its recording in time",
                        "nothing; what it wrote is used",
                        session.booking.id,
                    )
                self._finish(session)

    def hear(self, camera: int, message: Message) -> None:
        """A recorder said something of a recording."""
        match message:
            case Started(booking_id=booking_id, first_ns=first_ns, late_frames=late):
                if (session := self._sessions.get(booking_id)) is None:
                    return
                session.first_ns.setdefault(camera, first_ns)
                log.info("camera %d writes, %+.1f frames from the start", camera, late, extra=about(booking_id))
                if session.state is RecordingState.STARTING:
                    session.state = RecordingState.RECORDING
                    self._on_started(session)
            case Finished(booking_id=booking_id, count=count):
                if (session := self._sessions.get(booking_id)) is not None:
                    session.finished[camera] = count
            case Trouble(what=what, to_do=to_do, booking_id=booking_id):
                self._alert(Level.WARNING, f"camera {camera + 1}: {what}", to_do, booking_id)
            case _:
                pass

    def recorder_down(self, camera: int) -> None:
        """A recorder's process ended: what it had written of each recording is counted by the files at the end."""
        for session in self._sessions.values():
            session.finished.pop(camera, None)

    def status(self, session: Session) -> RecordingStatus:
        return RecordingStatus(
            booking_id=session.booking.id,
            label=session.booking.label,
            start=session.manifest.start,
            end=session.end,
            state=RecordingState.STARTING if session.held_ns is not None else session.state,
            resume_until=session.resume_until,
            highlights=len(session.manifest.highlights),
            frames=tuple(recorder.written(session.booking.id) for recorder in self._recorders),
        )

    # Inside

    def _finish(self, session: Session) -> None:
        for recorder in self._recorders:
            recorder.forget(session.booking.id)
        self._account(session)
        self._write(session)
        session.state = RecordingState.FINISHED
        self._store.put_recording(session.booking, self._folder(session), RecordingState.FINISHED, self._clock.now())
        del self._sessions[session.booking.id]
        log.info("ENDED", extra=about(session.booking.id))
        self._on_finished(session)

    def _account(self, session: Session) -> None:
        """Count what became of its frames, from the recorders' counts and from the files."""
        counts = (session.finished.get(count.camera, count) for count in session.manifest.cameras)
        named = (c.model_copy(update={"serial": r.serial}) for c, r in zip(counts, self._recorders, strict=False))
        manifest = session.manifest.model_copy(update={"cameras": tuple(named), "booking": session.booking})
        try:
            manifest = account(manifest, find_segments(self._folder(session)))
        except OSError as error:
            log.error("frames not counted: %s", error, extra=about(session.booking.id))
        session.manifest = manifest
        for count in manifest.cameras:
            log.info(
                "camera %d (%s): %d frames expected, %d captured, %d dropped, %d encoded, %d written, %d missing; "
                "first %s, last %s frames after start and end",
                count.camera, count.serial, count.expected, count.captured, count.dropped, count.encoded,
                count.written, count.missing, count.start_late, count.stop_late,
                extra=about(session.booking.id),
            )  # fmt: skip

    def _start_recorders(self, session: Session) -> None:
        for recorder in self._recorders:
            recorder.start(
                Start(
                    booking_id=session.booking.id,
                    folder=self._folder(session),
                    epoch_sensor_ns=session.epoch_sensor_ns,
                    start_ns=session.manifest.start_ns,
                    end_ns=session.manifest.end_ns + self._partner_ns(session),
                )
            )

    def _set_end_ns(self, session: Session, end_ns: int) -> None:
        end_ns = max(end_ns, session.manifest.start_ns)
        if end_ns > session.manifest.end_ns:
            session.finished.clear()  # a recorder that had just finished goes on
        session.manifest = session.manifest.model_copy(update={"end_ns": end_ns})
        self._write(session)
        for recorder in self._recorders if session.held_ns is None else ():
            recorder.set_end(session.booking.id, end_ns + self._partner_ns(session))

    def _write(self, session: Session) -> None:
        with though_disk_is_full("the copy of a manifest"):
            self._store.put_manifest(session.booking.id, session.manifest)
        try:
            write_manifest(self._folder(session), session.manifest)
        except OSError as error:
            self._alert(
                Level.WARNING,
                f"the manifest of {session.booking.label} cannot be written: {error.strerror or error}",
                "make room on the disk; the footage itself is written apart",
                session.booking.id,
            )

    def _folder(self, session: Session) -> Path:
        return self._folders.recording(session.manifest.booking)

    def _holds(self, recorder: Recorder) -> bool:
        """Whether this recorder can still be closing a file."""
        return recorder.status().state not in (CameraState.LOST, CameraState.OFF)

    @staticmethod
    def _partner_ns(session: Session) -> int:
        """Recorders go on for a frame past the end: one camera's last frame needs the other's that goes with it."""
        return NS // session.manifest.fps

    def _now_ns(self, session: Session) -> int:
        return self._clock.sensor_ns() - session.epoch_sensor_ns

    def _epoch_in_this_boot(self, manifest: Manifest) -> int:
        for boot in manifest.boots:
            if boot.boot_id == boot_id():
                return boot.epoch_sensor_ns
        return self._wall.sensor_ns(manifest.epoch)
