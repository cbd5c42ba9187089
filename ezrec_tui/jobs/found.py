"""What a calibration's child tells the engine."""

from ezrec_tui.model import Value


class Found(Value):
    """What came of looking for a rig; it is written when `ok`."""

    ok: bool
    message: str
    """Its numbers; or why there is none, with numbers, and what to do."""
