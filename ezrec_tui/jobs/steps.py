"""What each step of a job does, once, on a thread. Each may run twice and the result is the same."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from ezrec_tui.child import give_memory_back
from ezrec_tui.config import Settings
from ezrec_tui.delivery.deletions import Deletions, Delivered
from ezrec_tui.delivery.keys import recording_mark, video_key
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.player_media import MediaSource
from ezrec_tui.delivery.store import Refused, Stopped, Store, Unreachable, open_store
from ezrec_tui.events import put_event
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.elsewhere import Elsewhere
from ezrec_tui.jobs.facts import End, Facts, Given, Outcome
from ezrec_tui.jobs.farm import AT_ONCE, Farm, NotMade
from ezrec_tui.jobs.media import Media
from ezrec_tui.jobs.messages import StoreSeen
from ezrec_tui.jobs.missing import missing, sentence
from ezrec_tui.jobs.order import Made
from ezrec_tui.jobs.outcomes import NoFootage, NotPublished, OutOfHours, StepFailed, VideoLost, outcome_of
from ezrec_tui.jobs.room import make_sure, video_bytes
from ezrec_tui.jobs.sender import Sender
from ezrec_tui.jobs.summing import note_sums
from ezrec_tui.logs import about, about_booking
from ezrec_tui.model import Booking, EventType, JobStep, Manifest, MergeMethod, Progress, PublishedStatus, VideoRecord
from ezrec_tui.recording_files import RecordingError, finalise, read_manifest

if TYPE_CHECKING:
    from ezrec_tui.video.render import RenderJob, RenderResult

PROBE = "probe"
"""The last part of a key under which nothing ever lies."""
SEND_SECONDS = 5.0
"""How long publishing waits for its rows to be sent before it says that it waits for the line."""
HINDERS = (End.UNREACHABLE, End.NO_MACHINE, End.SHUT)
"""What is waited for without a try; all else the step itself will say."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a step."""

    given: Given
    facts: Facts
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]


