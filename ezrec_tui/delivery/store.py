"""What a store is to the rest of the house: a place that takes finished videos and can be asked whether it has them."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from ezrec_tui.config import Settings
from ezrec_tui.model import Progress, ShareLink

RATE_SECONDS = 10.0
"""The rate shown is that of so many last seconds."""
REPORT_SECONDS = 0.25


class StoreError(Exception):
    """A video could not be delivered: what happened and where, and what to do. Says no secret."""

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(what, to_do)
        self.what = what
        self.to_do = to_do

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}"


class Unreachable(StoreError):
    """The line or the store is down; the same call works later. What has arrived is not sent again."""


class Refused(StoreError):
    """The store is there and will not take it. It stays so until a person acts."""


class Shut(Refused):
    """The store takes no video at all until a person acts: a wrong key, no bucket, no right, no room."""


class AlreadyThere(Refused):
    """The key is taken: something else lies there, and is not overwritten."""


class Stopped(Exception):
    """`should_stop` said so. What has arrived is not sent again."""


def unreadable(path: Path, error: OSError | EOFError) -> Refused:
    """What is said of a local video that cannot be read."""
    match error:
        case FileNotFoundError():
            return Refused(f"The video {path} is not there.", "Retry the job, so that it is rendered again.")
        case EOFError():
            return Refused(f"The video {path} became shorter while it was read.", "Retry the job.")
        case _:
            return Refused(f"The video {path} cannot be read: {error.strerror}.", "Check the disk.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A video that lies whole in the store, looked at after it was delivered."""

    key: str
    url: str
    size: int
    """Bytes."""
    checksum: str | None
    """SHA-256 of the whole file in hex; None when the file was not read and none was given."""
    moved: int
    """Bytes that this call sent or copied; 0 when it was there already."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That the object under a key held a local file's bytes when it was looked at."""

    key: str
    size: int
    """Bytes."""
    sha256: str
    """Of the whole file, in hex."""
    said: str
    """What the store itself says of the object: its checksum or ETag; of a folder, the SHA-256 of what was read."""


class Store(Protocol):
    """Takes files under keys. What lies under one is never replaced, but by a new video of the same recording."""

    @property
    def name(self) -> str:
        """What people call it, on a screen or in a log."""
        ...

    def put(
        self,
        path: Path,
        key: str,
        *,
        sha256: str | None = None,
        recording: str | None = None,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> Stored:
        """Deliver a file and look at it there. Said again, it goes on where it was, or finds it done.

        `sha256` (hex) is what the file has to have. `recording` marks of which recording it is a video: an earlier one
        of the same recording is replaced, and beside another one it gets a key of its own (see `Stored.key`); without
        it, both are Refused. `on_progress` is called on the caller's thread, some times a
        second, in bytes; `should_stop` is asked as often. Raises Unreachable, Refused, Stopped.
        """
        ...

    def tidy(self) -> int:
        """Drop what uploads that were given up have left; how many. Raises Unreachable, Refused."""
        ...

    def look(self, key: str) -> None:
        """Find out, without a file, whether one would be taken under such a key. Raises Unreachable, Refused."""
        ...

    def probe(self, path: Path, key: str) -> None:
        """Find out, without sending the file, whether `put` would be taken. Raises Unreachable, Refused."""
        ...

    def verify(self, path: Path, key: str) -> bool:
        """Whether the object is there and holds the bytes of the local file. Raises Unreachable, Refused."""
        ...

    def prove(self, path: Path, key: str) -> Proof | None:
        """Look at the object and read the local file anew; None unless both are the same. Raises as `verify` does."""
        ...

    def holds(self, proof: Proof) -> bool:
        """Whether the object still is what was proved of it, by who has the file no more. Raises as `verify` does."""
        ...


class Meter:
    """Turns bytes moved into progress: rate of the last seconds and time left, some times a second."""

    def __init__(
        self, total: int, report: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._report = report
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque([(clock(), 0)])
        self._reported_at = float("-inf")

    def at(self, done: int, moved: int, *, last: bool = False) -> None:
        """`done` bytes of the file are there, `moved` of them moved since this meter was made."""
        now = self._clock()
        if not last and now - self._reported_at < REPORT_SECONDS:
            return
        self._reported_at = now
        self._samples.append((now, moved))
        while len(self._samples) > 2 and now - self._samples[1][0] > RATE_SECONDS:
            self._samples.popleft()
        since, before = self._samples[0]
        rate = max(0, moved - before) / (now - since) if now > since else None
        left = (self._total - done) / rate if rate else None
        self._report(Progress(done=done, total=self._total, unit="bytes", rate=rate, seconds_left=left))


def share_link(settings: Settings, key: str, at: datetime, hours: float | None = None) -> ShareLink:
    """A link to what lies in the store of these settings, for so many hours (by default, SHARE_LINK_HOURS).

    Asks no store. Raises Refused. Whoever has a link has the video: never log it.
    """
    if not settings.aws_s3_bucket:
        return ShareLink(address=str((settings.store_dir / key).absolute()))
    from ezrec_tui.delivery.s3_link import LONGEST, presigned_url
    from ezrec_tui.delivery.s3_target import S3Target

    life = min(timedelta(hours=hours or settings.share_link_hours), LONGEST)
    return ShareLink(address=presigned_url(S3Target.of(settings), key, at, life), until=at + life)


def open_store(settings: Settings, state: Path) -> Store:
    """The store of these settings: S3 when a bucket is named, else a local folder.

    `state` is the folder where a store keeps what it has to remember across restarts. Touches no network and no
    disk; raises Refused for settings of which no store can be made.
    """
    if settings.aws_s3_bucket:
        from ezrec_tui.delivery.s3 import S3Store, S3Target  # boto3 is 30 MB: only where it is needed

        return S3Store(S3Target.of(settings), state)
    from ezrec_tui.delivery.folder import FolderStore

    return FolderStore(settings.store_dir)
