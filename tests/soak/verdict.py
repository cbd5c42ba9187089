"""What came of the bookings: one whole video each, in the store, published once, and nothing left over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ezrec_tui.delivery.outbox import Outbox
from ezrec_tui.model import NS, PublishedStatus
from tests.campaign.booking import SIZE
from tests.campaign.delivery.cloud import LOOKED_AT, Cloud
from tests.campaign.delivery.verdict import keys_of
from tests.processes import processes_of
from tests.soak.day import Slot
from tests.whole.numbers import FPS, LATE_SHARE, frames_within, sensor_time
from tests.whole.seen import look_at


def broken_promises(
    slots: Sequence[Slot], cloud: Cloud, data: Path, scratch: Path, costs: Sequence[tuple[float, float]]
) -> Iterator[str]:
    """A sentence each. `costs`: instants of the sensors' clock, in seconds, and how many seconds of footage from then
    a fault may have cost."""
    rows = Counter(row["booking_id"] for row in cloud.database.sql("SELECT booking_id FROM videos"))
    keys = {Path(key).stem: key for key in keys_of(cloud)}
    for slot in slots:
        told = cloud.told(slot.id)
        if rows[slot.id] != 1:
            yield f"{slot.id}: {rows[slot.id]} rows in videos"
        if not told or told[-1] != PublishedStatus.COMPLETED.value:
            yield f"{slot.id}: its statuses were {told}"
        if slot.id not in keys:
            yield f"{slot.id}: there is no object"
            continue
        video = scratch / f"{slot.id}.mp4"
        cloud.bucket.server.client().download_file(cloud.bucket.name, keys[slot.id], str(video))
        yield from _of_a_video(slot, video, costs)
        video.unlink()
    if strangers := keys.keys() - {slot.id for slot in slots}:
        yield f"objects of no booking: {sorted(strangers)}"
    if len(keys) != len(keys_of(cloud)):
        yield f"{len(keys_of(cloud)) - len(keys)} objects too many"
    if begun := cloud.bucket.unfinished(but=LOOKED_AT):
        yield f"uploads that are begun and neither completed nor aborted: {begun}"
    outbox = Outbox(data / "outbox.db")
    if count := outbox.waiting():
        yield f"{count} rows wait to be sent"
    outbox.close()
    for partial in data.rglob("*.partial"):
        yield f"left over: {partial}"
    for process, line in processes_of(data):
        yield f"still runs: {process.pid} {line}"


def _of_a_video(slot: Slot, video: Path, costs: Sequence[tuple[float, float]]) -> Iterator[str]:
    start, end = sensor_time(slot.start), sensor_time(slot.end)
    wanted = frames_within(start, end)
    excused = sum(max(0.0, min(at + seconds, end / NS) - max(at - 2, start / NS)) for at, seconds in costs)
    most = round(LATE_SHARE * len(wanted) + excused * FPS)
    for side, half in zip(("left", "right"), zip(*look_at(video, SIZE).numbers, strict=True), strict=True):
        shown = {number for number in half if number is not None}
        missing = len(set(wanted) - shown)
        if strangers := shown - set(wanted):
            yield f"{slot.id}: the {side} half shows {len(strangers)} frames outside of the booking"
        if missing > most:
            yield f"{slot.id}: {missing} of {len(wanted)} frames are missing on the {side}, faults explain {most}"
