"""`ezrec check`: every recording and video, whole, decodable, hashed, referenced."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ezrec_tui.cli.common import AsJson, Failure, print_json, say, settings
from ezrec_tui.model import Value
from ezrec_tui.niceness import GENTLE, be_gentle
from ezrec_tui.plural import plural


def check(
    path: Annotated[
        Path | None, typer.Argument(help="A recording's folder, a video, or a folder above them.", show_default=False)
    ] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be; footage is never deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at every recording and video: whole, decodable, hashed, referenced. Status 1 when something stays wrong."""
    from ezrec_tui.check.run import Watcher
    from ezrec_tui.check.run import check as run

    be_gentle(GENTLE)
    chosen = settings()
    where = path or chosen.ezrec_data_dir
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=Console(file=sys.stderr), disable=not sys.stderr.isatty(),
    )  # fmt: skip
    task = bar.add_task("", total=None)

    def tell(finding: Value) -> None:
        if bar.disable:
            say(str(finding))
        else:
            bar.console.print(str(finding), markup=False, highlight=False, soft_wrap=True)

    watcher = Watcher(
        on_total=lambda total: bar.update(task, total=total),
        on_file=lambda file: bar.update(task, description=file.name),
        on_bytes=lambda count: bar.advance(task, count),
        on_finding=tell,
    )
    try:
        with bar:
            report = run(where, chosen, repair=repair, watcher=watcher)
    except FileNotFoundError as error:
        raise Failure(f"there is nothing to check ({where}): give a path, or set EZREC_DATA_DIR") from error
    if as_json:
        print_json(report)
    mended = sum(finding.mended for finding in report.findings)
    to_tidy = sum(finding.harmless and not finding.mended for finding in report.findings)
    wrong = len(report.findings) - mended - to_tidy
    say(
        f"{report.recordings} {plural(report.recordings, 'recording', 'recordings')},"
        f" {report.segments} {plural(report.segments, 'segment', 'segments')},"
        f" {report.videos} {plural(report.videos, 'video', 'videos')},"
        f" {report.bytes / 1e6:.0f} MB decoded: {wrong} wrong, {mended} mended"
        + (f", {to_tidy} to tidy up" if to_tidy else "")
        + (f"; {len(report.under_way)} under way, not touched" if report.under_way else "")
    )
    if not report.clean:
        raise typer.Exit(1)
