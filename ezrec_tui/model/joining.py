"""How two pictures become one."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Base64Bytes, Field, model_validator

from ezrec_tui.model.value import Value


class MergeMethod(StrEnum):
    """How the two pictures become one."""

    PANORAMA = "panorama"
    FEATHER = "feather"
    SIDE_BY_SIDE = "side_by_side"
    SINGLE = "single"


class RigStatus(Value):
    """What calibration found out about how the cameras stand to each other (see `video.rig`)."""

    made: AwareDatetime | None = None
    """This and the next eight are unknown of a rig that cannot be read."""
    projection: str = ""
    """cylindrical, spherical or planar"""
    width: int = 0
    """This and the next: of the joined picture, in pixels."""
    height: int = 0
    overlap_px: int = 0
    """Columns of the joined picture that both cameras see."""
    matches: int = 0
    """Points found in both pictures,"""
    inliers: int = 0
    """and those of them that fit."""
    rmse_px: float = 0.0
    """By how much those miss each other."""
    shift_px: float | None = None
    """How far the cameras have moved since, by the newest footage that was looked at."""
    moved_in: str | None = None
    """The booking whose footage shows that they moved too far; None while it fits. Its alert has the same booking."""
    problem: str = ""
    """Why it is not used, and what to do; empty when it can be."""


class Calibration(Value):
    """The calibration that runs, or what came out of the last one of this engine."""

    at: AwareDatetime
    running: bool
    footage_of: str = ""
    """The booking whose footage is looked at, as people call it; empty: the cameras, now."""
    ok: bool = False
    message: str = ""
    """What came out, or why nothing did and what to do."""


class RigPicture(Value):
    """What the joined picture looked like when it was calibrated, small and grey."""

    width: Annotated[int, Field(gt=0)]
    """At most 320."""
    height: Annotated[int, Field(gt=0)]
    grey: Base64Bytes
    """Luma of `width` x `height` pixels, rows from the top; 0 is black, 255 white."""

    @model_validator(mode="after")
    def _holds_all_pixels(self) -> Self:
        if len(self.grey) != self.width * self.height:
            raise ValueError(f"{len(self.grey)} bytes are no {self.width}x{self.height} pixels")
        return self


class Setup(Value):
    """How the venue's videos are made."""

    width: int
    """This and the next three: of each camera."""
    height: int
    fps: int
    bitrate: int
    """Bits per second asked for."""
    method: MergeMethod
    """The one that is used."""
    asked: MergeMethod
    """The one that was asked for: in the settings, or here (see `SetMethod`)."""
    fallbacks: tuple[str, ...] = ()
    """Why it is not the one that was asked for."""
    rig: RigStatus | None = None
    """None: never calibrated."""
