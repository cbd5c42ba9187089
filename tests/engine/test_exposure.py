"""Two cameras expose alike: one leads, the other is held at what it measures."""

from dataclasses import replace

import pytest

from ezrec_tui.cameras.exposure import Exposure
from ezrec_tui.config import MatchExposure
from ezrec_tui.engine.exposure import UNSETTLED_NS, Matching
from ezrec_tui.model import NS

SUN = Exposure(time_us=1_000, gain=1.0, colour_gains=(1.8, 1.5))
CLOUD = Exposure(time_us=4_000, gain=1.2, colour_gains=(1.6, 1.7))
OWN = Exposure(time_us=7_000, gain=2.0, colour_gains=(1.1, 2.2))
"""What the second camera would choose by itself."""
TICK_NS = NS // 4

Measured = list[Exposure | None]


class Court:
    """Looks at cameras as the engine does, and lets time pass."""

    def __init__(self, how: MatchExposure = MatchExposure.FOLLOW) -> None:
        self.matching = Matching(how)
        self.held = [False, False]
        self._now_ns = 0

    def sees(self, *measured: Exposure | None, seconds: float = 0) -> Measured:
        """What the cameras are to keep to after they have measured this for so long."""
        until_ns = self._now_ns + round(seconds * NS)
        decided = self._look(measured)
        while self._now_ns < until_ns:
            decided = self._look(measured)
        return decided

    def _look(self, measured: tuple[Exposure | None, ...]) -> Measured:
        decided = self.matching.look(measured, self.held, self._now_ns)
        self._now_ns += TICK_NS
        return decided


def test_the_second_camera_is_held_at_what_the_first_one_finds_once_that_has_settled() -> None:
    court = Court()
    assert court.sees(SUN, OWN) == []
    assert court.sees(SUN, OWN, seconds=2) == [None, SUN]
    assert court.sees(SUN, SUN, seconds=60) == [None, SUN]


def test_both_follow_the_light_also_while_it_changes() -> None:
    court = Court()
    court.sees(SUN, OWN, seconds=2)
    for time_us in range(1_100, 4_100, 100):
        between = replace(SUN, time_us=time_us)
        assert court.sees(between, SUN) == [None, between]
    assert court.sees(CLOUD, SUN, seconds=1) == [None, CLOUD]


def test_a_change_that_nobody_sees_is_not_told() -> None:
    court = Court()
    court.sees(SUN, OWN, seconds=2)
    for time_us in (1_004, 996, 1_009):
        assert court.sees(replace(SUN, time_us=time_us), SUN) == [None, SUN]


@pytest.mark.parametrize("seen", [{"time_us": 1_011}, {"gain": 1.02}, {"colour_gains": (1.8, 1.52)}])
def test_a_change_of_any_part_is_told(seen: dict[str, object]) -> None:
    court = Court()
    court.sees(SUN, OWN, seconds=2)
    assert court.sees(replace(SUN, **seen), SUN)[1] == replace(SUN, **seen)


def test_a_camera_that_never_settles_is_followed_nevertheless() -> None:
    court = Court()
    for _ in range(UNSETTLED_NS // TICK_NS // 2):
        court.sees(SUN, OWN)
        assert court.sees(CLOUD, OWN) == []
    assert court.sees(SUN, OWN) == [None, SUN]
    assert court.sees(CLOUD, OWN) == [None, CLOUD]


def test_a_camera_alone_finds_its_own() -> None:
    court = Court()
    assert court.sees(SUN, None, seconds=9)[0] is None
    assert court.sees(CLOUD, None, seconds=9)[0] is None
    assert Court().sees(None, None, seconds=9) == []


def test_when_the_leader_is_lost_the_other_one_leads_and_it_follows_when_it_is_back() -> None:
    court = Court()
    court.sees(SUN, OWN, seconds=2)
    assert court.sees(None, SUN) == [SUN, None], "held from its first frame on, when it comes back"
    assert court.sees(None, OWN, seconds=2) == [OWN, None]
    assert court.sees(OWN, OWN, seconds=2) == [OWN, None], "it does not take over again: nothing jumps"
    assert court.sees(SUN, CLOUD, seconds=2) == [CLOUD, None]


def test_the_other_camera_keeps_what_it_has_while_the_leader_is_opened_again() -> None:
    court = Court()
    court.sees(SUN, OWN, seconds=2)
    assert court.sees(None, None, seconds=2) == [None, SUN]
    assert court.sees(OWN, None) == [None, SUN], "not what a camera finds in its first moment"
    assert court.sees(CLOUD, SUN, seconds=2) == [None, CLOUD]


def test_where_the_light_stays_all_cameras_are_locked_once_it_is_measured() -> None:
    court = Court(MatchExposure.LOCK)
    assert court.sees(SUN, OWN) == []
    assert court.sees(SUN, OWN, seconds=2) == [SUN, SUN]
    assert court.sees(CLOUD, None, seconds=9) == [SUN, SUN]
    assert court.sees(None, None, seconds=9) == [SUN, SUN]


def test_all_are_let_go_when_they_do_not_run_any_more_and_matched_anew() -> None:
    for how in (MatchExposure.FOLLOW, MatchExposure.LOCK):
        court = Court(how)
        court.sees(SUN, OWN, seconds=2)
        court.matching.let_go()
        assert court.sees(None, None) == []
        assert court.sees(CLOUD, OWN) == []
        assert court.sees(CLOUD, OWN, seconds=2)[1] == CLOUD


def test_an_engine_that_finds_cameras_matched_leaves_them_so_whichever_of_them_led() -> None:
    for led in (0, 1):
        court = Court()
        court.held = [camera != led for camera in (0, 1)]
        follower = [SUN if is_held else None for is_held in court.held]
        assert court.sees(*follower, seconds=2) == [], "the one that led has not spoken yet"
        assert court.sees(SUN, SUN) == [], "it is not known yet"
        assert court.sees(SUN, SUN, seconds=2) == [None if camera == led else SUN for camera in (0, 1)]


def test_a_camera_that_an_engine_before_held_leads_when_no_other_one_comes() -> None:
    court = Court()
    court.held = [False, True]
    assert court.sees(None, SUN, seconds=UNSETTLED_NS / NS) == []
    assert court.sees(None, SUN, seconds=2) == [SUN, None]


def test_switched_off_each_camera_finds_its_own() -> None:
    assert Court(MatchExposure.OFF).sees(SUN, OWN, seconds=9) == [None, None]
