"""Players' media in the venue's Supabase and in a bucket: keys in the table `user_settings`, files in S3."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ezrec_tui.config import Settings
from ezrec_tui.database import Refused as DatabaseRefused
from ezrec_tui.database import Request, ask, connect
from ezrec_tui.database import Unreachable as DatabaseUnreachable
from ezrec_tui.delivery.player_media import PLACES, Slot
from ezrec_tui.delivery.s3_bucket import Bucket
from ezrec_tui.delivery.s3_target import S3Target
from ezrec_tui.delivery.store import Unreachable

if TYPE_CHECKING:
    from supabase import Client

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 5.0
"""Of a single request: a video waits for this, and is better without a logo than late."""
LONGEST_KEY = 1024

log = logging.getLogger(__name__)


def media_bucket(settings: Settings) -> str:
    """The bucket with players' media; empty without one."""
    return settings.aws_user_media_bucket or settings.aws_s3_bucket


class CloudMedia:
    """See `MediaSource`."""

    def __init__(self, settings: Settings) -> None:
        """Asks nothing of the network. Raises Refused for settings that do not hold."""
        self._settings = settings
        target = replace(S3Target.of(settings), bucket=media_bucket(settings))
        self._bucket = Bucket(replace(target, connect_seconds=CONNECT_SECONDS, answer_seconds=ANSWER_SECONDS, tries=1))
        self._client: Client | None = None

    def named(self, user_id: str) -> Mapping[Slot, str]:
        """See `MediaSource.named`. None where there is no database, no such table, or no row of the user's."""
        if not self._settings.supabase_url:
            return {}
        try:
            self._client = self._client or connect(self._settings)
            table = self._client.table("user_settings")
            rows = ask(_request(table.select("*").eq("user_id", user_id).limit(1))).rows
        except DatabaseUnreachable as error:
            raise Unreachable(f"{error}.", "It is tried again with the next video.") from error
        except DatabaseRefused as error:
            log.info("the table user_settings is not read: %s", error)
            return {}
        keys = {slot: rows[0].get(place.column) for slot, place in PLACES.items()} if rows else {}
        return {
            slot: key.strip().lstrip("/")
            for slot, key in keys.items()
            if isinstance(key, str) and 0 < len(key.strip().lstrip("/")) <= LONGEST_KEY
        }

    def fetch(self, key: str, to: Path, *, unless: str, most: int, given_up: Callable[[], bool]) -> str | None:
        """See `MediaSource.fetch`."""
        return self._bucket.fetch(key, to, unless=unless, most=most, given_up=given_up)


def _request(builder: Any) -> Request:
    """supabase-py types its requests in part only."""
    return builder
