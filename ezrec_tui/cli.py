"""The command line: parse, call, print. Exit status 0 done, 1 failed, 2 wrong use.

What a script reads goes to standard output, everything for people to standard error.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from ezrec_tui import __version__
from ezrec_tui.client import EngineClient, EngineError
from ezrec_tui.config import MergeMethod, Settings, SettingsError, load_settings, parse_size
from ezrec_tui.model import Answer, Job, NewBooking, Snapshot, StartRecording

T = TypeVar("T")
Minutes = Annotated[float, typer.Argument(help="Minutes; below zero shortens.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
BookingId = Annotated[str, typer.Argument(help="The booking's id.", show_default=False)]
WhichRecording = Annotated[str | None, typer.Argument(help="The booking's id; needed when several are recorded.")]

app = typer.Typer(
    name="ezrec",
    help="Two cameras over a court: records bookings, stitches and brands the video, delivers it.",
    epilog="Without a command: the screen. Settings come from the environment and from .env.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
bookings_app = typer.Typer(help="Bookings: list, add, cancel.", no_args_is_help=True)
record_app = typer.Typer(help="The running recording: start, stop, resume, extend, highlight.", no_args_is_help=True)
jobs_app = typer.Typer(help="Jobs: list, show, retry, cancel, priority.", no_args_is_help=True)
app.add_typer(bookings_app, name="bookings")
app.add_typer(record_app, name="record")
app.add_typer(jobs_app, name="jobs")


class Failure(Exception):
    """Ends the command with status 1 and one line: `ezrec: <what> (<where>): <what to do>`."""


def main() -> None:
    """The entry point."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        app()
    except (Failure, SettingsError, EngineError, OSError) as error:
        if debug:
            raise
        say(f"ezrec: {error}")
        sys.exit(1)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def settings() -> Settings:
    return load_settings()


def engine() -> EngineClient:
    return EngineClient(settings().socket)


def ask(call: Coroutine[Any, Any, T]) -> T:
    """Run one call of the engine's API; an engine that does not answer is a failure that says what to do."""
    from ezrec_tui.client import EngineUnreachable

    try:
        return asyncio.run(call)
    except EngineUnreachable as error:
        raise Failure(f"{error}: start one with `ezrec engine`, or set EZREC_SOCKET to where it listens") from error


def print_json(value: BaseModel | list[Any]) -> None:
    if isinstance(value, BaseModel):
        print(value.model_dump_json(indent=2))
    else:
        print(TypeAdapter(list[Any]).dump_json(value, indent=2).decode())


def print_answer(answer: Answer, as_json: bool = False) -> None:
    if as_json:
        print_json(answer)
    if not answer.ok:
        raise Failure(answer.message)
    if not as_json:
        say(answer.message)


