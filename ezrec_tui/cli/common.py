"""What all commands share: settings, the engine, how results and failures are told."""

import asyncio
import os
import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from ezrec_tui.client import EngineClient, EngineUnreachable
from ezrec_tui.config import Settings, load_settings
from ezrec_tui.model import Answer
from ezrec_tui.recording_files import find_segments
from ezrec_tui.tui.run import viewer_name

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
BookingId = Annotated[str, typer.Argument(help="The booking's id.", show_default=False)]


class Failure(Exception):
    """Ends the command with status 1 and one line: `ezrec: <what> (<where>): <what to do>`."""


def say(text: str) -> None:
    """Tell people something; standard output is for scripts."""
    print(text, file=sys.stderr, flush=True)


def settings() -> Settings:
    return load_settings()


def engine() -> EngineClient:
    return EngineClient(settings().socket, viewer_name(os.environ))


@contextmanager
def as_given() -> Generator[None]:
    """What cannot be sent to the engine is a failure that says where."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        raise Failure(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def ask(call: Coroutine[Any, Any, T]) -> T:
    """Run one call of the engine's API; an engine that does not answer is a failure that says what to do."""
    try:
        with as_given():
            return asyncio.run(call)
    except EngineUnreachable as error:
        raise Failure(f"{error}: start one with `ezrec engine`, or set EZREC_SOCKET to where it listens") from error


@contextmanager
def writing(path: Path) -> Generator[None]:
    """What cannot be written is a failure that names it as it was given, not the file that it is made from."""
    try:
        yield
    except OSError as error:
        raise Failure(f"{path}: cannot be written ({error.strerror}): choose another place, or make room") from error


def print_json(value: BaseModel | list[Any] | dict[str, Any]) -> None:
    print(TypeAdapter(Any).dump_json(value, indent=2).decode())


def print_answer(answer: Answer, as_json: bool = False) -> None:
    """Tell what became of an act; a refusal is a failure."""
    if as_json:
        print_json(answer)
    if not answer.ok:
        raise Failure(answer.message)
    if not as_json:
        say(answer.message)


def local(at: datetime) -> str:
    """A time in the venue's zone."""
    return at.astimezone(settings().timezone).strftime("%Y-%m-%d %H:%M:%S")


def instant(text: str, option: str) -> datetime:
    """A time as typed; without an offset it is in the venue's zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("not a time; write it as 2026-11-23T18:00", param_hint=option) from error
    return (at if at.tzinfo else at.replace(tzinfo=settings().timezone)).astimezone(UTC)


def footage_files(path: Path) -> tuple[Path, ...]:
    """A video as it is, a folder as its segments in order."""
    if not path.is_dir():
        return (path,)
    found = tuple(sorted(path.glob("*.ts")))
    if not found:
        raise Failure(f"no segments in the folder ({path}): give a video, or a folder with .ts files of one camera")
    if len({segment.camera for segment in find_segments(path)}) > 1:
        raise Failure(
            f"segments of several cameras in the folder ({path}): give `ezrec render` this folder alone,"
            " `ezrec calibrate` its --booking, or a folder with .ts files of one camera"
        )
    return found
