"""What the tests of jobs look at: the files, the record and the events of a data folder."""

import json
from pathlib import Path

from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.messages import Submit
from ezrec_tui.model import PublishedStatus, VideoRecord
from tests.jobs.recordings import FPS, booking, frames_of, record


def submit(folders: Folders, booking_id: str, seconds: int = 2, cameras: tuple[int, ...] = (0, 1)) -> Submit:
    """Make a recording, and the command that submits it."""
    of = booking(booking_id)
    return Submit(booking_id=booking_id, label=of.label, folder=record(folders, of, seconds, cameras))


def event(folders: Folders, kind: str, booking_id: str) -> dict[str, object]:
    return json.loads((folders.data / "events" / f"{kind}_{booking_id}.event").read_text())


def has_event(folders: Folders, kind: str, booking_id: str) -> bool:
    return (folders.data / "events" / f"{kind}_{booking_id}.event").exists()


def published(folders: Folders, booking_id: str) -> list[VideoRecord]:
    return [row for row in LocalRecord(folders.local_record).videos() if row.booking_id == booking_id]


def status(folders: Folders, booking_id: str) -> PublishedStatus | None:
    return LocalRecord(folders.local_record).booking_status(booking_id)


def leftovers(folders: Folders, booking_id: str) -> list[Path]:
    """What an unfinished render has left beside the videos."""
    return list(folders.video(booking(booking_id)).parent.glob(f".{booking_id}.*"))


def assert_rendered(folders: Folders, booking_id: str, seconds: int = 2) -> Path:
    """One whole video, and nothing half."""
    video = folders.video(booking(booking_id))
    assert [path.name for path in video.parent.glob(f"{booking_id}*.mp4")] == [video.name]
    assert frames_of(video) == seconds * FPS
    assert not leftovers(folders, booking_id)
    return video


def assert_published(folders: Folders, booking_id: str) -> None:
    """One row, and the last status."""
    assert len(published(folders, booking_id)) == 1
    assert status(folders, booking_id) is PublishedStatus.COMPLETED
    assert Outbox(folders.outbox_database).waiting(booking_id) == 0


def assert_one_of_each(folders: Folders, booking_id: str, seconds: int = 2) -> None:
    """One whole video, one delivered file that equals it, one published row, the last status."""
    video = assert_rendered(folders, booking_id, seconds)
    delivered = [path for path in (folders.data / "delivered").rglob("*") if path.name.startswith(booking_id)]
    assert [path.relative_to(folders.data) for path in delivered] == [
        Path(f"delivered/player-7/2026-03-01/{booking_id}.mp4")
    ]
    assert delivered[0].read_bytes() == video.read_bytes()
    assert_published(folders, booking_id)
