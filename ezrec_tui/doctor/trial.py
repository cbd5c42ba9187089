"""What a trial booking has left in its folder, looked at part by part: each part of the pipeline is a check."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from ezrec_tui.check.decode import decode
from ezrec_tui.delivery.publish import LocalRecord, Unreachable
from ezrec_tui.demo.run import MAIN_LOGO, SMALL_LOGO, logo_pixels
from ezrec_tui.demo.samples import INTRO_SECONDS
from ezrec_tui.doctor.checks import Check, Failed, Found
from ezrec_tui.model import EventType, PublishedStatus
from ezrec_tui.sums import sha256_of
from ezrec_tui.video.brand import MARGIN
from ezrec_tui.video.errors import VideoError
from ezrec_tui.video.probe import open_video

Luma = NDArray[np.uint8]
"""(height, width), brightness alone."""

EVENTS = tuple(event for event in EventType if event is not EventType.JOB_FAILED)
ENOUGH = 0.5
"""Of the frames that were to be recorded: a machine that is busy may lose some of a test pattern's."""
SAME = 8
"""Levels of brightness by which most places of the same picture differ at most, encoded twice."""
LOGO = 20
"""Levels by which a place with a logo differs from the picture below it at least, in the mean."""
LENGTH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A demo's booking that is over, and where it lies."""

    data: Path
    booking_id: str
    size: tuple[int, int]
    """Of a camera's picture."""
    fps: int
    seconds: float
    trouble: str = ""
    """Why the booking did not get to its end, where it did not."""

    @property
    def log(self) -> Path:
        return self.data / "logs" / "ezrec.log"

    def checks(self) -> tuple[Check, ...]:
        """In the order in which they are told."""
        return (
            Check("event system", self.look_at_events),
            Check("video merge", self.look_at_merge, 60),
            Check("video processing", self.look_at_processing, 60),
            Check("upload", self.look_at_upload),
            Check("recording", self.look_at_recording, 60),
        )

    def look_at_events(self) -> Found:
        """One event of each transition, each a whole JSON file that says what its name says."""
        for event in EVENTS:
            body = self._event(event)
            if body.get("event_type") != event.value or body.get("booking_id") != self.booking_id:
                raise self._wrong(f"the event {event.value} says something else")
        return Found(f"{len(EVENTS)} events, each whole: {', '.join(EVENTS)}")

    def look_at_recording(self) -> Found:
        """Both cameras' segments decode wholly, and hold the booking."""
        asked = round(self.seconds * self.fps)
        counts: list[int] = []
        for camera in (0, 1):
            with self._reading(f"the recording of camera {camera + 1}"):
                decoded = [decode(segment, _unheard) for segment in self._segments(camera)]
            if errors := sum(one.errors for one in decoded):
                raise self._wrong(f"the recording of camera {camera + 1} is damaged, at {errors} places")
            counts.append(sum(one.frames for one in decoded))
            if counts[-1] < asked * ENOUGH:
                raise Failed(
                    f"camera {camera + 1} recorded {counts[-1]} of {asked} frames",
                    "end what else keeps this machine busy, look whether it is too hot, and try again",
                )
        return Found(f"2 cameras, {counts[0]} and {counts[1]} frames, all decoded; the booking takes {asked} of each")

    def look_at_merge(self) -> Found:
        """The video is as wide as both pictures without what both see, and each half of it is its camera's picture."""
        width, height = self.size
        picture = self._middle()
        canvas = (2 * width - width // 16 * 2, height)
        if picture.shape != (canvas[1], canvas[0]):
            raise self._wrong("the video is {1}x{0} in place of {2}x{3}".format(*picture.shape, *canvas))
        for camera, half in enumerate(self._halves(picture)):
            if np.median(self._difference(camera, half)) > SAME:
                raise self._wrong(f"what camera {camera + 1} saw is not in the video")
        return Found("both cameras' pictures are joined as one of {}x{}".format(*canvas))

    def look_at_processing(self) -> Found:
        """The video decodes wholly, begins with the intro, and has its three logos; nothing was left out."""
        video = self._video()
        with self._reading("the video"):
            decoded = decode(video, _unheard)
        if decoded.errors or not decoded.frames:
            raise self._wrong(f"the video is damaged: {decoded.frames} frames can be decoded, {decoded.errors} errors")
        if left_out := self._event(EventType.VIDEO_READY).get("fallbacks"):
            raise self._wrong(f"the video was made without: {'; '.join(map(str, left_out))}")
        if abs(decoded.seconds - self.seconds - INTRO_SECONDS) > LENGTH_SECONDS:
            raise self._wrong(
                f"the video lasts {decoded.seconds:.1f} s in place of {self.seconds + INTRO_SECONDS:.1f} s"
            )
        if np.median(self._difference(0, self._halves(self._at(video, INTRO_SECONDS / 2))[0])) <= SAME:
            raise self._wrong("the video does not begin with the intro")
        left, right = (self._difference(camera, half) for camera, half in enumerate(self._halves(self._middle())))
        main, small = (MARGIN + logo_pixels(pixels, self.size[0]) for pixels in (MAIN_LOGO, SMALL_LOGO))
        places = {
            "venue": right[-main:-MARGIN, -main:-MARGIN],
            "player": right[MARGIN:small, -small:-MARGIN],
            "sponsor": left[-small:-MARGIN, MARGIN:small],
        }
        for whose, place in places.items():
            if place.mean() < LOGO:
                raise self._wrong(f"the {whose}'s logo is not in the video")
        return Found(f"intro and {len(places)} logos are in a video of {decoded.seconds:.1f} s, all decoded")

    def look_at_upload(self) -> Found:
        """One row, the status Completed, and in the store the very bytes of the video."""
        record = LocalRecord(self.data / "published.db")
        try:
            rows, status = record.videos(), record.booking_status(self.booking_id)
        except (Unreachable, ValueError) as error:
            raise self._wrong(f"what was published cannot be read ({error})") from error
        if [row.booking_id for row in rows] != [self.booking_id]:
            raise self._wrong(f"{len(rows)} videos are published in place of one")
        if status is not PublishedStatus.COMPLETED:
            raise self._wrong(f"the booking is published as {status.value if status else 'nothing'}, not as Completed")
        delivered = self.data / "delivered" / rows[0].storage_path
        with self._reading("what was uploaded"):
            if sha256_of(delivered) != sha256_of(self._video()):
                raise self._wrong("what lies in the store is not the video")
            size = delivered.stat().st_size
        return Found(f"{size / 1e6:.1f} MB in the store, the very bytes of the video; one row, published as Completed")

    # What lies there

    def _segments(self, camera: int) -> list[Path]:
        found = sorted(self.data.glob(f"recordings/*/{self.booking_id}/camera-{camera}_*.ts"))
        if not found:
            raise self._wrong(f"camera {camera + 1} recorded nothing")
        return found

    def _video(self) -> Path:
        found = sorted(self.data.glob(f"processed/*/{self.booking_id}.mp4"))
        if not found:
            raise self._wrong("there is no video")
        return found[0]

    def _event(self, event: EventType) -> dict[str, Any]:
        path = self.data / "events" / f"{event.value}_{self.booking_id}.event"
        try:
            body = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise self._wrong(f"the event {event.value} is not there, or not whole ({error})") from error
        if not isinstance(body, dict):
            raise self._wrong(f"the event {event.value} is no JSON object")
        return body

    # Pictures

    def _middle(self) -> Luma:
        """The video's picture in the middle of the recording."""
        return self._at(self._video(), INTRO_SECONDS + self.seconds / 2)

    def _at(self, video: Path, second: float) -> Luma:
        with self._reading("the video"):
            for at, picture in _pictures(video):
                if at >= second:
                    return picture
        raise self._wrong(f"the video ends before second {second:g}")

    def _halves(self, picture: Luma) -> tuple[Luma, Luma]:
        """What is of one camera alone: the first columns of the left one's picture, the last of the right one's."""
        alone = self.size[0] - self.size[0] // 16 * 2
        return picture[:, :alone], picture[:, -alone:]

    def _difference(self, camera: int, half: Luma) -> NDArray[np.int16]:
        """Of each place to the recorded picture of that camera that is most like it."""
        nearest: NDArray[np.int16] | None = None
        with self._reading(f"the recording of camera {camera + 1}"):
            for segment in self._segments(camera):
                for _, picture in _pictures(segment):
                    own = picture[:, : half.shape[1]] if camera == 0 else picture[:, -half.shape[1] :]
                    if own.shape != half.shape:
                        raise self._wrong(f"the picture of camera {camera + 1} has another size than was asked for")
                    apart = np.abs(own.astype(np.int16) - half)
                    if nearest is None or apart.mean() < nearest.mean():
                        nearest = apart
        if nearest is None:
            raise self._wrong(f"the recording of camera {camera + 1} has no picture in it")
        return nearest

    @contextmanager
    def _reading(self, what: str) -> Generator[None]:
        try:
            yield
        except (OSError, VideoError, FFmpegError) as error:
            raise self._wrong(f"{what} cannot be read ({error})") from error

    def _wrong(self, what: str) -> Failed:
        return Failed(f"{what}: {self.trouble}" if self.trouble else what, f"read why in {self.log}")


def _pictures(path: Path) -> Iterator[tuple[float, Luma]]:
    """Seconds since the first picture, and the picture. Raises VideoError, FFmpegError."""
    with open_video(path) as (container, stream):
        first: float | None = None
        for frame in container.decode(stream):
            first = frame.time if first is None else first
            yield frame.time - first, frame.to_ndarray(format="gray").astype(np.uint8, copy=False)


def _unheard(_: int) -> None:
    """Nobody watches how much was read."""
