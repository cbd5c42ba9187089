"""What systemd hears of the screen."""

import asyncio
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from ezrec_tui.systemd import Service
from ezrec_tui.tui.app import ScreenApp
from tests.tui import states
from tests.tui.conftest import LIMIT, View
from tests.tui.engine_peer import EnginePeer
from tests.whole.terminal import terminal


def systemd(folder: Path) -> tuple[socket.socket, dict[str, str]]:
    """The socket that systemd would listen on, and how a service learns of it."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(folder / "notify"))
    ear.settimeout(LIMIT)
    return ear, {"NOTIFY_SOCKET": str(folder / "notify")}


def test_a_kiosk_says_that_it_is_ready_and_then_that_it_lives(socket: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="ezrec") as folder:
        ear, environment = systemd(Path(folder))
        with ear, EnginePeer(socket, states.idle()).in_a_thread():
            environment |= {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            environment |= {"EZREC_SOCKET": str(socket), "PYTHONPATH": str(Path.cwd())}
            with terminal("ezrec-watchdog", [sys.executable, "-m", "ezrec_tui", "--kiosk"], environment) as screen:
                assert ear.recv(100) == b"READY=1"
                screen.until("EZREC", "IDLE")
                assert [ear.recv(100) for _ in range(2)] == [b"WATCHDOG=1"] * 2


async def test_a_screen_that_deals_with_no_message_any_more_is_not_called_alive(view: View) -> None:
    beats, stuck = list[int](), asyncio.Event()
    async with view(states.idle(), beat=lambda: beats.append(1)) as viewer:
        await viewer.until(lambda: len(beats) > 1, "a beat after the first")
        viewer.app.screen.call_later(stuck.wait)
        heard = len(beats)
        try:
            for _ in range(2):
                ticked = viewer.app.now
                viewer.clock.advance(1.0)
                await until_tick(viewer.app, ticked)
            assert len(beats) == heard
        finally:
            stuck.set()
        await viewer.until(lambda: len(beats) > heard, "a beat")


async def until_tick(app: ScreenApp, before: object) -> None:
    async with asyncio.timeout(LIMIT):
        while app.now == before:
            await asyncio.sleep(0.01)


def test_without_systemd_or_with_one_that_has_gone_nothing_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    Service({}).beat()
    Service({"NOTIFY_SOCKET": str(tmp_path / "gone")}).beat()


def test_an_abstract_socket_is_found() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(b"\0ezrec-test-%d" % os.getpid())
        service = Service({"NOTIFY_SOCKET": f"@ezrec-test-{os.getpid()}"})
        service.beat()
        service.beat()
        assert [ear.recv(100), ear.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


async def test_a_screen_that_breaks_says_why_in_its_log(view: View, caplog: pytest.LogCaptureFixture) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("tried")

    async def watch() -> None:
        async with view(states.idle()) as viewer:
            viewer.app.call_later(breaks)
            await viewer.until(lambda: not viewer.app.is_running, "the end")

    with pytest.raises(ZeroDivisionError):
        await watch()
    (record,) = (one for one in caplog.records if one.name == "ezrec_tui.tui.app")
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
