"""Two cameras in step, where their library can do that."""

import logging

import pytest

from ezrec_tui.cameras.step import Step, synchronising
from ezrec_tui.model import NS


def at(frame: int) -> int:
    return 7_000 * NS + frame * NS // 30


def test_the_left_camera_sets_the_pace_and_the_right_one_follows_where_the_control_exists() -> None:
    offered = {"SyncMode": (0, 2, 0), "FrameDurationLimits": (33_333, 33_333, 33_333)}
    assert [synchronising(index, offered) for index in (0, 1)] == [{"SyncMode": 1}, {"SyncMode": 2}]
    assert synchronising(0, {"FrameDurationLimits": (33_333, 33_333, 33_333)}) == {}


def test_cameras_that_do_not_get_into_step_are_filmed_as_they_are_and_it_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    step = Step("cam1")
    for frame in range(900):
        step.see(at(frame), ready=False)
    assert not step.reached
    assert [record.message for record in caplog.records] == [
        "camera cam1 is not in step with the other after 10 s; it goes on without"
    ]
    step.see(at(900), ready=True)
    assert step.reached
