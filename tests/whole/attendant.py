"""An attendant who presses anything, before a kiosk's screen on a live engine, with a recording under way.

    python -m tests.whole.attendant [--keys 20000] [--seed N]

It must never end the screen, never lead out of the kiosk, never stop a recording without its question; what was
confirmed is what was sent, and what the engine's audit log says; no frame that a camera gave is missing on the disk.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from ezrec_tui.client import EngineClient
from ezrec_tui.clock import SystemClock
from ezrec_tui.model import CameraState, JobState, Manifest, RecordingState, StartRecording
from ezrec_tui.tui.app import ScreenApp
from ezrec_tui.tui.profile import CONSOLE_PROFILE
from ezrec_tui.tui.screens.dialogs import Dialog
from ezrec_tui.tui.texts import ENGLISH, LANGUAGES
from tests.engine.running import RunningEngine, running_engine
from tests.tui.attendant import KEYS, LIMIT, strike, title

SETTINGS = {"MERGE_METHOD": "side_by_side", "EZREC_PIN": "90417263"}
"""What is guarded asks for a PIN that nobody finds by chance."""

RUNS = (RecordingState.STARTING, RecordingState.RECORDING)
LOOK_EVERY = 50
"""Keys from one look whether something is being recorded to the next."""

NOTED_EVERY = 1000
"""Keys from one reading of the audit log to the next."""

SOON = 240
"""Looks, half a second apart, within which a video has to be made."""

ACT_OF = {
    ("POST", "recordings", ""): "start",
    ("POST", "recordings", "stop"): "stop",
    ("POST", "recordings", "resume"): "resume",
    ("POST", "recordings", "extend"): "extend",
    ("POST", "recordings", "highlight"): "highlight",
    ("DELETE", "bookings", ""): "cancel booking",
    ("POST", "jobs", "retry"): "retry job",
    ("POST", "jobs", "cancel"): "cancel job",
    ("POST", "jobs", "pause"): "pause job",
    ("POST", "jobs", "resume"): "resume job",
    ("POST", "jobs", "priority"): "prioritise job",
    ("POST", "jobs", "link"): "link",
    ("POST", "cameras", "swap"): "swap cameras",
    ("POST", "cameras", "test"): "test cameras",
    ("POST", "alerts", "acknowledge"): "acknowledge",
    ("POST", "pin", ""): "check PIN",
}
"""What the audit log calls a request."""


TITLES = {
    getattr(texts, name).partition("{")[0].strip(): getattr(ENGLISH, name).partition("{")[0].strip()
    for texts in LANGUAGES.values()
    for name in (*(field.name for field in fields(ENGLISH) if field.name.endswith("title")), "which")
}
"""Of dialogs, as far as they are always the same, in English."""


class HastyClock(SystemClock):
    """Tells the time; what waits for time to pass can be told that more of it did."""

    def __init__(self) -> None:
        self._ahead_ns = 0

    def sensor_ns(self) -> int:
        return super().sensor_ns() + self._ahead_ns

    def hurry(self, seconds: float) -> None:
        self._ahead_ns += round(seconds * 1e9)


class CountedClient(EngineClient):
    """The engine's client; what it sends is counted."""

    def __init__(self, socket: Path, viewer: str) -> None:
        super().__init__(socket, viewer)
        self.sent = Counter[str]()

    async def _ask(self, method: str, path: str, body: BaseModel | None = None, *, refusal: bool = False) -> str:
        if method != "GET":
            _, _, what, *rest = path.split("/")
            verb = rest[-1] if method == "POST" and rest else ""
            self.sent[ACT_OF[method, what, verb]] += 1
        return await super()._ask(method, path, body, refusal=refusal)


@dataclass
class Pressed:
    """What happened, counted."""

    seed: int
    keys: int = 0
    seconds: float = 0.0
    dialogs: Counter[str] = field(default_factory=Counter[str])
    """By what they asked."""
    stops_confirmed: int = 0
    sent: Counter[str] = field(default_factory=Counter[str])
    noted: Counter[str] = field(default_factory=Counter[str])
    """By the engine's audit log."""
    recordings: int = 0
    captured: int = 0
    """Frames of both cameras, and those of them on the disk."""
    written: int = 0
    wrong: list[str] = field(default_factory=list[str])
    """Promises that were broken."""


