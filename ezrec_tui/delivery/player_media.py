"""A player's own logo, sponsors' logos and intro: where they lie, and what of them is cached here.

    media/<user>/index.json      what was last seen of each, with its ETag, and what is wrong with it
    media/<user>/logo.png        and sponsor-logo1.png to 3, intro.mp4: only what was looked at and is sound

The keys come from the table `user_settings`; where that names none, a logo lies at `<user>/logo/logo.png`, and so on. A
file replaces the cached one only after it was looked at, so that what is cached can always be used.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import Field, ValidationError

from ezrec_tui.delivery.store import Refused, Unreachable
from ezrec_tui.files import commit_file, safe_name, write_atomic
from ezrec_tui.model import Value

INDEX = "index.json"
MB = 1_000_000
NOT_YET = "it could not be looked for yet"

log = logging.getLogger(__name__)


class Slot(StrEnum):
    """What a player can have of his own."""

    LOGO = "logo"
    INTRO = "intro"
    SPONSOR_1 = "sponsor logo 1"
    SPONSOR_2 = "sponsor logo 2"
    SPONSOR_3 = "sponsor logo 3"


@dataclass(frozen=True, slots=True)
class _Place:
    column: str
    """Of `user_settings`."""
    key: str
    """Below the user's id, when the column is empty."""
    file: str
    """In the cache."""
    most: int
    """Bytes; what is larger is not fetched."""


PLACES = {
    Slot.LOGO: _Place("logo_path", "logo/logo.png", "logo.png", 10 * MB),
    Slot.INTRO: _Place("intro_video_path", "intro-video/intro.mp4", "intro.mp4", 200 * MB),
    Slot.SPONSOR_1: _Place("sponsor_logo1_path", "sponsor-logo1/logo1.png", "sponsor-logo1.png", 10 * MB),
    Slot.SPONSOR_2: _Place("sponsor_logo2_path", "sponsor-logo2/logo2.png", "sponsor-logo2.png", 10 * MB),
    Slot.SPONSOR_3: _Place("sponsor_logo3_path", "sponsor-logo3/logo3.png", "sponsor-logo3.png", 10 * MB),
}


class UnfitMedia(Exception):
    """A file that cannot be used; the text is one line."""


class NotThere(Exception):
    """Nothing lies under the key."""


class GivenUp(Exception):
    """Nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class PlayerMedia:
    """What there is of a player's own, ready to use."""

    files: Mapping[Slot, Path]
    reasons: tuple[str, ...] = ()
    """A line for each that should be there and cannot be used, and for what is used in its place."""


class MediaSource(Protocol):
    """Where players' media come from. Raises Unreachable, Refused."""

    def named(self, user_id: str) -> Mapping[Slot, str]:
        """The keys that the player's settings name."""
        ...

    def fetch(self, key: str, to: Path, *, unless: str, most: int, given_up: Callable[[], bool]) -> str | None:
        """Bring an object into a file; its ETag. None: it is still the one of the ETag `unless`.

        Raises NotThere, UnfitMedia when it has more than `most` bytes, GivenUp.
        """
        ...


class _Seen(Value):
    """One of a player's files as it was last seen."""

    key: str
    etag: str = ""
    """Empty: nothing was there."""
    problem: str = ""
    """Why it cannot be used; what is cached then is from before, or nothing is."""


class _Index(Value):
    user_id: str
    seen: dict[Slot, _Seen] = Field(default_factory=dict[Slot, _Seen])
    named: tuple[Slot, ...] = ()
    """Those whose key the player's settings name."""


