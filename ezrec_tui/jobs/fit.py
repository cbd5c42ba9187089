"""Looks, beside a render, whether the rig still fits its footage. Whatever comes of that, the video is made."""

import logging
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from ezrec_tui.folders import Folders
from ezrec_tui.jobs.fit_file import Fit, read_fit, write_fit
from ezrec_tui.jobs.looking import scenes_of
from ezrec_tui.logs import about
from ezrec_tui.model import Manifest
from ezrec_tui.video.fit import MOMENTS, MOVED_PX, WIDEST, shift
from ezrec_tui.video.rig_file import RigError, check_rig, load_rig
from ezrec_tui.video.stills import Scenes

LOOK_SECONDS = 60.0
"""Nothing is said of footage whose pictures are not looked at by then: processor and disk have other things to do. It
takes 5 s of a processor for pictures of 1280x720."""

log = logging.getLogger(__name__)


@contextmanager
def looking_at_fit(
    folder: Path, manifest: Manifest, folders: Folders, should_stop: Callable[[], bool]
) -> Generator[None]:
    """Look at a recording's pictures during the `with`, and note what came of it at its end."""
    until = time.monotonic() + LOOK_SECONDS
    over = threading.Event()

    def go_on() -> bool:
        return not over.is_set() and not should_stop() and time.monotonic() < until

    def look() -> None:
        try:
            note_fit(folder, manifest, folders, go_on)
        except Exception:
            log.exception("whether the rig still fits is not known", extra=about(manifest.booking.id))

    thread = threading.Thread(target=look, name="fit", daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        over.set()
        raise
    finally:
        thread.join()


def note_fit(folder: Path, manifest: Manifest, folders: Folders, go_on: Callable[[], bool]) -> None:
    """Measure how far the cameras have moved since they were calibrated, and note it for the engine.

    Nothing is noted where that is not known, nor of footage older than the rig or than what is noted already. Raises
    RecordingError, VideoError, OSError.
    """
    recorded = manifest.end
    booking = manifest.booking
    if not folders.rig.exists():
        return
    rig, before = load_rig(folders.rig), read_fit(folders.fit)
    if recorded <= rig.made or (before and before.rig_made == rig.made and before.recorded > recorded):
        return
    scenes, serials = scenes_of(folder, MOMENTS, WIDEST, go_on)
    size = manifest.width, manifest.height
    try:
        swapped = check_rig(rig, folders.rig, (size, size), serials)
    except RigError:  # the render says so
        return
    moved_by = shift(rig, Scenes(scenes.right, scenes.left) if swapped else scenes, go_on)
    if moved_by is None:
        why = "too little to hold on to, or no time"
        log.info("whether the rig still fits is not known: %s", why, extra=about(booking.id))
        return
    moved = moved_by > MOVED_PX
    log.log(
        logging.WARNING if moved else logging.INFO,
        "the cameras are %.1f px off the rig, at most %.1f is good",
        moved_by,
        MOVED_PX,
        extra=about(booking.id),
    )
    write_fit(
        folders.fit,
        Fit(
            rig_made=rig.made,
            booking_id=booking.id,
            label=booking.label,
            recorded=recorded,
            shift_px=round(moved_by, 1),
            moved=moved,
        ),
    )
