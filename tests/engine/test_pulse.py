"""What systemd hears of the engine, and what becomes of recorders whose engine is not to come back."""

import asyncio
import select
import socket
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from ezrec_tui.child import KILLED_FIRST
from ezrec_tui.clock import SystemClock
from ezrec_tui.engine.pulse import REQUEST, keep_beating
from ezrec_tui.recording_files import find_segments
from ezrec_tui.systemd import Service
from tests.engine.running import PATIENCE, running_engine
from tests.engine.test_outlive import SETTINGS, begin, folder_of, pids
from tests.processes import processes_of

TURNS = 200
"""Of an event loop in which all the talk takes place; far more than a beat needs."""


@pytest.fixture
def ear(tmp_path: Path) -> Generator[socket.socket]:
    """Where systemd would listen: `notify` in the folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(PATIENCE)
        yield listening


def heard(ear: socket.socket) -> list[bytes]:
    """What came and was not yet taken."""
    words = list[bytes]()
    while select.select([ear], [], [], 0)[0]:
        words.append(ear.recv(100))
    return words


class HeldClock(SystemClock):
    """Whoever sleeps by it sleeps until he is woken."""

    def __init__(self) -> None:
        self.sleepers = 0
        self._wake = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.sleepers += 1
        self._wake.clear()
        await self._wake.wait()
        self.sleepers -= 1

    def wake(self) -> None:
        self._wake.set()


async def turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def test_an_engine_is_called_alive_only_when_it_has_decided_again_and_has_answered(
    tmp_path: Path, ear: socket.socket
) -> None:
    asked, may_answer, decided, clock = 0, asyncio.Event(), asyncio.Event(), HeldClock()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        assert await reader.readexactly(len(REQUEST)) == REQUEST
        asked += 1
        await may_answer.wait()
        writer.write(b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "api")
    service = Service({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    beating = asyncio.create_task(keep_beating(service, decided, tmp_path / "api", clock))
    async with server:
        await turns()
        assert (asked, heard(ear)) == (0, []), "nothing was decided"
        decided.set()
        await turns()
        assert (asked, heard(ear)) == (1, []), "nothing was answered"
        may_answer.set()
        await turns()
        assert (asked, heard(ear)) == (1, [b"READY=1"])
        clock.wake()
        await turns()
        assert (asked, heard(ear), clock.sleepers) == (1, [], 0), "what was decided before does not count"
        decided.set()
        await turns()
        assert (asked, heard(ear)) == (2, [b"WATCHDOG=1"])
    beating.cancel()


async def test_an_engine_whose_socket_is_closed_is_not_called_alive_and_is_asked_again(
    tmp_path: Path, ear: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    decided, clock = asyncio.Event(), HeldClock()
    service = Service({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    beating = asyncio.create_task(keep_beating(service, decided, tmp_path / "api", clock))
    for times in (1, 2):
        await turns()
        decided.set()
        await turns()
        assert clock.sleepers == 1
        assert heard(ear) == []
        assert caplog.text.count("does not answer") == times
        clock.wake()
    beating.cancel()


def test_an_engine_says_that_it_is_ready_when_it_answers_and_then_that_it_lives(
    tmp_path: Path, ear: socket.socket
) -> None:
    with running_engine(tmp_path / "data", NOTIFY_SOCKET=str(tmp_path / "notify")) as running:
        assert ear.recv(100) == b"READY=1"
        assert asyncio.run(running.client.snapshot()).cameras
        assert ear.recv(100) == b"WATCHDOG=1"


def test_the_worker_is_what_the_kernel_takes_first_when_memory_runs_out(tmp_path: Path) -> None:
    def least_wanted() -> list[str]:
        scores = [(score(process), line) for process, line in processes_of(tmp_path)]
        return [line for points, line in scores if points == KILLED_FIRST]

    with running_engine(tmp_path) as running:
        running.until(lambda seen: bool(seen.cameras) and len(least_wanted()) > 0)
        (worker,) = least_wanted()
        assert "ezrec_tui.jobs" in worker


def score(process: psutil.Process) -> int:
    return int(Path(f"/proc/{process.pid}/oom_score_adj").read_text())


def test_recorders_that_a_killed_engine_has_left_are_ended_in_order_where_none_is_to_come(tmp_path: Path) -> None:
    with running_engine(tmp_path, **SETTINGS) as running:
        before = begin(running, 1000)
        refused = running.cli("engine", "--end-recorders")
        assert (refused.returncode, pids(tmp_path)) == (1, before)
        assert "another engine is running" in refused.stderr
        running.kill()
        assert pids(tmp_path) == before
        assert running.cli("engine", "--end-recorders").returncode == 0
        assert pids(tmp_path) == {}
    segments = find_segments(folder_of(tmp_path))
    assert [segment.captured > 0 for segment in segments] == [True] * len(segments), "closed and listed"
