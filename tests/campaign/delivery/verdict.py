"""What came of each booking: one object whose bytes equal the file's, one row, the right status, nothing half."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from ezrec_tui.model import JobState, PublishedStatus
from tests.campaign.delivery.cloud import LOOKED_AT, Cloud
from tests.campaign.delivery.venue import Venue

ORDER = [
    PublishedStatus.RECORDING,
    PublishedStatus.RECORDING_FINISHED,
    PublishedStatus.PROCESSING,
    PublishedStatus.UPLOADING,
    PublishedStatus.COMPLETED,
]


def broken_promises(cloud: Cloud, venue: Venue) -> list[str]:
    """A sentence each."""
    return [*_of_bookings(cloud, venue), *_of_all(cloud, venue)]


def _of_bookings(cloud: Cloud, venue: Venue) -> Iterator[str]:
    jobs = venue.jobs()
    client = cloud.bucket.server.client()
    rows = Counter(row["booking_id"] for row in cloud.database.sql("SELECT booking_id FROM videos"))
    keys = {row["storage_path"] for row in cloud.database.sql("SELECT storage_path FROM videos")}
    stored = set(keys_of(cloud))
    for name in venue.booking_ids:
        job = jobs.get(name)
        if job is None or job.state is not JobState.DONE:
            yield f"{name}: its job is not done: {job}"
            continue
        key = venue.key(name)
        if key not in stored:
            yield f"{name}: there is no object"
        elif client.get_object(Bucket=cloud.bucket.name, Key=key)["Body"].read() != venue.video(name).read_bytes():
            yield f"{name}: the object is not the file"
        if rows[name] != 1 or key not in keys:
            yield f"{name}: {rows[name]} rows in videos"
        told = cloud.told(name)
        distinct = list(dict.fromkeys(told))
        if distinct != [status.value for status in ORDER]:
            yield f"{name}: its statuses were {distinct}"
        if any(ORDER.index(PublishedStatus(b)) < ORDER.index(PublishedStatus(a)) for a, b in pairwise(told)):
            yield f"{name}: its status went backwards: {told}"


def _of_all(cloud: Cloud, venue: Venue) -> Iterator[str]:
    wanted = {venue.key(name) for name in venue.booking_ids}
    if strangers := set(keys_of(cloud)) - wanted:
        yield f"objects of no booking: {sorted(strangers)}"
    if begun := cloud.bucket.unfinished(but=LOOKED_AT):
        yield f"uploads that are begun and neither completed nor aborted: {begun}"
    if count := venue.waiting_rows():
        yield f"{count} rows wait to be sent"
    for left in venue.folders.data.rglob("*.partial"):
        yield f"left over: {left}"


def keys_of(cloud: Cloud) -> list[str]:
    """Of all objects, the oldest first."""
    pages = cloud.bucket.server.client().get_paginator("list_objects_v2").paginate(Bucket=cloud.bucket.name)
    found = [one for page in pages for one in page.get("Contents", [])]
    times = {one["Key"]: one["LastModified"] for one in found if "Key" in one and "LastModified" in one}
    return sorted(times, key=lambda key: times[key])
