"""What a recording promises of its frames, shown on real packets and real files, faster than real time."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ezrec_tui.cameras.camera import Packet
from ezrec_tui.model import NS
from ezrec_tui.recorder.intake import Inbox
from ezrec_tui.recorder.messages import (
    Arm,
    Disarm,
    Finished,
    Message,
    Order,
    SegmentClosed,
    SetEnd,
    Start,
    Started,
    Trouble,
)
from ezrec_tui.recorder.recording import SEGMENT_NS, Recording
from ezrec_tui.recorder.ring import Ring
from ezrec_tui.recorder.writer import Writer
from ezrec_tui.recording_files import find_segments, ns_of, pts_of, survey
from tests.recorder.footage import EPOCH_NS, SPEC, booking, clock_of, film, frames_in

MessageT = TypeVar("MessageT", bound=Message)


class Run:
    """A writer that worked through packets and commands, in order."""

    def __init__(self, items: Iterable[Packet | Order], ring_seconds: float = 10) -> None:
        self.messages: list[Message] = []
        self.packets_wanted: list[bool] = []
        inbox = Inbox()
        for item in items:
            inbox.put(item)
        inbox.put(None)
        self.writer = Writer(
            inbox,
            SPEC,
            ring_ns=round(ring_seconds * NS),
            now=lambda: EPOCH_NS,
            send=self.messages.append,
            want_packets=self.packets_wanted.append,
            changed=lambda: None,
            alone_ns=NS,
            not_needed=lambda: None,
        )
        self.writer.run()

    def of(self, kind: type[MessageT]) -> list[MessageT]:
        return [m for m in self.messages if isinstance(m, kind)]


class OnDisk:
    """One recording that is fed by hand."""

    def __init__(self, folder: Path, end_seconds: float = 1000, segment_ns: int = SEGMENT_NS) -> None:
        self.messages: list[Message] = []
        start = booking(folder, 60, end_seconds)
        self.recording = Recording(start, SPEC, self.messages.append, segment_ns=segment_ns)
        self.ring = Ring(10 * NS)

    def take(self, packets: Iterable[Packet]) -> None:
        for packet in packets:
            self.ring.append(packet)
            self.recording.take(packet, self.ring)

    def troubles(self) -> list[Trouble]:
        return [m for m in self.messages if isinstance(m, Trouble)]


def read_back(packets: Iterable[Packet]) -> list[int]:
    """The PTS in ns that a file gives for packets."""
    return [ns_of(pts_of(p.sensor_ns - EPOCH_NS)) for p in packets]


def at(packets: list[Packet], seconds: float) -> int:
    """Index of the first packet at or after an instant of the recording's clock."""
    return next(n for n, p in enumerate(packets) if p.sensor_ns - EPOCH_NS >= round(seconds * NS))


@settings(max_examples=30, deadline=None)
@given(start=st.floats(61, 75), length=st.floats(0.01, 20), asked_at=st.floats(60, 76))
def test_a_recording_holds_every_frame_from_its_start_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, start: float, length: float, asked_at: float
) -> None:
    folder = tmp_path_factory.mktemp("recording")
    packets = film(40)
    asked = at(packets, asked_at)
    order = booking(folder, start, start + length)
    run = Run([*packets[:asked], order, *packets[asked:]], ring_seconds=20)
    clock = clock_of(folder)
    inside = [ns for ns in read_back(packets) if order.start_ns <= ns < order.end_ns]
    assert [ns for ns in clock if ns >= order.start_ns] == inside
    assert all(ns < order.end_ns for ns in clock), "to the frame"
    assert clock[0] <= order.start_ns < clock[0] + 2 * NS, "from the keyframe before"
    (finished,) = run.of(Finished)
    assert (finished.count.written, finished.count.dropped) == (len(clock), 0)


def test_segments_are_ten_seconds_begin_with_a_keyframe_and_sort_in_time(tmp_path: Path) -> None:
    run = Run([booking(tmp_path, 60, 95), *film(40)])
    closed = [m.segment for m in run.of(SegmentClosed)]
    assert [s.frames for s in closed] == [250, 250, 250, 125]
    assert survey(tmp_path).segments == tuple(closed), "the journal says the same"
    names = sorted(path.name for path in tmp_path.glob("*.ts"))
    assert names == [f"camera-0_0000000{second}000.ts" for second in ("60", "70", "80", "90")]
    for name in names:
        pictures = list(frames_in(tmp_path / name))
        assert pictures[0].key_frame
        assert len(pictures) in (250, 125)
    assert run.of(Started)[0].first_ns == 60 * NS


def test_adjacent_recordings_lose_no_frame_and_share_the_packets(tmp_path: Path) -> None:
    packets = film(20)
    first, second = tmp_path / "1", tmp_path / "2"
    cut = at(packets, 70)
    late = cut + 40  # the engine is late with the second start
    items = [booking(first, 60, 70, "b1"), *packets[:late], booking(second, 70, 78, "b2"), *packets[late:]]
    run = Run(items)
    assert clock_of(first) == read_back(packets[:cut])
    clock = clock_of(second)
    assert clock == read_back(packets[cut : at(packets, 78)])
    assert [m.booking_id for m in run.of(Finished)] == ["b1", "b2"]


