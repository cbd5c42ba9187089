"""Amazon S3, or a store that speaks like it (Cloudflare R2, MinIO, SeaweedFS), as the store."""

import logging
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from ezrec_tui.delivery.keys import beside
from ezrec_tui.delivery.s3_body import Limiter
from ezrec_tui.delivery.s3_bucket import Bucket
from ezrec_tui.delivery.s3_journal import UploadJournal
from ezrec_tui.delivery.s3_parts import PartReader, part_size
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.s3_upload import Source, Upload
from ezrec_tui.delivery.store import AlreadyThere, Meter, Proof, Stored, unreadable
from ezrec_tui.model import Progress

__all__ = ["S3Store", "S3Target"]

ABANDONED_SECONDS = 14 * 24 * 3600.0
"""An upload that nobody has gone on with for so long is dropped: parts cost money as long as they lie there."""

log = logging.getLogger(__name__)


class S3Store:
    """Videos in a bucket. Uploads go on where a kill or a lost line left them; at most one part is sent again."""

    def __init__(
        self,
        target: S3Target,
        state: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`state` is a folder; `uploads.db` in it remembers which uploads have begun."""
        self._target = target
        self._bucket = Bucket(target)
        self._journal = UploadJournal(state / "uploads.db", f"{target.host}/{target.bucket}", now)
        self._limiter = Limiter(target.max_mbit, clock, sleep)
        self._clock = clock

    @property
    def name(self) -> str:
        return f"bucket {self._target.bucket} at {self._target.host}"

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
        """See `Store.put`."""
        with _open(path) as source:
            upload = self._upload(source, key, sha256, recording, on_progress, should_stop)
            try:
                upload.run()
            except AlreadyThere:
                if recording is None:
                    raise
                key = beside(key, upload.sha256)
                log.warning("another video lies at its key: %s is delivered as %s", path.name, key)
                source.file.seek(0)
                upload = self._upload(source, key, sha256, recording, on_progress, should_stop)
                upload.run()
            return Stored(key, self._target.url(key), source.size, upload.sha256, upload.moved)

    def _upload(
        self,
        source: Source,
        key: str,
        sha256: str | None,
        recording: str | None,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> Upload:
        return Upload(
            self._bucket,
            self._journal,
            self._limiter,
            source,
            key,
            part_size=self._target.part_size or part_size(source.size),
            sha256=sha256,
            recording=recording,
            meter=Meter(source.size, on_progress, self._clock),
            should_stop=should_stop,
        )

    def tidy(self) -> int:
        """See `Store.tidy`. Uploads of other machines in the same bucket are left alone."""
        unused = self._journal.unused(ABANDONED_SECONDS)
        for key, upload_id in unused:
            self._bucket.abort(key, upload_id)
            self._journal.forget(key)
        return len(unused)

    def look(self, key: str) -> None:
        """See `Store.look`: begins an upload and drops it, as nothing less needs the right that an upload needs."""
        self._bucket.abort(key, self._bucket.begin(key))
        begun = self._journal.find(key)
        self._bucket.abort_all(key, but=begun.upload_id if begun else "")  # what an earlier look could not drop

    def probe(self, path: Path, key: str) -> None:
        """See `Store.probe`."""
        with _open(path):
            self.look(key)

    def verify(self, path: Path, key: str) -> bool:
        """See `Store.verify`. Reads the local file, and asks the store for its size and checksum of the object."""
        return self.prove(path, key) is not None

    def prove(self, path: Path, key: str) -> Proof | None:
        """See `Store.prove`."""
        with _open(path) as source:
            there = self._bucket.look(key)
            if there is None or there.size != source.size:
                return None
            size = self._target.part_size or part_size(source.size)
            reader = PartReader(source.path, source.file, source.size, size, lambda: None)
            if not there.is_whole(source.size, reader.read_all(), multipart=reader.count > 1):
                return None
            return Proof(key, source.size, reader.sha256, there.sha256 or there.etag)

    def holds(self, proof: Proof) -> bool:
        """See `Store.holds`. The store is asked for the object's size, and for its checksum or ETag."""
        there = self._bucket.look(proof.key)
        return there is not None and there.size == proof.size and proof.said in (there.sha256, there.etag)


@contextmanager
def _open(path: Path) -> Generator[Source]:
    """The local file. Raises Refused when it is not there or cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
    with file:
        stat = os.fstat(file.fileno())
        yield Source(path, file, stat.st_size, stat.st_mtime_ns)
