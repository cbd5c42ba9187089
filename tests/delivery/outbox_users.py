"""What processes do with an outbox, in a module that a new process imports quickly."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.database import connect
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import SupabasePublisher
from ezrec_tui.model import PublishedStatus, VideoRecord

NOW = datetime(2026, 5, 30, 19, 5, tzinfo=UTC)
STEPS = (
    PublishedStatus.RECORDING,
    PublishedStatus.RECORDING_FINISHED,
    PublishedStatus.PROCESSING,
    PublishedStatus.UPLOADING,
)


def video(booking_id: str = "b1", **fields: object) -> VideoRecord:
    given: dict[str, object] = {
        "user_id": "venue-1",
        "video_url": f"https://bucket.s3.eu-west-1.amazonaws.com/venue-1/2026-05-30/{booking_id}.mp4",
        "date": "2026-05-30",
        "recording_id": booking_id,
        "duration_seconds": 3600.5,
        "uploaded_at": NOW,
        "filename": f"{booking_id}.mp4",
        "storage_path": f"venue-1/2026-05-30/{booking_id}.mp4",
        "booking_id": booking_id,
    }
    return VideoRecord.model_validate(given | fields)


def put_all(outbox: Outbox, booking_id: str) -> None:
    """A booking's whole way: six rows, the video's is the fifth."""
    for status in STEPS:
        outbox.put_status(booking_id, status, NOW)
    outbox.put_video(video(booking_id), NOW)
    outbox.put_status(booking_id, PublishedStatus.COMPLETED, NOW)


def put_many(path: Path, name: str) -> None:
    outbox = Outbox(path)
    for number in range(5):
        put_all(outbox, f"{name}-{number}")
    outbox.close()


def put_and_die(path: Path) -> None:
    put_all(Outbox(path), "a")
    os.kill(os.getpid(), signal.SIGKILL)


def send_and_die(path: Path, settings: Settings, rows: int) -> None:
    """Send as many rows as that, and die before the last of them is marked as sent."""

    class Killer(SupabasePublisher):
        left = rows

        def insert_video(self, video: VideoRecord) -> None:
            super().insert_video(video)
            self.count()

        def update_booking(self, booking_id: str, status: PublishedStatus, updated_at: datetime) -> None:
            super().update_booking(booking_id, status, updated_at)
            self.count()

        def count(self) -> None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    Outbox(path).drain(Killer(connect(settings)), NOW)
