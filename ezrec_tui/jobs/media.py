"""A player's own media for a video: up to date within seconds, or as they are known; never a job's failure."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ezrec_tui.delivery.player_media import (
    GivenUp,
    MediaCache,
    MediaSource,
    PlayerMedia,
    Slot,
    UnfitMedia,
)
from ezrec_tui.delivery.store import Refused, Stopped, Unreachable

MOST_SECONDS = 20.0
"""A video waits so long for a player's media."""
POLL_SECONDS = 0.1

NOTHING = PlayerMedia({})

log = logging.getLogger(__name__)


class Media:
    """Players' media, cached below a folder. Asked before each render."""

    def __init__(
        self,
        folder: Path,
        open_source: Callable[[], MediaSource | None],
        seconds: float = MOST_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`open_source` gives none where no bucket is set; it raises Refused."""
        self._cache = MediaCache(folder, check)
        self._open_source, self._seconds, self._monotonic = open_source, seconds, monotonic
        self._source: MediaSource | None = None

    def of(self, user_id: str, should_stop: Callable[[], bool]) -> PlayerMedia:
        """What a player has of his own, and why not all that he should have. Raises Stopped."""
        try:
            self._source = self._source or self._open_source()
        except Refused as error:
            return self._known(user_id, str(error))
        if self._source is None or not user_id:
            return NOTHING
        return self._known(user_id, self._refresh(self._source, user_id, should_stop))

    def _known(self, user_id: str, trouble: str) -> PlayerMedia:
        known = self._cache.known(user_id)
        if known is not None:
            if trouble:
                log.warning("the media of user %s are used as they are known: %s", user_id, trouble)
            return known
        if not trouble:
            return NOTHING
        return PlayerMedia({}, (f"the player's own logos and intro cannot be looked for: {trouble}",))

    def _refresh(self, source: MediaSource, user_id: str, should_stop: Callable[[], bool]) -> str:
        """Why it did not come to its end, empty when it did. A line that hangs is left behind. Raises Stopped."""
        trouble: list[str] = []
        given_up = threading.Event()
        over = threading.Event()

        def refresh() -> None:
            try:
                self._cache.refresh(source, user_id, given_up.is_set)
            except Unreachable as error:
                trouble.append(str(error))
            except OSError as error:
                trouble.append(f"{error.filename}: {error.strerror}")
            except GivenUp:
                pass
            except Exception:
                log.exception("looking for the media of user %s failed", user_id)
                trouble.append("that failed; the log says why")
            finally:
                over.set()

        threading.Thread(target=refresh, name="media", daemon=True).start()
        until = self._monotonic() + self._seconds
        while not over.wait(POLL_SECONDS):
            if should_stop():
                given_up.set()
                raise Stopped
            if self._monotonic() >= until:
                given_up.set()
                return f"they do not come within {self._seconds:.0f} s"
        return trouble[0] if trouble else ""


def check(slot: Slot, path: Path) -> None:
    """Whether a file can be used as what it is to be. Raises UnfitMedia, OSError."""
    from ezrec_tui.video.media_check import Unfit, require_intro, require_logo  # 60 MB: only where it is needed

    try:
        if slot is Slot.INTRO:
            require_intro(path)
        else:
            require_logo(path)
    except Unfit as error:
        raise UnfitMedia(str(error)) from error
