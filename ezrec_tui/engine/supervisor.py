"""Keeps child processes alive: starts them, hears and tells them, starts them again under a budget, ends them."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence

from pydantic import BaseModel

from ezrec_tui.clock import Clock
from ezrec_tui.logs import log_line_of_child

RESTARTS = 5
WINDOW_SECONDS = 60.0
BACK_OFF_SECONDS = 30.0
KILLED_SECONDS = 3.0
"""A process that SIGKILL has not ended by then hangs in the kernel, and nothing here can end it."""
LINE_LIMIT = 4 * 1024 * 1024
"""Bytes of the longest line from a child (a preview picture is far below)."""

log = logging.getLogger(__name__)


class RestartBudget:
    """Five restarts in a minute, then a pause before each."""

    def __init__(self, restarts: int = RESTARTS, window_seconds: float = WINDOW_SECONDS) -> None:
        self._window_ns = int(window_seconds * 1e9)
        self._restarts = restarts
        self._starts: deque[int] = deque()

    def delay(self, now_ns: int) -> float:
        """Seconds to wait before a restart at `now_ns`, which is counted."""
        while self._starts and now_ns - self._starts[0] > self._window_ns:
            self._starts.popleft()
        self._starts.append(now_ns)
        return 0.0 if len(self._starts) <= self._restarts else BACK_OFF_SECONDS


class Child:
    """One child process that is started again whenever it ends, until `stop`.

    `on_start` is called at each start, `on_line` with each line of its standard output, `on_exit` with its exit
    status and whether the restart budget is used up, `on_stuck` with the id of a process that does not die. No other
    is started beside that: it may still hold what the next one needs.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[], Sequence[str]] | Sequence[str],
        clock: Clock,
        *,
        on_start: Callable[[], None],
        on_line: Callable[[bytes], None],
        on_exit: Callable[[int, bool], None],
        on_stuck: Callable[[int], None] = lambda _pid: None,
    ) -> None:
        self.name = name
        self.is_stuck = False
        self._command = command
        self._clock = clock
        self._on_start, self._on_line, self._on_exit, self._on_stuck = on_start, on_line, on_exit, on_stuck
        self._budget = RestartBudget()
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    def send(self, command: BaseModel) -> bool:
        """Hand a command to the child; false when it is not running (it is told again by `on_start`)."""
        if self._process is None or self._process.returncode is not None or self._process.stdin is None:
            return False
        if self._process.stdin.is_closing():
            return False
        self._process.stdin.write(command.model_dump_json().encode() + b"\n")
        return True

    async def run(self) -> None:
        """Keep the child alive until `stop` is called."""
        while not self._stopping.is_set():
            status = await self._live()
            if self._stopping.is_set():
                return
            delay = self._budget.delay(self._clock.sensor_ns())
            log.warning("%s ended with status %d; starting it again in %.0f s", self.name, status, delay)
            self._on_exit(status, delay > 0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._stopping.wait()

    async def stop(self, patience: float = 3.0) -> None:
        """End the child: close its standard input, then SIGTERM, then SIGKILL, `patience` seconds apart.

        One that does not die of that is reported and left behind.
        """
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin:
            process.stdin.close()
        for end in (process.terminate, process.kill):
            if await _has_ended(process, patience):
                return
            with contextlib.suppress(ProcessLookupError):
                end()
        if not await _has_ended(process, patience):
            self._report_stuck(process)

    def kill(self, patience: float = KILLED_SECONDS) -> None:
        """End a child that hangs, at once; it is started again. Reported when it is still there after `patience` s."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            asyncio.get_running_loop().call_later(patience, self._report_stuck, self._process)

    def _report_stuck(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None and not self.is_stuck:
            self.is_stuck = True
            log.error("%s (pid %d) cannot be killed: it hangs in the kernel", self.name, process.pid)
            self._on_stuck(process.pid)

    async def _live(self) -> int:
        try:
            process = await asyncio.create_subprocess_exec(
                *(self._command() if callable(self._command) else self._command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LINE_LIMIT,
            )
        except OSError as error:
            log.error("%s cannot be started: %s", self.name, error)
            return -1
        self._process = process
        log.info("%s started, pid %d", self.name, process.pid)
        self._on_start()
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.TaskGroup() as group:
            group.create_task(_lines(process.stdout, self._on_line))
            group.create_task(_lines(process.stderr, self._log_line))
        status = await process.wait()
        self.is_stuck = False
        return status

    def _log_line(self, line: bytes) -> None:
        log_line_of_child(self.name, line.decode("utf-8", "replace").rstrip())


async def _has_ended(process: asyncio.subprocess.Process, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        return False
    return True


async def _lines(stream: asyncio.StreamReader, take: Callable[[bytes], None]) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # longer than the limit: not a message of ours
            log.error("a child wrote a line that is too long; it is left out")
            continue
        except ConnectionError:
            return
        if not line:
            return
        take(line)
