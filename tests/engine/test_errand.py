"""A child that does one thing for the engine: held while recorders need the processor, and never left behind."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from ezrec_tui.engine.errand import Errand
from tests.engine.running import PATIENCE

HOLDS_FROM_THE_START = """
import asyncio, os, signal, sys
import psutil
from ezrec_tui.engine.errand import Errand

async def main():
    errand = await Errand.start("ezrec_tui.check.decode", sys.argv[1])
    [child] = psutil.Process().children()
    while child.status() != psutil.STATUS_STOPPED:
        errand.pause(True)
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


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


async def test_one_that_is_held_from_its_first_moment_still_ends_with_who_began_it(tmp_path: Path) -> None:
    pipe = tmp_path / "never.ts"
    os.mkfifo(pipe)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS_FROM_THE_START, str(pipe), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(PATIENCE):
        told, _ = await parent.communicate()
    assert parent.returncode == -signal.SIGKILL
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(told)).wait(PATIENCE)  # which gives up on one that stays


async def test_what_it_told_is_handed_over_when_it_is_done(tmp_path: Path) -> None:
    errand = await Errand.start("ezrec_tui.check.decode", str(tmp_path / "none.ts"))
    async with asyncio.timeout(PATIENCE):
        while not errand.is_done:
            await asyncio.sleep(0.02)
    done, told, complaint = await errand.end()
    assert (done, complaint) == (True, ""), complaint
    assert b'"frames":0' in told
