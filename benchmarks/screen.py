"""What the screen costs: the real one in a pseudo-terminal, on a real engine with two test-pattern cameras.

    python -m benchmarks.screen [--seconds 60] [--size 120x33] [--json FILE] [--short]

first paint: from the start of the process to the first picture, beside that of a Textual program that paints one word.
idle: the home screen while nothing happens. recording: while both cameras record. preview: the cameras' pictures
shown, and what engine and recorders use beyond that. burst: 1,000 snapshots a second from a stand-in for the engine,
and how old the newest one shown is; at the same time a key is pressed each second, and its answer awaited.
CPU is user and system time in per cent of one core; memory is what the process alone holds and its share of the rest.
"""

import argparse
import asyncio
import fcntl
import json
import os
import platform
import pty
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks import processes
from ezrec_tui.client import EngineClient, EngineUnreachable
from ezrec_tui.config import Settings
from ezrec_tui.launch import EngineKeeper
from ezrec_tui.model import CameraState, Snapshot, StartRecording

PATIENCE = 60.0
RATE = 1000
"""Snapshots a second in the burst."""
CAMERAS_KEY, HOME_KEY, ACTS_KEY = b"6", b"1", b"5"
ONE_WORD = """
from textual.app import App
from textual.widgets import Static
class Word(App):
    def compose(self): yield Static("IDLE")
Word().run()
"""

Figures = dict[str, float]


class Terminal:
    """A program in a pseudo-terminal of so many cells; all that it writes is counted and kept."""

    def __init__(self, command: list[str], environment: Mapping[str, str], cells: tuple[int, int]) -> None:
        self.written = 0
        self.text = ""
        self.arrived = threading.Condition()
        main, other = pty.openpty()
        width, height = cells
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.began = time.monotonic()
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            command, stdin=other, stdout=other, stderr=other, env={**environment, **terminal}, start_new_session=True
        )
        os.close(other)
        self._main = main
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._main, 65536)
            except OSError:  # the other end was closed
                return
            with self.arrived:
                self.written += len(data)
                self.text = (self.text + data.decode(errors="replace"))[-200_000:]
                self.arrived.notify_all()

    def press(self, key: bytes) -> None:
        os.write(self._main, key)

    def until(self, holds: Callable[[str], bool], since: int = 0) -> float:
        """The moment at which what was written holds. Raises TimeoutError."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: holds(self.text), PATIENCE):
                raise TimeoutError(f"the screen does not show it; it ended with {self.process.poll()}")
        return time.monotonic()

    def forget(self) -> None:
        with self.arrived:
            self.text = ""

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._main)


@contextmanager
def screen(environment: Mapping[str, str], cells: tuple[int, int]) -> Generator[Terminal]:
    terminal = Terminal([sys.executable, "-m", "ezrec_tui"], environment, cells)
    try:
        yield terminal
    finally:
        terminal.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="how long each is looked at")
    parser.add_argument("--size", default="120x33", help="of the terminal, in cells")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--short", action="store_true", help="a few seconds each, for correctness alone")
    asked = parser.parse_args()
    if asked.short:
        asked.seconds = 4
    width, height = map(int, asked.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="ezrec-benchmark-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        figures = _measure(data, asked.seconds, (width, height), runs=1 if asked.short else 5)
    for name, values in figures.items():
        print(f"{name:12}" + "  ".join(f"{what} {value:g}" for what, value in values.items()))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        machine = {"cpus": os.cpu_count(), "arch": platform.machine(), "python": platform.python_version()}
        report = {"benchmark": "screen", "cells": asked.size, "seconds": asked.seconds, "machine": machine}
        asked.json.write_text(json.dumps(report | {"figures": figures}, indent=2) + "\n")
        print(f"written to {asked.json}")
    return 0


def _measure(data: Path, seconds: int, cells: tuple[int, int], runs: int) -> dict[str, Figures]:
    figures: dict[str, Figures] = {}
    environment = _environment(data)
    client = EngineClient(Path(environment["EZREC_SOCKET"]))
    with EngineKeeper(environment, data, data / "engine-output.log"):
        asyncio.run(_until(client, lambda seen: all(one.state is CameraState.IDLE for one in seen.cameras)))
        figures["first paint"] = _first_paint(environment, cells, runs)
        with screen(environment, cells) as shown:
            shown.until(lambda text: "IDLE" in text)
            time.sleep(2)  # what comes with the start has come
            figures["idle"] = _look(shown, seconds, data)
            shown.press(CAMERAS_KEY)
            shown.until(lambda text: "▀" in text or "▄" in text)
            figures["preview"] = _look(shown, seconds, data)
            shown.press(HOME_KEY)
            asyncio.run(client.start(StartRecording(minutes=(seconds * 3 + 60) / 60)))
            asyncio.run(_until(client, lambda seen: all(one.state is CameraState.RECORDING for one in seen.cameras)))
            shown.until(lambda text: "RECORDING" in text)
            figures["recording"] = _look(shown, seconds, data)
            shown.press(CAMERAS_KEY)
            figures["recording, preview"] = _look(shown, seconds, data)
        recording = asyncio.run(client.snapshot())
        dropped = float(sum(camera.dropped for camera in recording.cameras))
        figures["recording, preview"]["frames dropped"] = dropped
    figures["burst"] = _burst(data, recording, seconds, cells)
    return figures


def _environment(data: Path) -> dict[str, str]:
    names = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "EZREC_DATA_DIR": str(data),
        "EZREC_SOCKET": str(data.parent / "engine"),
        "CAMERA_0_SERIAL": "testpattern",
        "CAMERA_1_SERIAL": "testpattern",
        "RESOLUTION": "1280x720",
    }


async def _until(client: EngineClient, holds: Callable[[Snapshot], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                snapshot = await client.snapshot()
            except EngineUnreachable:
                snapshot = None
            if snapshot is not None and snapshot.cameras and holds(snapshot):
                return
            await asyncio.sleep(0.1)


def _first_paint(environment: Mapping[str, str], cells: tuple[int, int], runs: int) -> Figures:
    """Seconds, medians: ours has a clock when it is painted; the engine's word comes with a later picture."""
    ours: list[float] = []
    word: list[float] = []
    told: list[float] = []
    for _ in range(runs):
        with screen(environment, cells) as shown:
            ours.append(shown.until(lambda text: re.search(r"\d\d:\d\d:\d\d", text) is not None) - shown.began)
            told.append(shown.until(lambda text: "IDLE" in text) - shown.began)
        peer = Terminal([sys.executable, "-c", ONE_WORD], environment, cells)
        word.append(peer.until(lambda text: "IDLE" in text) - peer.began)
        peer.end()
    median = statistics.median
    return {
        "s": round(median(ours), 2),
        "s until the engine's state is shown": round(median(told), 2),
        "s of one word in Textual": round(median(word), 2),
    }


