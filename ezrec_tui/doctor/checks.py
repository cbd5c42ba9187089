"""What a check is, and how many run side by side, none for longer than its limit."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from ezrec_tui.model import Level, Value

LIMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found out."""

    what: str
    level: Level = Level.OK
    to_do: str = ""
    """Where it is not ok."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at."""

    name: str
    look: Callable[[], Found]
    """Runs on a thread of its own, which is left behind when the limit is over. Raises Failed."""
    seconds: float = LIMIT_SECONDS


class Verdict(Value):
    """A check's line."""

    name: str
    level: Level
    what: str
    to_do: str = ""
    seconds: float
    """How long it took."""

    def __str__(self) -> str:
        to_do = f": {self.to_do}" if self.to_do else ""
        return f"{self.level.value:8} {self.name:18} {self.what}{to_do}"


class Failed(Exception):
    """Raised by a check: what is wrong, and what to do."""

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(what, to_do)
        self.found = Found(what, Level.FAILED, to_do)


def warning(what: str, to_do: str) -> Found:
    return Found(what, Level.WARNING, to_do)


NO_ANSWER = "run it again with nothing else on; when it stays so, look at what it waits for"
BROKE_OFF = Found("the check itself broke off", Level.FAILED, "report it as an error of ezrec, with what stands above")


def run_checks(checks: Sequence[Check], clock: Callable[[], float] = time.monotonic) -> Generator[Verdict]:
    """Run them all at once; their verdicts in the order given, each as soon as those before it are there."""
    began = clock()
    results: list[queue.SimpleQueue[Found]] = []
    for check in checks:
        result: queue.SimpleQueue[Found] = queue.SimpleQueue()
        results.append(result)
        threading.Thread(target=_look, args=(check, result), name=check.name, daemon=True).start()
    for check, result in zip(checks, results, strict=True):
        try:
            found = result.get(timeout=max(0.0, began + check.seconds - clock()))
        except queue.Empty:
            found = Found(f"no answer within {check.seconds:g} s", Level.FAILED, NO_ANSWER)
        yield Verdict(
            name=check.name, level=found.level, what=found.what, to_do=found.to_do, seconds=round(clock() - began, 2)
        )


def _look(check: Check, result: "queue.SimpleQueue[Found]") -> None:
    found = BROKE_OFF
    try:
        found = check.look()
    except Failed as error:
        found = error.found
    finally:
        result.put(found)
