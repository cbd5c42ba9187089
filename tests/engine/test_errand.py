"""A child that does one thing for the engine: held while recorders need the processor, and never left behind."""

import asyncio
import os
from pathlib import Path

import psutil

from ezrec_tui.engine.errand import Errand
from tests.engine.running import PATIENCE


async def until_it_is(status: str, child: psutil.Process) -> None:
    async with asyncio.timeout(PATIENCE):
        while child.status() != status:
            await asyncio.sleep(0.02)


async def test_it_is_held_goes_on_and_is_killed_when_it_is_no_longer_wanted(tmp_path: Path) -> None:
    pipe = tmp_path / "never.ts"
    os.mkfifo(pipe)  # whoever reads it waits for ever
    errand = await Errand.start("ezrec_tui.check.decode", str(pipe))
    (child,) = [one for one in psutil.Process().children() if str(pipe) in one.cmdline()]
    await until_it_is(psutil.STATUS_SLEEPING, child)
    errand.pause(True)
    await until_it_is(psutil.STATUS_STOPPED, child)
    errand.pause(False)
    await until_it_is(psutil.STATUS_SLEEPING, child)
    errand.pause(True)
    assert not errand.is_done
    done, told, _ = await errand.end()
    assert (done, told, child.is_running()) == (False, b"", False)


async def test_what_it_told_is_handed_over_when_it_is_done(tmp_path: Path) -> None:
    errand = await Errand.start("ezrec_tui.check.decode", str(tmp_path / "none.ts"))
    async with asyncio.timeout(PATIENCE):
        while not errand.is_done:
            await asyncio.sleep(0.02)
    done, told, complaint = await errand.end()
    assert (done, complaint) == (True, ""), complaint
    assert b'"frames":0' in told
