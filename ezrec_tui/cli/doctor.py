"""`ezrec doctor`: is this machine fit? `ezrec smoke-test`: does the installation do all its work?"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ezrec_tui.cli.common import AsJson, print_json, say, settings, writing
from ezrec_tui.config import Settings, SettingsError
from ezrec_tui.model import Value
from ezrec_tui.niceness import GENTLE, be_gentle

if TYPE_CHECKING:
    from ezrec_tui.doctor.smoke import SmokeReport


def doctor(
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle", help="Write a .tar.gz to send to who is to help: no footage, no secrets.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Is this machine fit? A line for each thing, with what to do where it is not. Status 1 when something failed."""
    from ezrec_tui.clock import SystemClock
    from ezrec_tui.doctor.bundle import write_bundle
    from ezrec_tui.doctor.examination import checks, checks_without, examine

    be_gentle(GENTLE)
    clock = SystemClock()
    found: Settings | SettingsError
    try:
        found = settings()
        looked_at = checks(found, clock.now)
    except SettingsError as error:
        found = error
        looked_at = checks_without(error)
    report = examine(looked_at, _silent if as_json else _print)
    if bundle is not None:
        with writing(bundle):
            made = write_bundle(bundle, found, os.environ, clock.now(), report)
        for left_out in made.missing:
            say(f"not in the bundle: {left_out}")
        say(f"{made.file}: {len(made.contents)} files, {made.bytes / 1e6:.1f} MB; look into it before you send it")
    if as_json:
        print_json(report)
    else:
        print(f"{len(report.checks)} looked at: {report.failed} failed, {report.warnings} to be looked after")
    if not report.ok:
        raise typer.Exit(1)


def smoke_test(
    keep: Annotated[bool, typer.Option("--keep", help="Keep the scratch folder, with the video.")] = False,
    as_json: AsJson = False,
) -> None:
    """The whole pipeline for real, in a scratch folder: a line for each part, and a count. Status 1 when one fails.

    With test patterns for cameras and a folder for the store: nothing of the venue's is touched.
    """
    from ezrec_tui.doctor.smoke import smoke_test as run

    be_gentle(GENTLE)
    conclude_command(run(say, _silent if as_json else _print, keep=keep), as_json)


def conclude_command(report: "SmokeReport", as_json: bool) -> None:
    """Tell what came out. Raises typer.Exit with status 1 when something failed."""
    if as_json:
        print_json(report)
    else:
        print(f"{report.passed} of {report.count} passed, in {report.seconds:.0f} s")
    if report.kept:
        say(f"what it made is in {report.kept}")
    if not report.ok:
        raise typer.Exit(1)


def _print(line: Value) -> None:
    print(line, flush=True)


def _silent(_: Value) -> None:
    """Everything is in the document at the end."""
