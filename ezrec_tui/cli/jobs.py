"""`ezrec jobs`: list, show, retry, cancel, pause, resume, priority."""

from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, BookingId, ask, engine, local, print_answer, print_json
from ezrec_tui.model import Job

app = typer.Typer(help="Jobs: list, show, retry, cancel, pause, resume, priority.", no_args_is_help=True)


def job_line(job: Job) -> str:
    progress = f"  {job.progress.fraction:.0%}" if job.progress.total and job.state.value == "running" else ""
    why = f"  {job.error}" if job.error else ""
    return f"job        {job.booking_id}  {job.state.value}  {job.step.value}{progress}{why}"


@app.command("list")
def list_jobs(as_json: AsJson = False) -> None:
    """Failed, running, waiting, then those that are over."""
    jobs = ask(engine().jobs())
    if as_json:
        print_json(list(jobs))
        return
    for job in jobs:
        print(job_line(job))


@app.command("show")
def show_job(
    booking_id: BookingId,
    as_json: AsJson = False,
    hours: Annotated[
        float | None,
        typer.Option(min=0.01, max=7 * 24, help="How long the link to the video can be used.", show_default=False),
    ] = None,
) -> None:
    """One job, whole; a link to its video, once that is delivered, which works for a day or SHARE_LINK_HOURS."""
    job = ask(engine().job(booking_id))
    link = ask(engine().share_link(booking_id, hours)) if job.key else None
    shown = job.model_dump(mode="json")
    if as_json:
        print_json({**shown, "link": link.model_dump(mode="json") if link else None})
        return
    del shown["progress"]
    for name, value in shown.items():
        if value not in (None, "", [], ()):
            print(f"{name:12} {value}")
    if link:
        print(f"{'link':12} {link.address}")
    if link and link.until:
        print(f"{'link until':12} {local(link.until)}")


@app.command("retry")
def retry_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Try a failed one again, from the step that failed."""
    print_answer(ask(engine().retry_job(booking_id)), as_json)


@app.command("cancel")
def cancel_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Give it up; its footage is kept for KEEP_DAYS (a week at least), and then deleted. `retry` takes it back."""
    print_answer(ask(engine().cancel_job(booking_id)), as_json)


@app.command("pause")
def pause_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Let it wait until it is resumed; others take its turn."""
    print_answer(ask(engine().pause_job(booking_id)), as_json)


@app.command("resume")
def resume_job(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Let a paused one go on."""
    print_answer(ask(engine().resume_job(booking_id)), as_json)


@app.command("priority")
def prioritise_job(
    booking_id: BookingId,
    priority: Annotated[int, typer.Argument(min=1, max=100, help="1 is first.")],
    as_json: AsJson = False,
) -> None:
    """Move a waiting one."""
    print_answer(ask(engine().set_priority(booking_id, priority)), as_json)
