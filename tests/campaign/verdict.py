"""What came of a booking: one whole video, delivered and published once, and which frames are not in it, and why."""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlparse

import av

from ezrec_tui.delivery.publish import LocalRecord
from ezrec_tui.model import NS, EventType, JobState, PublishedStatus
from tests.campaign.booking import BOOKING_ID, SIZE, Outcome
from tests.campaign.kills import Kill, Target
from tests.whole.numbers import PERIOD_NS, Recorded, frames_within, on_disk, planned, recorded, sensor_time

CAMERAS = 0, 1
ENDING_NS = NS
"""What is missing so soon after a kill of the engine is laid to it: its recorders may take so long to end."""


@dataclass(frozen=True)
class Loss:
    """What a kill did to one half of the video, in frames."""

    kill: Kill
    camera: int
    lost: int
    """Frames that had been captured before the kill and are not in the video."""
    away: int
    """Frames that nobody captured, until the process was back."""

    @property
    def cost(self) -> int:
        """Frames that may not be many. A kill of the engine ends no recorder: those that nobody captured, too."""
        return self.lost + (self.away if self.kill.target is Target.ENGINE else 0)


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    wrong: tuple[str, ...]
    """Promises that were broken, a sentence each."""
    losses: tuple[Loss, ...] = ()
    frames: int = 0
    """Frames of the video."""
    gaps: int = 0
    """Frames missing on both sides of which there are others, with no kill in between: a camera was late."""
    unshown: int = 0
    """Frames in the segments, within the booking, that the video does not show."""


def judge(outcome: Outcome) -> Verdict:
    """Look at all that a booking left."""
    wrong = list(_broken_promises(outcome))
    if wrong:
        return Verdict(outcome, tuple(wrong))
    found = recorded(outcome.data, BOOKING_ID, SIZE)
    wrong += _broken_video(outcome, found)
    losses: list[Loss] = []
    gaps = unshown = 0
    for camera, half in zip(CAMERAS, found.halves, strict=True):
        shown = {number for number in half if number is not None}
        of_camera, missing = account(outcome, camera, shown)
        losses += of_camera
        gaps += missing
        unshown += len((on_disk(found.folder, found.manifest, camera) & set(wanted_frames(outcome))) - shown)
    return Verdict(outcome, tuple(wrong), tuple(losses), len(found.seen.left), gaps, unshown)


def _broken_promises(outcome: Outcome) -> Iterator[str]:
    data = outcome.data
    if outcome.job is None or outcome.job.state is not JobState.DONE:
        yield f"the job is not done: {outcome.job}"
        return
    videos = sorted((data / "processed").rglob("*.mp4"))
    delivered = sorted((data / "delivered").rglob("*.mp4"))
    if len(videos) != 1:
        yield f"{len(videos)} videos: {videos}"
        return
    if [path.read_bytes() == videos[0].read_bytes() for path in delivered] != [True]:
        yield f"what is delivered is not the video, once: {delivered}"
    record = LocalRecord(data / "published.db")
    rows = record.videos()
    if [row.booking_id for row in rows] != [BOOKING_ID]:
        yield f"{len(rows)} rows of videos"
    elif [Path(unquote(urlparse(rows[0].video_url).path))] != delivered:
        yield f"the row names {rows[0].video_url}"
    status = record.booking_status(BOOKING_ID)
    if status is not PublishedStatus.COMPLETED:
        yield f"the booking's status is {status}"
    events = {event: data / "events" / f"{event.value}_{BOOKING_ID}.event" for event in EventType}
    for event, path in events.items():
        if path.exists() == (event is EventType.JOB_FAILED):
            yield f"the event {event.value} is {'there' if path.exists() else 'missing'}"
        elif path.exists():
            json.loads(path.read_text())
    for partial in data.rglob("*.partial"):
        yield f"left over: {partial}"


def _broken_video(outcome: Outcome, found: Recorded) -> Iterator[str]:
    [video] = (outcome.data / "processed").rglob("*.mp4")
    with av.open(str(video)) as container:
        said = container.streams.video[0].frames
    if said != found.seen.intro + len(found.seen.left):
        yield f"the video says {said} frames, {found.seen.intro + len(found.seen.left)} can be decoded"
    if found.seen.intro:
        yield f"{found.seen.intro} frames at the beginning show neither camera"
    wanted = wanted_frames(outcome)
    if planned(found.manifest) != wanted:
        yield f"recorded was {planned(found.manifest)}, booked {wanted}"
    for side, half in zip(("left", "right"), found.halves, strict=True):
        shown = [number for number in half if number is not None]
        if any(after < before for before, after in pairwise(shown)):
            yield f"the {side} half goes back"
        strangers = set(shown) - set(wanted)
        if strangers:
            yield f"the {side} half shows {len(strangers)} frames outside of the booking"
    for left, right in zip(*found.halves, strict=True):
        if left is None and right is None:
            yield "a frame in the middle shows neither camera"


def wanted_frames(outcome: Outcome) -> range:
    return frames_within(sensor_time(outcome.start), sensor_time(outcome.end))


def account(outcome: Outcome, camera: int, shown: set[int]) -> tuple[list[Loss], int]:
    """Lay the frames that are missing on one half to the kills that concern this camera; the rest are gaps.

    After a kill (or a little later, see ENDING_NS), what is missing up to the first frame that is shown was not
    captured, unless the camera was seen recording by then. What is missing from the last frame that is shown up to a
    kill was captured and lost.
    """
    kills = sorted((kill for kill in outcome.kills if kill.concerns(camera)), key=lambda kill: kill.at_ns)
    instants = [kill.at_ns for kill in kills]
    lost, away = [0] * len(kills), [0] * len(kills)
    gaps = 0
    numbers = sorted(shown)
    for number in wanted_frames(outcome):
        if number in shown:
            continue
        at_ns = number * PERIOD_NS
        following = bisect_left(instants, at_ns)
        place = bisect_left(numbers, number)
        before_ns = numbers[place - 1] * PERIOD_NS if place else -1
        after_ns = numbers[place] * PERIOD_NS if place < len(numbers) else None
        is_first = following > 0 and before_ns <= instants[following - 1] + ENDING_NS
        is_last = following < len(kills) and (after_ns is None or after_ns > instants[following])
        if is_first and not (is_last and _was_seen_flowing(outcome, camera, instants[following - 1], at_ns)):
            away[following - 1] += 1
        elif is_last:
            lost[following] += 1
        else:
            gaps += 1
    losses = [Loss(kill, camera, lost[place], away[place]) for place, kill in enumerate(kills)]
    return losses, gaps


def _was_seen_flowing(outcome: Outcome, camera: int, from_ns: int, to_ns: int) -> bool:
    return any(seen.camera == camera and from_ns < seen.at_ns <= to_ns for seen in outcome.flowing)
