"""One recording of one camera: a subscription to the packet stream that ends in segments and a journal."""

import errno
import logging
from collections.abc import Callable, Iterable

from ezrec_tui.accounting import intervals
from ezrec_tui.cameras.camera import CameraSpec, Packet
from ezrec_tui.logs import about
from ezrec_tui.model import NS, CameraCount, Segment
from ezrec_tui.recorder.messages import Finished, Message, SegmentClosed, Start, Started, Trouble
from ezrec_tui.recorder.ring import CONTIGUOUS_NS, Ring
from ezrec_tui.recorder.segments import SegmentFile
from ezrec_tui.recording_files import append_journal

SEGMENT_NS = 10 * NS
SYNC_NS = NS
"""Footage older than this is on the disk, whatever happens: half of the two seconds that may be lost."""
RETRY_NS = 3 * NS
"""After a failed write, so long until the disk is tried again."""
SILENCE_NS = 2 * NS
"""A recording whose end came so long ago ends without the frame that would show it."""

log = logging.getLogger(__name__)


class Recording:
    """Waits for its start, begins with what the ring holds, splits on keyframes, stops to the frame.

    Belongs to the writer's thread. A disk that fails costs frames, which are counted, and never the recording.
    """

    def __init__(
        self,
        start: Start,
        spec: CameraSpec,
        send: Callable[[Message], None],
        *,
        segment_ns: int = SEGMENT_NS,
    ) -> None:
        self.start = start
        self.end_ns = start.end_ns
        self.last_ns: int | None = None
        """PTS of the last frame on the disk."""
        self.count = CameraCount(camera=spec.index, serial=spec.serial)
        """Since this object was made; what was before, and before the first frame, `finalise` counts."""
        self.bytes = 0
        self.begun = False
        self.finished = False
        self.error: str | None = None
        """What is wrong with the disk, while it is."""
        self._spec, self._send, self._segment_ns = spec, send, segment_ns
        self._segment: SegmentFile | None = None
        self._listed = self._listed_before = self.count
        """As it was when the last segment was closed, and the one before."""
        self._last_closed: Segment | None = None
        self._unlisted: list[Segment] = []
        self._seen_ns: int | None = None
        self._synced_ns = 0
        self._retry_ns = 0
        self._started: Started | None = None

    def take(self, packet: Packet, ring: Ring) -> None:
        """Take the newest packet; the ring holds it already."""
        if self.begun:
            self._take(packet)
        elif packet.sensor_ns - self.start.epoch_sensor_ns >= self.start.start_ns:
            replay = ring.since(self.start.start_ns + self.start.epoch_sensor_ns)
            self.begun = bool(replay)
            for earlier in replay:
                self._take(earlier)

    def say_started(self) -> None:
        """Tell of the first frame, if there was one; another engine may listen now."""
        if self._started is not None:
            self._send(self._started)

    def set_end(self, end_ns: int) -> None:
        """Move the end. One that is written already, or before the start, ends it now; else the frame past it does."""
        self.end_ns = end_ns
        nothing_more_ns = self.start.start_ns if self.last_ns is None else self.last_ns
        if end_ns <= nothing_more_ns and not self.finished:
            self._finish()

    def resume(self, end_ns: int, ring: Ring) -> None:
        """Go on after it has finished: with the very next frame while the ring has it, else with the next keyframe."""
        self.end_ns, self.finished = end_ns, False
        if self.last_ns is None or self._last_closed is None:
            return
        packets = ring.after(self.last_ns + self.start.epoch_sensor_ns)
        if packets and not packets[0].keyframe:
            try:
                self._segment = SegmentFile.reopen(self.start.folder, self._spec, self._last_closed)
            except OSError as error:
                self._failed(error)
            else:
                self._listed = self._listed_before
        for packet in packets:
            self._take(packet)

    def tick(self, now_ns: int) -> None:
        """No packet waits: do what is due by the clock, `now_ns` in sensor time."""
        now_ns -= self.start.epoch_sensor_ns
        if now_ns >= self.end_ns + SILENCE_NS:
            self._finish()
        elif now_ns >= self._synced_ns + SYNC_NS:
            self._sync(now_ns)

    def close(self) -> None:
        """Close what is open; the recording is not finished and may go on later, in another process."""
        if self._segment is not None:
            segment, self._segment = self._segment, None
            try:
                closed = segment.close()
            except OSError as error:
                self._failed(error)
            else:
                if closed is not None:
                    self._last_closed = self._with_account(closed)
                    self._unlisted.append(self._last_closed)
        self._list_closed()

    def _take(self, packet: Packet) -> None:
        pts_ns = packet.sensor_ns - self.start.epoch_sensor_ns
        if self.finished or pts_ns < 0:
            return
        if pts_ns >= self.end_ns:
            self._finish()
            return
        gap = unencoded = overflowed = 0
        if self._seen_ns is not None:
            gap = max(0, intervals(pts_ns - self._seen_ns, self._spec.fps) - 1)
            overflowed = min(gap, packet.overflowed)
            unencoded = min(gap - overflowed, packet.unencoded)
        self._seen_ns = pts_ns
        written = self._write(packet, pts_ns)
        before = self.count
        self.count = before.model_copy(
            update={
                "expected": before.expected + 1 + gap,
                "captured": before.captured + 1 + unencoded + overflowed,
                "dropped": before.dropped + gap - unencoded - overflowed,
                "encoded": before.encoded + 1 + overflowed,
                "written": before.written + written,
                "bytes": self.bytes,
                "missing": before.missing + gap + (not written),
            }
        )
        if written and self._started is None:
            late = round((pts_ns - self.start.start_ns) * self._spec.fps / NS, 2)
            self._started = Started(booking_id=self.start.booking_id, first_ns=pts_ns, late_frames=late)
            self.say_started()

    def _with_account(self, closed: Segment) -> Segment:
        """What was counted since the segment before."""
        now, before = self.count, self._listed
        self._listed, self._listed_before = now, before
        return closed.model_copy(
            update={
                "expected": now.expected - before.expected,
                "captured": now.captured - before.captured,
                "dropped": now.dropped - before.dropped,
                "encoded": now.encoded - before.encoded,
            }
        )

    def _write(self, packet: Packet, pts_ns: int) -> bool:
        """Whether the frame is in a file."""
        try:
            if packet.keyframe and self._split_is_due(pts_ns):
                self.close()
            if self._segment is None:
                if not packet.keyframe or pts_ns < self._retry_ns:
                    return False
                self._segment = SegmentFile.create(self.start.folder, self._spec, pts_ns)
            before = self._segment.bytes
            self._segment.write(packet, pts_ns)
            self.bytes += self._segment.bytes - before
        except OSError as error:
            self._give_up_segment(error, pts_ns)
            return False
        self.last_ns = pts_ns
        if pts_ns >= self._synced_ns + SYNC_NS:
            self._sync(pts_ns)
        return True

    def _split_is_due(self, pts_ns: int) -> bool:
        if self._segment is None:
            return False
        half_interval_ns = NS // self._spec.fps // 2
        is_full = pts_ns - self._segment.first_ns >= self._segment_ns - half_interval_ns
        return is_full or pts_ns - self._segment.last_ns > CONTIGUOUS_NS

    def _sync(self, pts_ns: int) -> None:
        self._synced_ns = pts_ns
        if self._segment is None:
            return
        try:
            self._segment.sync()
        except OSError as error:
            self._give_up_segment(error, pts_ns)
        else:
            self._recovered()

    def _give_up_segment(self, error: OSError, pts_ns: int) -> None:
        """Close the segment as far as it got; the disk is tried again later, at a keyframe."""
        self._failed(error)
        self._retry_ns = pts_ns + RETRY_NS
        self.close()

    def _failed(self, error: OSError) -> None:
        if self.error is not None:
            return
        reason = error.strerror or str(error)
        self.error = f"cannot write to {self.start.folder}: {reason}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            to_do = "make room on the disk; the recording goes on by itself"
        else:
            to_do = (
                "check the disk and the folder's rights; the recording goes on by itself when it can be written again"
            )
        log.error("%s", self.error, extra=about(self.start.booking_id))
        self._send(Trouble(what=self.error, to_do=to_do, booking_id=self.start.booking_id))

    def _recovered(self) -> None:
        if self.error is not None:
            log.info("goes on: the disk takes it again", extra=about(self.start.booking_id))
            self.error = None

    def _list_closed(self) -> None:
        """Put closed segments into the journal; one that cannot be listed now is with the next, or found again."""
        while self._unlisted:
            try:
                append_journal(self.start.folder, self._unlisted[0])
            except OSError as error:
                self._failed(error)
                return
            segment = self._unlisted.pop(0)
            self._send(SegmentClosed(booking_id=self.start.booking_id, segment=segment))

    def _finish(self) -> None:
        self.close()
        self.finished = True
        log.info(
            "finished: %d frames expected, %d captured, %d encoded, %d written",
            self.count.expected, self.count.captured, self.count.encoded, self.count.written,
            extra=about(self.start.booking_id),
        )  # fmt: skip
        self._send(Finished(booking_id=self.start.booking_id, count=self.count))


def newest(recordings: Iterable[Recording]) -> Recording | None:
    """The recording that began last."""
    return max(
        (r for r in recordings if r.begun), key=lambda r: r.start.epoch_sensor_ns + r.start.start_ns, default=None
    )
