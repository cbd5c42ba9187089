"""A data folder as a whole way leaves it: a recording with journals, its video, sums, rows, the delivered copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import av

from ezrec_tui.check.findings import Finding, Kind, Report
from ezrec_tui.check.run import Watcher, check
from ezrec_tui.config import Settings, load_settings
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.engine.store import StateStore
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.summing import note_sums
from ezrec_tui.model import PublishedStatus, RecordingState, VideoRecord
from ezrec_tui.recording_files import append_journal, finalise, find_segments
from tests.jobs.recordings import FPS, booking, record

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
SECONDS = 4
KEY = "player-7/2026-03-01/b1.mp4"


@dataclass(frozen=True)
class House:
    """Booking b1, recorded by two cameras in two segments each, rendered, delivered and published."""

    settings: Settings
    folders: Folders

    @property
    def recording(self) -> Path:
        return self.folders.recording(booking("b1"))

    @property
    def video(self) -> Path:
        return self.folders.video(booking("b1"))

    @property
    def delivered(self) -> Path:
        return self.settings.store_dir / KEY

    @property
    def segments(self) -> list[Path]:
        return sorted(self.recording.glob("*.ts"))

    def check(self, path: Path | None = None, *, repair: bool = False) -> Report:
        told: list[Finding] = []
        watcher = Watcher(lambda _: None, lambda _: None, lambda _: None, told.append)
        report = check(path or self.folders.data, self.settings, repair=repair, watcher=watcher)
        assert list(report.findings) == told
        return report

    def kinds(self, path: Path | None = None, *, repair: bool = False) -> list[Kind]:
        return [finding.kind for finding in self.check(path, repair=repair).findings]


def build(data: Path) -> House:
    settings = load_settings(ezrec_data_dir=data, _env_file=None)
    house = House(settings, Folders(data.resolve(), settings.timezone))
    of = booking("b1")
    folder = record(house.folders, of, SECONDS)
    for segment in find_segments(folder):
        append_journal(folder, segment)
    manifest = finalise(folder)
    _make_video(house.video, [folder / segment.name for segment in manifest.segments if segment.camera == 0])
    note_sums(folder, house.video, lambda _: None, lambda: False)
    FolderStore(settings.store_dir).put(house.video, KEY, on_progress=lambda _: None, should_stop=lambda: False)
    store = StateStore(house.folders.engine_database)
    store.put_recording(of, folder, RecordingState.FINISHED, NOW)
    store.put_manifest(of.id, manifest)
    store.mark_submitted(of.id)
    store.close()
    outbox = Outbox(house.folders.outbox_database)
    outbox.put_video(_row(house), NOW)
    outbox.put_status(of.id, PublishedStatus.COMPLETED, NOW)
    outbox.drain(LocalRecord(house.folders.local_record), NOW)
    outbox.close()
    return house


def _row(house: House) -> VideoRecord:
    return VideoRecord(
        user_id="player-7",
        video_url=house.delivered.as_uri(),
        date="2026-03-01",
        recording_id="b1",
        duration_seconds=SECONDS,
        uploaded_at=NOW,
        filename="b1.mp4",
        storage_path=KEY,
        booking_id="b1",
    )


def _make_video(video: Path, segments: Sequence[Path]) -> None:
    """The left camera's footage as an MP4, which is a video for all that a check can see."""
    video.parent.mkdir(parents=True)
    with av.open(str(video), "w") as output:
        stream = output.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        number = 0
        for segment in segments:
            with av.open(str(segment)) as source:
                for frame in source.decode(video=0):
                    frame.pts, frame.time_base = number, 1 / stream.codec_context.framerate
                    number += 1
                    output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
