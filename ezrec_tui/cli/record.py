"""`ezrec record`: the running recording."""

from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, Failure, as_given, ask, engine, print_answer
from ezrec_tui.model import StartRecording

Minutes = Annotated[float, typer.Argument(help="Minutes; below zero shortens.")]
WhichRecording = Annotated[str | None, typer.Argument(help="The booking's id; needed when several are recorded.")]

app = typer.Typer(help="The running recording: start, stop, resume, extend, highlight.", no_args_is_help=True)


@app.command("start")
def start_recording(
    minutes: Annotated[float, typer.Option(min=0.05, max=1440, help="How long.")] = 60,
    user: Annotated[str, typer.Option(help="The player's user id.")] = "",
    title: Annotated[str | None, typer.Option(help="A name for the screen.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record now, without a booking."""
    with as_given():
        recording = StartRecording(minutes=minutes, user_id=user, title=title)
    print_answer(ask(engine().start(recording)), as_json)


@app.command("stop")
def stop_recording(booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Stop; `resume` undoes it within ten seconds."""
    print_answer(ask(engine().stop(_recording(booking_id))), as_json)


@app.command("resume")
def resume_recording(booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Undo a stop; nothing is lost."""
    print_answer(ask(engine().resume(_recording(booking_id))), as_json)


@app.command("extend", context_settings={"ignore_unknown_options": True})
def extend_recording(minutes: Minutes, booking_id: WhichRecording = None, as_json: AsJson = False) -> None:
    """Move the end."""
    print_answer(ask(engine().extend(_recording(booking_id), minutes)), as_json)


@app.command("highlight")
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
