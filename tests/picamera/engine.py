"""`python -m tests.picamera.engine`: the engine, its recorders on virtual Pis; camera N's faults in FAULTS/pi-N."""

import asyncio

from ezrec_tui.config import load_settings
from ezrec_tui.engine import recorders
from ezrec_tui.engine.process import run

if __name__ == "__main__":
    recorders.PROGRAM = "tests.picamera.recorder"
    asyncio.run(run(load_settings()))