def test_overlapping_recordings_each_hold_all_of_theirs(tmp_path: Path) -> None:
    packets = film(20)
    Run([booking(tmp_path / "1", 60, 70, "b1"), booking(tmp_path / "2", 65, 75, "b2"), *packets])
    assert clock_of(tmp_path / "1") == read_back(packets[: at(packets, 70)])
    assert clock_of(tmp_path / "2") == read_back(packets[at(packets, 65) : at(packets, 75)])


def test_an_end_moved_ahead_and_back_is_kept_to_the_frame(tmp_path: Path) -> None:
    packets = film(20)
    extend, shorten = SetEnd(booking_id="b1", end_ns=75 * NS), SetEnd(booking_id="b1", end_ns=72 * NS + 1)
    Run([booking(tmp_path, 60, 65), *packets[:100], extend, *packets[100:200], shorten, *packets[200:]])
    assert clock_of(tmp_path) == read_back(packets[: at(packets, 72) + 1])


def test_an_end_in_the_past_ends_at_once_and_unknown_recordings_are_left_alone(tmp_path: Path) -> None:
    packets = film(5)
    past, unknown = SetEnd(booking_id="b1", end_ns=61 * NS), SetEnd(booking_id="b2", end_ns=1)
    run = Run([booking(tmp_path, 60, 90), unknown, *packets[:100], past, *packets[100:]])
    assert clock_of(tmp_path) == read_back(packets[:100])
    assert len(run.of(Finished)) == 1


def test_a_recording_called_off_before_its_start_is_finished_and_leaves_no_file(tmp_path: Path) -> None:
    run = Run([booking(tmp_path, 62, 65), *film(1), SetEnd(booking_id="b1", end_ns=62 * NS), *film(5)[25:]])
    assert run.of(Finished)[0].count.written == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("again", [booking(Path(), 60, 75), SetEnd(booking_id="b1", end_ns=75 * NS)])
@pytest.mark.parametrize("stopped_at", [1, 100, 124, 125, 126, 260])
def test_a_recording_that_goes_on_after_its_end_holds_every_frame_once(
    tmp_path: Path, again: Start | SetEnd, stopped_at: int
) -> None:
    if isinstance(again, Start):
        again = again.model_copy(update={"folder": tmp_path})
    packets = film(20)
    stop = SetEnd(booking_id="b1", end_ns=60 * NS)
    heard = stopped_at + 60
    run = Run(
        [booking(tmp_path, 60, 72), *packets[:stopped_at], stop, *packets[stopped_at:heard], again, *packets[heard:]]
    )
    until = at(packets, 75)
    assert clock_of(tmp_path) == read_back(packets[:until])
    segments = survey(tmp_path).segments
    assert [len(list(frames_in(tmp_path / s.name))) for s in segments] == [s.frames for s in segments]
    assert sum(s.frames for s in segments) == sum(s.captured for s in segments) == until
    assert [m.count.written for m in run.of(Finished)] == [stopped_at, until]
    assert run.of(Finished)[-1].count.missing == 0


def test_a_segment_that_was_gone_on_with_is_found_whole_without_the_journal(tmp_path: Path) -> None:
    packets = film(12)
    stop, again = SetEnd(booking_id="b1", end_ns=60 * NS), SetEnd(booking_id="b1", end_ns=68 * NS)
    Run([booking(tmp_path, 60, 70), *packets[:30], stop, *packets[30:50], again, *packets[50:]])
    (tmp_path / "camera-0.jsonl").unlink()
    assert sum(s.frames for s in find_segments(tmp_path)) == 200


def test_a_recording_that_goes_on_later_than_the_ring_reaches_goes_on_with_a_keyframe(tmp_path: Path) -> None:
    packets = film(40)
    stop, again = SetEnd(booking_id="b1", end_ns=60 * NS), booking(tmp_path, 60, 98)
    run = Run([booking(tmp_path, 60, 90), *packets[:100], stop, *packets[100:810], again, *packets[810:]])
    assert clock_of(tmp_path) == read_back([*packets[:100], *packets[825 : at(packets, 98)]])
    count = run.of(Finished)[-1].count
    assert (count.expected, count.missing) == (at(packets, 98), 725)


def test_a_start_said_again_changes_the_end_alone(tmp_path: Path) -> None:
    packets = film(10)
    run = Run([booking(tmp_path, 60, 90), *packets[:100], booking(tmp_path, 60, 65), *packets[100:]])
    assert clock_of(tmp_path) == read_back(packets[: at(packets, 65)])
    first, again = run.of(Started)
    assert first == again, "said again, as it may be another engine that asks"
    assert len(run.of(Finished)) == 1


def test_a_restart_in_the_same_folder_never_takes_a_name_twice(tmp_path: Path) -> None:
    packets = film(3)
    for _ in range(3):  # even when the clock was set back and the same PTS come again
        Run([booking(tmp_path, 60, 90), *packets])
    assert [s.frames for s in find_segments(tmp_path)] == [75, 75, 75]
    assert len(survey(tmp_path).problems) == 0


