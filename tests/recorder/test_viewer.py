"""Pictures for those who look, from a recorder's process: answered at once, and at no frame's cost."""

from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, CameraState
from ezrec_tui.recorder.messages import Finished, Picture, SetEnd, Show, Status
from tests.recorder.driver import RecorderInHand, begins_now, look


def test_a_camera_that_only_looks_shows_what_it_has_at_once_and_then_more_a_second_while_somebody_asks(
    tmp_path: Path,
) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.wait_for_state(CameraState.IDLE)
        seen = [look(recorder).sensor_ns]
        while len(seen) < 8:
            seen.append(look(recorder, after_ns=seen[-1]).sensor_ns)
        assert not recorder.of(Finished)
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert min(gaps) < NS // 2, "brisk"
    assert min(gaps) > NS // 7, "but not more than five a second"


def test_nothing_is_shown_unasked(tmp_path: Path) -> None:
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(begins_now(tmp_path / "b1"))
        recorder.wait_for_frames(20)
        assert recorder.of(Picture) == []


@pytest.mark.alone
def test_a_recording_that_is_looked_at_five_times_a_second_loses_no_frame(tmp_path: Path) -> None:
    start = begins_now(tmp_path / "b1")
    with RecorderInHand(tmp_path / "log") as recorder:
        recorder.tell(start)
        recorder.wait_for_frames(10)
        seen = [look(recorder).sensor_ns]
        while len(seen) < 25:
            seen.append(look(recorder, after_ns=seen[-1]).sensor_ns)
        recorder.tell(SetEnd(booking_id="b1", end_ns=sensor_ns() - start.epoch_sensor_ns))
        count = recorder.wait_for(Finished).count
    gaps = [later - earlier for earlier, later in pairwise(seen[1:])]
    assert median(gaps) < NS // 4, "five a second"
    assert (count.dropped, count.captured) == (0, count.written)


def test_a_camera_that_gives_no_picture_gets_no_answer_and_the_next_one_who_asks_does(tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    faults.mkdir()
    (faults / "unplugged").touch()
    with RecorderInHand(tmp_path / "log", faults) as recorder:
        recorder.wait_for_state(CameraState.LOST)
        recorder.tell(Show(after_ns=0))
        recorder.wait_for(Status, after=len(recorder.messages))
        assert recorder.of(Picture) == []
        (faults / "unplugged").unlink()
        recorder.wait_for_state(CameraState.IDLE)
        look(recorder)
