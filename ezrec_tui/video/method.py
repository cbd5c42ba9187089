"""Which way of joining two pictures can be had: pure, and quick to import."""

from ezrec_tui.model import MergeMethod

NOT_CALIBRATED = "the cameras are not calibrated"


def settle(
    method: MergeMethod, width: int, overlap: int, cameras: int, no_rig: str | None = NOT_CALIBRATED
) -> tuple[MergeMethod, tuple[str, ...]]:
    """The method that can be had, and why not the one before it, a line each.

    `width` is a camera's, `overlap` what both see, in pixels. `no_rig` says why no rig can be used; None: one can.
    """
    reasons: list[str] = []
    if cameras < 2:
        if method is not MergeMethod.SINGLE:
            reasons.append(f"{method}: only one camera has footage; its picture alone is used")
        return MergeMethod.SINGLE, tuple(reasons)
    if method is MergeMethod.PANORAMA and no_rig is not None:
        reasons.append(f"panorama: {no_rig}; feather is used")
        method = MergeMethod.FEATHER
    if method is MergeMethod.FEATHER and not 2 <= overlap < width:
        fault = "no overlap is set" if overlap < 2 else f"an overlap of {overlap} px does not fit into {width} px"
        reasons.append(f"feather: {fault}; side_by_side is used (set OVERLAP_PIXELS)")
        method = MergeMethod.SIDE_BY_SIDE
    return method, tuple(reasons)
