"""Makes room: deletes footage and videos that the store has been proved anew to hold, and what was given up long enough
ago, as `delivery.retention` decides.

The order survives a kill anywhere: the store is looked at, the journal notes what goes and the proof, the files go, the
manifest last, the journal says so. What a kill cut off is finished by the next sweep; what it cut off before anything
had gone is decided anew.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ezrec_tui.delivery.deletions import Deletion, Deletions, Delivered, GivenUp
from ezrec_tui.delivery.retention import (
    AT_ONCE,
    Going,
    Kept,
    Kind,
    Stay,
    is_lately,
    may_go,
    next_to_go,
    sentence,
)
from ezrec_tui.delivery.store import Proof, Refused, Store, Unreachable
from ezrec_tui.files import fsync_folder
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import LostVideo, Swept
from ezrec_tui.logs import about
from ezrec_tui.recording_files import MANIFEST
from ezrec_tui.sums import SEGMENTS, read_sums, sums_of_video

LOOK_AGAIN_SECONDS = 3600.0
"""Between two looks at a video that the store did not hold whole: each reads all of the local one."""
LATE = timedelta(days=2)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sweep is to do, and what it has to know."""

    need: int
    """Bytes that the disk is short of."""
    running: frozenset[str]
    """Bookings that are being recorded."""
    not_done: frozenset[str]
    """Bookings whose job has not come to its good end, or is not given up any more."""


