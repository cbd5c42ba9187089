"""One upload, from wherever it stands to an object that was looked at.

The order makes it safe to be killed anywhere: the store begins an upload, the journal learns of it, parts go one by
one, each checked, the object is made only if none is there, is looked at, and the journal forgets. After a restart
the store's list of parts is the truth. A reply that was lost is settled by looking.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from ezrec_tui.delivery.s3_body import Limiter, Sending
from ezrec_tui.delivery.s3_bucket import Bucket, SentPart
from ezrec_tui.delivery.s3_errors import UploadGone
from ezrec_tui.delivery.s3_journal import Begun, UploadJournal
from ezrec_tui.delivery.s3_parts import Part, PartReader, Remote
from ezrec_tui.delivery.store import AlreadyThere, Meter, Refused, Stopped, StoreError, Unreachable

POLL_SECONDS = 0.2

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """The open local file, as it was when the upload began."""

    path: Path
    file: BinaryIO
    size: int
    mtime_ns: int


class Upload:
    """Brings one file under one key. Used once."""

    def __init__(
        self,
        bucket: Bucket,
        journal: UploadJournal,
        limiter: Limiter,
        source: Source,
        key: str,
        *,
        part_size: int,
        sha256: str | None,
        recording: str | None,
        meter: Meter,
        should_stop: Callable[[], bool],
    ) -> None:
        self._bucket = bucket
        self._journal = journal
        self._limiter = limiter
        self._source = source
        self._key = key
        self._part_size = part_size
        self._sha256 = sha256
        self._recording = recording
        self._instead_of: str | None = None
        """ETag of the earlier video of the same recording, which this one replaces."""
        self._meter = meter
        self._should_stop = should_stop
        self._reader = PartReader(source.path, source.file, source.size, part_size, self._check)
        self._sending = Sending()
        self._there = 0
        """Bytes that the store has."""
        self.moved = 0
        """Bytes of parts that were sent."""

    @property
    def sha256(self) -> str:
        """Of the whole file, in hex."""
        self._reader.read_all()
        return self._reader.sha256

    def run(self) -> None:
        """Upload what is missing. Raises Unreachable, Refused (AlreadyThere for one), Stopped."""
        there = self._look_first()
        if there is not None and not self._is_whole(there):
            self._require_ours(there)
            log.warning("upload %s: an earlier video of the same recording is replaced", self._key)
            self._instead_of, there = there.etag, None
        if there is None:
            if self._reader.count == 1:
                self._send_whole()
            else:
                self._send_parts()
            there = self._call(lambda: self._bucket.look(self._key))
            if there is None:
                raise Unreachable(f"{self._key} is not to be seen in {self._name}.", "It is looked for again.")
            if not self._is_whole(there):
                raise self._other_there(there)
        self._call(lambda: self._bucket.abort_all(self._key))  # begun by a request that was held to be lost
        self._journal.forget(self._key)
        self._meter.at(self._source.size, self.moved, last=True)

    def _look_first(self) -> Remote | None:
        try:
            return self._call(lambda: self._bucket.look(self._key))
        except Refused:
            # A refused look gives no reason, and without the right to list it is what a missing object looks like.
            # What comes next gives one, and makes no object where one is.
            return None

    def _send_whole(self) -> None:
        part = self._reader.read_to(1)
        self._require_sha256()
        with suppress(AlreadyThere):  # the reply to an earlier try was lost, or somebody was quicker: we look
            self._send(
                part,
                lambda: self._bucket.put(
                    self._key,
                    part,
                    self._source.path,
                    self._limiter,
                    self._sending,
                    mark=self._recording or "",
                    instead_of=self._instead_of,
                ),
            )

    def _send_parts(self) -> None:
        upload_id, had = self._begun()
        complete: list[tuple[Part, str]] = []
        for number in range(1, self._reader.count + 1):
            part = self._reader.read_to(number)
            kept = [one.etag for one in had if one.number == number and part.is_what(one.size, one.etag, one.sha256)]
            complete.append((part, kept[-1] if kept else self._send_part(upload_id, part)))
            self._there += part.size
            self._meter.at(self._there, self.moved)
        self._require_sha256()
        try:
            self._call(lambda: self._bucket.complete(self._key, upload_id, complete, instead_of=self._instead_of))
        except StoreError as error:
            # The reply may be lost and the object made all the same.
            there = self._call(lambda: self._bucket.look(self._key))
            if there is None or there.etag == self._instead_of:
                if isinstance(error, UploadGone):
                    self._journal.forget(self._key)
                raise

    def _begun(self) -> tuple[str, list[SentPart]]:
        """The upload to go on with, and what the store has of it."""
        begun = self._journal.find(self._key)
        if begun and (begun.part_size, begun.size, begun.mtime_ns) == (
            self._part_size,
            self._source.size,
            self._source.mtime_ns,
        ):
            with suppress(UploadGone):
                had = self._call(lambda: self._bucket.parts(self._key, begun.upload_id))
                log.info("upload %s goes on: %d parts are there", self._key, len(had))
                self._journal.put(self._key, begun)
                return begun.upload_id, had
        self._journal.forget(self._key)
        self._call(lambda: self._bucket.abort_all(self._key))
        upload_id = self._call(lambda: self._bucket.begin(self._key, self._recording or ""))
        self._journal.put(self._key, Begun(upload_id, self._part_size, self._source.size, self._source.mtime_ns))
        return upload_id, []

    def _send_part(self, upload_id: str, part: Part) -> str:
        try:
            return self._send(
                part,
                lambda: self._bucket.send_part(
                    self._key, upload_id, part, self._source.path, self._limiter, self._sending
                ),
            )
        except UploadGone:
            self._journal.forget(self._key)
            raise

    def _send(self, part: Part, call: Callable[[], T]) -> T:
        result = self._call(call)
        self._sending.sent = 0
        self.moved += part.size
        return result

    def _require_sha256(self) -> None:
        if self._sha256 is not None and self._reader.sha256 != self._sha256:
            raise Refused(
                f"{self._source.path} is not the file that was rendered: its SHA-256 differs.", "Retry the render."
            )

    def _is_whole(self, there: Remote) -> bool:
        parts = self._reader.read_all()
        self._require_sha256()
        return there.is_whole(self._source.size, parts, multipart=self._reader.count > 1)

    def _require_ours(self, there: Remote) -> None:
        """Only what says that it is of the same recording may be replaced."""
        if not self._recording or there.mark != self._recording:
            raise self._other_there(there)

    def _other_there(self, there: Remote) -> AlreadyThere:
        return AlreadyThere(
            f"Another video of {there.size} bytes lies at {self._key} in {self._name}, and is not overwritten.",
            "Look at it, move it away, and retry the job.",
        )

    @property
    def _name(self) -> str:
        return f"bucket {self._bucket.target.bucket} at {self._bucket.target.host}"

    def _check(self) -> None:
        if self._should_stop():
            raise Stopped
        sent = self._sending.sent
        self._meter.at(self._there + sent, self.moved + sent)

    def _call(self, call: Callable[[], T]) -> T:
        """Make a call on a thread of its own, so that a line that hangs keeps nobody from stopping.

        A call that is abandoned does no harm: it sends no further byte, and whatever it still does may be done twice.
        """
        self._check()
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                outcome.set_result(call())
            except Exception as error:  # noqa: BLE001 (raised again on the caller's thread)
                outcome.set_exception(error)

        threading.Thread(target=run, name="s3-call", daemon=True).start()
        while not wait([outcome], timeout=POLL_SECONDS).done:
            try:
                self._check()
            except Stopped:
                self._sending.abandoned.set()
                raise
        return outcome.result()
