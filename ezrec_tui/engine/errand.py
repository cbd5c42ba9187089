"""A child that does one thing at idle priority and tells what came of it: what the engine must not do itself."""

import asyncio
import os
import signal
import sys
from typing import Self

from ezrec_tui.niceness import GENTLEST


class Errand:
    """Begun by `start`; `end` gives what it told, and is always called. It ends with the engine, however that ends."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self._ending = asyncio.ensure_future(child.communicate())

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Self:
        """Run `python -m module --parent PID arguments...`. Raises OSError."""
        command = [sys.executable, "-m", module, "--parent", str(os.getpid()), *arguments]
        nothing, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        return cls(await asyncio.create_subprocess_exec(*command, stdin=nothing, stdout=pipe, stderr=pipe))

    @property
    def is_done(self) -> bool:
        return self._ending.done()

    def pause(self, paused: bool) -> None:
        """Hold it where it is, or let it go on. To be said again and again: one that has only begun is held later."""
        if self._child.returncode is None and (self._has_settled or not paused):
            self._child.send_signal(signal.SIGSTOP if paused else signal.SIGCONT)

    @property
    def _has_settled(self) -> bool:
        """It ends with the engine, which it sees to before it is gentle; one held earlier could outlive it."""
        try:
            return os.getpriority(os.PRIO_PROCESS, self._child.pid) >= GENTLEST
        except ProcessLookupError:
            return False

    async def end(self) -> tuple[bool, bytes, str]:
        """Whether it did what it should, what it told, and what it complained of; killed if it is not done yet."""
        if self._child.returncode is None:
            self._child.kill()
        told, complaint = await self._ending
        return self._child.returncode == 0, told, complaint.decode(errors="replace").strip()
