"""Keeps processes alive: has them begun, hears and tells them, begins them again under a budget, ends them."""

import asyncio
import contextlib
import logging
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, Self

from pydantic import BaseModel

from ezrec_tui.clock import Clock
from ezrec_tui.logs import log_line_of_child

RESTARTS = 5
WINDOW_SECONDS = 60.0
BACK_OFF_SECONDS = 30.0
ENDED_SECONDS = 3.0
"""A process that was asked to end and has not by then is killed."""
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


class Process(Protocol):
    """A running process that listens and speaks in lines."""

    @property
    def pid(self) -> int: ...

    @property
    def has_ended(self) -> bool: ...

    def write(self, line: bytes) -> bool:
        """Hand it a line; false when it takes none any more."""
        ...

    async def hear(self, on_line: Callable[[bytes], None]) -> None:
        """Pass on its lines until there will be no more."""
        ...

    async def wait(self) -> int | None:
        """Its exit status, once it has ended; None where only its parent may know."""
        ...

    def ask_to_end(self) -> None: ...

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing happens to one that has ended."""
        ...


class Piped:
    """A child that listens on its standard input and speaks on its standard output; it logs to standard error."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self._name, self._process = name, process

    @classmethod
    async def start(cls, name: str, command: Sequence[str]) -> Self:
        """Raises OSError."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, limit=LINE_LIMIT)
        log.info("%s started, pid %d", name, process.pid)
        return cls(name, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None

    def write(self, line: bytes) -> bool:
        assert self._process.stdin is not None
        if self._process.stdin.is_closing():
            return False
        self._process.stdin.write(line)
        return True

    async def hear(self, on_line: Callable[[bytes], None]) -> None:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        async with asyncio.TaskGroup() as group:
            group.create_task(take_lines(self._process.stdout, on_line))
            group.create_task(take_lines(self._process.stderr, self._log_line))

    async def wait(self) -> int:
        return await self._process.wait()

    def ask_to_end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def send_signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def _log_line(self, line: bytes) -> None:
        log_line_of_child(self._name, line.decode("utf-8", "replace").rstrip())


class Child:
    """One process that is begun again whenever it ends, until `stop`.

    `begin` gives a process, started or taken over, and may raise OSError. `on_start` is called with each, `on_line`
    with each line it says, `on_exit` with its exit status (None: not known) and whether the restart budget is used
    up, `on_stuck` with the id of a process that does not die. No other is begun beside that: it may still hold what
    the next one needs.
    """

    def __init__(
        self,
        name: str,
        begin: Callable[[], Awaitable[Process]],
        clock: Clock,
        *,
        on_start: Callable[[], None],
        on_line: Callable[[bytes], None],
        on_exit: Callable[[int | None, bool], None],
        on_stuck: Callable[[int], None] = lambda _pid: None,
    ) -> None:
        self.name = name
        self.is_stuck = False
        self._begin = begin
        self._clock = clock
        self._on_start, self._on_line, self._on_exit, self._on_stuck = on_start, on_line, on_exit, on_stuck
        self._budget = RestartBudget()
        self._process: Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and not self._process.has_ended else None

    def send(self, command: BaseModel) -> bool:
        """Hand a command to the child; false when it is not running (it is told again by `on_start`)."""
        if self._process is None or self._process.has_ended:
            return False
        return self._process.write(command.model_dump_json().encode() + b"\n")

    async def run(self) -> None:
        """Keep the child alive until `stop` is called."""
        while not self._stopping.is_set():
            status = await self._live()
            if self._stopping.is_set():
                return
            delay = self._budget.delay(self._clock.sensor_ns())
            of_what = "" if status is None else f" with status {status}"
            log.warning("%s ended%s; starting it again in %.0f s", self.name, of_what, delay)
            self._on_exit(status, delay > 0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._stopping.wait()

    async def stop(self, patience: float = ENDED_SECONDS) -> None:
        """End it: ask it to, then SIGTERM, then SIGKILL, `patience` seconds apart.

        One that does not die of that is reported and left behind.
        """
        self._stopping.set()
        process = self._process
        if process is None or process.has_ended:
            return
        process.ask_to_end()
        for number in (signal.SIGTERM, signal.SIGKILL):
            if await _has_ended(process, patience):
                return
            process.send_signal(number)
        if not await _has_ended(process, patience):
            self._report_stuck(process)

    def replace(self, patience: float = ENDED_SECONDS) -> None:
        """End one that will not do, and begin another when it has ended."""
        if (process := self._process) is not None and not process.has_ended:
            process.ask_to_end()
            asyncio.get_running_loop().call_later(patience, self._kill_if_left, process)

    def kill(self, patience: float = KILLED_SECONDS) -> None:
        """End one that hangs, at once; it is begun again. Reported when it is still there after `patience` s."""
        if self._process is not None and not self._process.has_ended:
            self._process.send_signal(signal.SIGKILL)
            asyncio.get_running_loop().call_later(patience, self._report_stuck, self._process)

    def _kill_if_left(self, process: Process) -> None:
        if process is self._process:
            self.kill()

    def _report_stuck(self, process: Process) -> None:
        if not process.has_ended and not self.is_stuck:
            self.is_stuck = True
            log.error("%s (pid %d) cannot be killed: it hangs in the kernel", self.name, process.pid)
            self._on_stuck(process.pid)

    async def _live(self) -> int | None:
        try:
            self._process = await self._begin()
        except OSError as error:
            log.error("%s cannot be started: %s", self.name, error)
            return None
        self._on_start()
        await self._process.hear(self._on_line)
        status = await self._process.wait()
        self.is_stuck = False
        return status


async def _has_ended(process: Process, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        return False
    return True


async def take_lines(stream: asyncio.StreamReader, take: Callable[[bytes], None]) -> None:
    """Pass on a stream's lines until its end."""
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
