"""How a camera exposes: what two cameras have to share for their pictures to look alike. Pure.

Names and values are libcamera's; a camera that lacks one of its controls (a global shutter without gain, a monochrome
sensor) is asked for the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Limits = Mapping[str, tuple[Any, Any, Any]]
"""Controls that a camera offers: least, most, default."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """As measured in a frame; None is what the camera does not say."""

    time_us: int | None = None
    gain: float | None = None
    """Analogue, 1 is none."""
    colour_gains: tuple[float, float] | None = None
    """Of red and blue, against green: the white balance."""


HELD = ("ExposureTime", "AnalogueGain", "ColourGains")
"""The controls by which a camera is held."""


def can_be_held(offered: Limits) -> bool:
    """Whether anything of a camera's exposure can be set."""
    return any(name in offered for name in HELD)


def measured(metadata: Mapping[str, Any]) -> Exposure:
    """The exposure of the frame that this metadata came with."""
    time_us, gain, colours = (metadata.get(name) for name in HELD)
    return Exposure(
        time_us=None if time_us is None else int(time_us),
        gain=None if gain is None else float(gain),
        colour_gains=None if colours is None else (float(colours[0]), float(colours[1])),
    )


def locking(exposure: Exposure, offered: Limits) -> dict[str, object]:
    """The controls that hold a camera at an exposure, as near as its limits allow, and keep it from changing it."""
    controls = dict[str, object]()
    if exposure.time_us is not None and "ExposureTime" in offered:
        controls["ExposureTime"] = int(_within(exposure.time_us, offered["ExposureTime"]))
    if exposure.gain is not None and "AnalogueGain" in offered:
        controls["AnalogueGain"] = float(_within(exposure.gain, offered["AnalogueGain"]))
    if controls and "AeEnable" in offered:
        controls["AeEnable"] = False
    if exposure.colour_gains is not None and "ColourGains" in offered:
        controls["ColourGains"] = tuple(float(_within(gain, offered["ColourGains"])) for gain in exposure.colour_gains)
        if "AwbEnable" in offered:
            controls["AwbEnable"] = False
    return controls


def releasing(offered: Limits) -> dict[str, object]:
    """The controls that let a camera find its exposure by itself again; a time or gain of 0 means so."""
    automatic = {"ExposureTime": 0, "AnalogueGain": 0.0, "AeEnable": True, "AwbEnable": True}
    return {name: value for name, value in automatic.items() if name in offered}


def _within(value: float, limits: tuple[Any, Any, Any]) -> float:
    """Limits of gains may be one number for both, or one each."""
    least, most = (limit[0] if isinstance(limit, tuple | list) else limit for limit in limits[:2])
    return min(max(value, least), most)
