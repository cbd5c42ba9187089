"""Children are kept alive, heard and ended."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.supervisor import BACK_OFF_SECONDS, RESTARTS, Child, RestartBudget
from ezrec_tui.model import AddHighlight, Value

NS = 1_000_000_000
ECHO = "import sys; print('up', flush=True)\nfor line in sys.stdin: print('heard', line.strip(), flush=True)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\n"
    "while True: time.sleep(60)"
)


class Heard:
    """What a child said and did, and a way to wait for it."""

    def __init__(self, script: str) -> None:
        self.lines: list[str] = []
        self.starts = 0
        self.exits: list[int] = []
        self._news = asyncio.Event()
        self.child = Child(
            "child",
            [sys.executable, "-c", script],
            SystemClock(),
            on_start=self._start,
            on_line=self._line,
            on_exit=self._exit,
        )

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

    def _exit(self, status: int, _given_up: bool) -> None:
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


async def test_a_line_without_end_does_not_end_the_engine() -> None:
    script = "import sys; sys.stdout.write('x' * 9_000_000 + '\\n'); print('up', flush=True); sys.stdin.read()"
    heard = Heard(script)
    running = asyncio.create_task(heard.child.run())
    await heard.until(1, "up")
    await heard.child.stop()
    await running


async def test_what_a_child_logs_is_in_the_engines_log(caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard("import sys; print('ERROR the disk is gone', file=sys.stderr, flush=True); print('up', flush=True)")
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