class Sweeper:
    """Sweeps one data folder; one sweep at a time. Blocks, and reads every video whose files go."""

    def __init__(
        self,
        folders: Folders,
        deletions: Deletions,
        open_store: Callable[[], Store],
        waiting: Callable[[str], int],
        keep_for: timedelta,
        on_deleted: Callable[[Deletion], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`waiting`: rows of a booking that are not sent yet. `on_deleted` is told when all of a thing is gone."""
        self._folders, self._deletions, self._open_store, self._waiting = folders, deletions, open_store, waiting
        self._keep_for, self._on_deleted, self._now, self._monotonic = keep_for, on_deleted, now, monotonic
        self._lost: dict[str, tuple[float, LostVideo]] = {}

    def sweep(self, asked: Asked) -> Swept:
        """Delete what may and should go, one thing after the other. Raises sqlite3.Error."""
        freed, hindrance = 0, ""
        try:
            self._finish_what_was_begun()
            freed, hindrance = self._delete(asked)
        except OSError as error:
            hindrance = f"what may go cannot be deleted: {error.filename or self._folders.data}: {error.strerror}"
            log.error("%s", hindrance)
        return Swept(freed=freed, hindrance=hindrance, lost=tuple(lost for _, lost in self._lost.values()))

    def _delete(self, asked: Asked) -> tuple[int, str]:
        """Bytes that became free, and why it is not enough."""
        self._lost = {id_: one for id_, one in self._lost.items() if self._monotonic() - one[0] < LOOK_AGAIN_SECONDS}
        may_go_one_day: dict[str, Delivered | GivenUp] = {
            one.booking_id: one for one in (*self._deletions.delivered(), *self._deletions.given_up())
        }
        kept = self._look(may_go_one_day.values(), asked)
        freed = 0
        while True:
            now = self._now()
            lately = sum(one.bytes for one in self._deletions.since(now - AT_ONCE) if is_lately(one.noted_at, now))
            going = next_to_go(
                kept, now=now, need=asked.need - freed, keep_for=self._keep_for, gone_lately=lately
            )  # fmt: skip
            if not isinstance(going, Going):
                return freed, self._why_not(going, kept, asked.need - freed)
            thing, of = going.thing, may_go_one_day[going.thing.booking_id]
            try:
                proof = self._prove(of) if isinstance(of, Delivered) else None
            except (Unreachable, Refused) as error:
                return freed, f"the store does not say whether it has the videos: {error}"
            if proof is None and isinstance(of, Delivered):
                kept = [replace(one, whole=False) if one.booking_id == of.booking_id else one for one in kept]
                continue
            path = of.folder if thing.kind is Kind.FOOTAGE else of.video
            assert path is not None
            noted = self._deletions.note(of, thing.kind, path, thing.bytes, going.why, proof, self._now())
            if noted is None:
                kept = [replace(one, job_done=False) if one.booking_id == of.booking_id else one for one in kept]
                continue
            self._carry_out(noted)
            kept.remove(thing)
            freed += thing.frees

    def _why_not(self, stay: Stay | None, kept: list[Kept], need: int) -> str:
        if stay is None or need <= 0:
            return ""
        now = self._now()
        return sentence(stay, len({one.booking_id for one in kept if not may_go(one, now)}))

    # Looking

    def _look(self, may_go_one_day: Iterable[Delivered | GivenUp], asked: Asked) -> list[Kept]:
        """All footage and all videos on the disk, those that nobody has delivered as well."""
        kept: list[Kept] = []
        known: set[Path] = set()
        for one in may_go_one_day:
            known |= {path.resolve() for path in (one.folder, one.video) if path}
            facts = Kept(
                booking_id=one.booking_id,
                kind=Kind.FOOTAGE,
                recorded_at=one.recorded_at,
                bytes=0,
                frees=0,
                delivered_at=one.delivered_at if isinstance(one, Delivered) else None,
                runs=one.booking_id in asked.running,
                job_done=one.booking_id not in asked.not_done,
                sent=self._waiting(one.booking_id) == 0,
                whole=one.booking_id not in self._lost,
                given_up_until=one.until if isinstance(one, GivenUp) else None,
            )
            video = one.video if one.video and one.video.is_file() else None
            if size := footage_bytes(one.folder):
                kept.append(replace(facts, bytes=size, frees=size))
            elif video is None:
                self._deletions.forget(one.booking_id)
            if video is not None:
                stat = video.stat()
                frees = stat.st_size if stat.st_nlink == 1 else 0
                kept.append(replace(facts, kind=Kind.VIDEO, bytes=stat.st_size, frees=frees))
        data = self._folders.data
        others = [(Kind.FOOTAGE, folder, footage_bytes(folder)) for folder in data.glob("recordings/*/*/")]
        others += [(Kind.VIDEO, video, video.stat().st_size) for video in data.glob("processed/*/*.mp4")]
        now = self._now()
        for kind, path, size in others:
            if size and path.resolve() not in known:
                kept.append(Kept(str(path), kind, now, size, 0, None, runs=False, job_done=False, sent=False))
        return kept

    def _prove(self, of: Delivered) -> Proof | None:
        """That the store holds the video, now; None, and it is remembered, when it does not.

        Raises Unreachable, Refused.
        """
        if not of.video.is_file() and of.proof is not None:
            if self._open_store().holds(of.proof):
                return of.proof
            return self._lose(of, "what lies there is not what was delivered, or nothing does")
        if not of.video.is_file():
            return self._lose(of, "there is no video here to compare it with")
        proof = self._open_store().prove(of.video, of.key)
        noted = read_sums(sums_of_video(of.video)).get(of.video.name)
        if proof is None:
            return self._lose(of, "what lies there is not the video that is here, or nothing does")
        if noted is not None and noted != proof.sha256:
            return self._lose(of, "the video is not the one that was made: its SHA-256 differs")
        return proof

    def _lose(self, of: Delivered, why: str) -> None:
        log.error("the store does not prove to have the video %s: %s", of.key, why, extra=about(of.booking_id))
        lost = LostVideo(booking_id=of.booking_id, label=of.label, key=of.key, why=why)
        self._lost[of.booking_id] = (self._monotonic(), lost)

    # Deleting

    def _finish_what_was_begun(self) -> None:
        for deletion in self._deletions.unfinished():
            if _is_untouched(deletion):
                self._deletions.drop(deletion)
            else:
                self._carry_out(deletion)

    def _carry_out(self, deletion: Deletion) -> None:
        """Delete what is noted. Raises OSError; what is left is deleted next time."""
        if deletion.kind is Kind.FOOTAGE:
            delete_footage(deletion.path)
        else:
            delete_video(deletion.path)
        self._tidy(deletion.path.parent)
        done = self._deletions.done(deletion, self._now())
        _log(deletion)
        self._on_deleted(done)

    def _tidy(self, day: Path) -> None:
        """Take a day's folder away when nothing is in it; not a late one, where a recording may just begin."""
        latest = self._now().astimezone(self._folders.zone).date() - LATE
        if day.is_dir() and day.name < latest.isoformat():
            _remove_if_empty(day)


def footage_files(folder: Path) -> list[Path]:
    """What the house has written into a recording's folder, in the order in which it goes; empty without one."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    segments = [name for name in names if name.startswith("camera-")]
    partials = [name for name in names if name.startswith(".") and name.endswith(".partial")]
    return [folder / name for name in [*segments, *partials, *(one for one in (SEGMENTS, MANIFEST) if one in names)]]


def footage_bytes(folder: Path) -> int:
    """Of all that a recording's folder holds of ours."""
    return sum(path.stat().st_size for path in footage_files(folder))


def delete_footage(folder: Path) -> None:
    """Durably; what others have put into the folder stays, and the folder with it. Raises OSError."""
    for file in footage_files(folder):
        file.unlink(missing_ok=True)
    if folder.is_dir():
        fsync_folder(folder)
        _remove_if_empty(folder)


def delete_video(video: Path) -> None:
    """The video, then what lies beside it: poster and sum. Durably. Raises OSError."""
    for file in (video, video.with_suffix(".jpg"), sums_of_video(video)):
        file.unlink(missing_ok=True)
    if video.parent.is_dir():
        fsync_folder(video.parent)


def _log(deletion: Deletion) -> None:
    what = (deletion.kind.value, deletion.path, deletion.bytes, deletion.why.value)
    extra = about(deletion.booking_id)
    if deletion.proof is None:
        log.info("deleted %s path=%s bytes=%d for=%s; it is nowhere else", *what, extra=extra)
        return
    proof, at = deletion.proof, deletion.verified_at.isoformat(timespec="seconds")
    log.info(
        "deleted %s path=%s bytes=%d for=%s; in the store as key=%s size=%d sha256=%s, looked at %s",
        *what, proof.key, proof.size, proof.sha256, at, extra=extra,
    )  # fmt: skip


def _is_untouched(deletion: Deletion) -> bool:
    """Whether nothing of it is gone yet."""
    if deletion.kind is Kind.VIDEO:
        return deletion.path.exists()
    return footage_bytes(deletion.path) == deletion.bytes


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
        fsync_folder(folder.parent)
