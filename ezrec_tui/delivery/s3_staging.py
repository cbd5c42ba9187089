"""Footage on its way to another machine: a few files under a prefix of the bucket, until the video is delivered."""

from collections.abc import Callable
from pathlib import Path

from ezrec_tui.config import Settings
from ezrec_tui.delivery.player_media import GivenUp, NotThere
from ezrec_tui.delivery.s3_bucket import Bucket
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Refused, Stopped, Store
from ezrec_tui.model import Progress

PREFIX = "ezrec-jobs"
"""Of all that is staged; no user has this id."""
MOST = 1 << 40


class Staging:
    """The files under one mark: `ezrec-jobs/<mark>/<name>`. All calls raise Unreachable, Refused."""

    def __init__(self, settings: Settings, store: Store, mark: str) -> None:
        """Asks nothing of the network. Raises Refused for settings that do not hold."""
        self._store, self._bucket, self._mark = store, Bucket(S3Target.of(settings)), mark

    def put(
        self, file: Path, name: str, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> None:
        """Stage a file, whole; one that lies there already is not sent again. Raises Stopped too."""
        key = self._key(name)
        self._store.put(file, key, recording=self._mark, on_progress=on_progress, should_stop=should_stop)

    def fetch(self, name: str, to: Path, should_stop: Callable[[], bool]) -> None:
        """Bring a staged file. Raises Stopped, OSError too."""
        try:
            self._bucket.fetch(self._key(name), to, unless="", most=MOST, given_up=should_stop)
        except GivenUp:
            raise Stopped from None
        except NotThere:
            raise Refused(f"{name} is not staged any more.", "It is staged again with the next try.") from None

    def clear(self) -> None:
        """Delete all that is staged under the mark."""
        for key in self._bucket.names(self._key("")):
            self._bucket.delete(key)

    def _key(self, name: str) -> str:
        return f"{PREFIX}/{self._mark}/{name}"
