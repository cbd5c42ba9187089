"""Takes the pictures of docs/ on a real console: `python -m tests.console.pictures [NAME...]`."""

import re
import sys
import tempfile
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ezrec_tui.clock import sensor_ns
from ezrec_tui.model import NS, CameraState, Snapshot
from tests.console.machine import REPOSITORY, Machine, booted
from tests.tui import states
from tests.tui.engine_peer import EnginePeer

DOCS = REPOSITORY / "docs"
SHOW_SECONDS = 1.0
"""An engine sends a snapshot at least so often."""


@dataclass(frozen=True)
class Scene:
    """What is shown, the keys that lead there, and a word by which it is known to have come."""

    name: str
    state: Callable[[], Snapshot]
    keys: tuple[str, ...]
    words: tuple[str, ...]
    leave: tuple[str, ...] = ()


BOOTS: dict[tuple[int, int], tuple[Scene, ...]] = {
    (1024, 768): (
        Scene("idle", states.idle, (), ("IDLE",)),
        Scene("recording", states.recording, (), ("RECORDING",)),
        Scene("alert", states.trouble, (), ("ALERT",)),
        Scene("question", states.recording, ("f8",), ("Stop recording?",), ("esc",)),
        Scene("videos", states.busy_jobs, ("2", "down"), ("2 of 8",), ("1",)),
        Scene("bookings", states.idle, ("3",), (" of 14",), ("1",)),
        Scene("alerts", states.trouble, ("4",), (" of 4",), ("1",)),
        Scene("preview", states.recording, ("6",), ("Focus",), ("1",)),
        Scene("setup", states.tested, ("7",), ("NOT IN ORDER",), ("1",)),
        Scene("help", states.recording, ("f1",), ("All at a glance",), ("1",)),
        Scene("spanish", states.recording, ("l",), ("GRABANDO",), ("l",)),
        Scene("clock", states.idle, (), ("Any key",), ("1",)),
    ),
    (1920, 1080): (
        Scene("idle-large", states.idle, (), ("IDLE",)),
        Scene("recording-large", states.recording, (), ("RECORDING",)),
        Scene("alert-large", states.trouble, (), ("ALERT",)),
        Scene("videos-large", states.busy_jobs, ("2", "down"), ("2 of 8",), ("1",)),
        Scene("preview-large", states.recording, ("6",), ("Focus",), ("1",)),
    ),
    (640, 400): (
        Scene("recording-small", states.recording, (), ("RECORDING",)),
        Scene("alert-small", states.trouble, (), ("ALERT",)),
        Scene("videos-small", states.busy_jobs, ("2", "down"), ("2 of 8",), ("1",)),
        Scene("preview-small", states.recording, ("6",), ("Focus",), ("1",)),
        Scene("setup-small", states.tested, ("7",), ("NOT IN ORDER",), ("1",)),
    ),
}


@dataclass
class Shown:
    """An engine that shows what it is told to, again and again as engines do."""

    peer: EnginePeer
    ahead_ns: int = 0
    """How far the machine's clock since its boot is ahead of this one's."""
    step: int = 0

    def show(self, snapshot: Snapshot) -> None:
        self.step += 1
        seen = states.pictures(sensor_ns() + self.ahead_ns, step=self.step % 12)
        lost = {camera.index for camera in snapshot.cameras if camera.state is CameraState.LOST}
        self.peer.pictures = [picture for picture in seen if picture.index not in lost]
        self.peer.show(snapshot.model_copy(update={"sequence": self.peer.snapshot.sequence + 1}))


@contextmanager
def engine(socket: Path) -> Generator[Shown]:
    shown = Shown(
        EnginePeer(
            socket,
            states.idle(),
            bookings=states.bookings(),
            log=states.log(),
            alerts=states.alerts(),
            done=states.acts(),
        )
    )
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(SHOW_SECONDS):
            shown.show(shown.peer.snapshot)

    with shown.peer.in_a_thread():
        thread = threading.Thread(target=repeat)
        thread.start()
        try:
            yield shown
        finally:
            over.set()
            thread.join()


def take(machine: Machine, scene: Scene, shown: Shown) -> None:
    # The clock is set back, so that "until" and "in 42 min" fit what is shown.
    machine.run(f"date -s @{int(states.NOW.timestamp())}")
    shown.show(scene.state())
    machine.press(*scene.keys)
    text = machine.until(*scene.words)
    # Digits, bars and pictures go on; all else is drawn when it stays the same.
    still = re.compile(r"[\d\u2580-\u259f━─ ]")
    while still.sub("", text) != still.sub("", text := machine.text()):
        machine.run("sleep 1")
    machine.shot(DOCS / f"console-{scene.name}.png")
    print(f"--- {scene.name}\n{text}", flush=True)
    if scene.leave:
        machine.press(*scene.leave)
        machine.until(absent=scene.words[0])  # an Esc that a key follows at once is another key


def main() -> None:
    wanted = sys.argv[1:]
    for size, scenes in BOOTS.items():
        chosen = [scene for scene in scenes if scene.name in wanted or not wanted]
        if not chosen:
            continue
        with tempfile.TemporaryDirectory(prefix="ezrec-") as folder:
            socket = Path(folder) / "engine"
            with engine(socket) as shown, booted(socket, size, clock=f"{states.NOW:%Y-%m-%dT%H:%M:%S}") as machine:
                shown.ahead_ns = int(float(machine.run("cat /proc/uptime").split()[0]) * NS) - sensor_ns()
                machine.run("systemctl start --no-block ezrec-kiosk")
                machine.until("Left camera")
                for scene in chosen:
                    take(machine, scene, shown)


if __name__ == "__main__":
    main()