@app.callback(invoke_without_command=True)
def screen(
    context: typer.Context,
    kiosk: Annotated[bool, typer.Option("--kiosk", help="For tty1: no way out to a shell.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, but do not act.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """The screen; starts an engine when none answers."""
    if context.invoked_subcommand is not None:
        return
    if version:
        print(__version__)
        return
    from ezrec_tui.launch import start_engine_if_none
    from ezrec_tui.tui.run import run_screen

    chosen = settings()
    start_engine_if_none(chosen)
    run_screen(chosen.socket, kiosk=kiosk, read_only=read_only, language=chosen.ezrec_language)


@app.command()
def demo(
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Length of the booking.")] = 20,
    headless: Annotated[bool, typer.Option("--headless", help="A line a transition in place of the screen.")] = False,
    data: Annotated[Path | None, typer.Option(help="Where to work; kept. Default: a new folder.")] = None,
    method: Annotated[MergeMethod, typer.Option(help="How the two pictures are joined.")] = MergeMethod.FEATHER,
    fps: Annotated[int, typer.Option(min=5, max=60, help="Frames a second.")] = 30,
    size: Annotated[str, typer.Option(help="Of each camera's picture.")] = "1920x1080",
    as_json: AsJson = False,
) -> None:
    """Everything, on this machine, with nothing set up: from a booking to a published video."""
    from ezrec_tui.demo.run import Demo, DemoError, DemoOptions, demo_folder

    try:
        width, height = parse_size(size)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--size") from error
    options = DemoOptions(seconds, data or demo_folder(), method, fps, (width, height))
    show = not headless and sys.stdout.isatty()
    running = Demo(options, say if not show else _quiet)
    try:
        with running.engine():
            if show:
                from ezrec_tui.demo.screen import drive_beside_screen

                result = drive_beside_screen(running)
            else:
                result = asyncio.run(running.drive())
    except DemoError as error:
        raise Failure(str(error)) from error
    finally:
        running.close()
    if as_json:
        print(json.dumps(asdict(result)))
    else:
        say(f"the video: {result.video}")


def _quiet(_text: str) -> None:
    """The screen tells it all."""


@app.command("engine")
def run_engine(
    parent: Annotated[int | None, typer.Option(hidden=True, help="End when this process does.")] = None,
) -> None:
    """The engine in the foreground, without a screen."""
    from ezrec_tui.child import end_with_parent
    from ezrec_tui.engine.process import AlreadyRunning, run

    if parent is not None:
        end_with_parent(parent, signal.SIGTERM)
    try:
        asyncio.run(run(settings()))
    except AlreadyRunning as error:
        raise Failure(str(error)) from error


@app.command()
def status(as_json: AsJson = False) -> None:
    """What the engine does now."""
    snapshot = ask(engine().snapshot())
    if as_json:
        print_json(snapshot)
        return
    for line in _status_lines(snapshot):
        print(line)


def _status_lines(snapshot: Snapshot) -> list[str]:
    lines = [snapshot.banner.value.upper()]
    for recording in snapshot.recordings:
        lines.append(f"recording  {recording.label}  {recording.state.value}  until {_local(recording.end)}")
    for camera in snapshot.cameras:
        trouble = f"  {camera.error}" if camera.error else ""
        lines.append(
            f"camera {camera.index + 1}   {camera.state.value}  {camera.fps:.1f} fps  {camera.dropped} dropped{trouble}"
        )
    for booking in snapshot.upcoming:
        lines.append(f"next       {booking.label}  {_local(booking.start)} to {_local(booking.end)}")
    lines += [_job_line(job) for job in snapshot.jobs]
    lines += [f"health     {item.key}: {item.detail}" for item in snapshot.health if item.detail]
    lines += [f"alert {alert.id}    {alert.what}: {alert.to_do}" for alert in snapshot.alerts]
    return lines


def _job_line(job: Job) -> str:
    progress = f"  {job.progress.fraction:.0%}" if job.progress.total and job.state.value == "running" else ""
    why = f"  {job.error}" if job.error else ""
    return f"job        {job.booking_id}  {job.state.value}  {job.step.value}{progress}{why}"


def _local(at: datetime) -> str:
    return at.astimezone(settings().timezone).strftime("%Y-%m-%d %H:%M:%S")


# Bookings


@bookings_app.command("list")
def list_bookings(as_json: AsJson = False) -> None:
    """All that are known."""
    bookings = ask(engine().bookings())
    if as_json:
        print_json(list(bookings))
        return
    for booking in bookings:
        times = f"{_local(booking.start)} to {_local(booking.end)}"
        print(f"{booking.id}  {times}  {booking.status.value}  {booking.label}  ({booking.source.value})")


@bookings_app.command("add")
def add_booking(
    start: Annotated[str, typer.Option(help="ISO 8601; without an offset in the venue's zone.")],
    end: Annotated[str, typer.Option(help="ISO 8601.")],
    user: Annotated[str, typer.Option(help="The player's user id.")] = "",
    id_: Annotated[str | None, typer.Option("--id", help="Default: made from the start.")] = None,
    as_json: AsJson = False,
) -> None:
    """Book a slot on this machine."""
    try:
        booking = NewBooking(start=_instant(start, "--start"), end=_instant(end, "--end"), user_id=user, id=id_)
    except ValidationError as error:
        raise Failure(str(error.errors()[0]["msg"])) from error
    print_answer(ask(engine().book(booking)), as_json)


@bookings_app.command("cancel")
def cancel_booking(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Cancel one that has not begun."""
    print_answer(ask(engine().cancel_booking(booking_id)), as_json)


def _instant(text: str, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("not a time; write it as 2026-11-23T18:00", param_hint=option) from error
    return (at if at.tzinfo else at.replace(tzinfo=settings().timezone)).astimezone(UTC)


# The running recording


@record_app.command("start")
def start_recording(
    minutes: Annotated[float, typer.Option(min=0.05, max=1440, help="How long.")] = 60,
    user: Annotated[str, typer.Option(help="The player's user id.")] = "",
    title: Annotated[str | None, typer.Option(help="A name for the screen.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record now, without a booking."""
    print_answer(ask(engine().start(StartRecording(minutes=minutes, user_id=user, title=title))), as_json)


@record_app.command("stop")
def stop_recording(booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Stop; `resume` undoes it within ten seconds."""
    print_answer(ask(engine().stop(_recording(booking_id))), as_json)


@record_app.command("resume")
def resume_recording(booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Undo a stop; nothing is lost."""
    print_answer(ask(engine().resume(_recording(booking_id))), as_json)


@record_app.command("extend", context_settings={"ignore_unknown_options": True})
def extend_recording(minutes: Minutes, booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Move the end."""
    print_answer(ask(engine().extend(_recording(booking_id), minutes)), as_json)


@record_app.command("highlight")
def add_highlight(
    booking_id: WhichRecording = None,
    label: Annotated[str, typer.Option(help="A name for the chapter.")] = "",
    as_json: AsJson = False,
) -> None:
    """Mark this moment; it becomes a chapter."""
    print_answer(ask(engine().highlight(_recording(booking_id), label)), as_json)


def _recording(booking_id: str | None) -> str:
    """The one that is meant: the one named, or the only one there is."""
    if booking_id is not None:
        return booking_id
    running = [recording.booking_id for recording in ask(engine().snapshot()).recordings]
    if len(running) != 1:
        what = "nothing is being recorded" if not running else f"several are recorded: name one of {', '.join(running)}"
        raise Failure(what)
    return running[0]


# Jobs


@jobs_app.command("list")
def list_jobs(as_json: AsJson = False) -> None:
    """Failed, running, waiting, then those that are over."""
    jobs = ask(engine().jobs())
    if as_json:
        print_json(list(jobs))
        return
    for job in jobs:
        print(_job_line(job))


@jobs_app.command("show")
def show_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """One job, whole."""
    job = ask(engine().job(booking_id))
    if as_json:
        print_json(job)
        return
    for name, value in job.model_dump(mode="json", exclude={"progress"}).items():
        if value not in (None, "", [], ()):
            print(f"{name:12} {value}")


@jobs_app.command("retry")
def retry_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Try a failed one again, from the step that failed."""
    print_answer(ask(engine().retry_job(booking_id)), as_json)


@jobs_app.command("cancel")
def cancel_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Cancel; the footage stays."""
    print_answer(ask(engine().cancel_job(booking_id)), as_json)


@jobs_app.command("priority")
def prioritise_job(
    booking_id: BookingId,
    priority: Annotated[int, typer.Argument(min=1, max=100, help="1 is first.")],
    as_json: AsJson = False,
) -> None:
    """Move a waiting one."""
    print_answer(ask(engine().set_priority(booking_id, priority)), as_json)
