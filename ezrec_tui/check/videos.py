"""Checks the videos: each decodes wholly, is what was published, and lies where it was delivered."""

from pathlib import Path

from ezrec_tui.check.decode import decode
from ezrec_tui.check.findings import Decoded, Kind
from ezrec_tui.check.recordings import RUN_REPAIR
from ezrec_tui.check.scope import Scope
from ezrec_tui.delivery.folder import FolderStore
from ezrec_tui.delivery.store import StoreError
from ezrec_tui.files import safe_name
from ezrec_tui.model import Progress, PublishedStatus, RecordingState, VideoRecord
from ezrec_tui.plural import plural
from ezrec_tui.sums import read_sums, sha256_of, sums_of_video

RENDER_AGAIN = "restore it from where it was delivered, or make it again with `ezrec render` from its recording"
RESTORE = "restore it from a copy of the store: it was there when its files here were deleted"
LENGTH_SECONDS = 0.5
"""So far may a video's length differ from the published one."""


def check_video(video: Path, scope: Scope) -> None:
    """Check a rendered video under `processed/`, and what is published of it."""
    scope.on_file(video)
    scope.videos += 1
    noted = read_sums(sums_of_video(video)).get(video.name)
    if noted is not None and sha256_of(video) != noted:
        scope.found(Kind.VIDEO_CHANGED, video, "the video changed since it was made: its SHA-256 differs", RENDER_AGAIN)
    decoded = decode(video, scope.read)
    if decoded.errors or not decoded.frames:
        what = f"the video is damaged: {decoded.frames} {plural(decoded.frames, 'frame', 'frames')} can be decoded,"
        what += f" {decoded.errors} {plural(decoded.errors, 'error', 'errors')}"
        scope.found(Kind.VIDEO_DAMAGED, video, what, RENDER_AGAIN)
    record = next((one for one in scope.ledger.videos.values() if safe_name(one.booking_id) == video.stem), None)
    if record is not None:
        _check_length(video, decoded, record, scope)
        return
    recording = scope.folders.data / "recordings" / video.parent.name / video.stem
    if scope.ledger.rows is not None and recording not in scope.ledger.rows and not recording.is_dir():
        what = "the video belongs to no recording"
        scope.found(Kind.VIDEO_ORPHAN, video, what, "look at it, and delete it if it is not wanted")


def _check_length(video: Path, decoded: Decoded, record: VideoRecord, scope: Scope) -> None:
    if not decoded.errors and abs(decoded.seconds - record.duration_seconds) > LENGTH_SECONDS:
        what = f"the video lasts {decoded.seconds:.1f} s, and was published with {record.duration_seconds:.1f} s"
        scope.found(Kind.RECORD_DIFFERS, video, what, RENDER_AGAIN)


def check_published(scope: Scope) -> None:
    """Check that what is published is there. The bucket is not asked: that needs the network."""
    for booking_id, status in sorted(scope.ledger.statuses.items()):
        if status is PublishedStatus.COMPLETED and booking_id not in scope.ledger.videos:
            what = f"{booking_id} is published as completed, and there is no row of its video"
            to_do = "look at its job with `ezrec jobs show`"
            scope.found(Kind.RECORD_MISSING, scope.folders.outbox_database, what, to_do)
    for record in scope.ledger.videos.values():
        local = scope.folders.data / "processed" / _day(record, scope) / record.filename
        if scope.settings.aws_s3_bucket:
            continue
        _check_delivered(record, local, scope)
    for row in (scope.ledger.rows or {}).values():
        published = scope.ledger.statuses.get(row.booking.id) is PublishedStatus.COMPLETED
        in_order = published or row.folder in scope.ledger.footage_deleted
        if row.state is RecordingState.FINISHED and not row.folder.is_dir() and not in_order:
            what = f"the recording of {row.booking.label} is gone, and it was never published"
            scope.found(Kind.RECORDING_MISSING, row.folder, what, "restore it if there is a copy")


def _check_delivered(record: VideoRecord, local: Path, scope: Scope) -> None:
    store = FolderStore(scope.settings.store_dir)
    delivered = scope.settings.store_dir / record.storage_path

    def deliver() -> None:
        try:
            store.put(local, record.storage_path, on_progress=_unheard, should_stop=lambda: False)
        except StoreError as error:
            raise OSError(str(error)) from error

    if not delivered.is_file():
        if local.is_file():
            what = f"the video of {record.booking_id} is published and not where it was delivered"
            scope.found(Kind.DELIVERED_MISSING, delivered, what, RUN_REPAIR, deliver)
        else:
            what = f"the video of {record.booking_id} is published and gone, here and where it was delivered"
            in_order = record.booking_id in scope.ledger.deleted
            to_do = RESTORE if in_order else "make it again with `ezrec render` from its recording"
            scope.found(Kind.VIDEO_MISSING, local, what, to_do)
        return
    if delivered.samefile(local) if local.exists() else False:
        return
    noted = read_sums(sums_of_video(local)).get(record.filename) or scope.ledger.deleted.get(record.booking_id)
    if noted is None and local.is_file():
        noted = sha256_of(local)
    if noted is not None and sha256_of(delivered) != noted:
        what = f"the delivered video of {record.booking_id} is not the one that was made"
        scope.found(Kind.DELIVERED_CHANGED, delivered, what, "move it away and run `ezrec check --repair`")


def _day(record: VideoRecord, scope: Scope) -> str:
    row = scope.ledger.row_of(record.booking_id)
    return scope.folders.date(row.booking) if row else record.date


def _unheard(_: Progress) -> None:
    """The bar counts what is read."""
