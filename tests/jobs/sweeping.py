"""A data folder to sweep: recordings, videos and a store on the same disk, all as the worker leaves them, and small."""

import hashlib
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ezrec_tui.delivery.deletions import Deletion, Deletions, Delivered, GivenUp
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.delivery.store import Store, Unreachable
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Swept
from ezrec_tui.jobs.summing import note_sums
from ezrec_tui.jobs.sweep import Asked, Sweeper
from ezrec_tui.model import NS, Booking, Boot, CameraCount, Manifest, PublishedStatus, Segment, VideoRecord
from ezrec_tui.recording_files import segment_name, write_manifest

KEEP = timedelta(days=20)
START = datetime(2026, 3, 1, 18, tzinfo=UTC)
SEGMENTS_EACH = 2
CUTS = {"os.remove", "os.rmdir", "open"}
"""What the interpreter tells of before it does it; a kill comes before one of these."""


class SmallHouse:
    """A data folder, its store, and what a worker needs to sweep it. `now` is the house's wall clock."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.folders = Folders(data, UTC)
        self.root = data / "delivered"
        self.now = START + timedelta(days=30)
        self.line_is_up = True
        self.outbox = Outbox(self.folders.outbox_database)
        self.deletions = Deletions(self.folders.retention_database)

    def close(self) -> None:
        self.outbox.close()
        self.deletions.close()

    def booking(self, booking_id: str, start: datetime) -> Booking:
        return Booking(id=booking_id, user_id="ana", start=start, end=start + timedelta(hours=1))

    def record(self, of: Booking, size: int) -> Path:
        """Footage that is no video: so many bytes a segment, other ones in each."""
        folder = self.folders.recording(of)
        folder.mkdir(parents=True)
        segments: list[Segment] = []
        for camera in (0, 1):
            for number in range(SEGMENTS_EACH):
                name = segment_name(camera, (60 + number) * NS)
                (folder / name).write_bytes(filler(f"{of.id} {name}", size))
                first = (60 + number) * NS
                segments.append(Segment(camera=camera, name=name, first_ns=first, last_ns=first, frames=1, bytes=size))
        write_manifest(
            folder,
            Manifest(
                booking=of,
                epoch=of.start - timedelta(seconds=60),
                boots=(Boot(boot_id="boot", epoch_sensor_ns=0),),
                end_ns=(60 + SEGMENTS_EACH) * NS,
                fps=1,
                width=320,
                height=180,
                cameras=tuple(CameraCount(camera=camera, serial="testpattern") for camera in (0, 1)),
                segments=tuple(segments),
                finalised=True,
            ),
        )
        return folder

    def render(self, of: Booking, size: int) -> Path:
        video = self.folders.video(of)
        video.parent.mkdir(parents=True, exist_ok=True)
        video.write_bytes(filler(f"video of {of.id}", size))
        video.with_suffix(".jpg").write_bytes(b"poster")
        note_sums(self.folders.recording(of), video, lambda _: None, lambda: False)
        return video

    def object_of(self, of: Booking) -> Path:
        return self.root / key_of(of)

    def deliver(self, of: Booking, *, linked: bool = False) -> None:
        """Into the store: as a copy, as a store elsewhere has one, or as a second name of the same file."""
        target = self.object_of(of)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not linked:
            target.write_bytes(self.folders.video(of).read_bytes())
        FolderStore(self.root).put(
            self.folders.video(of), key_of(of), on_progress=lambda _: None, should_stop=lambda: False
        )

    def publish(self, of: Booking) -> None:
        self.outbox.put_status(of.id, PublishedStatus.COMPLETED, self.now)

    def send(self) -> None:
        self.outbox.drain(LocalRecord(self.folders.local_record), self.now)

    def know_as_delivered(self, of: Booking) -> None:
        self.deletions.put_delivered(
            Delivered(
                of.id, of.label, self.folders.recording(of), self.folders.video(of), key_of(of), of.start, self.now
            )
        )

    def made_elsewhere(self, booking_id: str, start: datetime = START) -> Booking:
        """The whole way, but that another machine has made and delivered the video: it is not here."""
        of = self.whole_way(booking_id, start)
        video = self.folders.video(of)
        proof = FolderStore(self.root).prove(video, key_of(of))
        for file in video.parent.glob(f"{video.stem}.*"):
            file.unlink()
        (delivered,) = (one for one in self.deletions.delivered() if one.booking_id == booking_id)
        self.deletions.put_delivered(replace(delivered, proof=proof))
        return of

    def give_up(self, of: Booking) -> datetime:
        """A person gives it up, wherever its job is; until when its files are kept."""
        until = self.now + KEEP
        self.deletions.give_up(
            GivenUp(of.id, of.label, self.folders.recording(of), self.folders.video(of), of.start, until)
        )
        return until

    def whole_way(self, booking_id: str, start: datetime = START, size: int = 1000, *, linked: bool = False) -> Booking:
        """Recorded, rendered, delivered, published, done; footage and video of `size` bytes each, nearly."""
        of = self.booking(booking_id, start)
        self.record(of, size // (2 * SEGMENTS_EACH))
        self.render(of, size)
        self.deliver(of, linked=linked)
        self.publish(of)
        self.send()
        self.know_as_delivered(of)
        return of

    def footage_is_whole(self, of: Booking) -> bool:
        return len(list(self.folders.recording(of).glob("camera-*.ts"))) == 2 * SEGMENTS_EACH

    def footage_is_gone(self, of: Booking) -> bool:
        return not self.folders.recording(of).exists()

    def video_is_gone(self, of: Booking) -> bool:
        video = self.folders.video(of)
        return not list(video.parent.glob(f"{video.stem}.*"))

    # Sweeping

    def sweep(
        self,
        need: int = 0,
        *,
        running: frozenset[str] = frozenset(),
        not_done: frozenset[str] = frozenset(),
        on_deleted: Callable[[Deletion], None] = lambda _: None,
    ) -> Swept:
        sweeper = self._sweeper(self.deletions, self.outbox, on_deleted)
        return sweeper.sweep(Asked(need, running, not_done))

    def sweep_killed(
        self,
        at: int,
        need: int = 0,
        *,
        running: frozenset[str] = frozenset(),
        not_done: frozenset[str] = frozenset(),
    ) -> bool:
        """A sweep in a process of its own that is killed (-9) before its `at`-th cut. Whether it was."""
        child = os.fork()
        if child:
            _, status = os.waitpid(child, 0)
            assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
            return os.WIFSIGNALED(status)
        status = 1
        try:
            deletions, outbox = Deletions(self.folders.retention_database), Outbox(self.folders.outbox_database)
            sweeper = self._sweeper(deletions, outbox, lambda _: None)
            left = at

            def cut(event: str, _: object) -> None:
                nonlocal left
                if event in CUTS:
                    left -= 1
                    if left <= 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(cut)
            sweeper.sweep(Asked(need, running, not_done))
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)

    def _sweeper(self, deletions: Deletions, outbox: Outbox, on_deleted: Callable[[Deletion], None]) -> Sweeper:
        return Sweeper(
            self.folders, deletions, self._open_store, outbox.waiting, KEEP, on_deleted, now=lambda: self.now
        )

    def _open_store(self) -> Store:
        if not self.line_is_up:
            raise Unreachable("The line is down.", "It is tried again.")
        return FolderStore(self.root)


def key_of(of: Booking) -> str:
    return f"ana/2026-03-01/{of.id}.mp4"


def record_of(of: Booking, at: datetime) -> VideoRecord:
    return VideoRecord(
        user_id="ana",
        video_url=f"https://store.example/{key_of(of)}",
        date="2026-03-01",
        recording_id=of.id,
        duration_seconds=1,
        uploaded_at=at,
        filename=f"{of.id}.mp4",
        storage_path=key_of(of),
        booking_id=of.id,
    )


def filler(seed: str, size: int) -> bytes:
    """Bytes that no other seed gives."""
    return hashlib.shake_128(seed.encode()).digest(size)


def age(database: Path, by: timedelta) -> None:
    """Have all that is delivered been delivered earlier."""
    with closing(sqlite3.connect(database)) as connection, connection:
        rows = connection.execute("SELECT booking_id, delivered_at FROM delivered").fetchall()
        connection.executemany(
            "UPDATE delivered SET delivered_at = ? WHERE booking_id = ?",
            [((datetime.fromisoformat(at) - by).isoformat(timespec="microseconds"), id_) for id_, at in rows],
        )
