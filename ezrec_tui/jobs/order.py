"""What a Pi asks of other machines, and what comes back. Kept in the shared database as plain dicts."""

from ezrec_tui.delivery.keys import recording_mark, video_key
from ezrec_tui.delivery.store import Proof
from ezrec_tui.folders import Folders
from ezrec_tui.jobs.facts import End
from ezrec_tui.model import Manifest, MergeMethod, Value

WORKFLOW = "video"
"""Name of the workflow that makes and delivers a video."""
QUEUE = "videos"
PARCEL = "job.json"
"""Name of the staged file that says what to make of the others."""


class Order(Value):
    """A video to be made of what is staged under a mark, and to be delivered under a key."""

    booking_id: str
    mark: str
    """Tells the recording from all others, of other Pis too (see `delivery.keys.recording_mark`)."""
    key: str

    @classmethod
    def of(cls, manifest: Manifest, folders: Folders, user_id: str) -> "Order":
        """`user_id` is the venue's, for a booking that names none."""
        booking = manifest.booking
        key = video_key(booking.user_id or user_id, booking.start, folders.zone, folders.video(booking).name)
        return cls(booking_id=booking.id, mark=recording_mark(manifest), key=key)


class Made(Value):
    """What came of an order on the machine that took it."""

    end: End
    why: str = ""
    """One line for people, when it is not done."""
    machine: str = ""
    frames: int = 0
    duration_seconds: float = 0.0
    method: MergeMethod | None = None
    fallbacks: tuple[str, ...] = ()
    render_seconds: float = 0.0
    url: str = ""
    proof: Proof | None = None
    """What was delivered; its key may be another than the order's, where somebody else's video lay."""