def test_a_camera_that_was_away_goes_on_in_a_new_segment_and_its_frames_are_counted(tmp_path: Path) -> None:
    before, after = film(3), film(3, 66 * NS)
    run = Run([booking(tmp_path, 60, 68), *before, *after])
    assert [(s.first_ns, s.frames) for s in find_segments(tmp_path)] == [(60 * NS, 75), (66 * NS, 50)]
    (finished,) = run.of(Finished)
    assert (finished.count.captured, finished.count.dropped, finished.count.written) == (125, 75, 125)


def test_frames_missing_in_sensor_time_are_counted(tmp_path: Path) -> None:
    packets = film(3)
    run = Run([booking(tmp_path, 60, 62), *packets[:10], *packets[13:40], *packets[41:]])
    (finished,) = run.of(Finished)
    assert (finished.count.dropped, finished.count.written) == (4, 46)


def test_the_camera_runs_while_it_is_armed_or_something_is_recorded(tmp_path: Path) -> None:
    packets = film(5)
    run = Run([Arm(), booking(tmp_path, 60, 63), Disarm(), *packets[:100], Arm(), Disarm()])
    assert run.packets_wanted == [True, True, True, False, True, False]


def test_a_recording_whose_end_comes_without_a_frame_is_finished(tmp_path: Path) -> None:
    disk = OnDisk(tmp_path, end_seconds=65)
    disk.take(film(3))
    disk.recording.tick(EPOCH_NS + 66 * NS)
    assert not disk.recording.finished
    disk.recording.tick(EPOCH_NS + 67 * NS)
    assert disk.recording.finished
    assert [s.frames for s in find_segments(tmp_path)] == [75]


def test_a_disk_that_refuses_costs_frames_is_reported_once_and_is_taken_again_when_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "booking"
    folder.touch()  # no folder can be made where a file lies
    disk = OnDisk(folder)
    packets = film(20)
    disk.take(packets[:200])
    assert len(disk.troubles()) == 1
    assert str(folder) in disk.troubles()[0].what
    assert disk.recording.count.missing == 200
    folder.unlink()
    disk.take(packets[200:])
    disk.recording.close()
    assert disk.recording.error is None
    clock = clock_of(folder)
    assert clock == read_back(packets)[-len(clock) :]
    assert len(clock) >= 500 - 200 - 3 * 25 - 25, "tried again every three seconds, at a keyframe"
    assert disk.recording.count.missing == 500 - len(clock)
    assert disk.recording.count.dropped == 0, "the camera gave them all"
    assert (disk.recording.count.captured, disk.recording.count.encoded) == (500, 500)
    assert len(disk.troubles()) == 1


def test_memory_and_descriptors_are_flat_over_a_thousand_segments(tmp_path: Path) -> None:
    """Each a whole GOP of a second, through the writer's own path, closed, synced and listed."""
    me = psutil.Process()
    gop = film(1)
    disk = OnDisk(tmp_path, end_seconds=100_000, segment_ns=NS)

    def segments(first: int, count: int) -> None:
        for number in range(first, first + count):
            disk.take(Packet(p.data, p.sensor_ns + number * NS, p.keyframe) for p in gop)
            disk.messages.clear()

    segments(0, 100)
    descriptors, memory = me.num_fds(), me.memory_info().rss
    segments(100, 900)
    assert me.num_fds() == descriptors
    assert me.memory_info().rss - memory < 2_000_000
    disk.recording.close()
    found = find_segments(tmp_path)
    assert len(found) == 1000
    assert sum(segment.frames for segment in found) == 25_000
    assert disk.recording.count.written == disk.recording.count.expected == 25_000


def test_a_frame_before_the_epoch_has_no_pts_and_is_left_out(tmp_path: Path) -> None:
    packets = film(3, -NS)
    Run([*packets[:10], booking(tmp_path, -0.9, 1.5), *packets[10:]])
    assert clock_of(tmp_path) == read_back(packets[25:63])


class PowerCut:
    """Stands behind `os.fsync` and knows what a power cut would leave: synced bytes of files with synced names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._bytes: dict[Path, int] = {}
        self._names: set[Path] = set()
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self.fsync)

    def fsync(self, fd: int) -> None:
        self._fsync(fd)
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if path.is_dir():
            self._names |= set(path.iterdir())
        else:
            self._bytes[path] = path.stat().st_size

    def leave(self, folder: Path) -> None:
        folder.mkdir()
        for path, size in self._bytes.items():
            if path in self._names:
                (folder / path.name).write_bytes(path.read_bytes()[:size])


def test_a_power_cut_at_any_frame_leaves_all_but_two_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    power = PowerCut(monkeypatch)
    disk = OnDisk(tmp_path / "b1")
    packets = film(25)
    for number, packet in enumerate(packets):
        disk.take([packet])
        if number % 7 == 0:
            left = tmp_path / str(number)
            power.leave(left)
            clock = clock_of(left)
            assert clock == read_back(packets[: len(clock)])
            assert number - len(clock) < 2 * 25
            assert sum(s.frames for s in find_segments(left)) == len(clock)
