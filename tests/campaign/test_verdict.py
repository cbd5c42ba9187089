"""How the campaign counts: what a kill lost, what nobody captured, and what is neither."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.campaign.booking import Flowing, Outcome
from tests.campaign.kills import Kill, Moment, Target
from tests.campaign.verdict import account, wanted_frames
from tests.whole.numbers import PERIOD_NS, between_frames


def outcome(kills: dict[int, Target], seen_flowing: tuple[int, ...] = ()) -> Outcome:
    """Ten seconds with kills half a frame after the n-th frame; after others the left camera was seen to record."""
    start = between_frames(datetime.now(UTC))
    plain = Outcome(1, Path(), start, start + timedelta(seconds=10), (), (), None)
    first = wanted_frames(plain)[0]

    def after(frame: int) -> int:
        return (first + frame) * PERIOD_NS + PERIOD_NS // 2

    return Outcome(
        1,
        Path(),
        start,
        plain.end,
        tuple(Kill(target, Moment.RECORDING, after(frame)) for frame, target in kills.items()),
        tuple(Flowing(0, after(frame)) for frame in seen_flowing),
        None,
    )


def counted(one: Outcome, missing: set[int], camera: int = 0) -> tuple[list[tuple[int, int]], int]:
    """(lost, away) by kill, and gaps, when these frames of the booking are missing."""
    frames = wanted_frames(one)
    losses, gaps = account(one, camera, set(frames) - {frames[0] + frame for frame in missing})
    return [(loss.lost, loss.away) for loss in losses], gaps


def test_frames_up_to_a_kill_are_lost_and_those_after_it_were_not_captured() -> None:
    one = outcome({100: Target.RECORDER_0})
    assert counted(one, set(range(90, 130))) == ([(11, 29)], 0)


def test_what_nobody_killed_is_a_gap() -> None:
    one = outcome({100: Target.RECORDER_0})
    assert counted(one, {40, 41, 200}) == ([(0, 0)], 3)
    assert counted(outcome({100: Target.WORKER}), {100, 101}) == ([], 2)


def test_a_recorder_that_ended_a_little_after_its_engine_is_laid_to_that_kill() -> None:
    one = outcome({100: Target.ENGINE})
    assert counted(one, set(range(105, 150))) == ([(0, 45)], 0)
    assert counted(one, set(range(140, 150))) == ([(0, 0)], 10)


@pytest.mark.parametrize("target", [Target.ENGINE, Target.ALL])
def test_a_kill_of_the_engine_is_held_against_both_cameras(target: Target) -> None:
    for camera in (0, 1):
        assert counted(outcome({100: target}), {99, 100, 101}, camera) == ([(2, 1)], 0)


def test_the_other_camera_s_kill_explains_nothing() -> None:
    assert counted(outcome({100: Target.RECORDER_1}), {100, 101}) == ([], 2)


def test_between_two_kills_all_is_lost_from_when_the_camera_was_seen_to_record() -> None:
    kills = {100: Target.RECORDER_0, 160: Target.ALL}
    assert counted(outcome(kills), set(range(101, 170))) == ([(0, 60), (0, 9)], 0)
    assert counted(outcome(kills, seen_flowing=(140,)), set(range(101, 170))) == ([(0, 40), (20, 9)], 0)


def test_a_kill_of_the_engine_answers_for_frames_that_nobody_captured() -> None:
    for target, cost in ((Target.ENGINE, 40), (Target.RECORDER_0, 10), (Target.ALL, 10)):
        losses, _ = account(one := outcome({100: target}), 0, set(wanted_frames(one)) - missing(one, range(91, 131)))
        assert [loss.cost for loss in losses] == [cost]


def missing(one: Outcome, frames: range) -> set[int]:
    first = wanted_frames(one)[0]
    return {first + frame for frame in frames}
