"""The command line: parse, call, print. Exit status 0 done, 1 failed, 2 wrong use.

What a script reads goes to standard output, everything for people to standard error.
"""

import sys
from typing import Annotated

import typer

from ezrec_tui import __version__
from ezrec_tui.cli import (
    bookings,
    calibrate,
    cameras,
    check,
    demo,
    doctor,
    engine,
    install,
    jobs,
    logs,
    pin,
    record,
    render,
    upload,
    worker,
)
from ezrec_tui.cli.common import Failure, say, settings
from ezrec_tui.client import EngineError
from ezrec_tui.config import SettingsError

app = typer.Typer(
    name="ezrec",
    help="Two cameras over a court: records bookings, stitches and brands the video, delivers it.",
    epilog="Without a command: the screen. Settings come from the environment and from .env.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("engine")(engine.run_engine)
app.command("worker")(worker.run_worker)
app.command("status")(engine.status)
app.command("method")(engine.set_method)
app.command("pin")(pin.make_pin)
app.add_typer(bookings.app, name="bookings")
app.add_typer(record.app, name="record")
app.add_typer(jobs.app, name="jobs")
app.add_typer(cameras.app, name="cameras")
app.command("render")(render.render)
app.command("upload")(upload.upload)
app.command("calibrate")(calibrate.calibrate)
app.command("check")(check.check)
app.command("install")(install.install)
app.command("uninstall")(install.uninstall)
app.command("doctor")(doctor.doctor)
app.command("smoke-test")(doctor.smoke_test)
app.command("logs")(logs.logs)


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


@app.callback(invoke_without_command=True)
def screen(
    context: typer.Context,
    kiosk: Annotated[bool, typer.Option("--kiosk", help="For tty1: no way out to a shell.")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show, but do not act.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """The screen; starts an engine when none answers, but not in the kiosk: there it has a service of its own."""
    if context.invoked_subcommand is not None:
        return
    if version:
        print(__version__)
        return
    from ezrec_tui.launch import start_engine_if_none
    from ezrec_tui.tui.run import run_screen

    chosen = settings()
    if not kiosk:
        start_engine_if_none(chosen)
    run_screen(chosen.socket, kiosk=kiosk, read_only=read_only, language=chosen.ezrec_language)
