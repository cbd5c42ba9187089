"""`ezrec smoke-test`: one booking's whole way for real, in a scratch folder, and what came of each part of it.

Engine, recorders, worker and screen are those of the installation; cameras are test patterns, the store is a folder,
so that it says nothing of the venue's own, and touches nothing of it.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ezrec_tui.demo.run import Demo, DemoError, DemoOptions, bare_environment
from ezrec_tui.doctor.checks import Check, Failed, Found, Verdict, run_checks
from ezrec_tui.doctor.screen import look_at_screen
from ezrec_tui.doctor.trial import Trial
from ezrec_tui.model import Level, MergeMethod, Value

SIZE = (640, 360)
FPS = 15
SECONDS = 4.0
LIMIT_SECONDS = 180.0
"""For the whole booking, on a slow machine."""
SHOWN = "player@example.org"
"""What the screen calls the demo's booking: only the engine can have told it."""
SCREEN_SECONDS = 90.0
"""Until it has to show it: engine and screen start together."""


class SmokeReport(Value):
    """What `ezrec smoke-test --json` prints."""

    ok: bool
    passed: int
    count: int
    checks: tuple[Verdict, ...]
    kept: Path | None = None
    """The scratch folder with its log, where something failed or it was to be kept."""
    seconds: float


def smoke_test(say: Callable[[str], None], on_verdict: Callable[[Verdict], None], *, keep: bool = False) -> SmokeReport:
    """Run it in a new folder. `say` is told each transition, `on_verdict` what came of each part. Raises OSError."""
    began = time.monotonic()
    trial, screen = try_booking(Path(tempfile.mkdtemp(prefix="ezrec-smoke-test-")), say)
    return conclude((*trial.checks(), screen), trial.data, on_verdict, keep=keep, began=began)


def conclude(
    checks: Sequence[Check], folder: Path, on_verdict: Callable[[Verdict], None], *, keep: bool, began: float
) -> SmokeReport:
    """Make the checks and count. The folder is deleted when all are ok, unless it is to be kept."""
    verdicts: list[Verdict] = []
    for verdict in run_checks(checks):
        verdicts.append(verdict)
        on_verdict(verdict)
    passed = sum(verdict.level is Level.OK for verdict in verdicts)
    ok = passed == len(verdicts)
    if ok and not keep:
        shutil.rmtree(folder, ignore_errors=True)
    return SmokeReport(
        ok=ok,
        passed=passed,
        count=len(verdicts),
        checks=tuple(verdicts),
        kept=folder if keep or not ok else None,
        seconds=round(time.monotonic() - began, 1),
    )


def try_booking(folder: Path, say: Callable[[str], None]) -> tuple[Trial, Check]:
    """A booking from its start to its publishing, with the screen beside it: what it left, and how the screen did."""
    demo = Demo(DemoOptions(SECONDS, folder, MergeMethod.FEATHER, FPS, SIZE), say)
    try:
        with demo.engine():
            trouble, screen = asyncio.run(_follow(demo, folder))
    except DemoError as error:
        trouble, screen = str(error), Failed(f"no engine: {error}", "make room in the folder for temporary files")
    finally:
        demo.close()

    def look() -> Found:
        if isinstance(screen, Failed):
            raise screen
        return screen

    return Trial(folder, demo.booking_id, SIZE, FPS, SECONDS, trouble), Check("screen", look)


async def _follow(demo: Demo, folder: Path) -> tuple[str, Found | Failed]:
    """Why the booking did not get to its end, if it did not; and what the screen did."""
    screen = asyncio.create_task(
        asyncio.to_thread(look_at_screen, demo.socket, SHOWN, folder, bare_environment(), SCREEN_SECONDS)
    )
    trouble = ""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await demo.drive()
    except DemoError as error:
        trouble = str(error)
    except TimeoutError:
        trouble = f"it was not over after {LIMIT_SECONDS:g} s"
    try:
        return trouble, await screen
    except Failed as error:
        return trouble, error
