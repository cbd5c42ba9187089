"""`ezrec engine`, `ezrec status`, and `ezrec method`."""

import asyncio
import signal
from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, Failure, ask, engine, local, print_answer, print_json, settings
from ezrec_tui.cli.jobs import job_line
from ezrec_tui.model import MergeMethod, Snapshot


def run_engine(
    parent: Annotated[int | None, typer.Option(hidden=True, help="End when this process does.")] = None,
    end_recorders: Annotated[
        bool, typer.Option("--end-recorders", help="Only end the recorders that a killed engine has left.")
    ] = False,
) -> None:
    """The engine in the foreground, without a screen."""
    from ezrec_tui.child import end_with_parent
    from ezrec_tui.engine.process import AlreadyRunning, end_left_recorders, run

    if parent is not None:
        end_with_parent(parent, signal.SIGTERM)
    try:
        if end_recorders:
            end_left_recorders(settings())
        else:
            asyncio.run(run(settings()))
    except AlreadyRunning as error:
        raise Failure(str(error)) from error


def status(as_json: AsJson = False) -> None:
    """What the engine does now."""
    snapshot = ask(engine().snapshot())
    if as_json:
        print_json(snapshot)
        return
    for line in _status_lines(snapshot):
        print(line)


def set_method(
    method: Annotated[MergeMethod, typer.Argument(help="panorama, feather, side_by_side or single")],
    as_json: AsJson = False,
) -> None:
    """How the videos of recordings from now on are joined; goes before MERGE_METHOD."""
    print_answer(ask(engine().set_method(method)), as_json)


def _status_lines(snapshot: Snapshot) -> list[str]:
    lines = [snapshot.banner.value.upper()]
    for recording in snapshot.recordings:
        lines.append(f"recording  {recording.label}  {recording.state.value}  until {local(recording.end)}")
    for camera in snapshot.cameras:
        trouble = f"  {camera.error}" if camera.error else ""
        lines.append(
            f"camera {camera.index + 1}   {camera.state.value}  {camera.fps:.1f} fps  {camera.dropped} dropped{trouble}"
        )
    for booking in snapshot.upcoming:
        lines.append(f"next       {booking.label}  {local(booking.start)} to {local(booking.end)}")
    lines += [job_line(job) for job in snapshot.jobs]
    lines += [f"health     {item.key}: {item.detail}" for item in snapshot.health if item.detail]
    lines += [f"alert {alert.id}    {alert.what}: {alert.to_do}" for alert in snapshot.alerts]
    return lines
