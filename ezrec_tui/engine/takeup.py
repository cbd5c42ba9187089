"""What a start finds: recordings that were cut off, whose manifest is lost, or that no row knows. Nobody is asked."""

import logging
from collections.abc import Callable
from pathlib import Path

from ezrec_tui.clock import Clock
from ezrec_tui.config import Settings
from ezrec_tui.engine.store import RecordingRow, StateStore
from ezrec_tui.folders import Folders
from ezrec_tui.logs import about
from ezrec_tui.model import Level, Manifest, RecordingState
from ezrec_tui.recording_files import RecordingError, read_manifest, write_manifest
from ezrec_tui.recording_repair import Known, rebuild

Tell = Callable[[Level, str, str, str | None], object]

log = logging.getLogger(__name__)


def manifest_of(row: RecordingRow, settings: Settings, tell: Tell) -> Manifest | None:
    """The manifest of a recording that a row knows; one that is lost or damaged is made anew. None: unreadable."""
    try:
        return read_manifest(row.folder)
    except RecordingError as error:
        reason = error
    try:
        manifest = row.manifest or rebuild(
            row.folder, settings, Known(row.booking, row.started_at, row.state is RecordingState.FINISHED)
        )
        write_manifest(row.folder, manifest)
    except (OSError, RecordingError) as error:
        what = f"the recording of {row.booking.label} cannot be read: {error}"
        tell(Level.FAILED, what, "mend the disk or the folder's rights, then start the engine again", row.booking.id)
        return None
    what = f"the manifest of {row.booking.label} was made anew: {reason}"
    tell(Level.WARNING, what, "nothing: its footage is whole; look at the disk if it happens again", row.booking.id)
    return manifest


def adopt(
    settings: Settings,
    folders: Folders,
    clock: Clock,
    store: StateStore,
    tell: Tell,
    is_published: Callable[[str], bool],
) -> None:
    """Give a row to each recording on the disk that has none, so that it is gone on with, or made a video of.

    A folder of which no recording can be made is told once, and left as it is.
    """
    known = store.folders()
    for folder in sorted(folders.data.glob("recordings/*/*/")):
        if folder in known:
            continue
        try:
            manifest = _read_or_rebuild(folder, settings)
            if folders.recording(manifest.booking) != folder:
                raise RecordingError(f"{folder} is not where the recording of {manifest.booking.id} belongs")
            if (other := store.recording(manifest.booking.id)) is not None:
                raise RecordingError(f"{folder}: {manifest.booking.id} was recorded in {other.folder} as well")
            still_on = not manifest.finalised and _end_is_ahead(manifest, clock)
            if not still_on and not any(folder.glob("camera-*.ts")):
                raise RecordingError(f"{folder} holds no segment")
        except (OSError, RecordingError) as error:
            what = f"a folder that is no recording is left as it is: {error}"
            if not store.was_told(what):
                tell(Level.WARNING, what, "look at it, and delete it if nothing in it is wanted", None)
            continue
        booking = manifest.booking
        state = RecordingState.RECORDING if still_on else RecordingState.FINISHED
        store.put_recording(booking, folder, state, clock.now())
        store.put_manifest(booking.id, manifest)
        if not still_on and is_published(booking.id):
            store.mark_submitted(booking.id)
            continue
        log.warning("a recording that was not known is taken up: %s", folder, extra=about(booking.id))
        what = f"a recording that was not known is taken up: {booking.label}"
        tell(Level.WARNING, what, "nothing: it goes on, or its video is made", booking.id)


def _read_or_rebuild(folder: Path, settings: Settings) -> Manifest:
    try:
        return read_manifest(folder)
    except RecordingError:
        manifest = rebuild(folder, settings)
        write_manifest(folder, manifest)
        return manifest


def _end_is_ahead(manifest: Manifest, clock: Clock) -> bool:
    return (clock.now() - manifest.epoch).total_seconds() * 1e9 < manifest.end_ns
