"""Where a video lies in a store, and the address under which the world finds it."""

import hashlib
from datetime import UTC, datetime, tzinfo
from urllib.parse import quote

from ezrec_tui.files import safe_name
from ezrec_tui.model import Manifest

NO_USER = "no-user"
"""First part of the key of a video that belongs to nobody."""


def video_key(user_id: str, start: datetime, zone: tzinfo, filename: str) -> str:
    """`{user_id}/{YYYY-MM-DD}/{filename}.mp4`, the date that of `start` (aware) in the venue's zone.

    Ids from outside are made safe, so that no part holds a slash, is hidden, empty, or leads out of its place.
    """
    day = start.astimezone(zone).date().isoformat()
    return f"{safe_name(user_id.strip() or NO_USER)}/{day}/{safe_name(filename.removesuffix('.mp4'))}.mp4"


def recording_mark(manifest: Manifest) -> str:
    """Tells a recording from all others, of other machines too, and says nothing of it."""
    text = f"{manifest.booking.id}\n{manifest.epoch.astimezone(UTC).isoformat()}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def beside(key: str, sha256: str) -> str:
    """The key for a video of these bytes where another one lies under its own."""
    return f"{key.removesuffix('.mp4')}-{sha256[:8]}.mp4"


def public_url(key: str, *, bucket: str, region: str, endpoint: str = "") -> str:
    """The https address of an object: below AWS's own host, or below the endpoint of another store (and no bucket, when
    its name is in the endpoint)."""
    path = quote(key, safe="/-_.~")
    if endpoint:
        return "/".join(part for part in (endpoint.rstrip("/"), bucket, path) if part)
    return f"https://{bucket}.s3.{region}.amazonaws.com/{path}"