async def press(engine: RunningEngine, keys: int, seed: int) -> Pressed:
    """Press so many keys, and see what came of it."""
    chance, pressed, clock = random.Random(seed), Pressed(seed), HastyClock()
    client, guard = CountedClient(engine.socket, "attendant"), EngineClient(engine.socket, "guard")
    app = ScreenApp(client, clock, CONSOLE_PROFILE, kiosk=True, viewer="attendant")
    noted = set[tuple[datetime, str]]()
    began = time.monotonic()
    async with app.run_test(size=(120, 33)) as pilot:
        seen: Dialog[object] | None = None
        while pressed.keys < keys:
            if pressed.keys % LOOK_EVERY == 0 and not any(
                one.state in RUNS for one in (await guard.snapshot()).recordings
            ):
                await guard.start(StartRecording(minutes=120, title="Attendant"))
            if pressed.keys % NOTED_EVERY == 0:
                noted |= await noted_by(guard)
            if chance.random() < 0.3:
                clock.hurry(chance.choice((0.1, 0.6, 2.0)))
            if chance.random() < 0.002:
                clock.hurry(400)
            async with asyncio.timeout(LIMIT):
                while title(app) == "":
                    await pilot.pause(0)
            dialog, asked = app.screen if isinstance(app.screen, Dialog) else None, title(app)
            if dialog is not None and dialog is not seen:
                pressed.dialogs[next(TITLES[one] for one in TITLES if (asked or "").startswith(one))] += 1
            seen = dialog
            key = chance.choice(KEYS)
            await strike(app, key)
            pressed.keys += 1
            if dialog is not None and dialog not in app.screen_stack and key.lower() == "s":
                pressed.stops_confirmed += asked == app.look.texts.stop_title
            if not app.is_running:
                pressed.wrong.append(f"key {pressed.keys}, {key}, ended the screen")
                break
            if client.sent["stop"] > pressed.stops_confirmed:
                pressed.wrong.append(f"key {pressed.keys}, {key}, stopped a recording without its question")
                break
        async with asyncio.timeout(LIMIT):
            while app.busy and not isinstance(app.screen, Dialog):
                await pilot.pause(0.05)
        if app.return_code:
            pressed.wrong.append(f"the screen ended with {app.return_code}")
    pressed.seconds = time.monotonic() - began
    pressed.sent = client.sent
    noted |= await noted_by(guard)
    pressed.noted = Counter(act for _, act in noted)
    if pressed.noted != pressed.sent:
        pressed.wrong.append(f"sent {dict(pressed.sent)}, but noted {dict(pressed.noted)}")
    if pressed.sent["stop"] != pressed.stops_confirmed:
        pressed.wrong.append(f"{pressed.stops_confirmed} stops were confirmed, {pressed.sent['stop']} sent")
    for one in (await guard.snapshot()).recordings:
        if one.state in RUNS:
            await guard.stop(one.booking_id)
    return pressed


async def noted_by(engine: EngineClient) -> set[tuple[datetime, str]]:
    """What the attendant did, of the newest acts in the audit log."""
    return {(act.at, act.act) for act in await engine.acts(1000) if "attendant" in act.by}


def count_frames(engine: RunningEngine, pressed: Pressed) -> None:
    """When all is written: whether what the cameras gave is on the disk."""
    over, left = (JobState.DONE, JobState.CANCELLED, JobState.FAILED), list[int]()
    engine.until(lambda seen: not seen.recordings)
    while not left or left[-1]:
        left.append(sum(job.state not in over for job in asyncio.run(engine.client.jobs())))
        assert left[-SOON:].count(left[-1]) < SOON, "the videos are not made"
        time.sleep(0.5)
    for path in engine.data.rglob("manifest.json"):
        manifest = Manifest.model_validate_json(path.read_bytes())
        pressed.recordings += 1
        for camera in manifest.cameras if manifest.finalised else ():
            pressed.captured += camera.captured
            pressed.written += camera.written
            if camera.written < camera.captured:
                lost = camera.captured - camera.written
                pressed.wrong.append(f"{manifest.booking.id}: camera {camera.camera} lost {lost} frames")


def tell(pressed: Pressed) -> None:
    print(f"seed {pressed.seed}: {pressed.keys} keys in {pressed.seconds:.0f} s")
    print(f"{sum(pressed.dialogs.values())} dialogs: {dict(pressed.dialogs.most_common())}")
    print(f"{sum(pressed.sent.values())} acts sent: {dict(pressed.sent.most_common())}; as many in the audit log")
    print(f"{pressed.stops_confirmed} stops confirmed, {pressed.sent['stop']} sent")
    print(f"{pressed.recordings} recordings; {pressed.captured} frames captured, {pressed.written} written")
    for one in pressed.wrong:
        print(f"WRONG: {one}")


def run(data: Path, keys: int, seed: int) -> Pressed:
    with running_engine(data, **SETTINGS) as engine:
        engine.until(lambda seen: bool(seen.cameras) and all(one.state is CameraState.IDLE for one in seen.cameras))
        pressed = asyncio.run(press(engine, keys, seed))
        count_frames(engine, pressed)
    return pressed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ezrec-attendant-") as folder:
        pressed = run(Path(folder) / "data", asked.keys, asked.seed)
    tell(pressed)
    return 1 if pressed.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