def _look(shown: Terminal, seconds: int, data: Path) -> Figures:
    """What the screen uses, and engine and recorders beside it."""
    mine = psutil.Process(shown.process.pid)
    others = {process: processes.name(process) for process in processes.processes(data) if process.pid != mine.pid}
    engine = [process for process, name in others.items() if name != "worker"]
    before, engine_before, written = processes.cpu_seconds(mine), _sum(engine), shown.written
    began = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    return {
        "% CPU": round(100 * (processes.cpu_seconds(mine) - before) / took, 2),
        "MB": round(mine.memory_full_info().pss / 1e6, 1),
        "kB/s": round((shown.written - written) / took / 1000, 2),
        "% CPU of engine and recorders": round(100 * (_sum(engine) - engine_before) / took, 2),
    }


def _sum(running: list[psutil.Process]) -> float:
    return sum(processes.cpu_seconds(process) for process in running)


def _burst(data: Path, snapshot: Snapshot, seconds: int, cells: tuple[int, int]) -> Figures:
    """Labels are the seconds since the stream's start, so the newest one shown tells its own age."""
    socket, file = data.parent / "burst", data.parent / "snapshot.json"
    file.write_text(snapshot.model_dump_json())
    sender = subprocess.Popen([sys.executable, "-m", "benchmarks.burst", str(socket), str(file), str(RATE)])
    try:
        while not socket.exists():
            time.sleep(0.05)
        with screen(_environment(data) | {"EZREC_SOCKET": str(socket)}, cells) as shown:
            return _under_fire(shown, seconds)
    finally:
        sender.kill()
        sender.wait()


def _under_fire(shown: Terminal, seconds: int) -> Figures:
    label = re.compile(r"(\d+\.\d\d)")
    first = shown.until(lambda text: label.search(text) is not None)
    mine = psutil.Process(shown.process.pid)
    before, written = processes.cpu_seconds(mine), shown.written
    zero = first - max(map(float, label.findall(shown.text)))
    ages: list[float] = []
    answers: list[float] = []
    while time.monotonic() - first < seconds:
        time.sleep(1)
        shown.press(ACTS_KEY)
        pressed = time.monotonic()
        shown.forget()
        answers.append(shown.until(lambda text: "Who did what" in text) - pressed)
        shown.press(HOME_KEY)
        shown.forget()
        at = shown.until(lambda text: label.search(text) is not None)
        ages.append(at - zero - max(map(float, label.findall(shown.text))))
    took = time.monotonic() - first
    return {
        "snapshots a second": RATE,
        "% CPU": round(100 * (processes.cpu_seconds(mine) - before) / took, 1),
        "MB": round(mine.memory_full_info().pss / 1e6, 1),
        "kB/s": round((shown.written - written) / took / 1000, 1),
        "s from a key to its answer, median": round(statistics.median(answers), 3),
        "most": round(max(answers), 3),
        "s that the newest shown is older than at first, most": round(max(ages), 2),
    }


if __name__ == "__main__":
    sys.exit(main())
