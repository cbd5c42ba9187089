"""Notes the SHA-256 of footage and video once all else is done, so that nobody waits for it."""

from collections.abc import Callable
from pathlib import Path

from ezrec_tui.delivery.store import Meter, Stopped
from ezrec_tui.model import Progress
from ezrec_tui.recording_files import read_manifest
from ezrec_tui.sums import SEGMENTS, read_sums, sha256_of, sums_of_video, write_sums


def note_sums(
    folder: Path, video: Path | None, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
) -> None:
    """Note the sums of a finalised recording's segments, and of its video if it is here.

    A sum once noted is kept: it is the proof. Raises Stopped, OSError, RecordingError.
    """
    noted = read_sums(folder / SEGMENTS)
    names = [s.name for s in read_manifest(folder).segments if s.name not in noted and (folder / s.name).exists()]
    files = [*(folder / name for name in names), *([video] if video else [])]
    meter = Meter(sum(file.stat().st_size for file in files), on_progress)
    done = 0

    def read(count: int) -> None:
        nonlocal done
        done += count
        meter.at(done, done)
        if should_stop():
            raise Stopped

    if names:
        write_sums(folder / SEGMENTS, noted | {name: sha256_of(folder / name, read) for name in names})
    if video:
        write_sums(sums_of_video(video), {video.name: sha256_of(video, read)})