class MediaCache:
    """The cached media of all players. One refresh at a time; what is known may be asked meanwhile."""

    def __init__(self, folder: Path, check: Callable[[Slot, Path], None]) -> None:
        """`check` looks whether a file can be used; it raises UnfitMedia."""
        self._folder, self._check = folder, check
        self._refreshing = threading.Lock()

    def known(self, user_id: str) -> PlayerMedia | None:
        """What is cached of a player, without asking anybody; None when he was never looked for."""
        index = self._read(user_id)
        if index is None:
            return None
        folder = self._folder_of(user_id)
        files = {slot: folder / PLACES[slot].file for slot in index.seen if (folder / PLACES[slot].file).is_file()}
        reasons = [_reason(slot, seen, slot in files) for slot, seen in sorted(index.seen.items()) if seen.problem]
        return PlayerMedia(files, tuple(reasons))

    def refresh(self, source: MediaSource, user_id: str, given_up: Callable[[], bool]) -> None:
        """Bring what is cached of a player up to date. Raises Unreachable, GivenUp, OSError.

        What was brought until then stays.
        """
        if not user_id or "/" in user_id or user_id in (".", ".."):
            return
        with self._refreshing:
            index = self._read(user_id) or _Index(user_id=user_id)
            index = self._name(source, index)
            for slot in Slot:
                if given_up():
                    raise GivenUp
                seen = self._look(source, slot, index, given_up)
                others = {one: known for one, known in index.seen.items() if one is not slot}
                index = index.model_copy(update={"seen": others | ({slot: seen} if seen else {})})
                write_atomic(self._folder_of(user_id) / INDEX, index.model_dump_json(indent=1) + "\n")

    def _name(self, source: MediaSource, index: _Index) -> _Index:
        """With the keys that the settings name now; with those of before while they cannot be read."""
        try:
            keys = source.named(index.user_id)
        except (Unreachable, Refused) as error:
            log.info("the settings of user %s cannot be read, the keys known before are used: %s", index.user_id, error)
            return index
        seen = {
            slot: known
            for slot, known in index.seen.items()
            if known.key == keys.get(slot, f"{index.user_id}/{PLACES[slot].key}")
        }
        new = {slot: _Seen(key=key, problem=NOT_YET) for slot, key in keys.items() if slot not in seen}
        return index.model_copy(update={"seen": seen | new, "named": tuple(keys)})

    def _look(self, source: MediaSource, slot: Slot, index: _Index, given_up: Callable[[], bool]) -> _Seen | None:
        """What is now known of one file; None: the player has none, and need not."""
        place, folder = PLACES[slot], self._folder_of(index.user_id)
        before = index.seen.get(slot) or _Seen(key=f"{index.user_id}/{place.key}")
        final, partial = folder / place.file, folder / f".{place.file}.{threading.get_ident()}.partial"
        unless = before.etag if before.problem or final.is_file() else ""
        etag = before.etag
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = source.fetch(before.key, partial, unless=unless, most=place.most, given_up=given_up)
            if fetched is None:
                return before
            etag = fetched
            self._check(slot, partial)
            if given_up():
                raise GivenUp
            commit_file(partial, final)
            return _Seen(key=before.key, etag=etag)
        except NotThere:
            final.unlink(missing_ok=True)
            return _Seen(key=before.key, problem=f"nothing lies at {before.key}") if slot in index.named else None
        except UnfitMedia as error:
            return _Seen(key=before.key, etag=etag, problem=str(error))
        except Refused as error:
            log.warning("media of user %s: %s: %s", index.user_id, before.key, error)
            if slot not in index.named and not final.is_file():
                return None  # it need not be there, and some stores say of what is not there that we have no right
            return _Seen(key=before.key, etag=etag, problem=str(error))
        finally:
            partial.unlink(missing_ok=True)

    def _folder_of(self, user_id: str) -> Path:
        return self._folder / safe_name(user_id)

    def _read(self, user_id: str) -> _Index | None:
        try:
            return _Index.model_validate_json((self._folder_of(user_id) / INDEX).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            log.warning("the list of cached media of user %s is damaged, and made anew: %s", user_id, error)
            return None


def prune_media(folder: Path, before: datetime) -> int:
    """Forget players not looked for since then, and intros converted before; how many. Raises OSError."""
    old = [
        path
        for path in (*folder.glob(f"*/{INDEX}"), *folder.glob("converted/intro-*.nut"))
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        if path.name == INDEX:
            shutil.rmtree(path.parent)
        else:
            path.unlink()
    return len(old)


def _reason(slot: Slot, seen: _Seen, cached: bool) -> str:
    instead = "the one from before is used" if cached else "the venue's is used, if there is one"
    return f"the player's {slot.value} cannot be used: {seen.problem}; {instead}"
