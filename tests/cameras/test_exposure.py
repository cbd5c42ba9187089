"""Exposure read from one camera and held by another."""

import pytest

from ezrec_tui.cameras.exposure import Exposure, locking, measured, releasing

OFFERED = {
    "AeEnable": (False, True, True),
    "AwbEnable": (False, True, True),
    "ExposureTime": (100, 33_000, 10_000),
    "AnalogueGain": (1.0, 8.0, 1.0),
    "ColourGains": (0.0, 32.0, None),
    "FrameDurationLimits": (33_333, 33_333, 33_333),
}
SUNNY = Exposure(time_us=1_200, gain=1.5, colour_gains=(1.9, 1.4))


def test_what_one_camera_measured_is_what_the_other_one_is_held_at() -> None:
    metadata = {"ExposureTime": 1_200, "AnalogueGain": 1.5, "ColourGains": (1.9, 1.4), "Lux": 900.0}
    assert measured(metadata) == SUNNY
    assert locking(SUNNY, OFFERED) == {
        "ExposureTime": 1_200,
        "AnalogueGain": 1.5,
        "AeEnable": False,
        "ColourGains": (1.9, 1.4),
        "AwbEnable": False,
    }


def test_an_exposure_beyond_the_cameras_limits_is_held_as_near_as_they_allow() -> None:
    controls = locking(Exposure(time_us=50_000, gain=0.5, colour_gains=(40.0, -1.0)), OFFERED)
    assert (controls["ExposureTime"], controls["AnalogueGain"], controls["ColourGains"]) == (33_000, 1.0, (32.0, 0.0))


def test_limits_of_both_colour_gains_may_be_given_one_each() -> None:
    offered = {"ColourGains": ((0.0, 0.0), (1.5, 1.5), None)}
    assert locking(SUNNY, offered) == {"ColourGains": (1.5, 1.4)}


@pytest.mark.parametrize("missing", OFFERED)
def test_a_camera_is_never_asked_for_a_control_it_lacks(missing: str) -> None:
    offered = {name: limits for name, limits in OFFERED.items() if name != missing}
    assert locking(SUNNY, offered).keys() <= offered.keys()
    assert releasing(offered).keys() <= offered.keys()


def test_what_was_not_measured_stays_as_it_is() -> None:
    assert measured({}) == Exposure()
    assert locking(Exposure(), OFFERED) == {}
    assert locking(Exposure(colour_gains=(1.9, 1.4)), OFFERED) == {"ColourGains": (1.9, 1.4), "AwbEnable": False}


def test_a_camera_let_go_finds_its_exposure_by_itself() -> None:
    assert releasing(OFFERED) == {"ExposureTime": 0, "AnalogueGain": 0.0, "AeEnable": True, "AwbEnable": True}
