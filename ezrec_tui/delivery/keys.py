"""Where a video lies in a store, and the address under which the world finds it."""

import hashlib
from datetime import UTC, datetime, tzinfo
from mimetypes import MimeTypes
from urllib.parse import quote

from ezrec_tui.files import safe_name
from ezrec_tui.model import Manifest

TYPES = MimeTypes()
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


def content_type(key: str) -> str:
    """What an object is said to be, by its key's ending: `video/mp4` for a video."""
    return TYPES.guess_type(key, strict=False)[0] or "application/octet-stream"


def public_url(key: str, *, bucket: str, region: str, endpoint: str = "") -> str:
    """The https address of an object: below AWS's own host, or below the endpoint of another store (and no bucket, when
    its name is in the endpoint)."""
    path = quote(key, safe="/-_.~")
    if endpoint:
        return "/".join(part for part in (endpoint.rstrip("/"), bucket, path) if part)
    return f"https://{bucket}.s3.{region}.amazonaws.com/{path}"