class Steps:
    """The work of the steps. Heavy imports and the store are put off until a step needs them."""

    def __init__(
        self,
        settings: Settings,
        folders: Folders,
        outbox: Outbox,
        sender: Sender,
        deletions: Deletions,
        now: Callable[[], datetime],
        farm: Farm | None = None,
    ) -> None:
        """With a `farm`, other machines render and upload."""
        self._settings, self._folders, self._outbox, self._sender, self._now = settings, folders, outbox, sender, now
        self._deletions = deletions
        self._elsewhere = Elsewhere(farm, settings, folders, self.store) if farm else None
        self._sends_in = JobStep.RENDER if farm else JobStep.UPLOAD
        """The step in which this machine sends much."""
        self._media = Media(folders.media, self._open_media)
        self._opened: Store | None = None

    def run(self, step: JobStep, trial: Try) -> Outcome:
        """Try a step. Whatever goes wrong becomes the outcome; a defect of ours leaves its traceback in the log."""
        with about_booking(trial.given.booking_id):
            return self._outcome(step, trial)

    def _outcome(self, step: JobStep, trial: Try) -> Outcome:
        try:
            return Outcome(end=End.DONE, facts=self._work(step)(trial))
        except Exception as error:
            outcome = outcome_of(error)
            if outcome.end is End.FAILED:
                log.exception("%s ended unexpectedly", step)
            return outcome

    def hindrance(self, step: JobStep, trial: Try) -> Outcome | None:
        """What still keeps a step that waits from being tried, found out cheaply; None when nothing does."""
        with about_booking(trial.given.booking_id):
            return self._hindrance(step, trial)

    def _hindrance(self, step: JobStep, trial: Try) -> Outcome | None:
        try:
            if step is JobStep.PUBLISH:
                unsent = self._sender.unsent(trial.given.booking_id)
                return Outcome(end=unsent.end, why=unsent.why) if unsent and unsent.end is not End.REFUSED else None
            if step is JobStep.RENDER and self._elsewhere:
                self._elsewhere.require()
            elif step is JobStep.RENDER:
                self._make_sure_of_room(read_manifest(trial.given.folder))
            if step is JobStep.UPLOAD and trial.facts.video is not None and not self._elsewhere:
                self.store().probe(trial.facts.video, self._key(trial))
        except Exception as error:
            outcome = outcome_of(error)
            if outcome.end is End.FAILED:
                log.exception("looking for the line failed")
            return outcome if outcome.end in HINDERS else None
        return None

    def look_at_store(self) -> StoreSeen:
        """Whether the store would take a video now."""
        try:
            self.store().look(f"{self._settings.user_id or 'venue'}/{PROBE}")
        except Unreachable as error:
            return StoreSeen(why=str(error))
        except Refused as error:
            return StoreSeen(why=str(error), shut=True)
        except Exception as error:
            log.exception("looking at the store ended unexpectedly")
            return StoreSeen(why=f"{type(error).__name__}: {error}")
        return StoreSeen()

    def tidy_store(self) -> None:
        """Drop what uploads that were given up have left in the store; a store that cannot now is asked again."""
        try:
            if dropped := self.store().tidy():
                log.info("store: %d uploads that nobody went on with are dropped", dropped)
        except (Unreachable, Refused) as error:
            log.warning("store: uploads that were given up are not dropped: %s", error)

    def tidy_staged(self, cancelled: Sequence[Given]) -> None:
        """Delete what is staged for jobs that were cancelled, where it could not be at once."""
        if self._elsewhere is None:
            return
        for given in cancelled:
            try:
                self._elsewhere.drop(given)
            except (NotMade, Unreachable, Refused, RecordingError) as error:
                log.warning("what is staged for the job is not deleted: %s", error, extra=about(given.booking_id))

    def opens_at(self, step: JobStep) -> datetime | None:
        """When a step that may not be taken at this hour may be; None when it may be now."""
        hours = self._settings.upload_hours if self._settings.aws_s3_bucket else None
        if step is not self._sends_in or hours is None:
            return None
        return hours.opens_at(self._now(), self._folders.zone)

    def out_of_hours(self, opens_at: datetime) -> str:
        """One line for people."""
        return f"uploads go on at {opens_at.astimezone(self._folders.zone):%H:%M} (UPLOAD_HOURS)"

    def is_published(self, booking_id: str) -> bool:
        """Whether the database has all that is to be said of a booking, to the end."""
        is_last = self._outbox.last_status(booking_id) is PublishedStatus.COMPLETED
        return is_last and not self._outbox.waiting(booking_id)

    def give_up(self, given: Given, step: JobStep, outcome: Outcome) -> None:
        """Let the world know that a job failed for good."""
        missing = outcome.end is End.NO_FOOTAGE
        status = PublishedStatus.SKIPPED_MISSING_FILE if missing else PublishedStatus.FAILED
        self._put_status(given.booking_id, status)
        put_event(
            self._folders.data,
            EventType.JOB_FAILED,
            given.booking_id,
            self._now(),
            step=step.value,
            error=outcome.why,
        )

    def _work(self, step: JobStep) -> Callable[[Try], Facts]:
        match step:
            case JobStep.FINALISE:
                return self._finalise
            case JobStep.RENDER:
                return self._render
            case JobStep.UPLOAD:
                return self._upload
            case JobStep.PUBLISH:
                return self._publish
            case JobStep.CLEAN_UP:
                return self._clean_up
            case _:
                assert_never(step)

    def _finalise(self, trial: Try) -> Facts:
        folder = trial.given.folder
        if not folder.is_dir() or not finalise(folder).segments:
            raise NoFootage(f"No camera left any footage in {folder}; look at the cameras' connections and the log.")
        return trial.facts

    @property
    def renders_elsewhere(self) -> bool:
        return self._elsewhere is not None

    @property
    def at_once(self) -> tuple[int, int]:
        """How many videos are rendered and how many uploaded at once."""
        return (AT_ONCE, AT_ONCE) if self._elsewhere else (1, 2)

    def _render(self, trial: Try) -> Facts:
        from ezrec_tui.jobs.plan import plan_render  # decoders and pictures are 60 MB: only where they are needed

        if self._elsewhere:
            self._require_hours()
        self._put_status(trial.given.booking_id, PublishedStatus.PROCESSING)
        manifest = read_manifest(trial.given.folder)
        user = manifest.booking.user_id or self._settings.user_id
        media = self._media.of(user.strip(), trial.should_stop)
        plan = plan_render(trial.given.folder, manifest, self._settings, self._folders, media, trial.given.method)
        began = time.monotonic()
        with self._looking_at_fit(plan.method, trial, manifest):
            made = (
                self._render_elsewhere(self._elsewhere, plan, trial)
                if self._elsewhere
                else self._render_here(plan, trial, manifest)
            )
        lacks = (sentence(gap, manifest, self._folders.zone) for gap in missing(manifest))
        fallbacks = (*lacks, *media.reasons, *made.fallbacks)
        for fallback in fallbacks:
            log.warning("%s", fallback)
        is_here = not self._elsewhere
        self._put_event(
            EventType.VIDEO_READY,
            trial.given,
            video=plan.output if is_here else None,
            poster=plan.output.with_suffix(".jpg") if is_here else None,
            duration_seconds=made.duration_seconds,
            frames=made.frames,
            method=made.method,
            render_seconds=round(time.monotonic() - began, 3),
            fallbacks=fallbacks,
        )
        return trial.facts.model_copy(
            update={"video": plan.output, "duration_seconds": made.duration_seconds, "fallbacks": fallbacks}
        )

    def _render_here(self, plan: "RenderJob", trial: Try, manifest: Manifest) -> "RenderResult":
        from ezrec_tui.video.probe import VideoError
        from ezrec_tui.video.render import Stopped as RenderStopped
        from ezrec_tui.video.render import render

        self._make_sure_of_room(manifest)

        def report(progress: Progress) -> None:
            trial.on_progress(progress)
            make_sure(self._folders.data, 0, self._settings)

        try:
            return render(plan, report, trial.should_stop)
        except VideoError as error:
            raise StepFailed(str(error)) from error
        except RenderStopped as error:
            raise Stopped from error
        finally:
            give_memory_back()  # pictures are large, and it may be a day until the next

    def _render_elsewhere(self, elsewhere: Elsewhere, plan: "RenderJob", trial: Try) -> Made:
        try:
            made = elsewhere.render(plan, trial.given, trial.on_progress, trial.should_stop, self._may_send)
        except Stopped:
            if not trial.should_stop():
                self._require_hours()
            raise
        log.info("rendered by %s in %.1f s", made.machine, made.render_seconds)
        return made

    def _looking_at_fit(self, method: MergeMethod, trial: Try, manifest: Manifest) -> AbstractContextManager[None]:
        from ezrec_tui.jobs.fit import looking_at_fit

        if method is not MergeMethod.PANORAMA:
            return nullcontext()
        return looking_at_fit(trial.given.folder, manifest, self._folders, trial.should_stop)

    def _upload(self, trial: Try) -> Facts:
        video = _video_of(trial)
        if not video.is_file():  # it may be here though there are other machines: of a time before there were
            if self._elsewhere is None:
                raise VideoLost(f"the video is gone ({video}): it is made again from its footage")
            return self._collect(self._elsewhere, trial)
        self._require_hours()
        self._put_status(trial.given.booking_id, PublishedStatus.UPLOADING)

        def should_stop() -> bool:
            return trial.should_stop() or not self._may_send()

        try:
            stored = self.store().put(
                video,
                self._key(trial),
                recording=recording_mark(read_manifest(trial.given.folder)),
                on_progress=trial.on_progress,
                should_stop=should_stop,
            )
        except Stopped:
            if not trial.should_stop():
                self._require_hours()
            raise
        self._put_event(
            EventType.UPLOAD_COMPLETE, trial.given, video=video, key=stored.key, url=stored.url, size=stored.size
        )
        return trial.facts.model_copy(update={"key": stored.key, "url": stored.url, "uploaded_at": self._now()})

    def _collect(self, elsewhere: Elsewhere, trial: Try) -> Facts:
        """Know what another machine has uploaded."""
        self._put_status(trial.given.booking_id, PublishedStatus.UPLOADING)
        url, proof = elsewhere.collect(trial.given, trial.on_progress, trial.should_stop)
        self._put_event(EventType.UPLOAD_COMPLETE, trial.given, video=None, key=proof.key, url=url, size=proof.size)
        return trial.facts.model_copy(update={"key": proof.key, "url": url, "uploaded_at": self._now(), "proof": proof})

    def _publish(self, trial: Try) -> Facts:
        booking = self._booking(trial)
        facts = trial.facts
        if facts.key is None or facts.url is None or facts.uploaded_at is None:
            raise StepFailed(f"The video of {booking.id} is not uploaded.")
        self._outbox.put_video(
            VideoRecord(
                user_id=booking.user_id or self._settings.user_id,
                video_url=facts.url,
                date=self._folders.date(booking),
                recording_id=booking.recording_id or booking.id,
                duration_seconds=facts.duration_seconds,
                uploaded_at=facts.uploaded_at,
                filename=_video_of(trial).name,
                storage_path=facts.key,
                booking_id=booking.id,
            ),
            self._now(),
        )
        self._put_status(booking.id, PublishedStatus.COMPLETED)
        if unsent := self._sender.send(booking.id, SEND_SECONDS):
            raise NotPublished(unsent)
        return facts

    def _clean_up(self, trial: Try) -> Facts:
        """What a killed render has left beside the video; then note what footage and video are, for later checks."""
        video = _video_of(trial)
        for name in (f".{video.name}.partial", f".{video.stem}.jpg.*.partial"):
            for leftover in video.parent.glob(name):
                leftover.unlink(missing_ok=True)
        try:
            is_here = trial.facts.proof is None
            note_sums(trial.given.folder, video if is_here else None, trial.on_progress, trial.should_stop)
        except (OSError, RecordingError) as error:  # the video is delivered: that its sum is not noted fails no job
            log.warning("the sums of footage and video are not noted: %s", error)
        self._know_as_delivered(trial)
        if self._elsewhere:
            self._elsewhere.drop(trial.given)
        return trial.facts

    def _may_send(self) -> bool:
        return self.opens_at(self._sends_in) is None

    def _require_hours(self) -> None:
        if opens_at := self.opens_at(self._sends_in):
            raise OutOfHours(self.out_of_hours(opens_at))

    def _know_as_delivered(self, trial: Try) -> None:
        """From now on its files here may be deleted when they are old or the disk needs room; see `sweep`."""
        booking, key = self._booking(trial), trial.facts.key
        if key is not None:
            self._deletions.put_delivered(
                Delivered(
                    booking_id=booking.id,
                    label=booking.label,
                    folder=trial.given.folder,
                    video=_video_of(trial),
                    key=key,
                    recorded_at=booking.start,
                    delivered_at=self._now(),
                    proof=trial.facts.proof,
                )
            )

    def _make_sure_of_room(self, manifest: Manifest) -> None:
        make_sure(self._folders.data, video_bytes(manifest, self._settings), self._settings)

    def _key(self, trial: Try) -> str:
        booking = self._booking(trial)
        user = booking.user_id or self._settings.user_id
        return video_key(user, booking.start, self._folders.zone, _video_of(trial).name)

    def _booking(self, trial: Try) -> Booking:
        return read_manifest(trial.given.folder).booking

    def store(self) -> Store:
        if self._opened is None:
            self._opened = open_store(self._settings, self._folders.data)
        return self._opened

    def _open_media(self) -> MediaSource | None:
        from ezrec_tui.delivery.media_source import CloudMedia, media_bucket

        return CloudMedia(self._settings) if media_bucket(self._settings) else None

    def _put_status(self, booking_id: str, status: PublishedStatus) -> None:
        self._outbox.put_status(booking_id, status, self._now())
        self._sender.wake()

    def _put_event(self, event: EventType, given: Given, **details: object) -> None:
        put_event(self._folders.data, event, given.booking_id, self._now(), **details)


def _video_of(trial: Try) -> Path:
    if trial.facts.video is None:
        raise StepFailed(f"The video of {trial.given.booking_id} is not rendered.")
    return trial.facts.video
