"""`ezrec bookings`: list, add, cancel."""

from typing import Annotated

import typer

from ezrec_tui.cli.common import AsJson, BookingId, as_given, ask, engine, instant, local, print_answer, print_json
from ezrec_tui.model import NewBooking

app = typer.Typer(help="Bookings: list, add, cancel.", no_args_is_help=True)


@app.command("list")
def list_bookings(as_json: AsJson = False) -> None:
    """All that are known."""
    bookings = ask(engine().bookings())
    if as_json:
        print_json(list(bookings))
        return
    for booking in bookings:
        times = f"{local(booking.start)} to {local(booking.end)}"
        print(f"{booking.id}  {times}  {booking.status.value}  {booking.label}  ({booking.source.value})")


@app.command("add")
def add_booking(
    start: Annotated[str, typer.Option(help="ISO 8601; without an offset in the venue's zone.")],
    end: Annotated[str, typer.Option(help="ISO 8601.")],
    user: Annotated[str, typer.Option(help="The player's user id.")] = "",
    id_: Annotated[str | None, typer.Option("--id", help="Default: made from the start.")] = None,
    as_json: AsJson = False,
) -> None:
    """Book a slot on this machine."""
    with as_given():
        booking = NewBooking(start=instant(start, "--start"), end=instant(end, "--end"), user_id=user, id=id_)
    print_answer(ask(engine().book(booking)), as_json)


@app.command("cancel")
def cancel_booking(booking_id: BookingId, as_json: AsJson = False) -> None:
    """Cancel one that has not begun."""
    print_answer(ask(engine().cancel_booking(booking_id)), as_json)
