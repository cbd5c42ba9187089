"""The recorder's process, as the engine sees it: real cameras of software, real files, real signals."""

import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ezrec_tui.cameras.block_code import read_video_frame
from ezrec_tui.cameras.picture import Plane
from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, CameraState
from ezrec_tui.recorder.messages import Arm, Disarm, Finished, Hello, SegmentClosed, SetEnd, Started, Status
from ezrec_tui.recording_files import find_segments, survey
from tests.cameras.watching import luma
from tests.recorder.driver import LIMIT_SECONDS, SPEC, RecorderInHand, begins_now
from tests.recorder.footage import frames_in

FRAME_NS = NS // SPEC.fps


def numbers_in(folder: Path) -> list[int]:
    """Frame numbers burnt into the pictures of a folder, in order; every picture has to be readable."""
    return [_number(luma(frame)) for path in sorted(folder.glob("*.ts")) for frame in frames_in(path)]


def _number(picture: Plane) -> int:
    code = read_video_frame(picture, SPEC.index, (SPEC.width, SPEC.height))
    assert code is not None
    return code.number


@pytest.mark.alone
def test_adjacent_recordings_hold_every_frame_once_and_stop_to_the_frame(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(Arm())
        recorder.wait_for_state(CameraState.ARMED)
        start = begins_now(first, 2.5, "b1")
        recorder.tell(start)
        recorder.wait_for_frames(20, "b1")
        follower = start.model_copy(
            update={"booking_id": "b2", "folder": second, "start_ns": start.end_ns, "end_ns": start.end_ns + 2 * NS}
        )
        recorder.wait_for(Finished, lambda m: m.booking_id == "b1")
        recorder.tell(follower)  # late, as an engine may be
        finished = recorder.wait_for(Finished, lambda m: m.booking_id == "b2")
        statuses = recorder.of(Status)
    assert finished.count.dropped == 0
    everything = sorted({*numbers_in(first), *numbers_in(second)})
    assert everything == list(range(everything[0], everything[-1] + 1))
    for folder, order in ((first, start), (second, follower)):
        numbers = numbers_in(folder)
        assert numbers == list(range(numbers[0], numbers[-1] + 1)), "each once, in order"
        start_sensor_ns, end_sensor_ns = (order.epoch_sensor_ns + ns for ns in (order.start_ns, order.end_ns))
        assert numbers[0] * FRAME_NS <= start_sensor_ns
        assert numbers[-1] == -(-end_sensor_ns // FRAME_NS) - 1, "the last frame before the end"
    assert any(s.status.state is CameraState.RECORDING and s.status.growing for s in statuses)
    assert {s.status.state for s in statuses} <= {
        CameraState.IDLE, CameraState.STARTING, CameraState.ARMED, CameraState.RECORDING
    }, "the camera ran on"  # fmt: skip


def test_a_kill_at_any_instant_loses_next_to_nothing_and_the_next_process_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "b1"
    order = begins_now(folder)
    seen: dict[str, int] = {}
    for _ in range(3):
        with RecorderInHand(tmp_path / "log") as recorder:
            recorder.tell(order)
            recorder.wait_for_frames(25)
            time.sleep(random.uniform(0, 0.7))  # the instant is what is tested
            recorder.kill()
            newest_ns = max(m.last_sensor_ns or 0 for m in recorder.of(Status)) - order.epoch_sensor_ns
        segments = find_segments(folder)
        lost_ns = newest_ns - segments[-1].last_ns
        assert lost_ns <= 2 * NS
        now = {segment.name: segment.frames for segment in segments}
        assert now.items() >= seen.items(), "nothing is written into an old segment"
        assert len(now) > len(seen)
        seen = now
    assert survey(folder).problems == ()
    numbers = numbers_in(folder)
    assert numbers == sorted(set(numbers))
    # One whole frame in 184 fits its packets exactly: the last of a killed segment, it is taken for torn, and left out.
    left_out = [one.name for one in find_segments(folder) if one.bytes < (folder / one.name).stat().st_size]
    assert len(numbers) == sum(seen.values()) + len(left_out)


def _terminate(recorder: RecorderInHand) -> None:
    recorder.process.send_signal(signal.SIGTERM)


def _insist(recorder: RecorderInHand) -> None:
    for _ in range(50):
        _terminate(recorder)


@pytest.mark.parametrize("end", [_terminate, _insist])
def test_told_to_end_it_closes_and_lists_every_frame(tmp_path: Path, end: Callable[[RecorderInHand], None]) -> None:
    folder = tmp_path / "b1"
    order = begins_now(folder)
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(order)
        newest = recorder.wait_for_frames(20)
        end(recorder)
        assert recorder.exit_status() == 0
        (closed,) = recorder.of(SegmentClosed)
        assert recorder.of(Finished) == [], "it may go on in another process"
        assert recorder.of(Status)[-1].status.state is CameraState.OFF
    assert newest.last_sensor_ns is not None
    assert closed.segment.last_ns >= newest.last_sensor_ns - order.epoch_sensor_ns
    assert survey(folder).segments == (closed.segment,)
    assert survey(folder).problems == ()
    assert len(numbers_in(folder)) == closed.segment.frames


def test_without_an_engine_a_recording_goes_on_and_the_next_engine_takes_it_up(tmp_path: Path) -> None:
    start = begins_now(tmp_path / "b1")
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(20)
        before = recorder.wait_for(Started)
        recorder.leave()
        written = recorder.of(Status)[-1].written["b1"]
        _wait_until(lambda: sum(s.frames for s in find_segments(start.folder)) > written + 30)
        after = len(recorder.messages)
        recorder.connect()
        assert recorder.wait_for(Hello, after=after).spec == SPEC
        recorder.tell(start)
        assert recorder.wait_for(Started, after=after) == before
        end = SetEnd(booking_id="b1", end_ns=sensor_ns() - start.epoch_sensor_ns)
        recorder.tell(end)
        count = recorder.wait_for(Finished, after=after).count
    numbers = numbers_in(start.folder)
    assert numbers == sorted(set(numbers)), "each once, in order"
    assert len(numbers) == count.written == count.captured, "all that the camera gave"


def test_what_becomes_of_a_recording_without_an_engine_is_told_to_the_next(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(Arm())
        recorder.wait_for_state(CameraState.ARMED)
        recorder.tell(begins_now(tmp_path / "1", 3, "b1"))
        recorder.tell(begins_now(tmp_path / "2", 1000, "b2"))
        recorder.wait_for_frames(5, "b2")
        recorder.leave()
        heard = len(recorder.messages)
        _wait_until(lambda: any("finished" in line and "booking=b1" in line for line in recorder.said().splitlines()))
        recorder.connect()
        finished = recorder.wait_for(Finished, after=heard)
        assert isinstance(recorder.messages[heard], Hello)
    assert finished.booking_id == "b1"
    assert len(numbers_in(tmp_path / "1")) == finished.count.written


def test_without_an_engine_a_recorder_ends_when_its_recordings_have(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(Arm())
        recorder.wait_for_state(CameraState.ARMED)
        start = begins_now(tmp_path / "b1", 3)
        recorder.tell(start)
        recorder.wait_for_frames(5)
        recorder.tell(Disarm())
        recorder.leave()
        assert recorder.exit_status() == 0
    (segment,) = survey(start.folder).segments
    assert segment.captured == segment.frames == len(numbers_in(start.folder)), "it is in the journal"
    end_ns = start.epoch_sensor_ns + start.end_ns
    assert numbers_in(start.folder)[-1] == -(-end_ns // FRAME_NS) - 1, "the last frame before the end"


def test_without_an_engine_an_endless_recording_is_ended_in_order_after_a_while(tmp_path: Path) -> None:
    start = begins_now(tmp_path / "b1")
    with RecorderInHand(tmp_path / "log", alone_seconds=1) as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(5)
        recorder.leave()
        assert recorder.exit_status() == 0
    (segment,) = survey(start.folder).segments
    assert segment.captured == len(numbers_in(start.folder)), "it is in the journal"


def test_without_an_engine_it_ends_in_order_all_the_same_when_it_is_told_to(tmp_path: Path) -> None:
    start = begins_now(tmp_path / "b1")
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(5)
        recorder.leave()
        _insist(recorder)
        assert recorder.exit_status() == 0
    (segment,) = survey(start.folder).segments
    assert segment.captured == len(numbers_in(start.folder)), "it is in the journal"


def test_a_log_that_cannot_be_written_costs_no_frame(tmp_path: Path) -> None:
    start = begins_now(tmp_path / "b1")
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(5)
        shutil.rmtree(recorder.logs)
        recorder.leave()  # which the thread that writes frames tells the log
        written = sum(s.frames for s in find_segments(start.folder))
        _wait_until(lambda: sum(s.frames for s in find_segments(start.folder)) > written + 30)
        _terminate(recorder)
        assert recorder.exit_status() == 0


def test_without_an_engine_a_recorder_ends_that_has_nothing_to_record(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.wait_for_state(CameraState.IDLE)
        recorder.leave()
        assert recorder.exit_status() == 0


def test_an_armed_recorder_waits_for_the_next_engine(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(Arm())
        recorder.wait_for_state(CameraState.ARMED)
        recorder.leave()
        recorder.connect()
        recorder.wait_for_state(CameraState.ARMED, len(recorder.messages))
        recorder.tell(Disarm())
        recorder.leave()
        assert recorder.exit_status() == 0


def _wait_until(is_so: Callable[[], bool]) -> None:
    until_ns = sensor_ns() + LIMIT_SECONDS * NS
    while not is_so():
        assert sensor_ns() < until_ns, "it did not come to pass"
        time.sleep(0.05)


def test_disarm_ends_the_packets_but_not_under_a_recording(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.wait_for_state(CameraState.IDLE)
        recorder.tell(Arm())
        armed = recorder.wait_for_state(CameraState.ARMED)
        assert armed.status.bytes_written == 0
        start = begins_now(tmp_path / "b1")
        recorder.tell(start)
        recorder.wait_for(Started)
        recorder.tell(Disarm())
        recorder.wait_for_frames(30)
        recorder.tell(SetEnd(booking_id="b1", end_ns=sensor_ns() - start.epoch_sensor_ns))
        recorder.wait_for(Finished)
        after = len(recorder.messages)
        recorder.wait_for_state(CameraState.IDLE, after)
        count = recorder.of(Finished)[0].count
        assert count.captured == count.written >= 30
