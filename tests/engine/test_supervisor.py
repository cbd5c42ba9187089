"""Children are kept alive, heard and ended."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.supervisor import BACK_OFF_SECONDS, RESTARTS, Child, Piped, RestartBudget
from ezrec_tui.model import AddHighlight, Value

NS = 1_000_000_000
ECHO = "import sys; print('up', flush=True)\nfor line in sys.stdin: print('heard', line.strip(), flush=True)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\n"
    "while True: time.sleep(60)"
)


HOLDS_A_DYING_PROCESS = """
import ctypes, sys
PTRACE_SEIZE, PTRACE_O_TRACEEXIT = 0x4206, 0x40
ptrace = ctypes.CDLL(None, use_errno=True).ptrace
ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
assert ptrace(PTRACE_SEIZE, int(sys.argv[1]), None, PTRACE_O_TRACEEXIT) == 0, ctypes.get_errno()
print('held', flush=True)
sys.stdin.read()
"""
"""A tracer in whose hands a killed process stays: it neither runs nor ends, as one that hangs in a driver."""


@contextmanager
def unkillable(pid: int) -> Generator[None]:
    """The process does not die within the `with`."""
    tracer = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_DYING_PROCESS, str(pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert tracer.stdin is not None
    assert tracer.stdout is not None
    with tracer.stdin, tracer.stdout:
        assert tracer.stdout.readline() == b"held\n"
        yield
    tracer.wait(20)


class Heard:
    """What a child said and did, and a way to wait for it."""

    def __init__(self, script: str) -> None:
        self.lines: list[str] = []
        self.starts = 0
        self.exits: list[int | None] = []
        self.stuck: list[int] = []
        self._news = asyncio.Event()
        self.child = Child(
            "child",
            lambda: Piped.start("child", [sys.executable, "-c", script]),
            SystemClock(),
            on_start=self._start,
            on_line=self._line,
            on_exit=self._exit,
            on_stuck=self._stuck,
        )

    async def until_stuck(self) -> None:
        async with asyncio.timeout(20):
            while not self.stuck:
                self._news.clear()
                await self._news.wait()

    async def until(self, count: int, text: str) -> None:
        """Wait until lines that begin with `text` were heard so often."""
        async with asyncio.timeout(20):
            while sum(line.startswith(text) for line in self.lines) < count:
                self._news.clear()
                await self._news.wait()

    def _start(self) -> None:
        self.starts += 1

    def _line(self, line: bytes) -> None:
        self.lines.append(line.decode().strip())
        self._news.set()

    def _stuck(self, pid: int) -> None:
        self.stuck.append(pid)
        self._news.set()

    def _exit(self, status: int | None, _given_up: bool) -> None:
        self.exits.append(status)


async def test_a_killed_child_is_started_again_and_can_be_spoken_to() -> None:
    heard = Heard(ECHO)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    assert heard.child.pid is not None
    os.kill(heard.child.pid, signal.SIGKILL)
    await heard.until(2, "up")
    assert heard.child.send(AddHighlight(label="goal"))
    await heard.until(1, 'heard {"label":"goal"}')
    await heard.child.stop()
    await running
    assert heard.exits == [-signal.SIGKILL]


async def test_a_child_that_ignores_sigterm_is_ended_all_the_same() -> None:
    heard = Heard(STUBBORN)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    pid = heard.child.pid
    assert pid is not None
    await heard.child.stop(patience=0.2)
    await running
    assert not Path(f"/proc/{pid}").exists()


async def test_a_child_that_cannot_be_killed_is_reported_and_no_other_takes_its_place_until_it_is_gone() -> None:
    heard = Heard(ECHO)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    pid = heard.child.pid
    assert pid is not None
    with unkillable(pid):
        heard.child.kill(patience=0.1)
        heard.child.kill(patience=0.1)
        await heard.until_stuck()
        assert heard.child.is_stuck
        assert (heard.starts, heard.exits, heard.child.pid) == (1, [], pid)
    await heard.until(2, "up")
    assert heard.stuck == [pid], "said once"
    assert not heard.child.is_stuck
    await heard.child.stop()
    await running


async def test_a_stop_does_not_wait_for_a_child_that_cannot_be_killed() -> None:
    heard = Heard(STUBBORN)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    pid = heard.child.pid
    assert pid is not None
    with unkillable(pid):
        await heard.child.stop(patience=0.1)
        assert heard.stuck == [pid]
        assert Path(f"/proc/{pid}").exists()
    await running
    assert heard.starts == 1


async def test_a_line_without_end_does_not_end_the_engine() -> None:
    script = "import sys; sys.stdout.write('x' * 9_000_000 + '\\n'); print('up', flush=True); sys.stdin.read()"
    heard = Heard(script)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    await heard.child.stop()
    await running


async def test_what_a_child_logs_is_in_the_engines_log(caplog: pytest.LogCaptureFixture) -> None:
    logging_child = "import logging; from ezrec_tui.logs import log_as_child; log_as_child('INFO')"
    heard = Heard(f"{logging_child}; logging.error('the disk is gone'); print('up', flush=True)")
    running = asyncio.create_task(heard.child.run())
    await heard.until(2, "up")
    await heard.child.stop()
    await running
    assert ("child", 40, "the disk is gone") in caplog.record_tuples


async def test_nothing_is_sent_to_a_child_that_is_not_there() -> None:
    assert not Heard(ECHO).child.send(Value())


def test_restarts_are_at_once_until_the_budget_is_used_up_and_again_when_time_has_passed() -> None:
    budget = RestartBudget()
    assert [budget.delay(second * NS) for second in range(RESTARTS)] == [0.0] * RESTARTS
    assert budget.delay(RESTARTS * NS) == BACK_OFF_SECONDS
    assert budget.delay(200 * NS) == 0.0
