"""The engine that runs on this machine, if one does: it has the cameras, and may be recording."""

import asyncio

from ezrec_tui.check.ledger import is_locked
from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.config import Settings
from ezrec_tui.doctor.checks import Failed
from ezrec_tui.model import Snapshot


def running_engine(settings: Settings) -> Snapshot | None:
    """What it says; None where no engine runs on this data folder. Raises Failed when it cannot be asked."""
    if not is_locked(settings.ezrec_data_dir / "engine.lock"):
        return None
    try:
        return asyncio.run(EngineClient(settings.socket).snapshot())
    except EngineError as error:
        raise Failed(f"an engine runs and cannot be asked: {error}", "run this as `sudo ezrec doctor`") from error
